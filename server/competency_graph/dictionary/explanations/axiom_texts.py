"""Axioms in short notation (``cg:coversArea ∘ cg:requires → cg:requires``) and in words."""

from __future__ import annotations

from collections.abc import Sequence

from competency_graph.dictionary.explanations.explanation import Axiom
from competency_graph.rdf.short_names import Term

Words = list[str | Term]
"""A text in which terms stand for their names."""
_GENERAL = {
    "equality": "by the rules for things that are the same",
    "class hierarchy": "by the rules for subclasses and equivalent classes",
    "property hierarchy": "by the rules for subproperties and equivalent properties",
    "domain and range": "by the rules for domains and ranges",
    "axioms": "by the axioms of the ontology",
}
"""The rules that apply to every ontology, and what is found by the reasoner alone."""


def notation(axiom: Axiom) -> Words:
    """An axiom in short notation."""
    terms = axiom.terms
    match axiom.kind:
        case "chain":
            return [*_joined(terms[:-1], " ∘ "), " → ", terms[-1]]
        case "transitive":
            return [terms[0], " ∘ ", terms[0], " → ", terms[0]]
        case "subproperty" | "subclass":
            return [terms[0], " → ", terms[1]]
    return in_words(axiom)


def in_words(axiom: Axiom) -> Words:
    """An axiom in words."""
    if axiom.kind in _GENERAL:
        return [_GENERAL[axiom.kind]]
    first, *others = axiom.terms
    last = axiom.terms[-1]
    match axiom.kind:
        case "chain":
            return [*_joined(axiom.terms[:-1], " followed by "), " implies ", last]
        case "subproperty":
            return [first, " implies ", last]
        case "equivalent properties":
            return [first, " and ", last, " mean the same"]
        case "inverse":
            return [first, " is the inverse of ", last]
        case "domain":
            return ["whatever has ", first, " is of the class ", last]
        case "range":
            return ["every value of ", first, " is of the class ", last]
        case "symmetric":
            return [first, " applies in both directions"]
        case "transitive":
            return [first, " followed by ", first, " implies ", first]
        case "functional":
            return ["nothing has two values of ", first]
        case "inverse functional":
            return ["no two things have the same ", first]
        case "subclass":
            return ["the class ", first, " is part of the class ", last]
        case "equivalent classes":
            return ["the classes ", first, " and ", last, " are the same"]
        case "intersection":
            return ["the class ", first, " is what is in each of ", *_joined(others, ", ")]
        case "union":
            return ["the class ", first, " is what is in any of ", *_joined(others, ", ")]
        case "enumeration":
            return ["the class ", first, " consists of ", *_joined(others, ", ")]
        case "some values":
            return ["what has ", others[0], " of the class ", last, " is of the class ", first]
        case "all values":
            return ["all ", others[0], " of the class ", first, " are of the class ", last]
        case "value":
            return ["the class ", first, " is what has ", others[0], " ", last]
        case "at most one":
            return ["the class ", first, " has at most one ", others[0]]
        case "key":
            return ["no two of the class ", first, " have the same ", *_joined(others, ", ")]
    raise ValueError(axiom.kind)


def _joined(terms: Sequence[Term], separator: str) -> Words:
    return [part for term in terms for part in (separator, term)][1:]
