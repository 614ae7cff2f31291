"""The relations that follow from links and hierarchies and that nobody stated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

import pyoxigraph as ox

from competency_graph.linking.concepts import Concept
from competency_graph.mappings import NO_TERM, MappingSet
from competency_graph.mappings.skos_graph import (
    BROAD,
    CLOSE,
    EXACT,
    NARROW,
    RELATED,
    Chain,
    Relation,
    SkosGraph,
    is_exact,
)

_MATCHES: Final = frozenset((EXACT, CLOSE, BROAD, NARROW, RELATED))


@dataclass
class Links:
    """Links between entries and concepts, with what their rows say of them."""

    confidences: dict[Relation, float] = field(default_factory=dict)
    """The confidence of each link, from 0 to 1; 1 if it has none."""
    places: dict[Relation, str] = field(default_factory=dict)
    """Where each link is stated: file and line."""
    described: dict[str, Concept] = field(default_factory=dict)
    """What rows say of entries and concepts: label and kind."""

    def add_set(self, mappings: MappingSet, name: str) -> None:
        """Add the links of a mapping set, without those that it denies.

        Args:
            mappings: the set.
            name: the name of its file.
        """
        for row in mappings.mappings:
            if row.negated or NO_TERM in (row.subject_id, row.object_id):
                continue
            ends = mappings.expand(row.subject_id), mappings.expand(row.object_id)
            link = Relation(ends[0], mappings.expand(row.predicate_id), ends[1])
            if link.predicate not in _MATCHES:
                continue
            self.places.setdefault(link, f"{name}:{row.line}")
            self.confidences.setdefault(link, _number(row.confidence))
            for iri, label, kind in (
                (ends[0], row.subject_label, row.subject_category),
                (ends[1], row.object_label, row.object_category),
            ):
                self.described.setdefault(iri, Concept(iri, label or iri, kind=kind))

    def add_quads(self, quads: Iterable[ox.Quad], name: str) -> None:
        """Add the links among statements of a file."""
        for quad in quads:
            if quad.predicate.value in _MATCHES and isinstance(quad.object, ox.NamedNode):
                subject = str(quad.subject).strip("<>")
                link = Relation(subject, quad.predicate.value, quad.object.value)
                self.places.setdefault(link, name)
                self.confidences.setdefault(link, 1.0)

    @property
    def linked(self) -> dict[str, None]:
        """All entries and concepts that links relate, in order."""
        return {end: None for link in self.places for end in (link.subject, link.object)}


@dataclass(frozen=True)
class Entailment:
    """A relation that follows.

    Args:
        relation: the relation: ``skos:broadMatch`` and ``exactMatch`` follow by SKOS's rules;
            ``closeMatch`` does not, but users of the links will conclude it.
        chain: the statements that it follows from, in order.
    """

    relation: Relation
    chain: Chain


def entailments(links: Links, hierarchy: Iterable[Relation]) -> Iterator[Entailment]:
    """Yield what follows from links, with the shortest chain for each pair.

    What follows from hierarchies alone is left out, and what a link states itself, and that things
    are narrower than the top concepts of frameworks, such as “skills”, which says little.

    Args:
        links: the links.
        hierarchy: the hierarchical statements of the dictionary and of frameworks.
    """
    graph = SkosGraph([*links.places, *hierarchy])
    stated = {frozenset((each.subject, each.object)) for each in links.places}
    exact: set[frozenset[str]] = set()
    linked = links.linked
    for start in linked:
        for thing, chain in graph.above(start):
            pair = frozenset((start, thing))
            if len(chain) == 1 or pair in stated or pair in exact:
                continue
            if not any(relation in links.places for relation in chain):
                continue
            if thing not in linked and graph.is_top(thing):
                continue
            if is_exact(chain):
                exact.add(pair)
            predicate = EXACT if is_exact(chain) else BROAD
            yield Entailment(Relation(start, predicate, thing), chain)
    yield from _one_step(links, stated)


def _one_step(links: Links, stated: set[frozenset[str]]) -> Iterator[Entailment]:
    """Two entries that closely match one concept, or two concepts that one entry matches."""
    around: dict[str, dict[str, Relation]] = defaultdict(dict)
    for link in links.places:
        if link.predicate in (CLOSE, EXACT):
            around[link.subject][link.object] = link
            around[link.object][link.subject] = link
    for things in around.values():
        for (one, first), (two, second) in combinations(things.items(), 2):
            if frozenset((one, two)) in stated or is_exact((first, second)):
                continue
            yield Entailment(Relation(one, CLOSE, two), (first, second))


def _number(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text or 1)))
    except ValueError:
        return 1.0
