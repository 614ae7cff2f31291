"""Checks explanations with the reasoner, and finds the smallest sets of premises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final, TypeVar

import pyoxigraph as ox
from rdflib import Graph
from rdflib.term import Node

from competency_graph.dictionary.explanations.explanation import Explanation, Triple
from competency_graph.rdf.rdflib_graphs import to_rdflib
from competency_graph.rdf.short_names import Term

T = TypeVar("T")
_PLACEHOLDER: Final = "urn:placeholder:"
_STANDARD_VOCABULARIES: Final = "http://www.w3.org/"
"""The beginning of the IRIs that rules mention."""


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
    """The premises and the conclusion, with placeholders for IRIs of entries.

    Properties, and everything that an axiom mentions, keep their IRIs.
    """
    axioms = [triple for axiom in explanation.all_axioms for triple in axiom.statements]
    statements = [*explanation.facts, *axioms, explanation.conclusion]
    kept = {term for triple in axioms for term in triple} | {triple[1] for triple in statements}
    names: dict[Term, Term] = {}

    def canonical(term: Term) -> Term:
        if not isinstance(term, ox.NamedNode) or term in kept:
            return term
        if term.value.startswith(_STANDARD_VOCABULARIES):
            return term
        return names.setdefault(term, ox.NamedNode(f"{_PLACEHOLDER}{len(names)}"))

    *premises, conclusion = ((canonical(s), p, canonical(o)) for s, p, o in statements)
    return tuple(premises), conclusion


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


def minimal(members: Sequence[T], holds: Callable[[Sequence[T]], bool]) -> list[T]:
    """A smallest part of ``members`` that still satisfies ``holds``: no member can be left out.

    Halves, quarters and so on are tried first, so that few tries are needed for a small result.

    Args:
        members: members that together satisfy ``holds``.
        holds: whether members suffice; more members never make it false.
    """
    kept = list(members)
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
