"""What is refused in a query, and how a wrong one is explained."""

from __future__ import annotations

import pytest

from competency_graph import Dictionary
from competency_graph.errors import QuerySyntaxError, RefusedError
from competency_graph.sparql.evaluator import evaluate

REFUSED = {
    "service": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "service in lower case": "select*{service<http://127.0.0.1:9/>{?s ?p ?o}}",
    "service silent": "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "service by variable": "SELECT * { VALUES ?x { <http://127.0.0.1:9/> } SERVICE ?x { ?s ?p ?o } }",
    "service by prefixed name": "PREFIX s: <http://127.0.0.1:9/> SELECT * { SERVICE s:q { ?s ?p ?o } }",
    "service after a comment": "SELECT * { SERVICE # here\n <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "service spelt by codepoints": r"SELECT * { \u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "service behind an operator that looks like an IRI": (
        "SELECT * { BIND(2 AS ?b) FILTER(1<?b#>'''\n) SERVICE <http://127.0.0.1:9/> {?s ?p ?o} #'''\n}"
    ),
    "service behind both readings of <": (
        "SELECT * { BIND(2 AS ?b) FILTER(1<?b#>'''\n) <http://x/#> ?p 1 . "
        "SERVICE <http://127.0.0.1:9/> {?s ?p ?o} #'''\n}"
    ),
    "service in a subquery": "SELECT * { { SELECT * { OPTIONAL { SERVICE ?x { ?s ?p ?o } } } } }",
    "load": "LOAD <http://127.0.0.1:9/>",
    "load after a prologue": "PREFIX a: <http://a/> BASE <http://b/> # c\n LOAD <file:///etc/passwd>",
    "insert": "INSERT DATA { <http://a> <http://b> <http://c> }",
    "delete": "delete where { ?s ?p ?o }",
    "drop": "DROP ALL",
    "from outside": "SELECT * FROM <http://127.0.0.1:9/> { ?s ?p ?o }",
    "from a file": "SELECT * FROM NAMED <file:///etc/passwd> { GRAPH ?g { ?s ?p ?o } }",
    "from by prefixed name": "PREFIX x: <http://127.0.0.1:9/> SELECT * FROM x:g { ?s ?p ?o }",
}  # fmt: skip
ANSWERED = {
    "service in a string": 'ASK { BIND("SERVICE <http://x/> {" AS ?a) }',
    "service in a comment": "ASK { # SERVICE <http://x/> {\n }",
    "service in an IRI": "ASK { OPTIONAL { <http://x/service#a> <http://x/#b> ?o } }",
    "service as a variable": "ASK { OPTIONAL { ?service <http://service:1/> ?o } }",
    "service as a prefix": "PREFIX service: <http://x/> ASK { OPTIONAL { ?s service:service ?o } }",
    "from inside": "PREFIX graph: <https://w3id.org/competency-graph/graph/> ASK FROM graph:asserted { ?s ?p ?o }",
    "update words as variables": "SELECT ?load ?insert { OPTIONAL { ?load ?insert ?drop } } LIMIT 1",
    "less than": "ASK { BIND(1 AS ?a) FILTER(?a<2 && 3>?a) }",
}  # fmt: skip


@pytest.mark.parametrize("query", REFUSED.values(), ids=list(REFUSED))
def test_what_would_fetch_or_change_is_refused(sales: Dictionary, query: str) -> None:
    with pytest.raises(RefusedError) as caught:
        evaluate(sales.store, query)
    assert caught.value.remedy


@pytest.mark.parametrize("query", ANSWERED.values(), ids=list(ANSWERED))
def test_what_only_looks_like_it_is_answered(sales: Dictionary, query: str) -> None:
    assert len(list(evaluate(sales.store, query).rows())) == 1


WRONG = {
    "SELECT * { ?s a foo:Role }": (1, 17, "prefix “foo:”", "PREFIX foo:"),
    "SELECT *\n{ ?s a skos:Concept }": (
        2, 8, "prefix “skos:”", "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>",
    ),
    "SELECT * {\n  ?s ?p ?o": (2, 11, "ends before it is complete", "}"),
    "SELECT * { ?s ?p } }": (1, 18, "“}”", "a variable"),
    "SELECT * { ?s ?p 1 } }": (1, 22, "“}”", "LIMIT"),
    "SELECT ?x { ?s ?p ?x FILTER(?x = ) }": (1, 34, "“)”", "a number"),
    "SELECT (1+ AS ?b) {}": (1, 12, "“AS”", "a number"),
    "SELEKT * { }": (1, 1, "“SELEKT”", "SELECT"),
    "SELECT ?x { ?x a <http://a b> }": (1, 18, "“<http://a”", "cannot contain spaces"),
    "SELECT ?x { ?x a <http://a> . FILTER(?y > 1) BIND(1 AS ?x) }": (1, 61, "not valid", "assigned twice"),
    "SELECT ?x (COUNT(*) AS ?n) { ?x ?p ?o }": (1, 40, "variable that is unbound", "GROUP BY"),
    "": (1, 1, "ends before", "SELECT"),
    "ASK{FILTER('#' =?a<<https://b.example#c>)}#\n": (1, 25, "cannot be parsed", "brackets"),
    "CONSTRUCT { <s> <http://p> 1 } WHERE {}": (1, 13, "<s> is relative", "BASE <https://…/>"),
    "PREFIX : <terms#>\nASK { ?s :p 1 }": (1, 10, "<terms#> is relative", "BASE"),
}  # fmt: skip


@pytest.mark.parametrize(("query", "expected"), WRONG.items())
def test_a_wrong_query_is_explained_with_place_and_remedy(
    sales: Dictionary, query: str, expected: tuple[int, int, str, str]
) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        evaluate(sales.store, query)
    line, column, what, remedy = expected
    error = caught.value
    assert (error.line, error.column) == (line, column)
    assert what in error.what
    assert remedy in error.remedy


def test_the_refusal_of_a_query_made_to_be_slow_is_not_slow(sales: Dictionary) -> None:
    """A hundred thousand characters that the two readings of < could each take apart."""
    query = "SELECT * { " + "service <a" * 9_000
    with pytest.raises((QuerySyntaxError, RefusedError)):
        evaluate(sales.store, query)
