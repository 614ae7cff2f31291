"""Deprecating an entry: it is kept and marked, and what refers to it refers to its replacement."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, SKOS

from competency_graph.errors import BadValueError
from competency_graph.rdf.vocabulary import KINDS
from competency_graph.validation.sources.author_files import MAPPINGS, Source
from competency_graph.validation.sources.positions import Places, Written
from competency_graph.versions.deprecation_remainders import Remainder, Remainders
from competency_graph.versions.file_edits import FileEdits, Value

_DEPRECATED: Final = str(OWL.deprecated)
_REPLACED: Final = str(DCTERMS.isReplacedBy)
_NOTE: Final = str(SKOS.changeNote)
_ABOUT_STATEMENTS: Final = (str(OWL.annotatedSource), str(OWL.annotatedTarget))
_ENTRY_CLASSES: Final = frozenset(KINDS.values())


@dataclass(frozen=True)
class Deprecation:
    """The changes of files that deprecate an entry.

    Args:
        entry: the entry.
        replacement: the entry that replaces it, or "".
        contents: the new contents of the files that change, by path.
        moved: the number of references that lead to the replacement instead.
        remainders: what is left to decide.
    """

    entry: str
    replacement: str
    contents: Mapping[Path, bytes]
    moved: int
    remainders: tuple[Remainder, ...]


def deprecate(
    sources: Sequence[Source],
    asserted: Graph,
    entry: str,
    replacement: str = "",
    note: str = "",
    today: date | None = None,
) -> Deprecation:
    """Determine the changes that deprecate an entry; no file is written.

    Args:
        sources: the author's files.
        asserted: the statements of the dictionary and of its base.
        entry: the IRI of the entry.
        replacement: the IRI of the entry that replaces it, if there is one.
        note: why, for a ``skos:changeNote`` with the date; "" for none.
        today: the date of the note; None for the current one.

    Raises:
        BadValueError: the files do not describe the entry, or the replacement does not fit.
        UnreadableInputError: a file has a syntax error.
    """
    deprecating = _Deprecating(sources, asserted, entry, replacement)
    _check(asserted, entry, replacement)
    return deprecating.run(note, today or date.today())


def _check(asserted: Graph, entry: str, replacement: str) -> None:
    """Refuse a replacement that does not fit."""
    if not replacement:
        return
    one, other = (set(asserted.objects(URIRef(iri), RDF.type)) for iri in (entry, replacement))
    if entry == replacement:
        raise BadValueError("an entry cannot replace itself", "Name another one", entry)
    if not other & _ENTRY_CLASSES:
        raise BadValueError(
            "the replacement is not an entry of the dictionary",
            "Describe it first, or name another one",
            replacement,
        )
    if not one & other & _ENTRY_CLASSES:
        raise BadValueError(
            "the replacement is of another kind than the entry",
            "Name an entry of the same kind, or leave out --replaced-by",
            replacement,
        )
    if any(
        str(value) in ("true", "1")
        for value in asserted.objects(URIRef(replacement), OWL.deprecated)
    ):
        raise BadValueError(
            "the replacement is itself deprecated", "Name the entry that replaces it", replacement
        )


class _Deprecating:
    """Collects the edits of one deprecation."""

    def __init__(
        self, sources: Sequence[Source], asserted: Graph, entry: str, replacement: str
    ) -> None:
        self._sources, self._asserted = sources, asserted
        self._entry, self._replacement = entry, replacement
        self._edits = FileEdits(sources)
        self._remainders = Remainders(sources, asserted, entry, replacement)
        self._places = Places(sources, [f"<{entry}>"])
        self._last = self._last_statement()

    def run(self, note: str, today: date) -> Deprecation:
        self._mark(note, today)
        written = [w for source in self._sources for w in _written(source, self._entry)]
        moved = 0
        for each in written:
            if each.value == f"<{self._entry}>":
                moved += self._move(each)
            elif each.source.format == MAPPINGS:
                if each.predicate.startswith(str(SKOS)):
                    self._remainders.add(
                        each, "maps the deprecated entry", "Map the replacement, if it fits"
                    )
            else:
                self._remainders.add_relation(each)
        contents = self._edits.contents()
        return Deprecation(
            self._entry, self._replacement, contents, moved, tuple(self._remainders.found)
        )

    def _last_statement(self) -> Written:
        """The last statement of the block that describes the entry.

        Raises:
            BadValueError: the files do not describe it, or not in Turtle.
        """
        entry = f"<{self._entry}>"
        class_ = self._places.statement(entry, str(RDF.type))
        last = self._places.last(entry)
        if class_ is None:
            raise BadValueError(
                "your files do not describe this entry",
                "Name the files that do with --data",
                self._entry,
            )
        if last is None or not last.source.is_whole:
            raise BadValueError(
                f"the entry is described in {class_.source.format}, which is not edited",
                "Convert the file to Turtle",
                class_.source.name,
            )
        return last

    def _mark(self, note: str, today: date) -> None:
        """Add what marks the entry, or correct it where something else is stated."""
        wanted: dict[str, Value] = {_DEPRECATED: ox.Literal(True)}
        if self._replacement:
            wanted[_REPLACED] = ox.NamedNode(self._replacement)
        added: list[tuple[str, Value]] = []
        for predicate, value in wanted.items():
            stated = self._places.statements(f"<{self._entry}>", predicate)
            if any(_means(each.value, value) for each in stated):
                continue
            if not stated or not self._edits.replace(stated[0], value):
                added.append((predicate, value))
        if note:
            added.append((_NOTE, _dated(note, today, self._language())))
        self._edits.add(self._last, added)

    def _language(self) -> str:
        labels = self._asserted.objects(URIRef(self._entry), SKOS.prefLabel)
        return min((getattr(each, "language", "") or "" for each in labels), default="")

    def _move(self, written: Written) -> int:
        """Make a reference lead to the replacement; 0 if that is left to a person."""
        subject, predicate = written.subject, written.predicate
        if predicate in _ABOUT_STATEMENTS or (
            self._remainders.is_deprecated(subject) and predicate != _REPLACED
        ):
            return 0
        name = self._remainders.short(predicate)
        if not self._replacement:
            self._remainders.add(
                written,
                f"refers to the deprecated entry by {name}",
                "Refer to another entry, or remove the statement",
            )
        elif subject == f"<{self._replacement}>":
            self._remainders.add(
                written,
                f"refers from the replacement to the entry that it replaces, by {name}",
                "Remove the statement if it no longer holds",
            )
        elif self._is_stated(subject, predicate):
            if self._edits.remove(written):
                return 1
            self._remainders.add(
                written,
                "refers to the deprecated entry and to its replacement",
                "Remove this statement; this file is not edited",
            )
        elif self._edits.replace(written, ox.NamedNode(self._replacement)):
            return 1
        else:
            self._remainders.add(
                written,
                f"refers to the deprecated entry by {name}",
                "Refer to the replacement; this file is not edited",
            )
        return 0

    def _is_stated(self, subject: str, predicate: str) -> bool:
        triple = (URIRef(subject.strip("<>")), URIRef(predicate), URIRef(self._replacement))
        return subject.startswith("<") and triple in self._asserted


def _written(source: Source, entry: str) -> Iterator[Written]:
    """The statements of a file about an entry, with their positions."""
    term = f"<{entry}>"
    for quad, where, holding in source.statements_about([term]):
        yield Written(holding, str(quad.subject), quad.predicate.value, str(quad.object), where)


def _means(stated: str, wanted: Value) -> bool:
    return stated == str(wanted) or (
        wanted == ox.Literal(True) and stated.startswith(('"true"', '"1"'))
    )


def _dated(note: str, today: date, language: str) -> ox.Literal:
    text = f"{today.isoformat()}: {' '.join(note.split())}"
    return ox.Literal(text, language=language) if language else ox.Literal(text)
