"""A table of all entries in CSV, for notebooks and for editing.

`competency import csv` brings it back. Several values share a cell, separated by a bar.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from competency_graph.dictionary.sheets.columns import CSV_SEPARATOR
from competency_graph.dictionary.sheets.contents import DICTIONARY
from competency_graph.dictionary.sheets.plan import (
    IRI_HEADING,
    KIND_HEADING,
    MATCHES_HEADING,
    Plan,
)
from competency_graph.exporting.outline import Match, Outline
from competency_graph.exporting.sheet_source import SheetSource, source_of_outline
from competency_graph.rdf.short_names import Term
from competency_graph.rdf.spreadsheets import write_csv
from competency_graph.rdf.vocabulary import KINDS


def write(outline: Outline) -> bytes:
    """Serialize the table; texts are escaped so that none becomes a formula."""
    return write_sheets(source_of_outline(outline))


def write_sheets(source: SheetSource) -> bytes:
    """Serialize the table, as `write`."""
    output = io.BytesIO()
    columns = headings(source.plan)
    if source.matches:
        columns.append(MATCHES_HEADING)
    write_csv(columns, _rows(source, columns), output)
    return output.getvalue()


def headings(sheets: Plan) -> list[str]:
    """The headings of all kinds of entries."""
    found = dict.fromkeys((IRI_HEADING, KIND_HEADING))
    for sheet in sheets.sheets:
        if sheet.kind != DICTIONARY:
            found |= dict.fromkeys(column.heading for column in sheet.columns)
    return list(found | {sheets.matrix.column.heading: None})


def _rows(source: SheetSource, names: Sequence[str]) -> Iterator[Sequence[Term]]:
    matrix, contents = source.plan.matrix, source.contents
    matches = defaultdict(list)
    for match in source.matches:
        matches[match.subject].append(_in_words(match))
    for kind in KINDS:
        sheet = source.plan.by_kind[kind]
        columns = [*sheet.columns, *([matrix.column] if kind == matrix.rows else [])]
        for iri in source.entries[kind]:
            texts = {
                column.heading: column.in_csv(column.cells(contents, column.terms(contents, iri)))
                for column in columns
            }
            texts |= {
                IRI_HEADING: iri,
                KIND_HEADING: sheet.title,
                MATCHES_HEADING: CSV_SEPARATOR.join(matches[iri]),
            }
            yield [ox.Literal(texts.get(name, "")) for name in names]


def _in_words(match: Match) -> str:
    return f"{match.name} {match.object}"
