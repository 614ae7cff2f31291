"""The SPARQL 1.1 Protocol, Graph Store Protocol and Service Description, over a real socket.

The cases of the W3C's protocol test suite (data-sparql11/protocol) are here by their names, on the
graphs of this service.
"""

from __future__ import annotations

import gzip
import http.client
import json
import re
import urllib.parse
from email.message import Message
from typing import NamedTuple
from urllib.robotparser import RobotFileParser

import pyoxigraph as ox
import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import RDF, VOID

from competency_graph import Dictionary

ASSERTED = "https://w3id.org/competency-graph/graph/asserted"
INFERRED = "https://w3id.org/competency-graph/graph/inferred"
LINKS = "https://w3id.org/competency-graph/graph/links"
ONTOLOGY = "https://w3id.org/competency-graph/graph/ontology"
ROLE = "https://w3id.org/competency-graph/ontology#Role"
LABELLED = f"ASK {{ ?r a <{ROLE}> ; <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }}"
DEFINED = f"ASK {{ <{ROLE}> a <http://www.w3.org/2002/07/owl#Class> }}"
IN_GRAPH = "ASK {{ GRAPH <{0}> {{ ?s ?p ?o }} }}"
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
JSON = "application/sparql-results+json"


class Reply(NamedTuple):
    status: int
    headers: Message
    body: bytes

    @property
    def type(self) -> str:
        return self.headers["Content-Type"].split(";")[0]

    @property
    def truth(self) -> bool:
        assert self.status == 200, self.body
        return bool(json.loads(self.body)["boolean"])


