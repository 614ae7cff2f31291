"""A query that would hurt costs its evaluator at most: the next one is answered."""

from __future__ import annotations

import contextlib
import io
import json
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pyoxigraph as ox
import pytest

from competency_graph import Dictionary
from competency_graph.errors import (
    CompetencyError,
    EvaluationError,
    LengthError,
    LimitError,
    QuerySyntaxError,
    RefusedError,
    UnavailableError,
)
from competency_graph.mappings.frameworks import FRAMEWORKS
from competency_graph.sandbox import (
    link_request,
    preparation,
    validation_request,
    worker,
    worker_pool,
)
from competency_graph.sandbox.fork_server import PACKET, ForkServer
from competency_graph.sandbox.link_request import LinkRequest
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.request import Limits
from competency_graph.sandbox.scheduler import Scheduler
from competency_graph.sandbox.turns import Holder, ProcessorTurns
from competency_graph.sandbox.validation_request import ValidationRequest
from competency_graph.sandbox.worker_pool import WorkerPool
from competency_graph.sparql import evaluator as evaluation
from competency_graph.sparql import query_text
from hostile import NESTED, SLOW
from linking.framework import SKILL, TARGET

pytestmark = pytest.mark.usefixtures("prepared")
FORMATS = {"table": "csv", "boolean": "json", "graph": "ntriples"}
ROLES = "SELECT ?r { ?r a <https://w3id.org/competency-graph/ontology#Role> }"
A_WHILE = """SELECT (COUNT(*) AS ?n) {
  { SELECT * { ?a ?b ?c } LIMIT 2000 } { SELECT * { ?d ?e ?f } LIMIT 3000 }
}"""
"""Takes a few tenths of a second, so it is slow."""
LIMITS = Limits(seconds=1.0, memory=512 * 1024**2, answer=1024**2)
ROOMY = Limits(seconds=60, memory=64 * 1024**2)
"""Limits of which that of memory is met first."""


@contextlib.contextmanager
def evaluators(sales: Dictionary, limits: Limits) -> Iterator[WorkerPool]:
    server = ForkServer(sales.store, limits)
    found = WorkerPool(server)
    yield found
    assert server.alive()
    found.close()
    server.close()
    assert os.waitpid(server.process, 0)  # it ends when nobody is left to ask it


