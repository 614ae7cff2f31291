"""The search index is built once, by a worker where it has the data, and errors are told."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator

import pyoxigraph as ox
import pytest

from competency_graph import Dictionary
from competency_graph.engines.in_process import InProcess
from competency_graph.engines.search_index import SearchIndex
from competency_graph.errors import LimitError, UnavailableError
from competency_graph.rdf.rows import Rows
from competency_graph.rdf.vocabulary import CLASS_OF_KIND
from competency_graph.sandbox import index_request
from competency_graph.sandbox import worker as workers
from competency_graph.sandbox.fork_server import ForkServer
from competency_graph.sandbox.index_request import IndexRequest
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.reply import Reply
from competency_graph.sandbox.request import Limits, Request
from competency_graph.sandbox.ticket import Ticket
from competency_graph.sandbox.worker import Worker
from competency_graph.sandbox.worker_pool import WorkerPool
from competency_graph.sparql.answering import rows_of
from competency_graph.sparql.search import databases as building
from competency_graph.sparql.search.databases import databases
from competency_graph.sparql.search.index import Index
from competency_graph.sparql.search.texts import DEFINITION

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
pytestmark = pytest.mark.usefixtures("prepared")
SEARCHES = [
    ("customer", ""),
    ("negociation stratgy", ""),
    ("K001", ""),
    ("customer", "knowledge"),
    ("recruitment consultant", "title"),
    ("forecst", ""),
]
"""What is searched for, and the kind."""


class Clock:
    """A time that passes only when a test says so."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Failing:
    """A backend whose first queries fail, and then those of the published dictionary succeed.

    Each failure takes some seconds.
    """

    holds_data = False

    def __init__(self, dictionary: Dictionary, clock: Clock, seconds: float) -> None:
        self.limits = Limits()
        self.asked, self.fails = 0, True
        self._working, self._clock, self._seconds = InProcess(dictionary.store), clock, seconds

    def ask(self, request: Request, ticket: Ticket | None = None) -> Reply:
        self.asked += 1
        if self.fails:
            self._clock.seconds += self._seconds
            raise LimitError("too much", "Ask for less", limit="answer")
        return self._working.ask(request, ticket)


def end(pool: WorkerPool, server: ForkServer) -> None:
    pool.close()
    server.close()
    os.waitpid(server.process, 0)


@pytest.fixture(scope="module", autouse=True)
def unyielding() -> Iterator[None]:
    """What yields is hardly ever run while other tests use all processors."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "_OWN_QUICK_SECONDS", 60.0)
        yield


@pytest.fixture(scope="module")
def pool(sales: Dictionary) -> Iterator[WorkerPool]:
    server = ForkServer(sales.store, Limits())
    pool = WorkerPool(server)
    yield pool
    end(pool, server)


@pytest.fixture(scope="module")
def of_worker(pool: WorkerPool) -> Index:
    return SearchIndex(pool, fixed=True).get(patience=60)


@pytest.fixture(scope="module")
def of_this_process(sales: Dictionary) -> Index:
    return Index(databases(rows_of(sales.store)))


@pytest.fixture(scope="module")
def of_many_databases(sales: Dictionary) -> Index:
    """With no more than a few entries in each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "_MAX_CHARACTERS", 2_000)
        found = list(databases(rows_of(sales.store)))
    assert len(found) > 50
    return Index(found)


@pytest.mark.parametrize(("text", "kind"), SEARCHES)
@pytest.mark.parametrize("built", ["of_worker", "of_many_databases"])
def test_searches_find_the_same_wherever_and_however_the_index_is_built(
    request: pytest.FixtureRequest, of_this_process: Index, built: str, text: str, kind: str
) -> None:
    index: Index = request.getfixturevalue(built)
    found = index.search(text, kind)
    assert found.hits
    assert found == of_this_process.search(text, kind)
    for area in found.facets:
        within = index.search(text, kind, within=area.entry)
        assert within == of_this_process.search(text, kind, within=area.entry)
        assert sum(within.counts.values()) >= area.entries
    assert index.suggest(text[:7]) == of_this_process.suggest(text[:7])
    assert index.search("zzzzzz") == of_this_process.search("zzzzzz")


def answers(pool: WorkerPool) -> bool:
    with pool.ask(QueryRequest("ASK {}", {"boolean": "json"})) as reply:
        return b"true" in b"".join(reply.chunks)


def test_its_worker_ends_and_others_answer_queries(pool: WorkerPool, of_worker: Index) -> None:
    assert of_worker.search("analyst").hits
    assert pool.take() is None
    assert answers(pool)


