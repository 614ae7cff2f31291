"""A query that would hurt costs its evaluator at most: the next one is answered."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from competency_graph import Dictionary, sparql
from competency_graph.errors import CompetencyError, LimitError, QuerySyntaxError, RefusedError
from competency_graph.isolation import PACKET, Evaluator, Limits, Question
from hostile import NESTED, SLOW

FORMATS = {"table": "csv", "boolean": "json", "graph": "ntriples"}
ROLES = "SELECT ?r { ?r a <https://w3id.org/competency-graph/ontology#Role> }"
LIMITS = Limits(seconds=1.0, memory=512 * 1024**2, answer=1024**2)


def children() -> set[int]:
    """The processes that this one has started and that are there yet."""
    lists = Path("/proc/self/task").glob("*/children")
    return {int(child) for one in lists for child in one.read_text().split()}


@pytest.fixture
def evaluator(sales: Dictionary) -> Iterator[Evaluator]:
    before = children()
    found = Evaluator(sales.store, LIMITS)
    yield found
    found.close()
    assert children() <= before  # no process is left


def ask(evaluator: Evaluator, text: str) -> bytes:
    with evaluator.ask(Question(text, FORMATS)) as reply:
        return b"".join(reply.chunks)


def still_answers(evaluator: Evaluator) -> None:
    assert len(ask(evaluator, ROLES).splitlines()) == 7


def test_it_answers_every_kind(evaluator: Evaluator) -> None:
    still_answers(evaluator)
    assert b"true" in ask(evaluator, "ASK { ?s ?p ?o }")
    assert (
        ask(evaluator, "DESCRIBE <https://w3id.org/competency-graph/sales/role/analyst>").count(
            b"\n"
        )
        > 10
    )
    with evaluator.ask(Question("ASK {}", {"table": "csv"})) as reply:
        assert (reply.kind, reply.format, b"".join(reply.chunks)) == ("boolean", "", b"")


def test_bindings_reach_it(evaluator: Evaluator) -> None:
    role = ox.NamedNode("https://w3id.org/competency-graph/sales/role/analyst")
    query = "SELECT ?r ?a { ?r <https://w3id.org/competency-graph/ontology#coversArea> ?a }"
    with evaluator.ask(Question(query, FORMATS, {ox.Variable("r"): role})) as reply:
        assert len(b"".join(reply.chunks).splitlines()) == 1 + 5


@pytest.mark.parametrize("name", SLOW)
def test_what_never_ends_is_ended(evaluator: Evaluator, name: str) -> None:
    since = time.monotonic()
    with pytest.raises(LimitError) as caught:
        ask(evaluator, SLOW[name])
    assert caught.value.limit in {"seconds", "memory", "answer"}
    assert time.monotonic() - since < 10
    still_answers(evaluator)


@pytest.mark.parametrize("name", NESTED)
def test_what_is_nested_deeply_is_answered_or_refused(evaluator: Evaluator, name: str) -> None:
    try:
        ask(evaluator, NESTED[name])
    except CompetencyError as error:
        assert isinstance(error, QuerySyntaxError | LimitError)
    still_answers(evaluator)


def test_the_time_limit_is_named(evaluator: Evaluator) -> None:
    with pytest.raises(LimitError, match="longer than the limit of 1 seconds") as caught:
        ask(evaluator, SLOW["cartesian product"])
    assert "LIMIT" in caught.value.remedy


def test_memory_is_bounded(sales: Dictionary) -> None:
    evaluator = Evaluator(sales.store, Limits(seconds=60, memory=64 * 1024**2))
    with pytest.raises(LimitError) as caught:
        ask(evaluator, SLOW["sort of a product"])
    assert caught.value.limit == "memory"
    still_answers(evaluator)
    evaluator.close()


def test_a_long_answer_breaks_off_and_says_so(evaluator: Evaluator) -> None:
    with (
        pytest.raises(LimitError, match="longer than the limit of 1,048,576 bytes"),
        evaluator.ask(Question("SELECT * { ?a ?b ?c . ?d ?e ?f }", FORMATS)) as reply,
    ):
        sent = 0
        for chunk in reply.chunks:
            assert len(chunk) <= PACKET
            sent += len(chunk)
            assert sent <= LIMITS.answer
    still_answers(evaluator)


def test_an_answer_left_early_does_not_leak_into_the_next(evaluator: Evaluator) -> None:
    with evaluator.ask(Question("SELECT * { ?a ?b ?c . ?d ?e ?f }", FORMATS)) as reply:
        next(reply.chunks)
    still_answers(evaluator)
    evaluator.ask(Question("SELECT * { ?a ?b ?c . ?d ?e ?f }", FORMATS))
    still_answers(evaluator)


def test_errors_come_through_whole(evaluator: Evaluator) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        ask(evaluator, "SELECT *\n{ ?s a skos:Concept }")
    assert (caught.value.line, caught.value.column) == (2, 8)
    with pytest.raises(RefusedError):
        ask(evaluator, "CLEAR ALL")
    still_answers(evaluator)


def test_an_evaluator_that_dies_is_replaced(evaluator: Evaluator) -> None:
    still_answers(evaluator)
    os.kill(evaluator._process, 9)
    with pytest.raises(LimitError):
        ask(evaluator, ROLES)
    still_answers(evaluator)


def test_it_can_open_no_socket_even_where_nothing_is_refused(
    sales: Dictionary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the first line of defence taken away, the second holds."""
    monkeypatch.setattr(sparql, "refuse", lambda text, graphs: None)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(1)
        port = listener.getsockname()[1]
        query = f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
        evaluator = Evaluator(sales.store, LIMITS)
        with pytest.raises(CompetencyError):
            ask(evaluator, query)
        evaluator.close()
        with pytest.raises(TimeoutError):
            listener.accept()

        def reach() -> None:
            with contextlib.suppress(OSError, RuntimeError):
                list(sales.store.query(query))  # type: ignore[arg-type]

        reached = threading.Thread(target=reach)
        reached.start()
        connection, _ = listener.accept()  # the listener would have seen it
        connection.close()
        reached.join(10)
