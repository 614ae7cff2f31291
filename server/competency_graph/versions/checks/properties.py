"""Properties that can no longer be used where they could be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

import pyoxigraph as ox
from rdflib.namespace import OWL, RDF, RDFS

from competency_graph.rdf.short_names import Term
from competency_graph.versions.checks.rules import NARROWED, Breaking
from competency_graph.versions.formats.wording import name
from competency_graph.versions.model import Changes
from competency_graph.versions.sources import Version
from competency_graph.versions.usual_names import with_article

_ENDS: Final = {str(RDFS.domain): "subject", str(RDFS.range): "value"}
_UNION, _FIRST, _REST = str(OWL.unionOf), str(RDF.first), str(RDF.rest)
_SUBCLASS: Final = str(RDFS.subClassOf)
_MAX_MEMBERS: Final = 1_000
_RESTRICTING: Final = {
    str(OWL.FunctionalProperty): "may have only one value",
    str(OWL.InverseFunctionalProperty): "may have each value only once",
    str(OWL.AsymmetricProperty): "may hold in one direction only",
    str(OWL.IrreflexiveProperty): "may not lead from an entry to itself",
}
"""The characteristics that exclude statements (OWL 2, section 9.2)."""


def narrowed(changes: Changes) -> Iterator[Breaking]:
    """Properties with a narrower domain or range, or with a characteristic that excludes data."""
    lasting = {change.entry.iri: change.entry for change in changes.changes if change.details}
    concerned = {
        iri: entry
        for iri, entry in lasting.items()
        if entry.class_.startswith(str(OWL)) or entry.class_ == str(RDF.Property)
    }
    if not concerned:
        return
    before, after = (_Statements(version, concerned) for version in (changes.old, changes.new))
    for iri, entry in sorted(concerned.items()):
        for path, end in _ENDS.items():
            old, new = before.demands(iri, path), after.demands(iri, path)
            for demand in new:
                if not any(after.implies(each.classes, demand.classes) for each in old):
                    was = " and ".join(f"had to be {_words(each.classes)}" for each in old)
                    yield Breaking(
                        NARROWED,
                        iri,
                        f"The {end} of “{name(entry)}” {was or 'could be anything'}, and now must "
                        f"be {_words(demand.classes)}. Existing data may no longer be valid.",
                        "Restore what was allowed, or define a new property.",
                        path,
                        demand.term,
                    )
        for type_ in sorted(after.types(iri) - before.types(iri)):
            if type_ in _RESTRICTING:
                yield Breaking(
                    NARROWED,
                    iri,
                    f"“{name(entry)}” now {_RESTRICTING[type_]}. Existing data may no longer be "
                    "valid.",
                    "Remove this characteristic, or define a new property.",
                    str(RDF.type),
                    f"<{type_}>",
                )


def _words(classes: frozenset[str]) -> str:
    return " or ".join(map(with_article, sorted(classes))) or "of a class without a name"


class _Demand(NamedTuple):
    """What a domain or range demands: membership in any of some classes.

    Args:
        term: the class expression as stated, in N-Triples; "" for a blank node.
        classes: the classes; none if the expression is not a union of named ones.
    """

    term: str
    classes: frozenset[str]


class _Statements:
    """The statements of a version about properties, classes and blank nodes."""

    def __init__(self, version: Version, properties: Collection[str]) -> None:
        self._by_subject: dict[Term, list[ox.Quad]] = defaultdict(list)
        self._superclasses: dict[str, set[str]] = defaultdict(set)
        for quad in version.statements:
            subject = quad.subject
            if not isinstance(subject, ox.NamedNode) or subject.value in properties:
                self._by_subject[subject].append(quad)
            elif quad.predicate.value == _SUBCLASS and isinstance(quad.object, ox.NamedNode):
                self._superclasses[subject.value].add(quad.object.value)

    def demands(self, property_: str, path: str) -> list[_Demand]:
        """The demands of a property on its subjects or values; all must be met."""
        return [
            _Demand("" if isinstance(term, ox.BlankNode) else str(term), self._alternatives(term))
            for term in sorted(self._values(ox.NamedNode(property_), path), key=str)
        ]

    def types(self, property_: str) -> set[str]:
        """The classes of a property."""
        return {
            term.value
            for term in self._values(ox.NamedNode(property_), str(RDF.type))
            if isinstance(term, ox.NamedNode)
        }

    def implies(self, narrow: frozenset[str], wide: frozenset[str]) -> bool:
        """Whether members of any of some classes are members of any of others."""
        return narrow == wide or (
            bool(narrow) and all(wide & self._with_superclasses(each) for each in narrow)
        )

    def _with_superclasses(self, class_: str) -> set[str]:
        found, waiting = {class_}, [class_]
        while waiting:
            more = self._superclasses.get(waiting.pop(), set()) - found
            found |= more
            waiting += more
        return found

    def _alternatives(self, term: Term) -> frozenset[str]:
        if isinstance(term, ox.NamedNode):
            return frozenset([term.value])
        found: set[str] = set()
        for union in self._values(term, _UNION):
            rest, seen = union, 0
            while isinstance(rest, ox.BlankNode) and seen < _MAX_MEMBERS:
                seen += 1
                found.update(
                    each.value
                    for each in self._values(rest, _FIRST)
                    if isinstance(each, ox.NamedNode)
                )
                rest = next(iter(self._values(rest, _REST)), ox.Literal(""))
        return frozenset(found)

    def _values(self, subject: Term, predicate: str) -> list[Term]:
        return [
            q.object for q in self._by_subject.get(subject, ()) if q.predicate.value == predicate
        ]
