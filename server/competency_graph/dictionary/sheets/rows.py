"""Rows: the cells of an entry, and what a workbook records of them when it is exported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import NamedTuple

from competency_graph.dictionary.sheets.columns import TICK
from competency_graph.dictionary.sheets.contents import Contents, Object, key
from competency_graph.dictionary.sheets.plan import MATRIX, Matrix, SheetPlan


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


class SheetRow(NamedTuple):
    """A row to export.

    Args:
        cells: its texts, for each column.
        exported: what the workbook records of it.
    """

    cells: Sequence[Sequence[str]]
    exported: Exported


def entry_row(sheet: SheetPlan, contents: Contents, entry: str) -> SheetRow:
    """The row of an entry."""
    terms = [column.terms(contents, entry) for column in sheet.columns]
    cells = [c.cells(contents, values) for c, values in zip(sheet.columns, terms, strict=True)]
    texts = {c.heading: its for c, its in zip(sheet.columns, cells, strict=True) if its}
    name = contents.names[entry]
    recorded = Exported(sheet.title, entry, shown(texts), _state(sheet, terms), name)
    return SheetRow(cells, recorded)


def matrix_row(matrix: Matrix, contents: Contents, entry: str, heads: Sequence[str]) -> SheetRow:
    """The row of an entry in the matrix."""
    linked = {str(value) for value in matrix.column.terms(contents, entry)}
    ticked = [head for head in heads if f"<{head}>" in linked]
    texts = {contents.names[head]: [TICK] for head in ticked}
    state = matrix_state(matrix, contents, entry)
    recorded = Exported(MATRIX, entry, shown(texts), state, contents.names[entry])
    return SheetRow([[TICK if head in ticked else ""] for head in heads], recorded)


def shown(texts: Mapping[str, Sequence[str]]) -> str:
    """The hash of a row's texts, by heading; repeated columns may have any order."""
    return _hash(
        f"{heading}\x1f{known}"
        for heading, several in texts.items()
        for text in several
        if (known := key(text))
    )


def state(sheet: SheetPlan, contents: Contents, entry: str) -> str:
    """The hash of the statements that a row shows."""
    return _state(sheet, [column.terms(contents, entry) for column in sheet.columns])


def _state(sheet: SheetPlan, terms: Sequence[Sequence[Object]]) -> str:
    return _hash(
        f"{column.heading}\x1f{value}"
        for column, values in zip(sheet.columns, terms, strict=True)
        for value in values
    )


def matrix_state(matrix: Matrix, contents: Contents, entry: str) -> str:
    """The hash of the links that a row of the matrix shows."""
    return _hash(str(value) for value in matrix.column.terms(contents, entry))


def _hash(parts: Iterable[str]) -> str:
    """A hash of texts in any order."""
    return blake2b("\x1e".join(sorted(parts)).encode(), digest_size=8).hexdigest()
