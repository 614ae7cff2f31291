"""Changes of the smallest complete dictionary, such as an author may make, well or badly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

TESTS = Path(__file__).parents[1]
SMALLEST = [
    ox.Triple(quad.subject, quad.predicate, quad.object)
    for quad in ox.parse(
        (TESTS / "dictionaries" / "pass" / "smallest.ttl").read_bytes(), format=ox.RdfFormat.TURTLE
    )
]
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
CG = "https://w3id.org/competency-graph/ontology#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
TYPE = ox.NamedNode(RDF + "type")
CLASSES = [ox.NamedNode(CG + name) for name in ("Role", "Knowledge", "Output", "CompetencyDictionary", "KeyAction")]  # fmt: skip
PREDICATES = sorted({t.predicate for t in SMALLEST}, key=str) + [
    ox.NamedNode(iri)
    for iri in (CG + "sourcePage", CG + "requires", SKOS + "altLabel", SKOS + "example", "http://www.w3.org/2002/07/owl#deprecated", "http://purl.org/dc/terms/isReplacedBy")
]  # fmt: skip
LITERALS = [
    ox.Literal(text, **how)
    for text in ("", " ", "12", "0", "-1", "1.0", "true", "x\ny", "R1", "A01.A1", "😀", "2026-02-30")
    for how in (
        {}, {"language": "en"}, {"language": "de-ch"},
        *({"datatype": ox.NamedNode(XSD + name)} for name in ("integer", "decimal", "boolean", "date", "anyURI", "double")),
    )
]  # fmt: skip
Triples = list[ox.Triple]


def drop(triples: Triples, one: int, other: int) -> Triples:
    return triples[:one] + triples[one + 1 :]


def say_again(triples: Triples, one: int, other: int) -> Triples:
    t = triples[one]
    return [*triples, ox.Triple(t.subject, t.predicate, triples[other % len(triples)].object)]


def say_a_literal(triples: Triples, one: int, other: int) -> Triples:
    t = triples[one]
    return [*triples, ox.Triple(t.subject, t.predicate, LITERALS[other % len(LITERALS)])]


def reword(triples: Triples, one: int, other: int) -> Triples:
    t = triples[one]
    changed = ox.Triple(t.subject, t.predicate, LITERALS[other % len(LITERALS)])
    return [*triples[:one], changed, *triples[one + 1 :]]


def use_another_property(triples: Triples, one: int, other: int) -> Triples:
    t = triples[one]
    return [*triples, ox.Triple(t.subject, PREDICATES[other % len(PREDICATES)], t.object)]


def retype(triples: Triples, one: int, other: int) -> Triples:
    return [*triples, ox.Triple(triples[one].subject, TYPE, CLASSES[other % len(CLASSES)])]


def retarget(triples: Triples, one: int, other: int) -> Triples:
    t = triples[one]
    changed = ox.Triple(t.subject, t.predicate, triples[other % len(triples)].subject)
    return [*triples[:one], changed, *triples[one + 1 :]]


def make_blank(triples: Triples, one: int, other: int) -> Triples:
    gone = triples[one].subject
    blank = ox.BlankNode(f"gone{other}")

    def same(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> object:
        return blank if term == gone else term

    return [ox.Triple(same(t.subject), t.predicate, same(t.object)) for t in triples]


def wrap(triples: Triples, one: int, other: int) -> Triples:
    t, cell = triples[one], ox.BlankNode(f"cell{other}")
    return [
        *triples[:one],
        ox.Triple(t.subject, t.predicate, cell),
        ox.Triple(cell, ox.NamedNode(RDF + "first"), t.object),
        ox.Triple(cell, ox.NamedNode(RDF + "rest"), ox.NamedNode(RDF + "nil")),
        *triples[one + 1 :],
    ]


CHANGES: list[Callable[[Triples, int, int], Triples]] = [
    drop, say_again, say_a_literal, reword, use_another_property, retype, retarget, make_blank, wrap,
]  # fmt: skip
