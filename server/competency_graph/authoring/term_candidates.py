"""The terms that may be written in Turtle and in queries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from rdflib.namespace import DCTERMS, OWL, RDF, SKOS

from competency_graph.authoring.candidate import (
    CLASS,
    DECLARATION,
    ENTRY,
    KEYWORD,
    PROPERTY,
    VARIABLE,
    Candidate,
)
from competency_graph.authoring.concept_candidates import concept_candidates
from competency_graph.authoring.descriptions import label_of
from competency_graph.authoring.live_store import LiveStore
from competency_graph.authoring.mentions import is_query
from competency_graph.authoring.spelling import Speller
from competency_graph.mappings import PREDICATES
from competency_graph.rdf.turtle_reading import (
    NAMESPACE,
    OBJECT,
    PREDICATE,
    PREFIX,
    SUBJECT,
    Cursor,
    resolved,
)
from competency_graph.rdf.vocabulary import CG

_TYPE: Final = str(RDF.type)
_SCHEME: Final = str(SKOS.inScheme)
_GENERAL: Final = tuple(
    map(
        str,
        (
            SKOS.prefLabel, SKOS.altLabel, SKOS.definition, SKOS.notation, SKOS.inScheme,
            SKOS.scopeNote, SKOS.example, SKOS.changeNote, DCTERMS.isReplacedBy, DCTERMS.source,
            OWL.deprecated,
        ),
    )
)  # fmt: skip
"""The properties that entries of all classes may have."""
_MATCHES: Final = frozenset(str(SKOS[each.removeprefix("skos:")]) for each in PREDICATES)
_QUERY_KEYWORDS: Final = (
    "ASK", "BIND", "CONSTRUCT", "COUNT", "DESCRIBE", "DISTINCT", "EXISTS", "FILTER", "GRAPH",
    "GROUP BY", "HAVING", "LIMIT", "MINUS", "NOT EXISTS", "OPTIONAL", "ORDER BY", "PREFIX",
    "SELECT", "UNION", "VALUES", "WHERE",
)  # fmt: skip
_CLASS_STATED: Final = re.compile(r"(?:\ba|\brdf:type)\s+([\w.-]*:[\w.-]+|<[^<>\s]+>)")


class Finder:
    """Finds candidates for what an author is writing."""

    def __init__(
        self, store: LiveStore, name: str, text: str, place: Cursor, language: str
    ) -> None:
        self._store, self._text, self._place, self._language = store, text, place, language
        self._speller = Speller(store, name, text)
        self._query = is_query(name)

    def found(self) -> Iterator[Candidate]:
        """All candidates, the most fitting ones first."""
        role = self._place.role
        if role in (PREFIX, NAMESPACE):
            for prefix in self._speller.undeclared if role == PREFIX else ():
                line = self._speller.declaration(prefix).removeprefix("PREFIX ")
                yield Candidate(line, line, DECLARATION)
            return
        if self._query:
            for name in sorted(set(re.findall(r"[?$]\w+", self._text))):
                yield Candidate(name, name, VARIABLE)
        if role == PREDICATE:
            yield Candidate("a", "a", KEYWORD, detail="has the class")
            yield from self._properties()
        elif role == OBJECT and self._predicate == _TYPE:
            yield from self._classes()
        elif role == OBJECT and self._predicate in _MATCHES and self._store.concepts:
            yield from concept_candidates(
                self._store, self._speller, self._place.written, self._language
            )
        elif role == OBJECT or self._query:
            yield from self._entries(self._range())
        elif role == SUBJECT:
            yield from self._entries(frozenset())
            yield Candidate("PREFIX", "PREFIX ", KEYWORD)
        if self._query:
            yield from (Candidate(word, word, KEYWORD) for word in _QUERY_KEYWORDS)
            if role != PREDICATE:
                yield from self._properties()
        for prefix, namespace in sorted(self._speller.declared.items()):
            yield Candidate(f"{prefix}:", f"{prefix}:", DECLARATION, detail=namespace)
        for prefix in self._speller.undeclared:
            line = self._speller.declaration(prefix)
            yield Candidate(f"{prefix}:", f"{prefix}:", DECLARATION, "", line, line)

    @property
    def _predicate(self) -> str:
        written = self._place.predicate
        return _TYPE if written == "a" else resolved(written, self._speller.declared)

    def _subject_classes(self) -> frozenset[str]:
        """The classes of the subject, as the block or any file states, with their superclasses."""
        written = self._place.subject
        if self._place.depth or not written:
            return frozenset()
        name = re.escape(written)
        # In queries, patterns with a subject may stand anywhere, and there may be several.
        begins = rf"(?<![\w:?$<]){name}" if self._query else rf"(?m)^[ \t]*{name}"
        blocks = re.finditer(rf"{begins}\s(?:[^.{{}}]|\.(?!\s))*", self._text)
        stated = {
            resolved(found, self._speller.declared)
            for block in (blocks if self._query else islice(blocks, 1))
            for found in _CLASS_STATED.findall(block[0])
        }
        known = self._store.known.get(resolved(written, self._speller.declared))
        kinds = stated | (known.kinds if known else set())
        return self._above(kinds & self._store.ontology.terms.keys())  # others are being written

    def _above(self, classes: Iterable[str]) -> frozenset[str]:
        terms, found, pending = self._store.ontology.terms, set[str](), list(classes)
        while pending:
            iri = pending.pop()
            if iri and iri not in found:
                found.add(iri)
                pending += terms[iri].parents if iri in terms else ()
        return frozenset(found)

    def _properties(self) -> Iterator[Candidate]:
        classes = self._subject_classes()
        fitting = [
            term
            for term in self._store.ontology.properties
            if not classes or not term.domain or classes.intersection(term.domain)
        ]
        fitting.sort(key=lambda term: not term.domain)
        for term in fitting:
            yield self._named(term.iri, PROPERTY, term.label)
        for iri in _GENERAL:
            yield self._named(iri, PROPERTY, "")

    def _classes(self) -> Iterator[Candidate]:
        classes = self._store.ontology.classes
        for term in sorted(classes, key=lambda each: not each.iri.startswith(str(CG))):
            yield self._named(term.iri, CLASS, term.label)

    def _range(self) -> frozenset[str]:
        """The classes of the values of the property; none if they may be anything."""
        if self._predicate == _SCHEME:
            return frozenset((str(CG.CompetencyDictionary),))
        term = self._store.ontology.terms.get(self._predicate)
        return frozenset(term.range) if term else frozenset()

    def _entries(self, kinds: frozenset[str]) -> Iterator[Candidate]:
        ontology, above = self._store.ontology, dict[str, frozenset[str]]()
        for iri, known in self._store.known.items():
            if iri in ontology.terms:
                continue
            if kinds:
                found = frozenset[str]()
                for kind in known.kinds:
                    if kind not in above:
                        above[kind] = self._above([kind])
                    found |= above[kind]
                if not kinds & found:
                    continue
            yield self._entry(iri, known.kinds, known.deprecated)

    def _entry(self, iri: str, kinds: set[str], deprecated: bool) -> Candidate:
        written, declaration = self._speller.spell(iri)
        label = label_of(self._store, iri, self._language)
        kind = self._store.ontology.label(min(kinds)) if kinds else ""
        return Candidate(label, written, ENTRY, iri, f"{written} · {kind}", declaration, deprecated)

    def _named(self, iri: str, kind: str, detail: str) -> Candidate:
        written, declaration = self._speller.spell(iri)
        return Candidate(written, written, kind, iri, detail, declaration)