@pytest.fixture
def yielding(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests of this program yield as soon as those of clients."""
    monkeypatch.setattr(worker, "_OWN_QUICK_SECONDS", worker.QUICK_SECONDS)


@pytest.fixture(scope="module")
def evaluator(sales: Dictionary) -> Iterator[WorkerPool]:
    with evaluators(sales, LIMITS) as found:
        yield found


def ask(evaluator: WorkerPool, text: str) -> bytes:
    with evaluator.ask(QueryRequest(text, FORMATS)) as reply:
        return b"".join(reply.chunks)


def still_answers(evaluator: WorkerPool) -> None:
    assert len(ask(evaluator, ROLES).splitlines()) == 7


def test_it_answers_every_kind(evaluator: WorkerPool) -> None:
    still_answers(evaluator)
    assert b"true" in ask(evaluator, "ASK { ?s ?p ?o }")
    assert (
        ask(evaluator, "DESCRIBE <https://w3id.org/competency-graph/sales/role/analyst>").count(
            b"\n"
        )
        > 10
    )
    with evaluator.ask(QueryRequest("ASK {}", {"table": "csv"})) as reply:
        assert (reply.kind, reply.format, b"".join(reply.chunks)) == ("boolean", "", b"")


def test_bindings_reach_it(evaluator: WorkerPool) -> None:
    role = ox.NamedNode("https://w3id.org/competency-graph/sales/role/analyst")
    query = "SELECT ?r ?a { ?r <https://w3id.org/competency-graph/ontology#coversArea> ?a }"
    with evaluator.ask(QueryRequest(query, FORMATS, {ox.Variable("r"): role})) as reply:
        assert len(b"".join(reply.chunks).splitlines()) == 1 + 5


@pytest.mark.parametrize("name", SLOW)
def test_what_never_ends_is_ended(evaluator: WorkerPool, name: str) -> None:
    since = time.monotonic()
    with pytest.raises(LimitError) as caught:
        ask(evaluator, SLOW[name])
    assert caught.value.limit in {"seconds", "memory", "answer"}
    assert time.monotonic() - since < 10
    still_answers(evaluator)


@pytest.mark.parametrize("name", NESTED)
def test_what_is_nested_deeply_is_answered_or_refused(evaluator: WorkerPool, name: str) -> None:
    try:
        ask(evaluator, NESTED[name])
    except CompetencyError as error:
        assert isinstance(error, QuerySyntaxError | LimitError)
    still_answers(evaluator)


def test_the_time_limit_is_named(evaluator: WorkerPool) -> None:
    with pytest.raises(LimitError, match="longer than the limit of 1 seconds") as caught:
        ask(evaluator, SLOW["cartesian product"])
    assert "LIMIT" in caught.value.remedy


def test_memory_is_bounded(sales: Dictionary) -> None:
    with evaluators(sales, Limits(seconds=60, memory=64 * 1024**2)) as evaluator:
        with pytest.raises(LimitError) as caught:
            ask(evaluator, SLOW["sort of a product"])
        assert caught.value.limit == "memory"
        still_answers(evaluator)


def test_a_long_answer_breaks_off_and_says_so(sales: Dictionary) -> None:
    with evaluators(sales, replace(LIMITS, seconds=60)) as evaluator:
        with (
            pytest.raises(LimitError, match="longer than the limit of 1,048,576 bytes"),
            evaluator.ask(QueryRequest("SELECT * { ?a ?b ?c . ?d ?e ?f }", FORMATS)) as reply,
        ):
            sent = 0
            for chunk in reply.chunks:
                assert len(chunk) <= PACKET
                sent += len(chunk)
                assert sent <= LIMITS.answer
        still_answers(evaluator)


def test_an_answer_left_early_does_not_leak_into_the_next(evaluator: WorkerPool) -> None:
    before = ask(evaluator, ROLES)
    with evaluator.ask(QueryRequest("SELECT * { ?a ?b ?c . ?d ?e ?f }", FORMATS)) as reply:
        left = next(reply.chunks)
    assert left.startswith(b"a,b,c,d,e,f")
    assert ask(evaluator, ROLES) == before
    evaluator.ask(QueryRequest("SELECT * { ?a ?b ?c . ?d ?e ?f }", FORMATS))
    assert ask(evaluator, ROLES) == before


def test_errors_come_through_whole(evaluator: WorkerPool) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        ask(evaluator, "SELECT *\n{ ?s a skos:Concept }")
    assert (caught.value.line, caught.value.column) == (2, 8)
    with pytest.raises(RefusedError):
        ask(evaluator, "CLEAR ALL")
    still_answers(evaluator)


@pytest.mark.usefixtures("yielding")
def test_slow_queries_take_turns_on_the_processors_to_spare(sales: Dictionary) -> None:
    """And what is quick is answered meanwhile; each slow one still ends at its limit."""
    spare = max(len(os.sched_getaffinity(0)) - 1, 1)
    told: list[str] = []

    def attack() -> None:
        try:
            ask(evaluator, SLOW["cartesian product"])
        except LimitError as error:
            told.append(error.limit)

    def resting() -> int:
        children = Path(f"/proc/{fork_server}/task/{fork_server}/children").read_text().split()
        states = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2][1] for pid in children]
        return states.count("T")

    with evaluators(sales, Limits(seconds=1)) as evaluator:
        fork_server = evaluator._fork_server.process
        attackers = [threading.Thread(target=attack) for _ in range(spare + 2)]
        for thread in attackers:
            thread.start()
        seen = 0
        while any(thread.is_alive() for thread in attackers):
            with contextlib.suppress(OSError):  # one is just gone
                seen = max(seen, resting())
            still_answers(evaluator)
        assert seen >= 2
        assert told == ["seconds"] * (spare + 2)
        still_answers(evaluator)


@pytest.mark.usefixtures("yielding")
def test_a_long_answer_takes_few_turns(sales: Dictionary, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or else it would wait for all others after each packet."""
    turns = 0

    class Counted(ProcessorTurns):
        def take(self, holder: Holder | None, seconds: float, again: bool = False) -> bool:
            nonlocal turns
            turns += 1
            return super().take(holder, seconds, again)

    monkeypatch.setattr(worker_pool, "ProcessorTurns", Counted)
    all_after_a_while = f"SELECT * {{ {{ {A_WHILE} }} ?s ?p ?o }}"
    with evaluators(sales, Limits()) as evaluator:
        with evaluator.ask(QueryRequest(all_after_a_while, FORMATS)) as reply:
            packets = sum(1 for _ in reply.chunks)
        assert packets > 50
        assert 0 < turns < packets / 4
        still_answers(evaluator)


@pytest.mark.usefixtures("yielding")
@pytest.mark.parametrize(
    ("of_client", "limits_waited", "answered"),
    [(False, 1, True), (True, 1, False), (False, 30, False)],
)
def test_a_request_of_this_program_may_wait_for_others(
    sales: Dictionary,
    monkeypatch: pytest.MonkeyPatch,
    of_client: bool,
    limits_waited: int,
    answered: bool,
) -> None:
    """Such as those for the search index; not forever, and one of a client may not."""
    waited = 0.0

    class LongWait(ProcessorTurns):
        def take(self, holder: Holder | None, seconds: float, again: bool = False) -> bool:
            nonlocal waited
            waited += limits_waited * limits.seconds
            return super().take(holder, seconds, again)

    limits = Limits(seconds=5)
    clock = SimpleNamespace(
        monotonic=lambda: time.monotonic() + waited, clock_gettime=time.clock_gettime
    )
    monkeypatch.setattr(worker_pool, "ProcessorTurns", LongWait)
    monkeypatch.setattr(worker, "time", clock)
    ticket = Scheduler().enter("client") if of_client else None
    expected = contextlib.nullcontext() if answered else pytest.raises(LimitError, match="longer")
    with evaluators(sales, limits) as evaluator:
        with expected, evaluator.ask(QueryRequest(A_WHILE, FORMATS), ticket) as reply:
            assert b"".join(reply.chunks).split() == [b"n", b"6000000"]
        assert waited
        still_answers(evaluator)


@pytest.mark.parametrize(
    ("text", "most", "replaced"),
    [(A_WHILE, 1024**2, True), (A_WHILE, 1024**3, False), (ROLES, 1024**2, True)],
    ids=["after a slow request", "not if it copied little", "after many quick ones"],
)
def test_a_worker_that_has_copied_much_of_the_data_is_replaced(
    evaluator: WorkerPool, monkeypatch: pytest.MonkeyPatch, text: str, most: int, replaced: bool
) -> None:
    still_answers(evaluator)
    before = evaluator.take()
    assert before is not None
    before.on_idle(before)
    monkeypatch.setattr(worker, "_MAX_OWN_BYTES", most)
    monkeypatch.setattr(worker, "_REQUESTS_BETWEEN_LOOKS", 3)
    for _ in range(3):
        assert ask(evaluator, text)
    assert before.closed == replaced
    still_answers(evaluator)


def test_a_text_that_is_too_long_is_not_looked_at(evaluator: WorkerPool) -> None:
    ask(evaluator, "ASK {} #".ljust(LIMITS.query, "x"))
    with pytest.raises(LengthError, match="100,001 characters, and the limit is 100,000") as caught:
        ask(evaluator, "{".ljust(LIMITS.query + 1, "x"))
    assert caught.value.limit == "query"


def test_an_evaluator_that_dies_is_replaced(evaluator: WorkerPool) -> None:
    still_answers(evaluator)
    process = evaluator._idle[0]._process
    signal.pidfd_send_signal(process, signal.SIGKILL)
    assert select.select([process], [], [], 10)[0]  # it is gone
    still_answers(evaluator)


TEXT = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
<x:role/r> a cg:Role ; skos:prefLabel "R"@en-UK .
"""
MANY = TEXT + "".join(f"<x:r{n}> a cg:Role ; skos:prefLabel '{n}'@en .\n" for n in range(15_000))


def report(evaluator: WorkerPool, text: str, form: str = "text") -> bytes:
    with evaluator.ask(ValidationRequest(text.encode(), "turtle", form)) as reply:
        assert (reply.kind, reply.format) == ("report", form)
        return b"".join(reply.chunks)


def test_a_text_is_judged_and_nothing_of_it_stays(evaluator: WorkerPool) -> None:
    still_answers(evaluator)
    process = evaluator._idle[0]._process
    assert b"violation CG021" in report(evaluator, TEXT)
    assert not evaluator._idle
    with pytest.raises(OSError, match="Bad file descriptor"):
        signal.pidfd_send_signal(process, 0)
    still_answers(evaluator)


def test_workers_have_the_modules_of_all_requests() -> None:
    """They can import none, so one that is missing would end each worker that needs it."""
    modules = Path(preparation.__file__).parent.glob("*_request.py")
    assert {module.stem for module in modules} == set(preparation.REQUESTS)


def test_what_cannot_be_unpickled_is_an_error_and_the_next_is_answered(
    evaluator: WorkerPool,
) -> None:
    class Unpicklable(QueryRequest):
        def __reduce__(self) -> tuple[object, ...]:
            return (os.stat, ("/nowhere",))

    with pytest.raises(EvaluationError, match=r"the request failed \(FileNotFoundError\)"):
        evaluator.ask(Unpicklable(ROLES, FORMATS))
    still_answers(evaluator)


def test_a_framework_is_compared_before_workers_are_forked() -> None:
    store = ox.Store()
    graph = ox.NamedNode(FRAMEWORKS["esco"].graph)
    store.load(TARGET.encode(), ox.RdfFormat.TURTLE, to_graph=graph)
    link_request.prepare(store)
    before = link_request._loaded.cache_info().misses
    request = LinkRequest(("Lathe operating",), "cg:Ability", graph.value, "en", 1)
    answer, body = request.answer(store, None), io.BytesIO()  # type: ignore[arg-type]
    answer.write(body)
    assert [each["iri"] for each in json.loads(body.getvalue())[0]] == [f"{SKILL}02"]
    assert link_request._loaded.cache_info().misses == before


def test_a_framework_without_concepts_is_an_error_of_its_request_only() -> None:
    store = ox.Store()
    store.add_graph(ox.NamedNode(FRAMEWORKS["onet"].graph))
    link_request.prepare(store)
    request = LinkRequest(("x",), "cg:Ability", FRAMEWORKS["onet"].graph, "en", 1)
    with pytest.raises(UnavailableError, match="without a concept"):
        request.answer(store, None)  # type: ignore[arg-type]


def test_the_fork_server_has_one_thread(evaluator: WorkerPool) -> None:
    """What has more cannot be forked safely, and the engines that it rehearses might start some."""
    still_answers(evaluator)
    assert len(list(Path(f"/proc/{evaluator._fork_server.process}/task").iterdir())) == 1


def test_judging_is_bounded(sales: Dictionary) -> None:
    with evaluators(sales, Limits(seconds=0.2)) as evaluator:
        with pytest.raises(LimitError, match="the validation took longer than the limit") as caught:
            report(evaluator, MANY)
        assert caught.value.limit == "seconds"
        with pytest.raises(LengthError, match="the text has 1,000,001 bytes"):
            report(evaluator, "#" * 1_000_001)


def test_a_fault_of_ours_is_told_without_what_it_holds(
    sales: Dictionary, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(store: ox.Store, query: str, *rest: object) -> None:
        raise ValueError("/a/path/of/the/server")

    monkeypatch.setattr(evaluation, "evaluate", fail)
    with evaluators(sales, LIMITS) as evaluator:
        with pytest.raises(EvaluationError) as caught:
            ask(evaluator, ROLES)
        assert str(caught.value) == (
            "the query failed (ValueError). Report this to the operators; the log says more."
        )


def hide(*given: object, **named: object) -> None:
    held = []
    with contextlib.suppress(MemoryError):
        while True:
            held.append(bytearray(256 * 1024))
    raise AttributeError(len(held))


def disguise(*given: object, **named: object) -> None:
    try:
        bytearray(10 * LIMITS.memory)
    except MemoryError:
        raise AttributeError("x") from None


@pytest.mark.parametrize("fault", [hide, disguise])
def test_lack_of_memory_is_told_as_such_whatever_a_library_makes_of_it(
    sales: Dictionary, monkeypatch: pytest.MonkeyPatch, fault: Callable[..., None]
) -> None:
    monkeypatch.setattr(evaluation, "evaluate", fault)
    with evaluators(sales, ROOMY) as evaluator:
        with pytest.raises(LimitError) as caught:
            ask(evaluator, ROLES)
        assert caught.value.limit == "memory"


def test_judging_without_memory_is_told_as_such(
    sales: Dictionary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validation_request, "validate_sources", hide)
    with evaluators(sales, ROOMY) as evaluator:
        with pytest.raises(LimitError, match="the validation was stopped") as caught:
            report(evaluator, TEXT)
        assert caught.value.limit == "memory"
        still_answers(evaluator)


def test_it_can_open_no_socket_even_where_nothing_is_refused(
    sales: Dictionary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the first line of defence taken away, the second holds."""
    monkeypatch.setattr(query_text, "check_read_only", lambda text, graphs: None)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(1)
        port = listener.getsockname()[1]
        query = f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"
        with evaluators(sales, LIMITS) as evaluator, pytest.raises(CompetencyError):
            ask(evaluator, query)
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
