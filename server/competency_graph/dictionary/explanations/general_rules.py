"""The rules of OWL 2 RL that apply to every ontology: equality, and what follows of axioms."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox
from rdflib.namespace import OWL, RDF, RDFS

from competency_graph.dictionary.explanations.explanation import Axiom
from competency_graph.dictionary.explanations.rule import TYPE, Pattern, Rule

_TERMS: Final = {
    "a": TYPE,
    "same": ox.NamedNode(OWL.sameAs),
    "subclass": ox.NamedNode(RDFS.subClassOf),
    "subproperty": ox.NamedNode(RDFS.subPropertyOf),
    "same-class": ox.NamedNode(OWL.equivalentClass),
    "same-property": ox.NamedNode(OWL.equivalentProperty),
    "domain": ox.NamedNode(RDFS.domain),
    "range": ox.NamedNode(RDFS.range),
    "Class": ox.NamedNode(OWL.Class),
    "ObjectProperty": ox.NamedNode(OWL.ObjectProperty),
    "DatatypeProperty": ox.NamedNode(OWL.DatatypeProperty),
    "Property": ox.NamedNode(RDF.Property),
    "Thing": ox.NamedNode(OWL.Thing),
}
SCHEMA_PROPERTIES: Final = frozenset(
    _TERMS[name]
    for name in ("subclass", "subproperty", "same-class", "same-property", "domain", "range")
)
_RULES: Final = """
equality: x same y <- y same x
equality: x same z <- x same y, y same z
equality: x p y <- x same z, z p y
equality: x p y <- y same z, x p z
class hierarchy: x subclass z <- x subclass y, y subclass z
class hierarchy: x subclass y <- x same-class y
class hierarchy: x subclass y <- y same-class x
class hierarchy: x same-class y <- x subclass y, y subclass x
class hierarchy: x subclass x <- x a Class
class hierarchy: x same-class x <- x a Class
class hierarchy: x subclass Thing <- x a Class
property hierarchy: x subproperty z <- x subproperty y, y subproperty z
property hierarchy: x subproperty y <- x same-property y
property hierarchy: x subproperty y <- y same-property x
property hierarchy: x same-property y <- x subproperty y, y subproperty x
property hierarchy: x subproperty x <- x a ObjectProperty
property hierarchy: x same-property x <- x a ObjectProperty
property hierarchy: x subproperty x <- x a DatatypeProperty
property hierarchy: x same-property x <- x a DatatypeProperty
property hierarchy: x subproperty x <- x a Property
property hierarchy: x same-property x <- x a Property
domain and range: x domain z <- x domain y, y subclass z
domain and range: x domain z <- x subproperty y, y domain z
domain and range: x range z <- x range y, y subclass z
domain and range: x range z <- x subproperty y, y range z
"""
"""Each line is the kind of a rule, its head and its body; names of one letter are variables."""


def _pattern(text: str) -> Pattern:
    subject, property_, value = (
        ox.Variable(word) if len(word) == 1 and word != "a" else _TERMS[word]
        for word in text.split()
    )
    return subject, property_, value


def _rule(line: str) -> Rule:
    kind, _, rest = line.partition(": ")
    head, _, body = rest.partition(" <- ")
    return Rule(Axiom(kind), _pattern(head), tuple(map(_pattern, body.split(","))))


GENERAL_RULES: Final = tuple(map(_rule, _RULES.strip().splitlines()))
