"""The endpoint over a real socket: request types, formats and errors."""

from __future__ import annotations

import csv
import http.server
import io
import json
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from email.message import Message
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from rdflib import Graph

PREFIXES = """PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX role: <https://w3id.org/competency-graph/sales/role/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
SELECT = (
    PREFIXES
    + "SELECT ?b ?a { role:strategist cg:coversArea ?a . ?a skos:prefLabel ?b } ORDER BY ?b"
)
ASK = PREFIXES + "ASK { role:strategist cg:coversArea ?a }"
CONSTRUCT = (
    PREFIXES + "CONSTRUCT { ?r skos:prefLabel ?l } WHERE { ?r a cg:Role ; skos:prefLabel ?l }"
)
# Table A-1 of the source, column Strategist.
STRATEGIST = ["Designing Compensation", "Setting Sales Strategy"]
SR = "{http://www.w3.org/2005/sparql-results#}"


class Reply(NamedTuple):
    status: int
    headers: Message
    body: bytes

    @property
    def type(self) -> str:
        return self.headers.get_content_type()


def send(url: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Reply:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, body, names, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:
            return Reply(reply.status, reply.headers, reply.read())
    except urllib.error.HTTPError as error:
        return Reply(error.code, error.headers, error.read())


def ask(server: str, query: str, accept: str = "", **parameters: str) -> Reply:
    text = urllib.parse.urlencode({"query": query} | parameters)
    return send(f"{server}/sparql?{text}", **({"Accept": accept} if accept else {}))


def labels(reply: Reply) -> list[str]:
    assert reply.status == 200, reply.body
    return [row["b"]["value"] for row in json.loads(reply.body)["results"]["bindings"]]


def test_a_query_can_be_sent_in_three_ways(server: str) -> None:
    form = urllib.parse.urlencode({"query": SELECT}).encode()
    replies = [
        ask(server, SELECT),
        send(f"{server}/sparql", "POST", form, Content_Type="application/x-www-form-urlencoded"),
        send(f"{server}/sparql", "POST", SELECT.encode(), Content_Type="application/sparql-query"),
    ]
    assert [labels(reply) for reply in replies] == [STRATEGIST] * 3
    assert {reply.type for reply in replies} == {"application/sparql-results+json"}


def table_json(body: bytes) -> list[str]:
    return [row["b"]["value"] for row in json.loads(body)["results"]["bindings"]]


def table_xml(body: bytes) -> list[str]:
    found = ElementTree.fromstring(body).iterfind(f".//{SR}binding[@name='b']/{SR}literal")
    return [str(node.text) for node in found]


def table_csv(body: bytes) -> list[str]:
    return [row["b"] for row in csv.DictReader(io.StringIO(body.decode(), newline=""))]


def table_tsv(body: bytes) -> list[str]:
    head, *lines = body.decode().splitlines()
    assert head == "?b\t?a"
    return [line.split("\t")[0].removesuffix("@en").strip('"') for line in lines]


@pytest.mark.parametrize(
    ("accept", "media_type", "read"),
    [
        ("application/sparql-results+json", "application/sparql-results+json", table_json),
        ("application/json", "application/json", table_json),
        ("application/sparql-results+xml", "application/sparql-results+xml", table_xml),
        ("text/csv", "text/csv", table_csv),
        ("text/tab-separated-values", "text/tab-separated-values", table_tsv),
        (
            "text/csv;q=0.5, application/sparql-results+xml",
            "application/sparql-results+xml",
            table_xml,
        ),
        ("image/png, text/csv;q=0.1", "text/csv", table_csv),
        ("*/*", "application/sparql-results+json", table_json),
        ("", "application/sparql-results+json", table_json),
    ],
)
def test_a_table_comes_as_the_client_accepts_it(
    server: str, accept: str, media_type: str, read
) -> None:
    reply = ask(server, SELECT, accept)
    assert (reply.status, reply.type) == (200, media_type)
    assert read(reply.body) == STRATEGIST
    assert "Accept" in reply.headers["Vary"]


@pytest.mark.parametrize(
    ("accept", "media_type", "parser"),
    [
        ("text/turtle", "text/turtle", "turtle"),
        ("application/ld+json", "application/ld+json", "json-ld"),
        ("application/n-triples", "application/n-triples", "nt"),
        ("application/rdf+xml", "application/rdf+xml", "xml"),
        ("*/*", "text/turtle", "turtle"),
    ],
)
def test_a_graph_comes_as_the_client_accepts_it(
    server: str, accept: str, media_type: str, parser: str
) -> None:
    reply = ask(server, CONSTRUCT, accept)
    assert (reply.status, reply.type) == (200, media_type)
    found = Graph().parse(data=reply.body, format=parser)
    assert {str(label) for label in found.objects()} == {
        "Consultant", "Strategist", "Developer", "Manager", "Analyst", "Administrator",
    }  # fmt: skip


def test_turtle_has_the_prefixes_it_uses_and_no_others(server: str) -> None:
    text = ask(server, CONSTRUCT, "text/turtle").body.decode()
    assert {line.split()[1] for line in text.splitlines() if line.startswith("@prefix")} == {
        "role:",
        "skos:",
    }
    assert 'role:analyst skos:prefLabel "Analyst"@en' in text


def test_a_boolean_comes_in_json_and_xml(server: str) -> None:
    assert json.loads(ask(server, ASK).body)["boolean"] is True
    xml = ask(server, ASK, "application/sparql-results+xml").body
    assert ElementTree.fromstring(xml).findtext(f"{SR}boolean") == "true"


@pytest.mark.parametrize(("query", "accept"), [(SELECT, "text/turtle"), (CONSTRUCT, "text/csv"), (ASK, "text/csv"), (SELECT, "image/png")])  # fmt: skip
def test_an_unavailable_format_is_406(server: str, query: str, accept: str) -> None:
    assert ask(server, query, accept).status == 406


def test_head_has_the_headers_of_get(server: str) -> None:
    url = f"{server}/sparql?" + urllib.parse.urlencode({"query": SELECT})
    head, get = send(url, "HEAD"), send(url)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == str(len(get.body))


@pytest.mark.parametrize(
    ("graph", "number"),
    [("asserted", 2), ("inferred", 0), ("ontology", 0)],
)
def test_asserted_facts_can_be_queried_separately(server: str, graph: str, number: int) -> None:
    iri = f"https://w3id.org/competency-graph/graph/{graph}"
    inside = SELECT.replace("{", f"FROM <{iri}> {{", 1)
    assert len(labels(ask(server, inside))) == number
    dataset = {"default-graph-uri": iri}
    assert len(labels(ask(server, SELECT, **dataset))) == number


def test_inferred_statements_are_in_the_default_graph(server: str) -> None:
    for query in (
        "ASK { ?area cg:coveredByRole role:strategist }",
        "ASK { role:strategist cg:requires ?knowledge . ?knowledge a cg:Knowledge }",
        "ASK { role:strategist a skos:Concept }",
        "ASK { ?area cg:requiresCompetency ?competency }",
    ):
        assert json.loads(ask(server, PREFIXES + query).body)["boolean"] is True, query
        stated = query.replace("ASK", "ASK FROM <https://w3id.org/competency-graph/graph/asserted>")
        assert json.loads(ask(server, PREFIXES + stated).body)["boolean"] is False, query


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server on the loopback interface that records its requests."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_POST = do_GET  # noqa: N815

        def log_message(self, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}/data", asked
        httpd.shutdown()


FETCHES = [
    "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND(2 AS ?b) FILTER(1<?b#>'''\n) SERVICE <{0}> {{ ?s ?p ?o }} #'''\n}}",
    "SELECT * {{ BIND(<{0}> AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}",
    "LOAD <{0}>",
    "SELECT * FROM <{0}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{0}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
]


@pytest.mark.parametrize("query", FETCHES)
def test_a_query_opens_no_connection(
    server: str, listener: tuple[str, list[str]], query: str
) -> None:
    address, asked = listener
    reply = ask(server, query.format(address))
    assert reply.status == 403
    assert json.loads(reply.body)["remedy"]
    assert asked == []
    assert ask(server, SELECT, **{"default-graph-uri": address}).status == 403
    assert asked == []
    assert send(address).status == 200, "the listener would have seen it"
    assert asked == ["/data"]


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("GET", "/sparql?quer=ASK%7B%7D", None, {}, 400),
        ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", None, {}, 400),
        ("GET", "/sparql?query=SELECT", None, {}, 400),
        ("GET", "/sparql?query=ASK%7B%7D%23%FF", None, {}, 400),
        ("GET", "/sparql?update=CLEAR%20ALL", None, {}, 403),
        ("POST", "/sparql", b"ASK{}", {}, 415),
        ("POST", "/sparql", b"ASK{}", {"Content-Type": "text/plain"}, 415),
        ("POST", "/sparql", b"CLEAR ALL", {"Content-Type": "application/sparql-update"}, 403),
        ("POST", "/sparql", b"ASK{}#\xff", {"Content-Type": "application/sparql-query"}, 400),
        ("POST", "/sparql", b"query=ASK%7B%7D%23%FF", {"Content-Type": "application/x-www-form-urlencoded"}, 400),
        ("POST", "/sparql", b"update=CLEAR+ALL", {"Content-Type": "application/x-www-form-urlencoded"}, 403),
        ("POST", "/sparql", b"ASK{}#" + b"x" * 2_000_000, {"Content-Type": "application/sparql-query"}, 413),
        ("PUT", "/sparql", b"", {}, 405),
        ("DELETE", "/sparql", None, {}, 405),
        ("GET", "/nowhere", None, {}, 404),
        ("GET", "/queries/nowhere", None, {}, 404),
        ("GET", "/queries/role-knowledge?role=7", None, {}, 400),
        ("GET", "/queries/role-knowledge?nothing=7", None, {}, 400),
    ],
)  # fmt: skip
def test_all_errors_have_the_same_format(
    server: str, method: str, path: str, body: bytes | None, headers: dict[str, str], status: int
) -> None:
    reply = send(server + path, method, body, **({"Content-Type": ""} if body else {}) | headers)
    assert reply.status == status
    assert reply.type == "application/problem+json"
    problem = json.loads(reply.body)
    assert problem["status"] == status
    assert problem["detail"]
    assert "Traceback" not in reply.body.decode()
    if path == "/sparql" and method == "GET":
        return  # a browser that sends no query is shown the editor
    page = send(
        server + path,
        method,
        body,
        Accept="text/html",
        **({"Content-Type": ""} if body else {}) | headers,
    )
    assert (page.status, page.type) == (status, "text/html")


def test_a_syntax_error_has_line_column_and_hint(server: str) -> None:
    reply = ask(server, "SELECT *\n{ ?s a skos:Concept }")
    assert reply.status == 400
    problem = json.loads(reply.body)
    assert (problem["line"], problem["column"]) == (2, 8)
    assert "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>" in problem["remedy"]


@pytest.mark.parametrize("path", ["/", "/sparql", "/queries", "/queries/role-knowledge"])
def test_a_browser_gets_pages(server: str, path: str) -> None:
    reply = send(
        server + path, Accept="text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    )
    assert (reply.status, reply.type) == (200, "text/html")
    assert b"<h1>" in reply.body


def test_a_page_escapes_what_it_shows_and_links_only_http(server: str) -> None:
    query = (
        'SELECT * { VALUES ?x { "<script>alert(1)</script>" <javascript:alert(1)> <http://e/> } }'
    )
    body = ask(server, query, "text/html").body.decode()
    assert "<script>" not in body
    assert 'href="javascript' not in body
    assert 'href="http://e/"' in body


def test_a_saved_query_answers_with_its_parameters(server: str) -> None:
    reply = send(f"{server}/queries/role-knowledge?role=role:strategist", Accept="text/csv")
    assert reply.type == "text/csv"
    # Setting Sales Strategy requires 18 and Designing Compensation 12, none in both.
    assert len(list(csv.DictReader(io.StringIO(reply.body.decode(), newline="")))) == 30


def test_health_names_the_version_of_the_data(server: str, sales) -> None:
    assert json.loads(send(f"{server}/health").body) == {"status": "ok", "version": sales.version}
