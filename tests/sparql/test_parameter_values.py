"""Values of parameters written into a query: where they stand, and that the answers stay the same."""

from __future__ import annotations

import random
import re
from collections import Counter

import pyoxigraph as ox
import pytest

from competency_graph.sparql.parameter_values import with_planned_values, with_values

TERMS = {"x": "<e:a>", "t": '"en"'}
PLACES = {
    "the group that uses it": (
        "SELECT * { ?x ?p ?o }",
        "SELECT * { VALUES ?x { <e:a> } VALUES ?t { \"en\" } ?x ?p ?o }",
    ),
    "each group, as groups are evaluated by themselves": (
        "SELECT * { { ?x ?p ?t } MINUS { ?x ?q ?t } }",
        "SELECT * { X T { X T ?x ?p ?t } MINUS { X T ?x ?q ?t } }",
    ),
    "an OPTIONAL that only filters by it": (
        "SELECT ?x { ?x ?p ?o OPTIONAL { ?o ?q ?l FILTER(LANG(?l) = ?t) } }",
        "SELECT ?x { X T ?x ?p ?o OPTIONAL { ?o ?q ?l FILTER(LANG(?l) = ?t) } }",
    ),
    "an OPTIONAL that matches it": (
        "SELECT ?x { ?x ?p ?o OPTIONAL { ?o ?q ?t FILTER langMatches(LANG(?l), ?t) } }",
        "SELECT ?x { X T ?x ?p ?o OPTIONAL { T ?o ?q ?t FILTER langMatches(LANG(?l), ?t) } }",
    ),
    "an OPTIONAL in an OPTIONAL": (
        "ASK { ?x ?p ?o OPTIONAL { ?o ?q ?l OPTIONAL { ?l ?r ?m FILTER(?m = ?t) } } }",
        "ASK { X T ?x ?p ?o OPTIONAL { T ?o ?q ?l OPTIONAL { ?l ?r ?m FILTER(?m = ?t) } } }",
    ),
    "a group in a filter": (
        "ASK { ?x ?p ?o OPTIONAL { ?o ?q ?l FILTER(?l = 1 || EXISTS { ?l ?r ?t }) } }",
        "ASK { X T ?x ?p ?o OPTIONAL { T ?o ?q ?l FILTER(?l = 1 || EXISTS { T ?l ?r ?t }) } }",
    ),
    "a subquery": (
        "SELECT ?x ?t { { SELECT ?x { ?x ?p ?o } } }",
        "SELECT ?x ?t { X T { SELECT ?x { X ?x ?p ?o } } }",
    ),
    "no template, and no data": (
        "CONSTRUCT { ?x ?p ?o } WHERE { VALUES (?p) { (<e:p>) } ?x ?p ?o }",
        "CONSTRUCT { ?x ?p ?o } WHERE { X T VALUES (?p) { (<e:p>) } ?x ?p ?o }",
    ),
}  # fmt: skip
"""Queries, with what they become: X and T stand for the blocks of the two variables."""
PLANNED = {
    "the outermost group alone": (
        "SELECT * { ?x ?p ?o { ?x ?q ?t } }",
        "SELECT * { X ?x ?p ?o { ?x ?q ?t } }",
    ),
    "a filter of its own": ("ASK { ?s ?p ?o FILTER(?o = ?t) }", "ASK { T ?s ?p ?o FILTER(?o = ?t) }"),
    "behind a condition in the head": (
        "SELECT (EXISTS { ?x a ?c } AS ?b) { ?x ?p ?o }",
        "SELECT (EXISTS { ?x a ?c } AS ?b) { X ?x ?p ?o }",
    ),
    "behind a template": (
        "CONSTRUCT { ?t ?p ?o } { ?x ?p ?o }",
        "CONSTRUCT { ?t ?p ?o } { X ?x ?p ?o }",
    ),
    "no subquery": ("SELECT ?x { SELECT ?x { ?x ?p ?o } }", "SELECT ?x { SELECT ?x { ?x ?p ?o } }"),
    "no group at all": ("DESCRIBE ?x", "DESCRIBE ?x"),
}  # fmt: skip


