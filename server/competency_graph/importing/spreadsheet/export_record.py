"""What a workbook records of its export: which rows were edited since, and which were removed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import OWL, XSD

from competency_graph.dictionary.sheets import rows
from competency_graph.dictionary.sheets.contents import DICTIONARY
from competency_graph.dictionary.sheets.plan import EXPORTED, MATRIX, SheetPlan
from competency_graph.dictionary.sheets.rows import Exported
from competency_graph.importing.spreadsheet.changes import Changes
from competency_graph.importing.spreadsheet.findings import CHANGED_SINCE, REMOVED_ROW, Findings
from competency_graph.importing.spreadsheet.own_rows import Row
from competency_graph.importing.spreadsheet.state import State
from competency_graph.importing.spreadsheet.tables import Table

_DEPRECATED: Final = str(OWL.deprecated)
_TRUE: Final = ox.Literal("true", datatype=ox.NamedNode(str(XSD.boolean)))


class ExportRecord:
    """The record of an export, in its hidden sheet.

    Args:
        state: the dictionary.
        findings: receives the rows that were removed, or that changed on both sides.
        tables: the sheets of the workbook; without the hidden one, nothing is recorded.
    """

    def __init__(self, state: State, findings: Findings, tables: Iterable[Table]) -> None:
        self._state, self._findings = state, findings
        recorded = [r for table in tables if table.name == EXPORTED for r in _recorded(table)]
        self.names = [row for row in recorded if state.is_new or row.iri in state.contents.kinds]
        """The rows whose entries the dictionary has or will have, with their names."""
        self.rows = {} if state.is_new else {(row.sheet, row.iri): row for row in recorded}
        """The rows by sheet and IRI; none if there is nothing that they could be compared with."""

    def is_unedited(self, row: Row) -> bool:
        """Whether a row shows what it showed when it was exported."""
        was = self.rows.get((row.sheet.title, row.iri))
        return was is not None and was.shown == rows.shown(row.shown)

    def may_change(self, row: Row) -> bool:
        """Whether a row was edited, and its entry in the dictionary was not."""
        now = rows.state(row.sheet, self._state.contents, row.iri)
        was = self.rows.get((row.sheet.title, row.iri))
        return self._may_change(was, now, rows.shown(row.shown), row.table, row.number, row.iri)

    def may_change_matrix_row(
        self, table: Table, number: int, iri: str, ticked: dict[str, list[str]]
    ) -> bool:
        """The same for a row of the matrix, given its ticks by name."""
        now = rows.matrix_state(self._state.plan.matrix, self._state.contents, iri)
        was = self.rows.get((MATRIX, iri))
        return self._may_change(was, now, rows.shown(ticked), table.name, number, iri)

    def _may_change(
        self, was: Exported | None, now: str, shown: str, table: str, number: int, iri: str
    ) -> bool:
        if was is None or self._state.overwriting or was.state == now:
            return True
        if was.shown != shown:
            self._findings.add(
                CHANGED_SINCE, table, number, 0,
                "Both the row and the entry in the dictionary have changed since the export.",
                "Export again and repeat the edit, or give --overwrite to prefer the row.",
                iri, self._state.name(iri),
            )  # fmt: skip
        return False

    def compare_removed(self, sheet: SheetPlan, present: Collection[str], changes: Changes) -> None:
        """Deprecate or delete the entries whose row was removed, and report them."""
        for title, iri in self.rows:
            known = self._state.contents.kinds.get(iri) == sheet.kind != DICTIONARY
            if title != sheet.title or iri in present or not known:
                continue
            if iri not in self._state.own_entries:
                continue
            deleting = self._state.deleting
            if self._state.contents.values(iri, _DEPRECATED) and not deleting:
                continue
            does = "deleted" if deleting else "kept, and marked as deprecated"
            also = "" if deleting else "; give --delete to delete the entry"
            self._findings.add(
                REMOVED_ROW, sheet.title, 0, 0,
                f"The row of “{self._state.name(iri)}” was removed, so the entry is {does}.",
                f"Restore the row if that is not meant{also}.", iri, self._state.name(iri),
            )  # fmt: skip
            node = ox.NamedNode(iri)
            if not deleting:
                changes.add(ox.Triple(node, ox.NamedNode(_DEPRECATED), _TRUE), sheet.title)
                continue
            for triple in self._state.own:
                if node in (triple.subject, triple.object):
                    changes.remove(triple, sheet.title)


def _recorded(table: Table) -> Iterable[Exported]:
    width = len(Exported._fields)
    return (Exported(*map(str, row[:width])) for row in table.rows[1:] if len(row) >= width)