def send(
    server: str,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> Reply:
    """Send a request to which `http.client` adds only Host and Content-Length."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(server).netloc, timeout=20)
    own_host = "Host" in (headers or {})
    connection.putrequest(method, path, skip_host=own_host, skip_accept_encoding=True)
    for name, value in (headers or {}).items():
        connection.putheader(name, value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    reply = connection.getresponse()
    try:
        return Reply(reply.status, reply.headers, reply.read())
    finally:
        connection.close()


def encoded(*parameters: tuple[str, str]) -> str:
    return urllib.parse.urlencode(parameters)


def get(server: str, *parameters: tuple[str, str], **headers: str) -> Reply:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return send(server, "GET", f"/sparql?{encoded(*parameters)}", headers=names)


def test_query_get(server: str) -> None:
    assert get(server, ("query", LABELLED)).truth


@pytest.mark.parametrize("charset", ["", ";charset=UTF-8", "; charset=utf-8", '; charset="utf-8"'])
def test_query_post_form(server: str, charset: str) -> None:
    body = encoded(("query", LABELLED)).encode()
    assert send(server, "POST", "/sparql", body, {"Content-Type": FORM + charset}).truth


@pytest.mark.parametrize("charset", ["", "; charset=utf-8"])
def test_query_post_direct(server: str, charset: str) -> None:
    headers = {"Content-Type": QUERY + charset}
    assert send(server, "POST", "/sparql", LABELLED.encode(), headers).truth


DATASETS = [
    ("default_graph", LABELLED, [("default-graph-uri", ASSERTED)], True),
    ("default_graph, another", LABELLED, [("default-graph-uri", ONTOLOGY)], False),
    ("default_graphs", LABELLED, [("default-graph-uri", ONTOLOGY), ("default-graph-uri", ASSERTED)], True),
    ("named_graphs", IN_GRAPH.format(ASSERTED), [("named-graph-uri", ASSERTED), ("named-graph-uri", ONTOLOGY)], True),
    ("named_graphs, another", IN_GRAPH.format(INFERRED), [("named-graph-uri", ASSERTED)], False),
    ("named_graphs, no default", LABELLED, [("named-graph-uri", ASSERTED)], False),
    ("full", DEFINED, [("default-graph-uri", ONTOLOGY), ("named-graph-uri", ASSERTED)], True),
    ("multiple_dataset", DEFINED.replace("{", f"FROM <{ASSERTED}> {{", 1), [("default-graph-uri", ONTOLOGY)], True),
    ("none", DEFINED, [], True),
    ("FROM", LABELLED.replace("{", f"FROM <{ONTOLOGY}> {{", 1), [], False),
]  # fmt: skip


@pytest.mark.parametrize("way", ["get", "post form", "post direct"])
@pytest.mark.parametrize(("name", "query", "dataset", "truth"), DATASETS)
def test_query_dataset(
    server: str, way: str, name: str, query: str, dataset: list[tuple[str, str]], truth: bool
) -> None:
    whole = encoded(("query", query), *dataset)
    match way:
        case "get":
            reply = send(server, "GET", f"/sparql?{whole}")
        case "post form":
            reply = send(server, "POST", "/sparql", whole.encode(), {"Content-Type": FORM})
        case _:
            path = f"/sparql?{encoded(*dataset)}"
            reply = send(server, "POST", path, query.encode(), {"Content-Type": QUERY})
    assert reply.truth is truth


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        ("SELECT (1 AS ?v) {}", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("SELECT (1 AS ?v) {}", JSON, JSON),
        ("ASK {}", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("DESCRIBE <https://w3id.org/competency-graph/sales>", "text/turtle", "text/turtle"),
        ("CONSTRUCT { <x:s> <x:p> 1 } WHERE {}", "application/rdf+xml", "application/rdf+xml"),
        ("CONSTRUCT { <x:s> <x:p> 1 } WHERE {}", "application/n-quads", "application/n-quads"),
        ("CONSTRUCT { <x:s> <x:p> 1 } WHERE {}", "application/trig", "application/trig"),
    ],
)
def test_query_content_type(server: str, query: str, accept: str, media_type: str) -> None:
    reply = get(server, ("query", query), Accept=accept)
    assert (reply.status, reply.type) == (200, media_type)


ONE, TWO = encoded(("query", "ASK {}")), encoded(("query", "ASK {}"), ("query", "SELECT * {}"))
UPDATE = encoded(("update", "CLEAR ALL"))
BAD = {
    "bad_query_method": ("PUT", f"/sparql?{ONE}", None, "", 405),
    "bad_multiple_queries, get": ("GET", f"/sparql?{TWO}", None, "", 400),
    "bad_multiple_queries, post": ("POST", "/sparql", TWO.encode(), FORM, 400),
    "bad_query_wrong_media_type": ("POST", "/sparql", b"ASK {}", "text/plain", 415),
    "bad_query_missing_form_type": ("POST", "/sparql", ONE.encode(), "", 415),
    "bad_query_missing_direct_type": ("POST", "/sparql", b"ASK {}", "", 415),
    "bad_query_non_utf8": ("POST", "/sparql", "ASK {}".encode("utf-16"), QUERY + "; charset=UTF-16", 415),
    "bad_query_non_utf8, unsaid": ("POST", "/sparql", b"ASK {} # \xff", QUERY, 400),
    "bad_query_syntax": ("GET", "/sparql?query=ASK%20%7B", None, "", 400),
    "bad_update_get": ("GET", f"/sparql?{UPDATE}", None, "", 403),
    "bad_update_post_form": ("POST", "/sparql", UPDATE.encode(), FORM, 403),
    "bad_update_post_direct": ("POST", "/sparql", b"CLEAR ALL", "application/sparql-update", 403),
    "no query": ("POST", "/sparql", b"", FORM, 400),
    "an unknown format": ("GET", f"/sparql?{ONE}&format=word", None, "", 400),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_requests(server: str, name: str) -> None:
    method, path, body, media_type, status = BAD[name]
    headers = {"Content-Type": media_type} if media_type else {}
    reply = send(server, method, path, body, headers)
    assert (reply.status, reply.type) == (status, "application/problem+json")


RELATIVE = "CONSTRUCT { <s> <../p#x> <> } WHERE {}"


@pytest.mark.parametrize("way", ["get", "post form", "post direct"])
def test_relative_iris_resolve_against_the_address(server: str, way: str) -> None:
    """SPARQL 1.1, section 4.1.1.2, and RFC 3986, sections 5.1.3 and 5.2.4."""
    headers = {"Accept": "application/n-triples"}
    match way:
        case "get":
            reply = send(server, "GET", f"/sparql?{encoded(('query', RELATIVE))}", headers=headers)
        case "post form":
            body = encoded(("query", RELATIVE)).encode()
            reply = send(server, "POST", "/sparql", body, headers | {"Content-Type": FORM})
        case _:
            headers |= {"Content-Type": QUERY}
            reply = send(server, "POST", "/sparql", RELATIVE.encode(), headers)
    assert reply.body.decode() == f"<{server}/s> <{server}/p#x> <{server}/sparql> .\n"


def test_the_base_of_a_query_takes_precedence(server: str) -> None:
    graphs = "BASE <https://w3id.org/competency-graph/graph/>"
    assert get(server, ("query", f"{graphs} ASK FROM <asserted> {{ ?s ?p ?o }}")).truth
    reply = get(server, ("query", "ASK FROM <asserted> {}"))
    assert (reply.status, f"FROM names {'<asserted>'}" in reply.body.decode()) == (403, True)


def test_an_answer_for_one_host_is_not_given_to_another(server: str) -> None:
    query = ("query", "ASK {} # " + RELATIVE)
    first = get(server, query, Host="one.example")
    again = get(server, query, Host="one.example", If_None_Match=first.headers["Etag"])
    other = get(server, query, Host="two.example", If_None_Match=first.headers["Etag"])
    assert (again.status, other.status) == (304, 200)
    told = [get(server, ("query", RELATIVE), Host=f"{n}.example").body for n in ("one", "two")]
    assert [
        f"http://{n}.example/s".encode() in t for n, t in zip(("one", "two"), told, strict=True)
    ] == [True, True]


@pytest.mark.parametrize("host", ["", "o ther", "a/b", "[::1"])
def test_an_invalid_host_is_not_a_server_error(server: str, host: str) -> None:
    assert get(server, ("query", RELATIVE), Host=host).status == 400
    assert get(server, ("query", "ASK {}"), Host=host).status in (200, 400)


def test_an_unacceptable_format_is_not_sent(server: str) -> None:
    reply = get(server, ("query", "ASK {}"), Accept="image/png")
    assert reply.status == 406
    assert JSON in json.loads(reply.body)["detail"]
    assert get(server, ("query", "ASK {}"), Accept="text/csv").status == 406
    assert get(server, ("query", "SELECT * {}"), Accept="text/turtle").status == 406


def test_head_is_get_without_the_body(server: str) -> None:
    path = f"/sparql?{ONE}"
    got, head = send(server, "GET", path), send(server, "HEAD", path)
    assert (head.status, head.body) == (200, b"")
    for name in ("Content-Type", "Content-Length", "Etag", "Vary"):
        assert head.headers[name] == got.headers[name]


@pytest.mark.parametrize("path", ["/sparql", "/graphs", "/queries", "/queries/role-gap"])
def test_a_page_of_another_origin_can_send_requests(server: str, path: str) -> None:
    """CORS as in the Fetch standard: the preflight and the response itself."""
    preflight = send(
        server,
        "OPTIONS",
        path,
        headers={
            "Origin": "https://elsewhere.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "accept",
        },
    )
    assert preflight.status == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == "*"
    assert "GET" in preflight.headers["Access-Control-Allow-Methods"]
    assert "Accept" in preflight.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in preflight.headers
    assert ("POST" in preflight.headers["Allow"]) == (path == "/sparql")
    answer = send(server, "GET", path, headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_same_answer_is_not_sent_twice(server: str) -> None:
    first = get(server, ("query", LABELLED), Accept=JSON)
    tag = first.headers["Etag"]
    again = get(server, ("query", LABELLED), Accept=JSON, If_None_Match=tag)
    assert (again.status, again.body, again.headers["Etag"]) == (304, b"", tag)
    assert get(server, ("query", DEFINED), Accept=JSON, If_None_Match=tag).status == 200
    other = get(server, ("query", LABELLED), Accept="application/sparql-results+xml")
    assert other.headers["Etag"] != tag


@pytest.mark.parametrize("function", ["NOW()", "RAND()", "UUID()", "struuid()", "\\u004eOW()"])
def test_nondeterministic_answers_are_not_cached(server: str, function: str) -> None:
    query = f"SELECT ({function} AS ?v) {{}}"
    first, second = (get(server, ("query", query)) for _ in range(2))
    assert "Etag" not in first.headers
    assert first.body != second.body


def test_gzip_if_the_client_accepts_it(server: str) -> None:
    query = "PREFIX graph: <https://w3id.org/competency-graph/graph/> SELECT * { GRAPH graph:asserted { ?s ?p ?o } } ORDER BY ?s ?p ?o LIMIT 2000"
    plain = get(server, ("query", query))
    packed = get(server, ("query", query), Accept_Encoding="gzip")
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert (
        "Content-Encoding" not in get(server, ("query", query), Accept_Encoding="gzip;q=0").headers
    )


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT ?z ?a ?m { ?a ?m ?z } LIMIT 1", ["z", "a", "m"]),
        ("SELECT * { ?z ?a ?m } LIMIT 1", ["z", "a", "m"]),
        ("select distinct * { ?z ?a ?m . FILTER(?m != 1) } LIMIT 1", ["z", "a", "m"]),
        ("SELECT * { { SELECT ?m ?z { ?z ?b ?m } LIMIT 1 } ?z ?a ?m } LIMIT 1", ["m", "z", "a"]),
        ('SELECT * { BIND("*" AS ?y) BIND(1 AS ?x) }', ["y", "x"]),
    ],
)
@pytest.mark.parametrize("form", ["json", "csv"])
def test_columns_are_in_the_order_of_the_select(
    server: str, query: str, columns: list[str], form: str
) -> None:
    body = get(server, ("query", query), ("format", form)).body.decode()
    found = json.loads(body)["head"]["vars"] if form == "json" else body.splitlines()[0].split(",")
    assert found == columns


@pytest.mark.parametrize(
    ("path", "media_type", "answered"),
    [
        (f"/sparql?{encoded(('query', 'SELECT * {}'))}", JSON, JSON),
        (f"/sparql?{encoded(('query', 'SELECT * {}'))}", "text/csv; charset=utf-8", "text/csv"),
        (f"/sparql?{encoded(('query', 'SELECT * {}'))}", "text/html", "text/html"),
        (f"/sparql?{encoded(('query', 'ASK {}'))}", "Application/JSON", "application/json"),
        (f"/sparql?{encoded(('query', RELATIVE))}", "application/json", "application/json"),
        (f"/sparql?{encoded(('query', RELATIVE))}", "text/n3", "text/n3"),
        ("/queries?", "application/json", "application/json"),
        ("/queries?", "text/html", "text/html"),
        ("/queries/role-gap?", "text/tab-separated-values", "text/tab-separated-values"),
        ("/links?", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("/export?", "application/json", "application/json"),
        ("/graphs?default&", "application/n-triples", "application/n-triples"),
        ("/ontology?", "application/rdf+xml", "application/rdf+xml"),
        ("/.well-known/void?", "application/ld+json", "application/ld+json"),
        ("/sales/role/analyst?", "application/n-triples", "application/n-triples"),
    ],
)
def test_a_program_names_the_format_by_its_media_type(
    server: str, path: str, media_type: str, answered: str
) -> None:
    """As clients made for Virtuoso do; some do not encode the plus sign, which then means a space."""
    for written in (urllib.parse.quote(media_type), media_type.replace(" ", "%20")):
        reply = send(server, "GET", f"{path}{'' if path[-1] in '?&' else '&'}format={written}")
        if reply.status == 303:
            reply = send(server, "GET", reply.headers["Location"])
        assert (reply.status, reply.type) == (200, answered)


def test_validate_takes_media_types_too(server: str) -> None:
    path = "/validate?format=application/json"
    reply = send(server, "POST", path, b"<http://e/a> a 1 .", {"Content-Type": "text/turtle"})
    assert (reply.status, reply.type) == (200, "application/json")
    other = send(server, "POST", "/validate?format=image/png", b"", {"Content-Type": "text/turtle"})
    assert other.status == 400


@pytest.mark.parametrize(
    "path",
    [
        "/sales", "/sales/role/analyst", "/ontology", "/.well-known/void", "/graphs?default",
        "/queries", "/queries/role-gap", "/links", "/export", "/sparql",
        f"/sparql?{encoded(('query', RELATIVE))}", f"/sparql?{encoded(('query', 'ASK {}'))}",
    ],
)  # fmt: skip
def test_everything_is_available_as_json(server: str, path: str) -> None:
    """JSON-LD is JSON; clients that request it by its own media type receive that type."""
    headers = {"Accept": "application/json"}
    reply = send(server, "GET", path, headers=headers)
    if reply.status == 303:
        reply = send(server, "GET", reply.headers["Location"], headers=headers)
    assert (reply.status, reply.type) == (200, "application/json")
    assert json.loads(reply.body)


def test_json_of_a_graph_is_json_ld(server: str) -> None:
    reply = send(
        server, "GET", "/sales/role/analyst.jsonld", headers={"Accept": "application/json"}
    )
    found = Graph().parse(data=reply.body, format="json-ld")
    turtle = Graph().parse(
        data=send(server, "GET", "/sales/role/analyst.ttl").body, format="turtle"
    )
    assert isomorphic(found, turtle)
    assert send(server, "GET", "/sales/role/analyst.jsonld").type == "application/ld+json"


def test_n3_is_answered_with_turtle(server: str, sales: Dictionary) -> None:
    reply = send(
        server, "GET", "/graphs?" + encoded(("graph", ASSERTED)), headers={"Accept": "text/n3"}
    )
    assert isomorphic(Graph().parse(data=reply.body, format="turtle"), sales.asserted)


@pytest.mark.parametrize(
    ("method", "path", "to"),
    [
        ("GET", "/sparql/", "/sparql"),
        ("POST", "/sparql/", "/sparql"),
        (
            "GET",
            "/sparql/?query=ASK%20%7B%7D&format=json",
            "/sparql?query=ASK%20%7B%7D&format=json",
        ),
        ("GET", "/queries/role-gap/?from=a", "/queries/role-gap?from=a"),
        ("POST", "/validate/", "/validate"),
        ("GET", "/sales/", "/sales"),
        ("GET", "/sales/role/analyst/", "/sales/role/analyst"),
        ("GET", "/nothing/", ""),
        ("GET", "//elsewhere.example/", ""),
        ("GET", "/", ""),
    ],
)
def test_a_trailing_slash_is_redirected(server: str, method: str, path: str, to: str) -> None:
    """308 keeps the method and the body (RFC 9110, section 15.4.9)."""
    reply = send(server, method, path, b"" if method == "POST" else None)
    assert (reply.status == 308) == bool(to)
    assert reply.headers.get("Location", "") == to


LONG = "a" * 100_000


@pytest.mark.parametrize("accept", ["*/*", "text/html"])
@pytest.mark.parametrize(
    "path",
    [
        f"/{LONG}", f"/{LONG}/", "/" + "b%20" * 30_000, f"/nothing?query={LONG}", f"/queries/{LONG}",
        f"/queries/role-gap?{LONG}=1", f"/queries/role-gap?from={LONG}", f"/links?match={LONG}",
        f"/export/{LONG}", f"/export/csv?area={LONG}", f"/graphs?graph=http://{LONG}",
        f"/sparql?query=ASK%7B%7D&format={LONG}", f"/sparql?query=ASK%7B%7D&default-graph-uri={LONG}",
        f"/sparql?query=ASK%20FROM%20<x:{LONG[:90_000]}>%7B%7D",
    ],
    ids=lambda path: path[:30],
)  # fmt: skip
def test_long_input_is_not_sent_back(server: str, path: str, accept: str) -> None:
    reply = send(server, "GET", path, headers={"Accept": accept})
    assert 400 <= reply.status < 500
    if "FROM" not in path or accept == "*/*":  # the page shows the query again, to be corrected
        assert len(reply.body) < 10_000
    assert sum(map(len, reply.headers.values())) < 2_000


def test_a_long_unknown_name_is_abridged_in_the_error(server: str) -> None:
    iri = "https://w3id.org/competency-graph/ontology#" + LONG[:90_000]
    reply = get(server, ("query", f"ASK {{ ?s <{iri}> ?o }}"))
    assert reply.status == 200
    assert 0 < len(reply.headers["X-Query-Warning"]) < 2_000


def test_robots_may_read_pages_but_not_query(server: str) -> None:
    reply = send(server, "GET", "/robots.txt")
    assert (reply.status, reply.type) == (200, "text/plain")
    robots = RobotFileParser()
    robots.parse(reply.body.decode().splitlines())
    for path in ("/", "/sales/role/analyst", "/queries", "/queries/role-gap", "/ontology"):
        assert robots.can_fetch("*", path)
    for path in ("/sparql?query=ASK%7B%7D", "/validate", "/graphs?default"):
        assert not robots.can_fetch("*", path)
    assert (
        "Disallow: /queries/*?" in reply.body.decode()
    )  # the parser above does not support the asterisk


def test_there_is_an_icon(server: str) -> None:
    page = send(server, "GET", "/", headers={"Accept": "text/html"}).body.decode()
    (icon,) = re.findall(r'<link rel="icon" href="([^"]+)"', page)
    assert send(server, "GET", icon).type == "image/svg+xml"
    old = send(server, "GET", "/favicon.ico")
    assert (old.status, old.headers["Location"]) == (301, icon)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("csv", "text/csv"),
        ("json", JSON),
        ("html", "text/html"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_a_person_names_the_format(server: str, name: str, media_type: str) -> None:
    query = ("query", "SELECT ?s { ?s ?p ?o } LIMIT 1")
    reply = get(server, query, ("format", name), Accept="text/html")
    assert (reply.status, reply.type) == (200, media_type)


def test_the_service_describes_itself(server: str) -> None:
    reply = send(server, "GET", "/sparql", headers={"Accept": "text/turtle"})
    assert reply.type == "text/turtle"
    found = Graph().parse(data=reply.body, format="turtle")
    (service,) = found.subjects(RDF.type, SD.Service)
    assert found.value(service, SD.endpoint) == URIRef(f"{server}/sparql")
    assert set(found.objects(service, SD.supportedLanguage)) == {SD.SPARQL11Query}
    assert set(found.objects(service, SD.feature)) == {SD.UnionDefaultGraph}
    # The described graphs are those that a query finds.
    for named in found.objects(None, SD.namedGraph):
        name = found.value(named, SD.name)
        query = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
        counted = json.loads(get(server, ("query", query)).body)["results"]["bindings"][0]["n"]
        graph = found.value(named, SD.graph)
        assert str(found.value(graph, VOID.triples)) == counted["value"]
    # Each described format is available.
    names = {str(form).rsplit("/", 1)[1] for form in found.objects(service, SD.resultFormat)}
    types = {
        "SPARQL_Results_JSON": JSON,
        "SPARQL_Results_XML": "application/sparql-results+xml",
        "SPARQL_Results_CSV": "text/csv",
        "SPARQL_Results_TSV": "text/tab-separated-values",
        "Turtle": "text/turtle",
        "JSON-LD": "application/ld+json",
        "N-Triples": "application/n-triples",
        "RDF_XML": "application/rdf+xml",
        "N-Quads": "application/n-quads",
        "TriG": "application/trig",
    }
    assert names == set(types)
    for name, media_type in types.items():
        table = name.startswith("SPARQL_Results")
        query = "SELECT (1 AS ?v) {}" if table else "CONSTRUCT { <x:s> <x:p> 1 } WHERE {}"
        assert get(server, ("query", query), Accept=media_type).type == media_type


def test_a_graph_is_sent_as_its_files_spell_it(server: str, sales: Dictionary) -> None:
    path = "/graphs?" + encoded(("graph", ASSERTED))
    reply = send(server, "GET", path, headers={"Accept": "text/turtle"})
    assert (reply.status, reply.type) == (200, "text/turtle")
    assert isomorphic(Graph().parse(data=reply.body, format="turtle"), sales.asserted)
    head = send(server, "HEAD", path)
    assert (head.status, head.body) == (200, b"")


def test_the_default_graph_is_the_union(server: str) -> None:
    whole = send(server, "GET", "/graphs?default", headers={"Accept": "application/n-triples"})
    parts = [
        send(server, "GET", "/graphs?" + encoded(("graph", name), ("format", "ntriples")))
        for name in (ASSERTED, INFERRED, LINKS, ONTOLOGY)
    ]
    sizes = [len(part.body.splitlines()) for part in parts]
    assert all(sizes)
    assert len(whole.body.splitlines()) == sum(sizes)
    quads = send(server, "GET", "/graphs?default&format=trig")
    assert sum(1 for _ in ox.parse(quads.body, format=ox.RdfFormat.TRIG)) == sum(sizes)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/graphs", 400),
        ("GET", f"/graphs?default&graph={ASSERTED}", 400),
        ("GET", "/graphs?graph=http://elsewhere.example/", 404),
        ("GET", "/graphs?graph=file:///etc/passwd", 404),
        ("GET", "/graphs?default&format=word", 400),
        ("PUT", "/graphs?default", 405),
        ("POST", "/graphs?default", 405),
        ("DELETE", "/graphs?default", 405),
        ("PATCH", "/graphs?default", 405),
    ],
)
def test_the_graph_store_is_read_only(server: str, method: str, path: str, status: int) -> None:
    reply = send(server, method, path, b"" if method in ("PUT", "POST", "PATCH") else None)
    assert (reply.status, reply.type) == (status, "application/problem+json")
    assert send(server, "GET", "/graphs?default", headers={"Accept": "image/png"}).status == 406


def test_a_typo_in_a_name_is_reported(server: str) -> None:
    cg = "https://w3id.org/competency-graph/ontology#"
    reply = get(server, ("query", f"PREFIX cg: <{cg}> SELECT * {{ ?r cg:coversAria ?a }}"))
    assert reply.status == 200
    said = urllib.parse.unquote(reply.headers["X-Query-Warning"])
    assert said == "there is no term cg:coversAria; the nearest name is cg:coversArea"
    for right in (
        LABELLED,
        f"PREFIX cg: <{cg}> ASK {{ ?r a cg:Role. ?r cg:coversArea ?a.}} # cg:nonsense",
        f"PREFIX : #\n <{cg}> ASK {{ ?r a :Role; :coversArea ?a. FILTER(STR(?a) != ':nonsense') }}",
    ):
        assert "X-Query-Warning" not in get(server, ("query", right)).headers
    page = get(
        server, ("query", f"PREFIX cg: <{cg}> ASK {{ ?r cg:coversAria ?a }}"), Accept="text/html"
    )
    assert b"the nearest name is cg:coversArea" in page.body


def test_each_request_has_an_id(server: str) -> None:
    reply = send(server, "GET", "/sparql?query=ASK", headers={"X-Request-ID": "mine-7"})
    assert reply.headers["X-Request-Id"] == "mine-7"
    assert json.loads(reply.body)["instance"] == "urn:request:mine-7"
    other = send(server, "GET", "/health", headers={"X-Request-ID": "b a d"})
    assert other.headers["X-Request-Id"] != "b a d"


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/sparql?query=" + "a" * 300_000, {}, 431),
        ("/sparql", {"Content-Length": "-1"}, 400),
        ("/sparql", {"Content-Length": "99999999"}, 413),
    ],
)
def test_rejections_by_the_server_have_the_same_format(
    server: str, path: str, headers: dict[str, str], status: int
) -> None:
    reply = send(server, "GET", path, headers=headers)
    assert (reply.status, reply.type) == (status, "application/problem+json")
    told = json.loads(reply.body)
    assert (told["status"], told.get("limit")) == (status, "body" if status == 413 else None)


def test_metrics_for_prometheus(server: str) -> None:
    from prometheus_client.parser import text_string_to_metric_families

    def counted() -> dict[str, float]:
        text = send(server, "GET", "/metrics").body.decode()
        return {
            f"{sample.name} {sample.labels.get('route', '')} {sample.labels.get('status', '')}": sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    name = "competency_requests_total /sparql 400"
    before = counted().get(name, 0)
    get(server, ("query", "SELECT"))
    after = counted()
    assert after[name] == before + 1
    assert after["competency_data_info  "] == 1