def message(index: SearchIndex) -> str:
    """Why there is no index."""
    with pytest.raises(UnavailableError) as caught:
        index.get(patience=60)
    return str(caught.value)


def store_of(entries: int) -> ox.Store:
    """A store with so many entries, of 20,000 characters each."""
    store = ox.Store()
    knowledge = ox.NamedNode(CLASS_OF_KIND["knowledge"])
    definition = ox.Literal("forecast " + "x" * 20_000, language="en")
    for number in range(entries):
        entry = ox.NamedNode(f"https://e.example/{number}")
        store.add(ox.Quad(entry, ox.NamedNode(RDF_TYPE), knowledge))
        store.add(ox.Quad(entry, ox.NamedNode(DEFINITION), definition))
    return store


def needing_gigabytes(_: Rows) -> Iterator[sqlite3.Connection]:
    """Building that surely exceeds a limit, however much memory the process had left over."""
    assert bytearray(16 * 1024**3)
    yield from ()


@pytest.mark.parametrize(
    ("build", "limits", "told"),
    [
        (needing_gigabytes, Limits(), "needs more than 1,073,741,824 bytes of memory"),
        (databases, Limits(seconds=0.001), "took longer than the limit of 0.001 seconds"),
        (databases, Limits(answer=100_000), "longer than the limit of 100,000 bytes"),
    ],
    ids=["memory", "seconds", "answer"],
)
def test_a_dictionary_that_is_too_large_is_told_and_logged_once(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    build: Callable[[Rows], Iterator[sqlite3.Connection]],
    limits: Limits,
    told: str,
) -> None:
    monkeypatch.setattr(index_request, "databases", build)
    monkeypatch.setattr(IndexRequest, "limited_by", lambda _, __: limits)
    server = ForkServer(store_of(1000), Limits())
    pool = WorkerPool(server)
    clock = Clock()
    index = SearchIndex(pool, fixed=True, now=clock)
    first = message(index)
    clock.seconds += 1000
    assert message(index) == first
    assert first.startswith("the search index cannot be built: ")
    assert told in first
    assert "Start the server with a higher --" in first
    assert [record.getMessage() for record in caplog.records] == [first]
    assert answers(pool)
    end(pool, server)


def test_the_index_may_be_larger_and_take_longer_than_an_answer_for_a_client() -> None:
    limits = IndexRequest().limited_by(Limits(seconds=10, memory=1024**3, answer=1000))
    assert (limits.seconds, limits.answer, limits.memory) == (300, 1024**3, 1024**3)


def test_it_is_built_again_after_its_worker_was_killed(
    pool: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    index = SearchIndex(pool, fixed=True, now=clock)
    begin = Worker.begin

    def begin_and_die(worker: Worker, request: Request, ticket: Ticket | None) -> None:
        begin(worker, request, ticket)
        signal.pidfd_send_signal(worker._process, signal.SIGKILL)

    with monkeypatch.context() as patch:
        patch.setattr(Worker, "begin", begin_and_die)
        assert "it needs more than 1,073,741,824 bytes" in message(index)
    clock.seconds += 9
    assert "it needs more than 1,073,741,824 bytes" in message(index)
    clock.seconds += 2
    assert index.get(patience=60).search("strategist").hits


@pytest.mark.parametrize(("seconds", "pause"), [(0, 10), (60, 540)])
def test_an_error_is_reported_without_building_again(
    sales: Dictionary, seconds: float, pause: float
) -> None:
    """For ten seconds, and for longer if it took long until the error."""
    clock = Clock()
    backend = Failing(sales, clock, seconds)
    index = SearchIndex(backend, fixed=True, now=clock)
    for _ in range(3):
        assert "too much" in message(index)
    clock.seconds += pause - 1
    assert "too much" in message(index)
    assert backend.asked == 1
    backend.fails = False
    clock.seconds += 2
    assert index.get(patience=60).search("strategist").hits
    asked = backend.asked
    assert index.get(patience=60).search("analyst").hits
    assert backend.asked == asked


def test_data_that_change_are_indexed_again_after_five_minutes(sales: Dictionary) -> None:
    clock = Clock()
    backend = Failing(sales, clock, 0)
    backend.fails = False
    index = SearchIndex(backend, fixed=False, now=clock)
    first = index.get(patience=60)
    clock.seconds += 299
    assert index.get() is first
    clock.seconds += 2
    thread = index.start()
    assert thread is not None
    thread.join(60)
    assert index.get() is not first
