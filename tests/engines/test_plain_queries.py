"""Queries that are sent to another server before they are parsed: none that may do harm."""

from __future__ import annotations

import bisect

import pytest

from competency_graph.engines.elsewhere import readers
from competency_graph.engines.plain_queries import MAX_CHARACTERS, MAX_DEPTH, kind_of_plain
from competency_graph.engines.query_checks import QueryChecks
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.request import Limits
from competency_graph.sandbox.worker_pool import WorkerPool
from competency_graph.sparql.saved_queries import Catalogue

PLAIN = {
    "SELECT * { ?s ?p ?o }": "table",
    "ask{}": "boolean",
    "CONSTRUCT WHERE { ?s ?p ?o }": "graph",
    "DESCRIBE <http://example.org/s>": "graph",
    "# a comment\r\nPREFIX a: <http://a.example/>\nBASE <http://b.example/> SELECT ?s { ?s a a:b OPTIONAL { ?s a:c ?d } }": "table",
    "SELECT * { this is no SPARQL": "table",
}
NOT_PLAIN = {
    "an update": "INSERT DATA { <x:s> <x:p> 1 }",
    "an update after a query": "SELECT * {} ; DROP ALL",
    "another service": "SELECT * { SERVICE <http://x.example/> { ?s ?p ?o } }",
    "in lower case": "select * { service silent <http://x.example/> { ?s ?p ?o } }",
    "in an escape": "SELECT * { \\u0053ERVICE <http://x.example/> { ?s ?p ?o } }",
    "in an unusual letter": "SELECT * { \u017fERVICE <http://x.example/> { ?s ?p ?o } }",
    "a graph": "SELECT * FROM <http://x.example/> { ?s ?p ?o }",
    "a graph without a space": "ASKFROM<http://x.example/>{}",
    "a graph after a comment": "SELECT *#\nFROM NAMED <http://x.example/> {}",
    "a setting of Virtuoso": 'DEFINE get:soft "replace" SELECT * { ?s ?p ?o }',
    "an option of Virtuoso": "SELECT * { ?s ?p ?o OPTION (transitive) }",
    "a function of Virtuoso": 'SELECT (bif:http_get("http://x.example/") AS ?x) {}',
    "a function of any engine": "PREFIX x: <http://x.example/> SELECT (x:get#\n('http://x.example/') AS ?x) {}",
    "a function by its IRI": "SELECT (<http://x.example/get> ('http://x.example/') AS ?x) {}",
    "a function before a comment that ends in a space": "SELECT (x:get # c \n \n (1) AS ?x) {}",
    "a function with a middle dot": "SELECT (x:g\u00b7t(1) AS ?x) {}",
    "a function with what is a space elsewhere": "SELECT (x:g\u1680t (1) AS ?x) {}",
    "a property of Jena": "SELECT * { ?s <java:x.Get> ?o }",
    "SQL in Virtuoso": "SELECT (`sys_stat()` AS ?x) {}",
    "no query": "",
    "a prefix alone": "PREFIX a: <http://a.example/>",
    "a word that begins as one": "SELECTION",
    "what is long": "ASK {} #" + "x" * MAX_CHARACTERS,
    "what is nested deeply": "ASK {" + "{" * MAX_DEPTH + "}" * MAX_DEPTH + "}",
    "what is nested deeply and not closed": "ASK " + "(" * (MAX_DEPTH + 1),
}


@pytest.mark.parametrize("text", PLAIN)
def test_what_only_reads_is_plain(text: str) -> None:
    assert kind_of_plain(text) == PLAIN[text]


@pytest.mark.parametrize("name", NOT_PLAIN)
def test_what_may_do_harm_is_parsed_first(name: str) -> None:
    assert kind_of_plain(NOT_PLAIN[name]) == ""


def test_most_saved_queries_are_plain() -> None:
    plain = [bool(kind_of_plain(query.text)) for query in Catalogue().values()]
    assert sum(plain) > len(plain) / 2


NESTED = {
    "groups": ("ASK {", "{", "", "}", "}"),
    "parentheses": ("ASK { FILTER(", "(", "1", ")", ") }"),
    "negations": ("ASK { FILTER(", "!", "true", "", ") }"),
    "inverse paths": ("ASK { ?a ", "^(", "<x:p>", ")", " ?b }"),
    "blank nodes": ("ASK { ?a ?b ", "[ <x:p> ", "1", "]", " }"),
    "functions": ("ASK { BIND(", "STR(", "1", ")", " AS ?x) }"),
    "filters": ("ASK {", "FILTER EXISTS {", "", "}", "}"),
    "subqueries": ("ASK {", "{ SELECT * {", "", "}}", "}"),
    "alternatives": ("ASK { FILTER(?a", "||?a", "", "", ") }"),
    "minus signs": ("ASK { FILTER(1", "-1", "", "", ") }"),
    "unions": ("ASK { {}", "UNION{}", "", "", "}"),
}


def test_nothing_plain_breaks_a_parser() -> None:
    """So what is sent early is at worst invalid, or slow."""
    fork_server = readers(Limits(seconds=60))
    workers = WorkerPool(fork_server)
    checks = QueryChecks(workers)
    for start, opening, inner, closing, end in NESTED.values():
        texts = [start + opening * n + inner + closing * n + end for n in range(2_000)]
        number = bisect.bisect(texts, False, key=lambda text: not kind_of_plain(text))
        longest = texts[number - 1]
        assert MAX_DEPTH < len(longest) < len(texts[-1])
        assert checks.kind(QueryRequest(longest, {})) == "boolean"
    workers.close()
    fork_server.close()
