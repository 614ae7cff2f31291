"""A table of all entries in CSV, for notebooks and for editing.

`competency import csv` brings it back. Several values share a cell, separated by a bar.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from competency_graph.dictionary.sheets.columns import CSV_SEPARATOR
from competency_graph.dictionary.sheets.contents import DICTIONARY, Contents
from competency_graph.dictionary.sheets.plan import (
    IRI_HEADING,
    KIND_HEADING,
    MATCHES_HEADING,
    Plan,
)
from competency_graph.exporting.outline import Entry, Outline
from competency_graph.exporting.sheet_contents import sheets_of
from competency_graph.rdf.short_names import Term
from competency_graph.rdf.spreadsheets import write_csv


def write(outline: Outline) -> bytes:
    """Serialize the table; texts are escaped so that none becomes a formula."""
    contents, sheets = sheets_of(outline)
    output = io.BytesIO()
    columns = headings(sheets)
    if outline.matches:
        columns.append(MATCHES_HEADING)
    write_csv(columns, _rows(outline, contents, sheets, columns), output)
    return output.getvalue()


def headings(sheets: Plan) -> list[str]:
    """The headings of all kinds of entries."""
    found = dict.fromkeys((IRI_HEADING, KIND_HEADING))
    for sheet in sheets.sheets:
        if sheet.kind != DICTIONARY:
            found |= dict.fromkeys(column.heading for column in sheet.columns)
    return list(found | {sheets.matrix.column.heading: None})


def _rows(
    outline: Outline, contents: Contents, sheets: Plan, names: Sequence[str]
) -> Iterator[Sequence[Term]]:
    matrix = sheets.matrix
    for entry in outline.entries:
        sheet = sheets.by_kind[entry.kind]
        columns = [*sheet.columns, *([matrix.column] if entry.kind == matrix.rows else [])]
        texts = {
            column.heading: column.in_csv(column.cells(contents, entry.iri)) for column in columns
        }
        texts |= {
            IRI_HEADING: entry.iri,
            KIND_HEADING: sheet.title,
            MATCHES_HEADING: CSV_SEPARATOR.join(matches(outline, entry)),
        }
        yield [ox.Literal(texts.get(name, "")) for name in names]


def matches(outline: Outline, entry: Entry) -> list[str]:
    """The concepts that an entry matches, each with the kind of match."""
    return [f"{match.name} {match.object}" for match in outline.matches_of(entry.iri)]
