"""Compares the sheets of our own layout with the dictionary, cell by cell.

A cell that shows what an export would show changes nothing, whatever its text is. So statements
that no sheet shows, or that a cell cannot express, are never touched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

import pyoxigraph as ox
from rdflib.namespace import SKOS

from competency_graph.dictionary.sheets.columns import (
    CSV_SEPARATOR,
    MAX_CELL_LENGTH,
    CellError,
    Column,
    MemberColumn,
    ReferenceColumn,
    from_line,
    in_line,
    truth,
)
from competency_graph.dictionary.sheets.contents import DICTIONARY, Object, key
from competency_graph.dictionary.sheets.plan import (
    CODE_HEADING,
    IRI_HEADING,
    KIND_HEADING,
    MATRIX,
    SheetPlan,
)
from competency_graph.importing.spreadsheet.changes import Changes
from competency_graph.importing.spreadsheet.export_record import ExportRecord
from competency_graph.importing.spreadsheet.findings import (
    BASE_ROW,
    CELL_VALUE,
    FULL_CELL,
    Findings,
    cell_name,
    cell_position,
)
from competency_graph.importing.spreadsheet.mapped_rows import MappedRows
from competency_graph.importing.spreadsheet.matrix import MatrixComparison
from competency_graph.importing.spreadsheet.new_entries import first_statements
from competency_graph.importing.spreadsheet.own_rows import Row, RowReader
from competency_graph.importing.spreadsheet.references import References
from competency_graph.importing.spreadsheet.state import State
from competency_graph.importing.spreadsheet.tables import Table, Text
from competency_graph.rdf.spreadsheets import unescaped
from competency_graph.validation.findings import Rule

_CODE, _LABEL = str(SKOS.notation), str(SKOS.prefLabel)


@dataclass
class Comparison:
    """Compares tables with a dictionary.

    Args:
        state: the dictionary.
        findings: receives what is wrong with the tables.
    """

    state: State
    findings: Findings
    changes: Changes = field(default_factory=Changes, init=False)
    rows: int = field(default=0, init=False)
    """The number of rows that were read as entries."""
    _record: ExportRecord | None = field(default=None, init=False)
    _codes: dict[str, str] = field(default_factory=dict, init=False)

    def compare(self, tables: Sequence[Table]) -> Changes:
        """Compare the tables of a workbook, or that of a CSV file."""
        self._references = References(self.state.contents, self.findings)
        titles = {sheet.title.casefold(): sheet for sheet in self.state.plan.sheets}
        record = ExportRecord(self.state, self.findings, tables)
        self._record = record
        for was in record.names:
            if sheet := titles.get(was.sheet.casefold()):
                self._references.name_before(sheet.kind, was.iri, was.name)
        reader = RowReader(self.state, self.findings, self._references, record.rows)
        titled = [(table, titles.get(table.name.casefold())) for table in tables]
        known = [(table, plan) for table, plan in titled if is_own(table, plan)]
        found = [row for table, plan in known for row in reader.rows(table, plan)]
        for row in found if not self.state.overwriting else ():
            row.is_unedited = record.is_unedited(row)
        self._compare_rows(reader.identified(found))
        for table in tables:
            if table.name == MATRIX:
                current = partial(record.may_change_matrix_row, table)
                matrix = MatrixComparison(self.state, self.findings, self._references, current)
                matrix.compare(table, self.changes)
        present = {row.iri for row in found}
        for _, plan in known:
            if plan is not None:
                record.compare_removed(plan, present, self.changes)
        self.changes.settle()
        self._check_base()
        return self.changes

    def compare_mapped(self, mapped: MappedRows, tables: Sequence[Table]) -> Changes:
        """Compare a table from elsewhere, which adds entries and texts, and removes none.

        Raises:
            UnreadableInputError: the table is not the one that its mapping describes.
        """
        self._references = References(self.state.contents, self.findings)
        reader = RowReader(self.state, self.findings, self._references, {})
        self._compare_rows(reader.identified(mapped.read(tables)))
        mapped.add_links(self.changes)
        self.changes.settle()
        self._check_base()
        return self.changes

    def _compare_rows(self, identified: Sequence[Row]) -> None:
        self.rows = len(identified)
        self._codes = {row.iri: row.text(_CODE) for row in identified if not row.is_unedited}
        for row in identified:
            if not row.is_unedited:
                self._compare_row(row)

    def _compare_row(self, row: Row) -> None:
        changed = Changes()
        if row.is_new:  # belongs to the dictionary, also if its sheet does not say so
            for column in row.sheet.columns:
                if isinstance(column, MemberColumn):
                    row.cells.setdefault(column, [])
        for column, texts in row.cells.items():
            self._compare_cells(row, column, texts, changed)
        if row.is_new:
            cell = cell_name(row.table, row.number, 0)
            own = self.state.own_entries
            for triple in first_statements(row.iri, row.sheet, self.state.contents, own):
                changed.add(triple, cell)
            self._add_code(row, changed, cell)
        elif changed and self._record and not self._record.may_change(row):
            return
        self.changes.include(changed)

    def _compare_cells(self, row: Row, column: Column, texts: list[Text], changed: Changes) -> None:
        contents = self.state.contents
        present = column.terms(contents, row.iri)
        shown = column.cells(contents, present)
        assumed = row.is_new and isinstance(column, MemberColumn)
        if row.adds and not texts and not assumed:
            return
        if row.adds and not row.is_new and column.predicate == _LABEL:
            return  # by which the entry was found
        if not row.table:
            shown = [unescaped(column.in_csv(shown))]
        if not assumed:
            if sorted(filter(None, map(key, shown))) == sorted(key(t.text) for t in texts):
                return
            if any(len(text.text) >= MAX_CELL_LENGTH for text in texts):
                self._report(row, FULL_CELL, texts[0],
                             "The text fills the cell, so its end may be missing.",
                             "Shorten it, or edit it in the dictionary's file.")  # fmt: skip
                return
        wanted = self._wanted(row, column, texts, present)
        if wanted is None:
            return
        if row.adds and (column.many or isinstance(column, ReferenceColumn)):
            wanted = [*present, *wanted]
        for value in present:
            if value not in wanted:
                for triple in column.stated(contents, row.iri, value):
                    changed.remove(triple, row.cell(column))
        for value in wanted:
            if value not in present:
                changed.add(column.statement(contents, row.iri, value), row.cell(column))

    def _wanted(
        self, row: Row, column: Column, texts: list[Text], present: list[Object]
    ) -> list[Object] | None:
        """The values that cells ask for; None if one of them cannot be read."""
        if isinstance(column, MemberColumn):
            return self._wanted_membership(row, texts)
        known: dict[str, list[Object]] = defaultdict(list)
        for value in present:
            text = in_line(column.show(self.state.contents, value))
            known[key(unescaped(text) if not row.table else text)].append(value)
        several = column.many or len(present) > 1 or isinstance(column, ReferenceColumn)
        wanted: dict[Object, None] = {}
        failed = False
        for cell in texts:
            for line in _lines(row, cell.text) if several else [cell.text]:
                if same := known.get(key(in_line(line))):
                    wanted.update(dict.fromkeys(same))
                    continue
                read = self._read(row, column, cell._replace(text=line), several)
                failed = failed or read is None
                if read is not None:
                    wanted[read] = None
        return None if failed else list(wanted)

    def _wanted_membership(self, row: Row, texts: list[Text]) -> list[Object] | None:
        iri = self.state.contents.dictionary
        whole: list[Object] = [ox.NamedNode(iri)] if iri else []
        if not texts:
            return whole if row.is_new else []
        try:
            return whole if truth(texts[0].text) else []
        except CellError as error:
            what = f"“{texts[0].text[:100]}” is not allowed here."
            self._report(row, CELL_VALUE, texts[0], what, _sentence(error))
            return None

    def _read(self, row: Row, column: Column, text: Text, several: bool) -> Object | None:
        if isinstance(column, ReferenceColumn):
            noun = self.state.title(column.kind)
            iri = self._references.find(column.kind, noun, text, row.table)
            return ox.NamedNode(iri) if iri else None
        try:
            return column.read(from_line(text.text) if several else text.text)
        except (CellError, ValueError) as error:
            self._report(row, CELL_VALUE, text,
                         f"“{text.text[:100]}” is not allowed in the column {column.heading}.",
                         _sentence(error))  # fmt: skip
            return None

    def _add_code(self, row: Row, changed: Changes, cell: str) -> None:
        """Give a new row a code, unless it has one."""
        if row.sheet.kind == DICTIONARY or row.text(_CODE):
            return
        owner = ""
        if row.sheet.kind == "action":
            linked = (
                node.value
                for column in row.cells
                if isinstance(column, ReferenceColumn)
                for triple in changed.added
                if triple.predicate.value in (column.predicate, column.inverse)
                for node in (triple.subject, triple.object)
                if isinstance(node, ox.NamedNode) and node.value != row.iri
            )
            owner = next((code for iri in linked if (code := self._code_of(iri))), "")
        code = self.state.new.code(row.sheet.kind, owner)
        if code:
            self._codes[row.iri] = code
            triple = ox.Triple(ox.NamedNode(row.iri), ox.NamedNode(_CODE), ox.Literal(code))
            changed.add(triple, cell)

    def _code_of(self, iri: str) -> str:
        return self._codes.get(iri) or self.state.contents.code(iri)

    def _check_base(self) -> None:
        """Report changes of what belongs to the base."""
        kinds, own = self.state.contents.kinds, self.state.own_entries
        reported = set()
        for triple, cell in [*self.changes.removed.items(), *self.changes.added.items()]:
            subject = triple.subject.value if isinstance(triple.subject, ox.NamedNode) else ""
            describes = not isinstance(triple.object, ox.NamedNode)
            of_base = subject in kinds and subject not in own and describes
            removes = triple in self.changes.removed and triple not in self.state.own
            if (removes or of_base) and cell not in reported:
                reported.add(cell)
                self.findings.add(
                    BASE_ROW, *cell_position(cell),
                    "This changes what the dictionary that yours extends says.",
                    "Restore the cell; to say something else, add your own entry.",
                    subject, self.state.name(subject),
                )  # fmt: skip

    def _report(self, row: Row, rule: Rule, text: Text, message: str, remedy: str) -> None:
        self.findings.add(
            rule, row.table, row.number, text.column, message, remedy,
            row.iri, self.state.name(row.iri),
        )  # fmt: skip


def is_own(table: Table, sheet: SheetPlan | None) -> bool:
    """Whether a table has the layout of an export.

    Args:
        table: the table.
        sheet: the sheet with its title, None for none, as in CSV.
    """
    heads = {head.casefold() for head in table.heads}
    named = sheet is not None or (not table.name and KIND_HEADING.casefold() in heads)
    return named and not heads.isdisjoint((IRI_HEADING.casefold(), CODE_HEADING.casefold()))


def _lines(row: Row, text: str) -> list[str]:
    """The values in a cell."""
    parts = text.split("\n") if row.table else text.split(CSV_SEPARATOR)
    return [part.strip() for part in parts if key(part)]


def _sentence(error: Exception) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."
