"""The saved queries on every engine that can be served: the answers are the embedded store's.

Those are themselves held against answers worked out by hand, in `test_saved_queries.py`.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph

import sparql_servers
from competency_graph import Dictionary
from competency_graph.engines.publishing import to_endpoint, to_store
from competency_graph.engines.remote import Remote
from competency_graph.engines.search_index import SearchIndex
from competency_graph.errors import (
    CompetencyError,
    LimitError,
    QuerySyntaxError,
    RefusedError,
    UnavailableError,
)
from competency_graph.sandbox.fork_server import ForkServer
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.request import Limits
from competency_graph.sandbox.worker_pool import WorkerPool
from competency_graph.sparql.answering import rows_of
from competency_graph.sparql.evaluator import evaluate
from competency_graph.sparql.saved_queries import Catalogue
from competency_graph.sparql.search.databases import databases
from competency_graph.sparql.search.index import Index
from competency_graph.web.http.responses import Backend
from hostile import NESTED

pytestmark = pytest.mark.usefixtures("prepared")
ANSWERS = Path(__file__).parents[1] / "queries" / "answers"
CATALOGUE = Catalogue()
FORMATS = {"table": "csv", "boolean": "json", "graph": "ntriples"}
LIMITS = Limits(seconds=30)
VIRTUOSO_FAULTS = {
    ("role-area-matrix", None): "Virtuoso 7.2.5 has no truth values in tables: EXISTS is 0 or 1",
}
ASKED = [(name, {}) for name in CATALOGUE] + [
    (path.stem.split(".")[0], json.loads(path.read_text("utf-8")))
    for path in sorted(ANSWERS.glob("*.json"))
]


@pytest.fixture(scope="module", params=["disk", "oxigraph", "virtuoso"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, sales: Dictionary
) -> Iterator[Backend]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "disk":
        to_store(sales, folder / "store")
        fork_server = ForkServer(folder / "store", LIMITS)
        evaluators = WorkerPool(fork_server)
        yield evaluators
        evaluators.close()
        fork_server.close()
        return
    if request.param == "virtuoso" and not sparql_servers.VIRTUOSO:
        pytest.skip("virtuoso-t is not installed (Debian: virtuoso-opensource)")
    start: Callable = getattr(sparql_servers, request.param)
    with start(folder) as server:
        assert to_endpoint(sales, server.graphs, server.auth) == len(sales.store)
        with reading(LIMITS) as readers:
            yield Remote(server.queries, readers)


@contextlib.contextmanager
def reading(limits: Limits) -> Iterator[WorkerPool]:
    """What a remote engine's questions are read by first: evaluators over nothing."""
    fork_server = ForkServer(ox.Store(), limits)
    readers = WorkerPool(fork_server)
    yield readers
    readers.close()
    fork_server.close()


def ask(engine: Backend, text: str, bindings=None) -> bytes:
    with engine.ask(QueryRequest(text, FORMATS, bindings or {})) as reply:
        return b"".join(reply.chunks)


@pytest.mark.parametrize(("name", "values"), ASKED)
def test_an_engine_answers_as_the_embedded_one(
    engine: Backend,
    sales: Dictionary,
    name: str,
    values: dict[str, str],
    request: pytest.FixtureRequest,
) -> None:
    saved = CATALOGUE[name]
    if "DESCRIBE" in saved.text:
        pytest.skip("what a DESCRIBE holds is each engine's choice (SPARQL 1.1, section 16.4)")
    bound = saved.bind(values)
    fault = VIRTUOSO_FAULTS.get((name, values.get("text")))
    if fault and "virtuoso" in request.node.name:
        request.applymarker(pytest.mark.xfail(reason=fault, strict=True))
    expected = evaluate(sales.store, saved.text, bound)
    found = ask(engine, saved.text, bound)
    match expected.kind:
        case "boolean":
            assert json.loads(found)["boolean"] == bool(expected.result)
        case "graph":
            ours = Graph().parse(data=expected.serialize("ntriples"), format="nt")
            assert set(Graph().parse(data=found, format="nt")) == set(ours)
        case _:
            assert rows(found) == rows(expected.serialize("csv"))


def test_searches_find_the_same_in_every_engine(engine: Backend, sales: Dictionary) -> None:
    """A store on disk is indexed by a worker, and another server is queried for the texts."""
    expected = Index(databases(rows_of(sales.store)))
    found = SearchIndex(engine, fixed=True).get(patience=60)
    for text in ("customer", "negociation stratgy", "K001", "recruitment consultant"):
        ours, theirs = expected.search(text), found.search(text)
        assert theirs.hits
        assert [(hit.entry, hit.score) for hit in theirs.hits] == [
            (hit.entry, hit.score) for hit in ours.hits
        ]
        assert theirs.counts == ours.counts


def rows(content: bytes) -> list[dict[str, str]]:
    return sorted(csv.DictReader(io.StringIO(content.decode(), newline="")), key=str)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("SELECT * { ?s a skos:Concept }", QuerySyntaxError),
        ("SELECT * {", QuerySyntaxError),
        ("CLEAR ALL", RefusedError),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", RefusedError),
        ("SELECT * FROM <http://127.0.0.1:1/> { ?s ?p ?o }", RefusedError),
    ],
)
def test_an_engine_refuses_what_the_embedded_one_does(
    engine: Backend, text: str, error: type[CompetencyError]
) -> None:
    with pytest.raises(error):
        ask(engine, text)
    assert json.loads(ask(engine, "ASK { ?s ?p ?o }"))["boolean"] is True


def test_a_spreadsheet_of_an_engine(engine: Backend) -> None:
    question = QueryRequest('SELECT ("=1+1" AS ?v) {}', {"table": "spreadsheet"})
    with engine.ask(question) as reply:
        assert b"".join(reply.chunks) == b"v\r\n'=1+1\r\n"


def test_an_engine_that_is_slow_or_gone_is_told_of(tmp_path: Path) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    text = "\n".join(f"<x:s{n}> <x:p> {n} ." for n in range(500))
    with sparql_servers.oxigraph(tmp_path) as server:
        import httpx

        headers = {"Content-Type": "text/turtle"}
        name = {"graph": "https://w3id.org/competency-graph/graph/asserted"}
        assert httpx.put(server.graphs, params=name, content=text, headers=headers).is_success
        with reading(Limits(seconds=1)) as readers, pytest.raises(LimitError) as caught:
            ask(Remote(server.queries, readers), slow)
        assert caught.value.limit == "seconds"
    with reading(LIMITS) as readers, pytest.raises(UnavailableError):
        ask(Remote(server.queries, readers), "ASK {}")


def test_what_hurts_a_parser_is_not_sent_to_another_engine(engine: Backend) -> None:
    with pytest.raises(CompetencyError):
        ask(engine, NESTED["groups, unclosed"])
    assert json.loads(ask(engine, "ASK { ?s ?p ?o }"))["boolean"] is True


def test_queries_in_turn_are_read_by_one_process(tmp_path: Path) -> None:
    forks = []

    class Counting(ForkServer):
        def new_worker(self, needs_all=False):
            forks.append(1)
            return super().new_worker(needs_all)

    fork_server = Counting(ox.Store(), LIMITS)
    readers = WorkerPool(fork_server)
    with sparql_servers.oxigraph(tmp_path) as server:
        remote = Remote(server.queries, readers)
        for number in range(3):
            assert b"true" in ask(remote, f"ASK {{}} # {number}")
    readers.close()
    fork_server.close()
    assert len(forks) == 1
