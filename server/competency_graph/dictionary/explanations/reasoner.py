"""Checks explanations with the reasoner, and finds the smallest sets of premises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final

import pyoxigraph as ox
from rdflib import Graph
from rdflib.term import Node

from competency_graph.dictionary.explanations.explanation import Explanation, Triple
from competency_graph.rdf.parsing import to_rdflib
from competency_graph.rdf.short_names import Term

_PLACEHOLDER: Final = "urn:placeholder:"


def confirms(explanation: Explanation) -> bool:
    """Whether the conclusion follows from the facts and axioms alone, by the reasoner.

    Explanations that differ only in the IRIs of entries are the same to the reasoner: no rule of
    OWL 2 RL mentions an IRI outside the vocabularies of RDF, RDFS and OWL, so a derivation stays
    one if other IRIs are replaced by others, different ones by different ones. They are therefore
    replaced by placeholders in the order in which they occur, unless an axiom mentions them, and
    each explanation that is then different is run once.
    """
    return _follows_from_canonical(*shape(explanation))


Shape = tuple[tuple[Triple, ...], Triple]
"""Premises and conclusion, with placeholders for the IRIs of entries."""


def shape(explanation: Explanation) -> Shape:
    """The premises and the conclusion, with placeholders for IRIs that no axiom mentions."""
    kept = {t for axiom in explanation.all_axioms for each in axiom.statements for t in each}
    names: dict[Term, Term] = {}

    def renamed(term: Term, is_property: bool = False) -> Term:
        if not isinstance(term, ox.NamedNode) or term in kept or is_property:
            return term
        if term.value.startswith("http://www.w3.org/"):
            return term
        return names.setdefault(term, ox.NamedNode(f"{_PLACEHOLDER}{len(names)}"))

    def canonical(triple: Triple) -> Triple:
        subject, property_, value = triple
        return renamed(subject), renamed(property_, is_property=True), renamed(value)

    premises = tuple(
        canonical(triple)
        for triple in (
            *explanation.facts,
            *(triple for axiom in explanation.all_axioms for triple in axiom.statements),
        )
    )
    return premises, canonical(explanation.conclusion)


@lru_cache(4096)
def _follows_from_canonical(premises: tuple[Triple, ...], conclusion: Triple) -> bool:
    return follows(premises, conclusion)


def follows(premises: Iterable[Triple], conclusion: Triple) -> bool:
    """Whether the reasoner infers a statement from these, rather than finding it among them."""
    import owlrl  # slow to import, and needed only once an explanation is asked for

    graph, wanted = Graph(), _rdflib(conclusion)
    for triple in premises:
        graph.add(_rdflib(triple))
    if wanted in graph:
        return False
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False).expand(graph)
    return wanted in graph


def _rdflib(triple: Triple) -> tuple[Node, Node, Node]:
    subject, property_, value = map(to_rdflib, triple)
    return subject, property_, value


def minimal(
    statements: Sequence[Triple], holds: Callable[[Sequence[Triple]], bool]
) -> list[Triple]:
    """A smallest part of ``statements`` that still satisfies ``holds``: no member can be left out.

    Halves, quarters and so on are tried first, so that few tries are needed for a small result.

    Args:
        statements: statements that satisfy ``holds``.
        holds: whether statements suffice; more statements never make it false.
    """
    kept = list(statements)
    size = max(1, len(kept) // 2)
    while True:
        start = 0
        while start < len(kept):
            rest = kept[:start] + kept[start + size :]
            if holds(rest):
                kept = rest
            else:
                start += size
        if size == 1:
            return kept
        size = max(1, size // 2)
