"""A workbook to edit: a sheet for each kind of entry, and one in which ticks link roles and areas.

`competency import xlsx` brings it back. References have drop-down lists, headings have notes, and
the IRIs, by which rows are recognised, are protected. A hidden sheet records what was exported, so
that a removed row is told apart from an entry that the workbook never had.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from rdflib.namespace import RDF

from competency_graph.dictionary.sheets import rows
from competency_graph.dictionary.sheets.contents import DICTIONARY, Contents
from competency_graph.dictionary.sheets.plan import Plan
from competency_graph.exporting.outline import Match, Outline, plain
from competency_graph.exporting.sheet_contents import sheets_of
from competency_graph.exporting.workbook_sheets import Book, Row
from competency_graph.rdf.spreadsheets import UNDATED
from competency_graph.rdf.vocabulary import KINDS

_HOW_TO: Final = (
    "Edit the white cells. “competency import xlsx FILE --data FOLDER” writes the changes back.",
    "A new entry is a new row: leave its IRI and code empty, and it gets them.",
    "Several texts in a cell stand on lines of their own (Alt+Enter).",
    "An entry whose row is removed is marked as deprecated. To delete or sort rows, first remove "
    "the protection of the sheet (Review, Unprotect Sheet); it has no password.",
)
NOTES: Final = "Notes"
LINKS: Final = "Links"


def write(outline: Outline) -> bytes:
    """Serialize the workbook; equal input gives equal bytes, as its date is the dictionary's."""
    output = io.BytesIO()
    properties = {
        "title": plain(outline.title),
        "subject": "Competency dictionary",
        "author": outline.facts.get("creator", ""),
        "company": outline.facts.get("publisher", ""),
        "comments": plain(outline.description),
    }
    contents, sheets = sheets_of(outline)
    with Book(output, {**properties, "created": _date(outline)}, sheets) as book:
        _fill(book, sheets, outline, contents)
    return output.getvalue()


def _fill(book: Book, sheets: Plan, outline: Outline, contents: Contents) -> None:
    own = {str(subject) for subject in outline.own.subjects(RDF.type)}
    entries: dict[str, list[str]] = {kind: [] for kind in (DICTIONARY, *KINDS)}
    entries[DICTIONARY] = [contents.dictionary] if contents.dictionary else []
    for entry in outline.entries:
        entries[entry.kind].append(entry.iri)
    book.notes(NOTES, _HOW_TO)
    for sheet in sheets.sheets:
        if sheet.kind != DICTIONARY or entries[DICTIONARY]:
            lines = [
                Row(iri, iri in own, rows.cells(sheet, contents, iri))
                for iri in entries[sheet.kind]
            ]  # fmt: skip
            book.entries(sheet, lines, {kind: len(iris) for kind, iris in entries.items()})
    matrix = sheets.matrix
    heads = [contents.names[iri] for iri in entries[matrix.heads]]
    ticks = [
        (iri, rows.ticks(matrix, contents, iri, entries[matrix.heads]))
        for iri in entries[matrix.rows]
    ]
    book.matrix(heads, [(contents.names[iri], found) for iri, found in ticks])
    book.links(LINKS, _links(outline))
    shown = {kind: iris for kind, iris in entries.items() if iris}
    book.exported(rows.exported(sheets, contents, shown))


def _date(outline: Outline) -> datetime:
    for name in ("modified", "created"):
        try:
            return datetime.fromisoformat(outline.facts.get(name, "")).replace(tzinfo=None)
        except ValueError:
            continue
    return UNDATED


def _links(outline: Outline) -> Iterator[tuple[str, ...]]:
    for match in outline.matches:
        entry = outline.by_iri[match.subject]
        yield (
            entry.name,
            entry.notation,
            _in_words(match),
            match.label,
            match.notation,
            match.object,
        )


def _in_words(match: Match) -> str:
    """The kind of match in words: ``closeMatch`` becomes “close match”."""
    return match.name.removesuffix("Match") + " match"
