"""What was decided already: links that are made or denied, and entries that have none."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
from rdflib.namespace import SKOS

from competency_graph.linking.concepts import Concept
from competency_graph.mappings import NO_TERM, MappingSet

_MATCHES = frozenset(
    str(SKOS[f"{kind}Match"]) for kind in ("exact", "close", "broad", "narrow", "related")
)


class Decisions:
    """Tells whether an entry and a thing of a framework need no candidate any more.

    Args:
        sets: files of links; a row that denies a link decides on it as well, and one that found no
            term decides on all things of its framework.
        quads: what RDF files of the dictionary say, in which links may stand too.
    """

    def __init__(self, sets: Iterable[MappingSet], quads: Iterable[ox.Quad] = ()) -> None:
        self._pairs: set[tuple[str, str]] = set()
        self.met: set[tuple[str, str]] = set()
        """The entries and things that were asked about, and are decided on."""
        for each in sets:
            common = next(iter(each.texts("object_source")), "")
            for mapping in each.mappings:
                thing = mapping.object_id
                if thing == NO_TERM:
                    thing = mapping.others.get("object_source", common)
                self._pairs.add((each.expand(mapping.subject_id), each.expand(thing)))
        for quad in quads:
            if quad.predicate.value in _MATCHES and isinstance(quad.object, ox.NamedNode):
                self._pairs.add((str(quad.subject).strip("<>"), quad.object.value))

    def __call__(self, entry: Concept, thing: Concept) -> bool:
        """Whether it is decided on."""
        pairs = {(entry.iri, thing.iri), (entry.iri, thing.source)}
        if pairs.isdisjoint(self._pairs):
            return False
        self.met.add((entry.iri, thing.iri))
        return True
