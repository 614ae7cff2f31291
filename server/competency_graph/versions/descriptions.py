"""What two versions say about the terms that differ: whose statement it is, labels and classes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, cached_property
from itertools import chain
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from competency_graph import resources
from competency_graph.dictionary.base import extends_published
from competency_graph.rdf.parsing import parse
from competency_graph.rdf.short_names import Term, shorten, text_of
from competency_graph.rdf.vocabulary import KINDS
from competency_graph.versions.blank_nodes import Difference
from competency_graph.versions.model import Entry
from competency_graph.versions.sources import Version
from competency_graph.versions.usual_names import usual_name

LABELS: Final = (str(SKOS.prefLabel), str(RDFS.label), str(DCTERMS.title))
"""The properties that give a name, the preferred one first."""
_TYPE: Final = str(RDF.type)
_REST: Final = str(RDF.rest)
_NOTATION: Final = str(SKOS.notation)
_SOURCE, _PROPERTY, _TARGET = (
    str(OWL[name]) for name in ("annotatedSource", "annotatedProperty", "annotatedTarget")
)
_ENTRY_CLASSES: Final = frozenset(map(str, KINDS.values()))
_Statements = dict[str, dict[str, list[Term]]]
"""Values by subject and property."""


class Descriptions:
    """What the old version (side 0), the new one (side 1) and the published files say.

    Args:
        old: the old version.
        new: the new version.
        found: the difference.
    """

    def __init__(self, old: Version, new: Version, found: Difference) -> None:
        wanted = {
            term
            for quad in chain(found.removed, found.added, found.old_groups, found.new_groups)
            for term in (quad.subject, quad.predicate, quad.object)
            if isinstance(term, ox.NamedNode)
        }
        versions = (old, new)
        self._stated = [_about(version.statements, wanted) for version in versions]
        self._terms = wanted | self._mapped(wanted)
        for stated, version in zip(self._stated, versions, strict=True):
            stated.update(_about(version.statements, self._terms - wanted))
        extending = extends_published("auto", (*new.files.values(), *old.files.values()))
        self._published = _about(_published(extending), self._terms)
        self._leading: list[dict[str, ox.Quad]] = [{}, {}]
        for side, quads in enumerate((found.old_groups, found.new_groups)):
            self._read_blank_nodes(side, quads)

    def _mapped(self, wanted: set[ox.NamedNode]) -> set[ox.NamedNode]:
        """What the annotations among some terms are about."""
        return {
            value
            for side in (0, 1)
            for term in wanted
            for property_ in (_SOURCE, _PROPERTY, _TARGET)
            if isinstance(value := self.value(term, property_, side), ox.NamedNode)
        }

    def _read_blank_nodes(self, side: int, quads: Iterable[ox.Quad]) -> None:
        """Remember what blank nodes state, and which statement leads to each."""
        for quad in sorted(quads, key=str):
            if isinstance(quad.subject, ox.BlankNode):
                _add(self._stated[side], quad)
            if isinstance(quad.object, ox.BlankNode):
                self._leading[side].setdefault(str(quad.object), quad)

    def owner(self, quad: ox.Quad, side: int) -> str:
        """The entry that a statement describes: an IRI, or a blank node if no entry leads to it.

        A statement about a mapping or another annotation describes the annotated entry, and one
        about a blank node the entry that leads to it.
        """
        for term in (quad.subject, quad.object):
            if source := self.value(term, _SOURCE, side):
                return key(source)
        term = quad.subject
        seen = set()
        while isinstance(term, ox.BlankNode) and term not in seen:
            seen.add(term)
            if source := self.value(term, _SOURCE, side):
                return key(source)
            leading = self._leading[side].get(str(term))
            if leading is None:
                break
            term = leading.subject
        return key(term)

    def value(self, term: Term, predicate: str, side: int) -> Term | None:
        """The first value of a property in one version."""
        return next(iter(self.values(term, predicate, side)), None)

    def values(self, term: Term | str, predicate: str, side: int) -> list[Term]:
        """The values of a property in one version, of a term or an IRI."""
        subject = term if isinstance(term, str) else key(term)
        return self._stated[side].get(subject, {}).get(predicate, [])

    def path(self, quad: ox.Quad, side: int) -> str:
        """How the entry leads to the subject of a statement, for readers."""
        subject = quad.subject
        if target := self.value(subject, _TARGET, side):
            property_ = self.value(subject, _PROPERTY, side)
            return f"{self.name(property_)} {self.name(target)}"
        steps: list[str] = []
        seen = set()
        while isinstance(subject, ox.BlankNode) and subject not in seen:
            seen.add(subject)
            leading = self._leading[side].get(str(subject))
            if leading is None:
                break
            if leading.predicate.value != _REST:
                steps.insert(0, self.name(leading.predicate))
            subject = leading.subject
        return " / ".join(steps)

    def described(self, iri: str, side: int) -> bool:
        """Whether a version describes an entry.

        It does if it states a class. If neither version does, both only refer to the entry.
        """
        typed = [bool(self.values(iri, _TYPE, each)) for each in (0, 1)]
        return typed[side] or not any(typed)

    def lasting(self, iri: str) -> bool:
        """Whether both versions describe an entry."""
        return self.described(iri, 0) and self.described(iri, 1)

    def entry(self, iri: str) -> Entry:
        """An entry as the new version describes it, or the old one if it is gone."""
        sides = (1, 0) if self.described(iri, 1) else (0, 1)
        classes = sorted(map(key, self._first(iri, _TYPE, sides)))
        own = [each for each in classes if each in _ENTRY_CLASSES] or classes
        codes = sorted(map(shorten, self._first(iri, _NOTATION, sides)))
        return Entry(iri, self._label(iri, sides), next(iter(own), ""), next(iter(codes), ""))

    def name(self, term: Term | None) -> str:
        """A term for readers: its label, else its short name."""
        if isinstance(term, ox.NamedNode):
            return self.labels.get(term.value) or usual_name(term.value)
        return shorten(term)

    @cached_property
    def labels(self) -> dict[str, str]:
        """The labels of all terms concerned, by IRI; of entries with their new labels."""
        named = {term.value: self._label(term.value, (1, 0)) for term in self._terms}
        return {iri: label for iri, label in named.items() if label}

    def _label(self, iri: str, sides: tuple[int, int]) -> str:
        for property_ in LABELS:
            found = [each for each in self._first(iri, property_, sides)
                     if isinstance(each, ox.Literal)]  # fmt: skip
            if found:
                found.sort(key=lambda each: (each.language != "en", each.language or "", str(each)))
                return text_of(found[0])
        return ""

    def _first(self, iri: str, predicate: str, sides: tuple[int, int]) -> list[Term]:
        """The values in the first version that has any, else those of the published files."""
        for side in sides:
            if found := self.values(iri, predicate, side):
                return found
        return self._published.get(iri, {}).get(predicate, [])


def key(term: Term) -> str:
    """A term as the changes name it: an IRI without brackets."""
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def _about(quads: Iterable[ox.Quad], wanted: set[ox.NamedNode]) -> _Statements:
    found: _Statements = {}
    for quad in quads:
        if quad.subject in wanted:
            _add(found, quad)
    return found


def _add(statements: _Statements, quad: ox.Quad) -> None:
    values = statements.setdefault(key(quad.subject), {})
    values.setdefault(quad.predicate.value, []).append(quad.object)


@cache
def _published(dictionary: bool) -> tuple[ox.Quad, ...]:
    """The statements of the ontology, and of the published dictionary if it is extended."""
    folders = [resources.ONTOLOGY, *([resources.DATA] if dictionary else ())]
    return tuple(
        quad
        for folder in folders
        for path in resources.turtle_files(folder)
        for quad in parse(path)
    )