def spelled(expected: str) -> str:
    """The expected query, with the blocks that its X and T stand for."""
    for letter, name in (("X", "x"), ("T", "t")):
        expected = expected.replace(f" {letter} ", f" VALUES ?{name} {{ {TERMS[name]} }} ")
    return expected


@pytest.mark.parametrize("name", PLACES)
def test_values_stand_in_the_groups_that_need_them(name: str) -> None:
    query, expected = PLACES[name]
    assert with_values(query, TERMS).split() == spelled(spelled(expected)).split()


@pytest.mark.parametrize("name", PLANNED)
def test_values_to_plan_with_stand_in_the_outermost_group(name: str) -> None:
    query, expected = PLANNED[name]
    assert with_planned_values(query, TERMS).split() == spelled(expected).split()


PREDICATES, ENTRIES, TEXTS = ["<e:p>", "<e:q>"], ["<e:a>", "<e:b>", "<e:c>"], ['"1"@en', '"2"']
VARIABLES = ["?y", "?z", "?x", "?t"]


class Queries:
    """Random queries that use ?x and ?t anywhere; a mark shows which groups use which."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def triple(self) -> str:
        start, end = VARIABLES * 2 + ENTRIES, VARIABLES * 2 + ENTRIES + TEXTS
        return " ".join(map(self.chance.choice, (start, PREDICATES, end, [" ."])))

    def condition(self) -> str:
        one, other = self.chance.choice(VARIABLES), self.chance.choice([*VARIABLES, *TEXTS])
        return self.chance.choice(
            [f"{one} = {other}", f"LANG({one}) = {other}", f"!({one} < {other}) || {one} = ?t"]
        )

    def group(self, depth: int = 0) -> str:
        parts = [self.triple()]
        for _ in range(self.chance.randint(0, 2) if depth < 3 else 0):
            inner = self.group(depth + 1)
            parts += self.chance.choice(
                [
                    [self.triple()],
                    ["OPTIONAL", inner],
                    ["OPTIONAL", inner],
                    [f"FILTER({self.condition()})"],
                    ["FILTER NOT EXISTS", inner],
                    [f"FILTER({self.condition()} || EXISTS {inner})"],
                    [inner, "UNION", self.group(depth + 1)],
                    ["MINUS", inner],
                    ["{ SELECT ?x ?y WHERE", inner, "}"],
                ]
            )
        parts += [f"FILTER({self.condition()})"] * (depth > 0)
        body = " ".join(parts)
        marks = [f"@{name}" for name in TERMS if f"?{name}" in body or not depth]
        return " ".join(["{", *marks, body, "}"])


def solutions(store: ox.Store, query: str, substituted: bool) -> Counter[str]:
    """The solutions of a query without ?x and ?t, and how often it has each."""
    terms = {ox.Variable("x"): ox.NamedNode("e:a"), ox.Variable("t"): ox.Literal("en")}
    found = store.query(query, substitutions=terms if substituted else None)
    assert isinstance(found, ox.QuerySolutions)
    return Counter(f"{row['y']} {row['z']}" for row in found)


@pytest.mark.parametrize("seed", range(5))
def test_the_answers_stay_the_same(seed: int) -> None:
    """As without the values to plan with; and as with the values in each group that uses them."""
    queries, store, compared = Queries(seed), ox.Store(), 0
    data = {
        " ".join(map(queries.chance.choice, (ENTRIES, PREDICATES, ENTRIES + TEXTS)))
        for _ in range(20)
    }
    store.load(" . ".join([*data, ""]).encode(), format=ox.RdfFormat.TURTLE)
    for _ in range(50):
        marked = f"SELECT ?y ?z ?x ?t {queries.group()}"
        query = re.sub(r"@\w ", "", marked)
        expected = solutions(store, query, substituted=True)
        planned = with_planned_values(query, TERMS)
        assert solutions(store, planned, substituted=True) == expected, query
        everywhere = re.sub(r"@(\w) ", lambda m: f"VALUES ?{m[1]} {{ {TERMS[m[1]]} }} ", marked)
        expected = solutions(store, everywhere, substituted=False)
        assert solutions(store, with_values(query, TERMS), substituted=False) == expected, query
        compared += bool(expected)
    assert compared > 10
