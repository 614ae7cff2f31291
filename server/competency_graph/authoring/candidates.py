"""What may be written at a position: classes, properties, entries by their labels, and prefixes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from rdflib.namespace import DCTERMS, OWL, RDF, SKOS

from competency_graph.authoring.descriptions import label_of
from competency_graph.authoring.live_store import LiveStore
from competency_graph.authoring.mentions import is_mapping_file, is_query, prefixes_in
from competency_graph.mappings import PREDICATES
from competency_graph.rdf.turtle_names import Names
from competency_graph.rdf.turtle_reading import (
    COMMENT,
    NAMESPACE,
    OBJECT,
    PREDICATE,
    PREFIX,
    SUBJECT,
    Cursor,
    cursor,
    resolved,
)
from competency_graph.rdf.vocabulary import CG, PREFIXES

CLASS, PROPERTY, ENTRY, DECLARATION, KEYWORD, VARIABLE = (
    "class", "property", "entry", "declaration", "keyword", "variable",
)  # fmt: skip
"""The kinds of candidates."""
MAX_CANDIDATES: Final = 200
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
_QUERY_KEYWORDS: Final = (
    "ASK", "BIND", "CONSTRUCT", "COUNT", "DESCRIBE", "DISTINCT", "EXISTS", "FILTER", "GRAPH",
    "GROUP BY", "HAVING", "LIMIT", "MINUS", "NOT EXISTS", "OPTIONAL", "ORDER BY", "PREFIX",
    "SELECT", "UNION", "VALUES", "WHERE",
)  # fmt: skip
_CLASS_STATED: Final = re.compile(r"(?:\ba|\brdf:type)\s+([\w.-]*:[\w.-]+|<[^<>\s]+>)")


@dataclass(frozen=True)
class Candidate:
    """A term that may be written at a position.

    Args:
        label: what a list shows: the label of an entry, the name of another term.
        inserted: the text to insert instead of what is written already.
        kind: one of those above.
        iri: the term; "" if it is not one.
        detail: more about it in a few words.
        declaration: the line to add at the head of the file for its prefix, or "".
        deprecated: whether it should not be used any more.
    """

    label: str
    inserted: str
    kind: str
    iri: str = ""
    detail: str = ""
    declaration: str = ""
    deprecated: bool = False


@dataclass(frozen=True)
class Candidates:
    """The candidates at a position.

    Args:
        start: the offset of what is written already, which they replace.
        found: the candidates, the most fitting ones first.
        is_complete: whether these are all.
    """

    start: int
    found: list[Candidate]
    is_complete: bool = True


def candidates(
    store: LiveStore, name: str, text: str, offset: int, language: str = "en"
) -> Candidates:
    """The candidates at an offset.

    Args:
        store: the statements.
        name: the name of the file, whose ending says what it is.
        text: its text, which may be broken.
        offset: the offset, counted from 0.
        language: the language of labels, a tag of BCP 47.
    """
    if is_mapping_file(name):
        return _in_mappings(store, name, text, offset, language)
    place = cursor(text, offset)
    if place.role == COMMENT:
        return Candidates(offset, [])
    finder = _Finder(store, name, text, place, language)
    wanted = place.written.lower().lstrip("<")
    matching = [each for each in finder.found() if _matches(each, wanted)]
    matching.sort(key=lambda each: not _begins(each, wanted))
    return Candidates(
        offset - len(place.written), matching[:MAX_CANDIDATES], len(matching) <= MAX_CANDIDATES
    )


def _begins(candidate: Candidate, wanted: str) -> bool:
    return candidate.inserted.lower().startswith(wanted) or (
        candidate.label.lower().startswith(wanted)
    )


def _matches(candidate: Candidate, wanted: str) -> bool:
    return (
        not wanted
        or wanted in candidate.inserted.lower()
        or wanted in candidate.label.lower()
        or wanted in candidate.iri.lower()
    )


class _Speller:
    """Spells terms with the prefixes of a file, or with one that is still to be declared."""

    def __init__(self, store: LiveStore, name: str, text: str) -> None:
        self._declared = prefixes_in(name, text)
        others = {p: s for p, s in (PREFIXES | store.prefixes).items() if p not in self._declared}
        self._own, self._all = Names(self._declared), Names(self._declared | others)
        self._others, self._query = others, is_query(name)

    def spell(self, iri: str) -> tuple[str, str]:
        """The term as written, and the line that declares its prefix, or ""."""
        written = self._all.iri(iri)
        prefix = written.partition(":")[0]
        if written.startswith("<") or prefix in self._declared:
            return written, ""
        return written, self.declaration(prefix)

    def declaration(self, prefix: str) -> str:
        """The line that declares a prefix."""
        return f"PREFIX {prefix}: <{self._others[prefix]}>"

    @property
    def undeclared(self) -> Iterable[str]:
        """The known prefixes that the file does not declare."""
        return sorted(self._others)

    @property
    def declared(self) -> dict[str, str]:
        """The prefixes that the file declares."""
        return self._declared


class _Finder:
    """Finds candidates for what an author is writing."""

    def __init__(
        self, store: LiveStore, name: str, text: str, place: Cursor, language: str
    ) -> None:
        self._store, self._text, self._place, self._language = store, text, place, language
        self._speller = _Speller(store, name, text)
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
        elif role == OBJECT or self._query:
            yield from self._entries(self._range())
        elif role == SUBJECT:
            yield from self._entries(frozenset())
            yield Candidate("PREFIX", "PREFIX ", KEYWORD)
        if self._query:
            yield from (Candidate(word, word, KEYWORD) for word in _QUERY_KEYWORDS)
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
        block = re.search(rf"(?m)^[ \t]*{re.escape(written)}\s(?:[^.]|\.(?!\s))*", self._text)
        stated = {
            resolved(name, self._speller.declared)
            for name in (_CLASS_STATED.findall(block[0]) if block else ())
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


def _in_mappings(store: LiveStore, name: str, text: str, offset: int, language: str) -> Candidates:
    """The candidates in a cell of a mapping file, by its column."""
    line = text.rfind("\n", 0, offset) + 1
    cells = text[line:offset].split("\t")
    head = next((row for row in text.splitlines() if row and not row.startswith("#")), "")
    columns = head.split("\t")
    if text[line : line + 1] == "#" or len(cells) > len(columns):
        return Candidates(offset, [])
    column, written = columns[len(cells) - 1], cells[-1]
    speller = _Speller(store, name, text)
    found: list[Candidate] = []
    if column == "predicate_id":
        found = [Candidate(each, each, PROPERTY) for each in PREDICATES]
    elif column == "subject_id":
        finder = _Finder(store, name, text, Cursor(SUBJECT), language)
        found = [
            each
            for each in finder.found()
            if each.kind == ENTRY and not each.inserted.startswith("<") and not each.declaration
        ]
    elif column == "subject_label" and "subject_id" in columns[: len(cells)]:
        iri = resolved(cells[columns.index("subject_id")], speller.declared)
        found = _label(store, iri, language)
    wanted = written.lower()
    matching = [each for each in found if _matches(each, wanted)]
    return Candidates(
        offset - len(written),
        matching[:MAX_CANDIDATES],
        len(matching) <= MAX_CANDIDATES,
    )


def _label(store: LiveStore, iri: str, language: str) -> list[Candidate]:
    if iri not in store.known:
        return []
    label = label_of(store, iri, language)
    return [Candidate(label, label, ENTRY, iri)]
