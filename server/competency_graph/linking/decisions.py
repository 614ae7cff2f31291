"""Pairs that need no decision: links made or denied already, and entries without a match."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import SKOS

from competency_graph.linking.concepts import Concept
from competency_graph.mappings import NO_TERM, MappingSet

MATCHES: Final = frozenset(
    str(SKOS[f"{kind}Match"]) for kind in ("exact", "close", "broad", "narrow", "related")
)
"""The predicates of links (SKOS, section 10)."""


class Decisions:
    """Whether an entry and a concept have been decided on already.

    Args:
        sets: mapping sets; a row that denies a link is a decision as well, and one that found no
            term decides on all concepts of its framework.
        quads: the statements of the dictionary's RDF files, which may contain links as well.
    """

    def __init__(self, sets: Iterable[MappingSet], quads: Iterable[ox.Quad] = ()) -> None:
        self._pairs: set[tuple[str, str]] = set()
        self.met: set[tuple[str, str]] = set()
        """The pairs of entry and concept that were looked up and found to be decided."""
        self._links: dict[str, set[str]] = defaultdict(set)
        for each in sets:
            common = next(iter(each.texts("object_source")), "")
            for mapping in each.mappings:
                thing = mapping.object_id
                if thing == NO_TERM:
                    thing = mapping.others.get("object_source", common)
                pair = each.expand(mapping.subject_id), each.expand(thing)
                self._pairs.add(pair)
                if not mapping.negated and mapping.object_id != NO_TERM:
                    self._links[pair[0]].add(pair[1])
        for quad in quads:
            if quad.predicate.value in MATCHES and isinstance(quad.object, ox.NamedNode):
                pair = str(quad.subject).strip("<>"), quad.object.value
                self._pairs.add(pair)
                self._links[pair[0]].add(pair[1])

    def linked(self, entries: Iterable[Concept]) -> list[tuple[Concept, frozenset[str]]]:
        """Those of some entries that are linked, with the IRIs of what they are linked to."""
        return [
            (each, frozenset(self._links[each.iri])) for each in entries if each.iri in self._links
        ]

    def __call__(self, entry: Concept, thing: Concept) -> bool:
        """Whether a pair is decided."""
        pairs = {(entry.iri, thing.iri), (entry.iri, thing.source)}
        if pairs.isdisjoint(self._pairs):
            return False
        self.met.add((entry.iri, thing.iri))
        return True
