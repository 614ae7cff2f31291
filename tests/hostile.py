"""Queries made to hurt, by the way in which they would."""

from __future__ import annotations

DEEP = 2_000


def nested(
    opening: str, closing: str, head: str = "ASK { ", tail: str = " }", inner: str = ""
) -> str:
    return head + opening * DEEP + inner + closing * DEEP + tail


SLOW = {
    "cartesian product": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "cartesian product of optionals": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c OPTIONAL { ?d ?e ?f } OPTIONAL { ?g ?h ?i } }",
    "property path explosion": "SELECT (COUNT(*) AS ?n) { ?a (!<x:a>|^!<x:a>)* ?b . ?b (!<x:a>|^!<x:a>)* ?c . ?c (!<x:a>)* ?d }",
    "sort of a product": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?f ?c LIMIT 1",
    "distinct of a product": "SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "a thousand patterns": "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{i} ?p{i} ?a{i + 1}" for i in range(1_000)) + " }",
    "a thousand unions": "SELECT (COUNT(*) AS ?n) { " + " UNION ".join("{ ?a ?b ?c . ?d ?e ?f }" for _ in range(1_000)) + " }",
    "growing text": "SELECT (GROUP_CONCAT(?t) AS ?all) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i BIND(CONCAT(STR(?a), STR(?d), STR(?g)) AS ?t) }",
    "regular expression": 'SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(REGEX(STR(?c), "(a|aa)+$")) }',
}  # fmt: skip
"""What never ends, or needs all the memory there is."""

NESTED = {
    "groups": nested("{", "}"),
    "groups, unclosed": "ASK " + "{" * 10_000,
    "optionals": nested("OPTIONAL {", "}"),
    "parentheses": nested("(", ")", "ASK { FILTER(", ") }", "1"),
    "negations": nested("!", "", "ASK { FILTER(", ") }", "true"),
    "paths": nested("(", ")", "ASK { ?a ", " ?b }", "<x:p>"),
    "inverse paths": nested("^(", ")", "ASK { ?a ", " ?b }", "<x:p>"),
    "lists": nested("(", ")", "ASK { ", " ?p ?o }", "1"),
    "blank nodes": nested("[ <x:p> ", "]", "ASK { ?a ?b ", " }", "1"),
    "filters": nested("FILTER EXISTS {", "}"),
    "subqueries": nested("{ SELECT * {", "} }"),
    "unions": nested("{ {} UNION ", "}", inner="{}"),
    "functions": nested("STR(", ")", "ASK { BIND(", " AS ?x) }", "1"),
    "graphs": nested("GRAPH ?g {", "}"),
    "minus": nested("MINUS {", "}"),
}
"""What is nested so deeply that a parser may overflow its stack."""
