"""Turns the rows of a table from elsewhere into rows of our own layout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox
from rdflib.namespace import SKOS

from competency_graph.dictionary.sheets.columns import Column, ValueColumn
from competency_graph.dictionary.sheets.contents import key
from competency_graph.errors import UnreadableInputError
from competency_graph.importing.spreadsheet.changes import Changes
from competency_graph.importing.spreadsheet.findings import UNNAMED_ROW, Findings, cell_name
from competency_graph.importing.spreadsheet.mapping import EntryMapping, TableMapping
from competency_graph.importing.spreadsheet.own_rows import Row
from competency_graph.importing.spreadsheet.state import State
from competency_graph.importing.spreadsheet.tables import Table, Text

_LABEL = str(SKOS.prefLabel)


@dataclass
class MappedRows:
    """The rows of a table, as entries; several rows may describe the same one.

    Args:
        mapping: what the columns mean.
        state: the dictionary.
        findings: receives what is wrong with the rows.
        where: the name of the file, for errors.
    """

    mapping: TableMapping
    state: State
    findings: Findings
    where: str
    rows: dict[tuple[str, str], Row] = field(default_factory=dict, init=False)
    links: dict[tuple[Row, str, Row], str] = field(default_factory=dict, init=False)
    left_out: int = field(default=0, init=False)
    """The rows that the mapping's conditions leave out."""

    def read(self, tables: Sequence[Table]) -> list[Row]:
        """Read the table that the mapping is for.

        Raises:
            UnreadableInputError: there is no such sheet, or it lacks a column.
        """
        table = self._table(tables)
        first = self.mapping.heading_row
        heads = (
            [str(value).strip() for value in table.rows[first - 1]]
            if table.rows[first - 1 :]
            else []
        )
        for heading in self.mapping.headings:
            if heading not in heads:
                raise UnreadableInputError(
                    f"the table has no column “{heading}”",
                    f"Name one of its columns in the mapping: {', '.join(filter(None, heads))}",
                    self.where, table.number(first - 1),
                )  # fmt: skip
        places = {heading: heads.index(heading) for heading in self.mapping.headings}
        for number, texts in table.texts(self.findings, self._datatypes(heads, places), first):
            self._read_row(table, number, places, {text.column - 1: text for text in texts})
        return list(self.rows.values())

    def _table(self, tables: Sequence[Table]) -> Table:
        named = [table for table in tables if self.mapping.sheet in ("", table.name)]
        if not named:
            raise UnreadableInputError(
                f"there is no sheet “{self.mapping.sheet}”",
                f"Name one in the mapping: {', '.join(table.name for table in tables)}", self.where,
            )  # fmt: skip
        return named[0]

    def _datatypes(self, heads: Sequence[str], places: dict[str, int]) -> list[str | None]:
        """The datatypes of the columns; a number is expected where it is compared or a key."""
        found: list[str | None] = [None] * len(heads)
        number = "http://www.w3.org/2001/XMLSchema#decimal"
        for condition in self.mapping.conditions:
            found[places[condition.column]] = number
        for entry in self.mapping.entries:
            if entry.key:
                found[places[entry.key]] = number
        for entry in self.mapping.entries:
            for heading, column in entry.columns.items():
                its = column.datatype if isinstance(column, ValueColumn) else ""
                found[places[heading]] = its
        return found

    def _read_row(
        self, table: Table, number: int, places: dict[str, int], texts: dict[int, Text]
    ) -> None:
        for condition in self.mapping.conditions:
            text = texts.get(places[condition.column])
            if not condition.holds(text.text if text else ""):
                self.left_out += 1
                return
        described = {}
        for entry in self.mapping.entries:
            row = self._row(table, number, entry, places, texts)
            if row is not None:
                described[entry.name] = row
        for link in self.mapping.links:
            if link.start in described and link.end in described:
                ends = described[link.start], described[link.end]
                cell = cell_name(table.name, number, 0)
                self.links.setdefault((ends[0], link.property, ends[1]), cell)

    def _row(
        self, table: Table, number: int, entry: EntryMapping, places: dict[str, int],
        texts: dict[int, Text],
    ) -> Row | None:  # fmt: skip
        filled: dict[Column, list[Text]] = {}
        for heading, column in entry.columns.items():
            if places[heading] in texts:
                filled.setdefault(column, []).append(texts[places[heading]])
        label = next((t[0] for c, t in filled.items() if c.predicate == _LABEL), None)
        by_key = texts.get(places[entry.key]) if entry.key else label
        if label is None or by_key is None:
            if filled:
                self.findings.add(
                    UNNAMED_ROW, table.name, number, 0,
                    f"The row has no label for an entry ({entry.sheet.title}).",
                    "Write its label, or empty the row.",
                )  # fmt: skip
            return None
        identity = entry.name, key(by_key.text).casefold()
        row = self.rows.get(identity)
        if row is None:
            column_places = {c: places[heading] + 1 for heading, c in entry.columns.items()}
            row = Row(entry.sheet, table.name, number, "", {}, column_places, adds=True)
            row.iri = self._known(entry.sheet.kind, label.text)
            self.rows[identity] = row
        for column, its in filled.items():
            known = row.cells.setdefault(column, [])
            several = column.many or (
                not isinstance(column, ValueColumn) and column.predicate != _LABEL
            )
            for text in its:
                same = text.text in (other.text for other in known)
                if not same and (several or not known):
                    known.append(text)
        return row

    def _known(self, kind: str, label: str) -> str:
        """The entry with a label, if the dictionary has a single one; else ""."""
        found = self.state.contents.by_name.get((kind, key(label).casefold()), ())
        return found[0] if len(found) == 1 else ""

    def add_links(self, changes: Changes) -> None:
        """Add the links between the entries of each row, unless the dictionary has them."""
        contents = self.state.contents
        for (start, predicate, end), cell in self.links.items():
            if end.iri and start.iri and start.iri not in contents.subjects(predicate, end.iri):
                triple = ox.Triple(
                    ox.NamedNode(start.iri), ox.NamedNode(predicate), ox.NamedNode(end.iri)
                )
                changes.add(triple, cell)
