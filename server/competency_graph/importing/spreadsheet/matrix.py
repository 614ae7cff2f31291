"""Compares the sheet of ticks with the dictionary."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib.namespace import XSD

from competency_graph.dictionary.sheets.columns import TICK, CellError, truth
from competency_graph.importing.spreadsheet.changes import Changes
from competency_graph.importing.spreadsheet.findings import (
    CELL_VALUE,
    UNNAMED_ROW,
    Findings,
    cell_name,
)
from competency_graph.importing.spreadsheet.references import References
from competency_graph.importing.spreadsheet.state import State
from competency_graph.importing.spreadsheet.tables import Table, Text

IsCurrent = Callable[[int, str, dict[str, list[str]]], bool]
"""Whether a row may be changed, given its number, its entry, and the ticks by name."""


@dataclass
class MatrixComparison:
    """Compares a sheet of ticks.

    Args:
        state: the dictionary.
        findings: receives what is wrong with the sheet.
        references: the names of entries.
        is_current: whether a row may be changed.
    """

    state: State
    findings: Findings
    references: References
    is_current: IsCurrent

    def compare(self, table: Table, changes: Changes) -> None:
        """Compare the sheet, and add what changes."""
        matrix = self.state.plan.matrix
        heads = {
            place: self.references.find_at_export(
                matrix.heads, self.state.title(matrix.heads), Text(name, 1, place), table.name
            )
            for place, name in enumerate(table.heads[1:], 2)
            if name
        }
        width = max((len(row) for row in table.rows), default=1)
        datatypes = ["", *[str(XSD.boolean)] * (width - 1)]
        for number, texts in table.texts(self.findings, datatypes):
            marks = {text.column: text for text in texts}
            for place in marks.keys() - heads.keys() - {1}:
                self.findings.add(
                    UNNAMED_ROW, table.name, number, place, "The column has no name.",
                    "Write the name of its entry in the first row, or empty the cell.",
                )  # fmt: skip
            name = marks.pop(1, None)
            if name is None:
                self.findings.add(UNNAMED_ROW, table.name, number, 1, "The row has no name.",
                                  "Write the name of its entry, or empty the row.")  # fmt: skip
                continue
            iri = self.references.find_at_export(
                matrix.rows, self.state.title(matrix.rows), name, table.name
            )
            if iri:
                self._compare_row(table, number, iri, heads, marks, changes)

    def _compare_row(
        self, table: Table, number: int, iri: str, heads: dict[int, str],
        marks: dict[int, Text], changes: Changes,
    ) -> None:  # fmt: skip
        column, contents = self.state.plan.matrix.column, self.state.contents
        linked = set(column.terms(contents, iri))
        changed = Changes()
        ticked: dict[str, list[str]] = {}
        for place, head in heads.items():
            wanted = self._tick(table, marks.get(place))
            if not head or wanted is None:
                continue
            other, cell = ox.NamedNode(head), cell_name(table.name, number, place)
            if wanted:
                ticked[contents.names.get(head, head)] = [TICK]
            if wanted and other not in linked:
                changed.add(column.statement(contents, iri, other), cell)
            elif not wanted and other in linked:
                for triple in column.stated(contents, iri, other):
                    changed.remove(triple, cell)
        if changed and self.is_current(number, iri, ticked):
            changes.include(changed)

    def _tick(self, table: Table, mark: Text | None) -> bool | None:
        try:
            return truth(mark.text if mark else "")
        except CellError:
            assert mark is not None  # noqa: S101  (an empty cell is allowed)
            self.findings.add(CELL_VALUE, table.name, mark.row, mark.column,
                              f"“{mark.text[:100]}” is neither a tick nor empty.",
                              f"Choose {TICK} from the list, or empty the cell.")  # fmt: skip
            return None
