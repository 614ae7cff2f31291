"""Rows: the cells of an entry, and what a workbook records of them when it is exported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pyoxigraph as ox

from competency_graph.dictionary.sheets.columns import TICK, fingerprint
from competency_graph.dictionary.sheets.contents import Contents, key
from competency_graph.dictionary.sheets.plan import MATRIX, Matrix, Plan, SheetPlan


class Exported(NamedTuple):
    """A row as it was exported.

    Args:
        sheet: the title of its sheet.
        iri: its entry.
        shown: the hash of its texts.
        state: the hash of the statements that it shows.
        name: the name of the entry in cells.
    """

    sheet: str
    iri: str
    shown: str
    state: str
    name: str


def cells(sheet: SheetPlan, contents: Contents, entry: str) -> list[list[str]]:
    """The cells of an entry, for each column of a sheet."""
    return [column.cells(contents, entry) for column in sheet.columns]


def ticks(matrix: Matrix, contents: Contents, entry: str, heads: Sequence[str]) -> list[str]:
    """The cells of an entry in the matrix."""
    linked = {str(value) for value in matrix.column.terms(contents, entry)}
    return [TICK if str(ox.NamedNode(head)) in linked else "" for head in heads]


def shown(texts: Mapping[str, Sequence[str]]) -> str:
    """The hash of a row's texts, by heading; repeated columns may have any order."""
    parts = (
        (heading.casefold(), key(text)) for heading, several in texts.items() for text in several
    )
    return fingerprint(parts)


def state(sheet: SheetPlan, contents: Contents, entry: str) -> str:
    """The hash of the statements that a row shows."""
    return fingerprint(
        (column.predicate + column.heading, str(value))
        for column in sheet.columns
        for value in column.terms(contents, entry)
    )


def matrix_state(matrix: Matrix, contents: Contents, entry: str) -> str:
    """The hash of the links that a row of the matrix shows."""
    return fingerprint(("", str(value)) for value in matrix.column.terms(contents, entry))


def exported(
    sheets: Plan, contents: Contents, entries: Mapping[str, Sequence[str]]
) -> Iterator[Exported]:
    """What a workbook records of its rows.

    Args:
        sheets: its sheets.
        contents: the dictionary.
        entries: the IRIs in its rows, by kind.
    """
    for sheet in sheets.sheets:
        for iri in entries.get(sheet.kind, ()):
            texts = {
                column.heading: column.cells(contents, iri) for column in sheet.columns
            }  # fmt: skip
            name = contents.names[iri]
            yield Exported(sheet.title, iri, shown(texts), state(sheet, contents, iri), name)
    matrix = sheets.matrix
    heads = entries.get(matrix.heads, ())
    for iri in entries.get(matrix.rows, ()) if heads else ():
        marks = ticks(matrix, contents, iri, heads)
        texts = {contents.names[head]: [mark] for head, mark in zip(heads, marks, strict=True)}
        meant = matrix_state(matrix, contents, iri)
        yield Exported(MATRIX, iri, shown(texts), meant, contents.names[iri])
