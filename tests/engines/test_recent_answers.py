"""Answers of data that may change, given again while they are recent."""

from __future__ import annotations

import dataclasses

import pyoxigraph as ox
import pytest

from competency_graph.engines.in_process import InProcess
from competency_graph.engines.recent_answers import MAX_ANSWER_BYTES, RecentAnswers
from competency_graph.errors import QuerySyntaxError
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.reply import Reply
from competency_graph.sandbox.request import Request
from competency_graph.sandbox.ticket import Ticket

COUNT = QueryRequest("SELECT (COUNT(*) AS ?n) ?v { ?s ?p ?o } GROUP BY ?v", {"table": "csv"})
OTHERS = {
    "format": {"formats": {"table": "tsv"}},
    "query": {"text": COUNT.text + " "},
    "parameter": {"bindings": {ox.Variable("v"): ox.Literal("x")}},
    "default graph": {"default_graphs": ("https://w3id.org/competency-graph/graph/asserted",)},
    "named graph": {"named_graphs": ("https://w3id.org/competency-graph/graph/asserted",)},
    "base": {"base": "http://other/"},
}


class Changing(InProcess):
    """A store that changes before each query."""

    def __init__(self) -> None:
        self.store = ox.Store()
        self.asked = 0
        super().__init__(self.store)

    def ask(self, request: Request, ticket: Ticket | None = None) -> Reply:
        self.asked += 1
        self.store.update(f"INSERT DATA {{ <e:s> <e:p> {self.asked} }}")
        return super().ask(request)


class Recent:
    """Recent answers of a changing store, with a clock that is set by hand."""

    def __init__(self, seconds: float = 5) -> None:
        self.time = 100.0
        self.changing = Changing()
        self.answers = RecentAnswers(self.changing, seconds, lambda: self.time)

    def ask(self, request: QueryRequest = COUNT) -> bytes:
        with self.answers.ask(request) as reply:
            assert reply.kind == "table"
            return b"".join(reply.chunks)


def test_an_answer_is_given_again_until_it_is_too_old() -> None:
    recent = Recent(seconds=5)
    first = recent.ask()
    assert first == b"n,v\r\n1,\r\n"
    recent.time += 4.9
    assert recent.ask() == first
    recent.time += 0.2
    assert recent.ask() == b"n,v\r\n2,\r\n"
    assert recent.changing.asked == 2


@pytest.mark.parametrize("name", OTHERS)
def test_only_the_same_request_gets_it(name: str) -> None:
    recent = Recent()
    recent.ask()
    recent.ask(dataclasses.replace(COUNT, **OTHERS[name]))
    assert recent.changing.asked == 2


@pytest.mark.parametrize("function", ["NOW()", "rand()", "UUID()"])
def test_what_differs_from_call_to_call_is_asked_each_time(function: str) -> None:
    recent = Recent()
    request = QueryRequest(f"SELECT ({function} AS ?v) {{}}", {"table": "csv"})
    assert recent.ask(request) != b"" != recent.ask(request)
    assert recent.changing.asked == 2


def test_an_error_is_not_kept() -> None:
    recent = Recent()
    for _ in range(2):
        with pytest.raises(QuerySyntaxError):
            recent.ask(QueryRequest("SELECT", {"table": "csv"}))
    assert recent.changing.asked == 2


def test_an_answer_that_nobody_read_to_its_end_is_not_kept() -> None:
    recent = Recent()
    recent.answers.ask(COUNT).leave()
    assert recent.ask() == b"n,v\r\n2,\r\n"


def test_a_long_answer_is_passed_on_and_not_kept() -> None:
    recent = Recent()
    long = QueryRequest(f'SELECT ("{"x" * MAX_ANSWER_BYTES}" AS ?v) {{}}', {"table": "csv"})
    assert len(recent.ask(long)) == len(recent.ask(long)) > MAX_ANSWER_BYTES
    assert recent.changing.asked == 2
