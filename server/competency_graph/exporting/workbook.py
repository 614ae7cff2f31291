"""A workbook to edit: a sheet for each kind of entry, and one in which ticks link roles and areas.

`competency import xlsx` brings it back. References have drop-down lists, headings have notes, and
the IRIs, by which rows are recognised, are protected. A hidden sheet records what was exported, to
distinguish a removed row from an entry that the workbook never had.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final

from competency_graph.dictionary.sheets.contents import DICTIONARY
from competency_graph.dictionary.sheets.rows import Exported, entry_row, matrix_row
from competency_graph.exporting.outline import Match, Outline
from competency_graph.exporting.sheet_source import SheetSource, source_of_outline
from competency_graph.exporting.workbook_sheets import Book

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
    return write_sheets(source_of_outline(outline))


def write_sheets(source: SheetSource) -> bytes:
    """Serialize the workbook, as `write`."""
    output = io.BytesIO()
    with Book(output, source.properties, source.plan) as book:
        _fill(book, source)
    return output.getvalue()


def _fill(book: Book, source: SheetSource) -> None:
    contents, entries, exported = source.contents, source.entries, list[Exported]()
    sizes = {kind: len(iris) for kind, iris in entries.items()}
    book.notes(NOTES, _HOW_TO)
    for sheet in source.plan.sheets:
        if sheet.kind == DICTIONARY and not entries[DICTIONARY]:
            continue
        lines = [entry_row(sheet, contents, iri) for iri in entries[sheet.kind]]
        exported += (line.exported for line in lines)
        book.entries(sheet, lines, source.own, sizes)
    matrix = source.plan.matrix
    heads = entries[matrix.heads]
    lines = [matrix_row(matrix, contents, iri, heads) for iri in entries[matrix.rows]]
    exported += (line.exported for line in lines)
    book.matrix([contents.names[head] for head in heads], lines)
    book.links(LINKS, _links(source))
    book.exported(exported)


def _links(source: SheetSource) -> Iterator[tuple[str, ...]]:
    for match in source.matches:
        name, code = source.contents.names[match.subject], source.contents.code(match.subject)
        yield name, code, _in_words(match), match.label, match.notation, match.object


def _in_words(match: Match) -> str:
    """The kind of match in words: ``closeMatch`` becomes “close match”."""
    return match.name.removesuffix("Match") + " match"
