"""The event loop and Flask's view answer the same: the same requests are sent to both."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import NamedTuple

import pytest
from test_protocol import BAD, DATASETS, FORM, IN_GRAPH, JSON, LABELLED, QUERY, RELATIVE, encoded

import sparql_servers
from competency_graph import Dictionary
from competency_graph.engines.elsewhere import readers
from competency_graph.engines.publishing import to_endpoint
from competency_graph.engines.recent_answers import RecentAnswers
from competency_graph.engines.remote import Remote
from competency_graph.engines.under_way import QuickBackend, Workers
from competency_graph.sandbox.fork_server import ForkServer
from competency_graph.sandbox.request import Limits
from competency_graph.sandbox.scheduler import Scheduler
from competency_graph.sandbox.worker_pool import WorkerPool
from competency_graph.sparql.evaluator import graphs_of
from competency_graph.web.content import Content
from competency_graph.web.parts import Parts
from competency_graph.web.server.exchange import Exchange
from competency_graph.web.server.wsgi import Threads
from served_in_thread import Address, served

LIMITS = Limits(seconds=2, memory=512 * 1024**2, answer=2 * 1024**2, query=5_000, body=20_000)
CG = "https://w3id.org/competency-graph/ontology#"
TYPO = f"PREFIX cg: <{CG}> SELECT * {{ ?r cg:coversAria ?a ; cg:coversAreas ?b }}"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
CROSS = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
LONG = "SELECT * { ?s ?p ?o } LIMIT 3000"
LABELS = f"SELECT ?r ?l {{ ?r a <{CG}Role> ; <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }} ORDER BY ?l"
GRAPH = f"CONSTRUCT WHERE {{ ?r a <{CG}Role> }}"


class Both(NamedTuple):
    """The addresses of the two, and whether the event loop answered each request to the first."""

    loop: Address
    flask: Address
    taken: list[bool]
    is_fixed: bool


@pytest.fixture(scope="module", params=["workers", "another server"])
def both(
    request: pytest.FixtureRequest,
    sales: Dictionary,
    prepared: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Both]:
    taken: list[bool] = []
    with ExitStack() as stack:
        if request.param == "workers":
            fork_server, version = ForkServer(sales.store, LIMITS), "1"
            answering: Callable[[WorkerPool], QuickBackend] = Workers
        else:
            folder = tmp_path_factory.mktemp("oxigraph")
            # It computes on when nobody waits for the answer, so it needs a limit, too.
            server = stack.enter_context(sparql_servers.oxigraph(folder, "--timeout-s", "4"))
            to_endpoint(sales, server.graphs, server.auth)
            fork_server, version = readers(LIMITS), ""
            answering = partial(remote, server.queries)
        stack.callback(fork_server.close)
        apps, fast_paths = [], []
        for _ in range(2):
            scheduler = Scheduler(always_slow=not version)
            parts = Parts(fork_server, scheduler, version, answering)
            apps.append(parts.app(Content(version=version, graphs=graphs_of(sales.store))))
            fast_paths.append(parts.fast_path())
        fast_path = fast_paths[0]

        def noted(exchange: Exchange, threads: Threads) -> bool:
            taken.append(fast_path(exchange, threads))
            return taken[-1]

        loop = stack.enter_context(served(apps[0], fast_path=noted))
        flask = stack.enter_context(served(apps[1]))
        yield Both(loop, flask, taken, bool(version))


def remote(url: str, workers: WorkerPool) -> QuickBackend:
    return RecentAnswers(Remote(url, workers), 5)


def exchange(address: Address, request: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
    """The response to a request: status, header fields in a fixed order, body."""
    with socket.create_connection(address, timeout=20) as client:
        client.sendall(request)
        response = http.client.HTTPResponse(client, method=request.split()[0].decode())
        response.begin()
        try:
            body = response.read()
        except http.client.IncompleteRead as error:
            body = b"truncated: " + error.partial[:1000]
        fields = [(name.lower(), value) for name, value in response.getheaders()]
        return response.status, sorted(f for f in fields if f[0] != "date"), body


def request(
    method: str = "GET",
    path: str = "/sparql",
    body: bytes = b"",
    version: str = "1.1",
    **fields: str,
) -> bytes:
    """A request, with the header fields that the two must answer alike."""
    lines = [f"{method} {path} HTTP/{version}"]
    known = {"Host": "service.example:8000", "X-Request-ID": "r-1"} | fields
    if body or method == "POST":
        known["Content-Length"] = str(len(body))
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in known.items() if value]
    return "\r\n".join([*lines, "", ""]).encode() + body


def get(query: str, *more: tuple[str, str], **fields: str) -> bytes:
    return request(path=f"/sparql?{encoded(('query', query), *more)}", **fields)


def form(query: str, *more: tuple[str, str], path: str = "/sparql", **fields: str) -> bytes:
    body = encoded(("query", query), *more).encode()
    return request("POST", path, body, **{"Content_Type": FORM} | fields)


def direct(query: str, path: str = "/sparql", **fields: str) -> bytes:
    return request("POST", path, query.encode(), **{"Content_Type": QUERY} | fields)


def bad(name: str) -> bytes:
    method, path, body, media_type, _ = BAD[name]
    return request(method, path, body or b"", Content_Type=media_type)


IN_LOOP: dict[str, bytes] = {
    "get": get(LABELS),
    "form": form(LABELS),
    "direct": direct(LABELS),
    "ask": get("ASK {}"),
    "graph": get(GRAPH),
    "nothing accepted is said": get(LABELS, Accept=""),
    "a relative IRI": form(RELATIVE, Accept="application/n-triples"),
    "another host": form(RELATIVE, Accept="application/n-triples", Host="other.example"),
    "a default port": form(RELATIVE, Accept="application/n-triples", Host="other.example:80"),
    "an invalid host": form(LABELS, Host="a/b"),
    "an invalid host that is needed": form(RELATIVE, Host="o ther"),
    "an unknown term": get(TYPO),
    "unknown terms in a form": form(TYPO, Accept="text/csv"),
    "a charset": form(LABELS, Content_Type=f'{FORM}; charset="utf-8"'),
    "a charset of a query": direct(LABELS, Content_Type=f"{QUERY}; charset=UTF-8"),
    "a query that may change": get("SELECT (RAND() < 2 AS ?v) {}"),
    "a syntax error": get("SELECT * {"),
    "a syntax error in a form": form("SELEKT * {}"),
    "an undeclared prefix": form("SELECT * { ?s no:prefix ?o }"),
    "another service": form("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }"),
    "an update as a query": direct("CLEAR ALL"),
    "a graph from elsewhere": form("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"),
    "a kind without the format": get("ASK {}", ("format", "csv")),
    "a kind without an accepted format": get("ASK {}", Accept="text/csv"),
    "nothing acceptable": get(LABELS, Accept="image/png"),
    "too slow": form(SLOW),
    "too long an answer": form(CROSS, Accept="text/csv"),
    "gzip": get(LABELS, Accept_Encoding="gzip"),
    "gzip refused": get(LABELS, Accept_Encoding="gzip;q=0, identity"),
    "gzip of what is short": get("ASK {}", Accept_Encoding="gzip, br"),
    "several packets": get(LONG),
    "several packets, gzip": form(LONG, Accept_Encoding="gzip"),
    "several packets, HTTP/1.0": get(LONG, version="1.0", Connection="close"),
    "HTTP/1.0": form(LABELS, version="1.0"),
    "HTTP/1.0 kept": form("ASK {}", version="1.0", Connection="keep-alive"),
    "closed afterwards": get(LABELS, Connection="close"),
    "a range": get(LABELS, Range="bytes=0-10"),
    "an origin": get("ASK {}", Origin="https://elsewhere.example"),
    "a language": get(LABELS, Accept_Language="de", Cookie="lang=fr"),
    "a named language": get(LABELS, ("lang", "de")),
    "a preference": get(LABELS, Accept="text/csv;q=0.5, application/sparql-results+xml"),
    "any format": get(LABELS, Accept="*/*"),
    "an invalid preference": get(LABELS, Accept=",;q=x,, text/csv;q=2"),
    "a format that a form names": form(LABELS, ("format", "xlsx"), Accept=JSON),
    "a media type that is named": get(LABELS, ("format", "application/sparql-results+xml")),
    "a format beside a query": direct(LABELS, f"/sparql?{encoded(('format', 'tsv'))}"),
    "a graph that a form names": form(
        LABELLED, ("default-graph-uri", "https://w3id.org/competency-graph/graph/asserted")
    ),
    "unknown parameters": get("ASK {}", ("callback", "x"), ("output", "xml")),
    "characters of all sorts": form('SELECT ("žluťoučký 漢字 😀 \\u0001" AS ?t) {}'),
    "an empty name": form("ASK {}", ("", "")),
    "an absolute target": request(
        path="http://service.example:8000/sparql?query=ASK%7B%7D", Accept=JSON
    ),
    "a fragment": request(path="/sparql?query=ASK%7B%7D#part"),
    "an encoded path": request(path="/%73parql?query=ASK%7B%7D"),
    "a query that ends in a slash": get("ASK { ?s ?p </> }"),
    **{f"accepting {t}": get(LABELS, Accept=t) for t in ("text/csv", "text/tab-separated-values", "application/xml", "application/json", JSON)},
    **{f"a graph as {t}": get(GRAPH, Accept=t) for t in ("text/turtle", "application/ld+json", "application/rdf+xml", "text/n3")},
    **{f"dataset {name}, {way}": make(query, dataset) for name, query, dataset, _ in DATASETS
       for way, make in (
           ("form", lambda query, dataset: form(query, *dataset)),
           ("direct", lambda query, dataset: direct(query, "/sparql" + "?" * bool(dataset) + encoded(*dataset))),
       ) if len({n for n, _ in dataset}) == len(dataset) or way == "form"},
}  # fmt: skip
"""What the event loop answers by itself."""

BY_FLASK: dict[str, bytes] = {
    "a page": get(LABELS, Accept="text/html"),
    "a browser": get("SELECT", Accept="text/html,application/xhtml+xml,*/*;q=0.8"),
    "a page that is named": get(LABELS, ("format", "html")),
    "a page that may be sent": get("ASK {}", Accept="text/csv, text/html;q=0.1"),
    "no query": request(Accept="application/pdf"),
    "any text, and a page is text": get(LABELS, Accept="text/*"),
    "head": request("HEAD", f"/sparql?{encoded(('query', LABELS))}"),
    "options": request("OPTIONS", Origin="https://elsewhere.example"),
    "a repeated parameter": get("ASK {}", ("format", "json"), ("format", "xml")),
    "a repeated parameter in disguise": request(path="/sparql?query=ASK%7B%7D&f%6Frmat=json&format=xml"),
    "a repeated dataset": get(IN_GRAPH.format("x:g"), ("named-graph-uri", "x:g"), ("named-graph-uri", "x:h")),
    "a query that is too long": form("ASK {} #" + "x" * 6_000),
    "a body that is too long": direct("ASK {} #" + "x" * 21_000),
    "an encoded query": direct(LABELS, Content_Encoding="gzip", Content_Type="text/plain"),
    "a multipart form": request("POST", body=b"--x--\r\n", Content_Type="multipart/form-data; boundary=x"),
    "an unknown format": get("ASK {}", ("format", "word")),
    "a slash too many": request(path="/sparql/?query=ASK%7B%7D"),
    "another path": request(path="/sparqlx?query=ASK%7B%7D"),
    "health": request(path="/health"),
    **{name: bad(name) for name in BAD if name != "bad_query_syntax"},
}  # fmt: skip
"""What the event loop leaves to Flask."""


@pytest.mark.parametrize("name", [*IN_LOOP, *BY_FLASK])
def test_both_answer_the_same(both: Both, name: str) -> None:
    sent = (IN_LOOP | BY_FLASK)[name]
    both.taken.clear()
    by_loop = exchange(both.loop, sent)
    assert both.taken == [name in IN_LOOP]
    assert by_loop == exchange(both.flask, sent)


def test_a_difference_is_noticed(both: Both) -> None:
    """What the comparison above is for: one header field, one byte."""
    sent, other = get(LONG), get(LONG, Accept_Encoding="gzip")
    assert exchange(both.loop, sent) != exchange(both.flask, other)


def test_both_answer_the_same_when_nothing_has_changed(both: Both) -> None:
    _, fields, _ = exchange(both.loop, get(LABELS, Accept="text/csv"))
    tag = dict(fields).get("etag")
    assert both.is_fixed == (tag is not None), "the data of another server may change at any time"
    for match, status in ((tag, 304), ('"other"', 200), (f'"x", {tag}', 304), ("*", 304)):
        sent = get(LABELS, Accept="text/csv", If_None_Match=match)
        answers = [exchange(address, sent) for address in (both.loop, both.flask)]
        assert answers[0] == answers[1]
        assert answers[0][0] == (status if both.is_fixed else 200)


def test_a_repeated_request_has_the_same_answer(both: Both) -> None:
    sent = get(LABELS + " # again")
    first, second = exchange(both.loop, sent), exchange(both.loop, sent)
    assert first == second == exchange(both.flask, sent)


def test_both_count_and_name_their_requests_alike(both: Both) -> None:
    def counted(address: Address) -> set[str]:
        _, _, body = exchange(address, request(path="/metrics"))
        return {
            line.split("{")[1].rsplit("}")[0]
            for line in body.decode().splitlines()
            if line.startswith("competency_requests_total{") and "/sparql" in line
        }

    assert counted(both.loop) == counted(both.flask) != set()
