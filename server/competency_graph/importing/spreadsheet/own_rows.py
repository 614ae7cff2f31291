"""Reads the rows of sheets of our own layout, and gives new rows their IRIs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox
from rdflib.namespace import SKOS, XSD

from competency_graph.dictionary.sheets.columns import (
    Column,
    MemberColumn,
    TextColumn,
    ValueColumn,
)
from competency_graph.dictionary.sheets.contents import key
from competency_graph.dictionary.sheets.plan import (
    IRI_HEADING,
    KIND_HEADING,
    MATCHES_HEADING,
    SheetPlan,
)
from competency_graph.errors import BadValueError
from competency_graph.importing.spreadsheet.findings import (
    CELL_VALUE,
    CHANGED_SINCE,
    REPEATED_ROW,
    ROW_IDENTIFIER,
    UNKNOWN_COLUMN,
    UNNAMED_ROW,
    Findings,
    cell_name,
)
from competency_graph.importing.spreadsheet.references import References
from competency_graph.importing.spreadsheet.state import State
from competency_graph.importing.spreadsheet.tables import Table, Text
from competency_graph.rdf.language_tags import tag_error
from competency_graph.rdf.short_names import expand
from competency_graph.validation.findings import Rule

_LABEL, _CODE = str(SKOS.prefLabel), str(SKOS.notation)
_RESTORE = "Restore the IRI of the row, or empty it if the row is new."


@dataclass(eq=False)
class Row:
    """A row of a sheet, which is an entry.

    Args:
        sheet: the plan of its sheet.
        table: the title of its sheet; "" for CSV.
        number: its number.
        iri: its entry; "" until a new entry gets one.
        cells: its filled cells, for each column that the sheet has.
        places: the place of each column, counted from 1.
        is_new: whether the dictionary lacks the entry.
        is_unedited: whether it shows what it showed when it was exported.
        adds: whether the row only adds to what the entry has, as one from elsewhere does.
    """

    sheet: SheetPlan
    table: str
    number: int
    iri: str
    cells: dict[Column, list[Text]]
    places: Mapping[Column, int]
    is_new: bool = False
    is_unedited: bool = False
    adds: bool = False

    def text(self, predicate: str, language: str = "") -> str:
        """The text of a property, in a language if it has texts in that, or ""."""
        found = {
            getattr(column, "language", ""): texts[0].text
            for column, texts in self.cells.items()
            if column.predicate == predicate and texts
        }
        return found.get(language) or next(iter(found.values()), "")

    @property
    def shown(self) -> dict[str, list[str]]:
        """Its texts by heading."""
        return {c.heading: [text.text for text in texts] for c, texts in self.cells.items()}

    def cell(self, column: Column) -> str:
        """The name of its first cell in a column."""
        texts = self.cells[column]
        place = texts[0].column if texts else self.places.get(column, 0)
        return cell_name(self.table, self.number, place)


@dataclass
class RowReader:
    """Reads rows.

    Args:
        state: the dictionary.
        findings: receives what is wrong with the rows.
        references: receives the names that the rows give to entries.
        exported: the sheets and IRIs of the rows that were exported.
    """

    state: State
    findings: Findings
    references: References
    exported: Mapping[tuple[str, str], object]
    _columns: dict[tuple[str, str], Column | None] = field(default_factory=dict, init=False)

    def rows(self, table: Table, sheet: SheetPlan | None) -> Iterator[Row]:
        """Yield the rows of a table.

        Args:
            table: the table.
            sheet: the plan of the sheet; None if each row names its kind.
        """
        heads = table.heads
        sheets = [sheet] if sheet else list(self.state.plan.sheets)
        datatypes = [self._datatype(table, sheets, place) for place in range(len(heads))]
        by_title = {each.title.casefold(): each for each in sheets}
        layouts = {each.kind: self._layout(each, heads) for each in sheets}
        special = {head.casefold(): place for place, head in reversed(list(enumerate(heads)))}
        iri_place = special.get(IRI_HEADING.casefold(), -1)
        kind_place = special.get(KIND_HEADING.casefold(), -1)
        for number, texts in table.texts(self.findings, datatypes):
            by_place = {text.column - 1: text for text in texts}
            of_row = sheet
            if of_row is None:
                kind = by_place.get(kind_place)
                of_row = by_title.get(kind.text.casefold() if kind else "")
                if of_row is None:
                    self.findings.add(
                        CELL_VALUE, table.name, number, kind_place + 1,
                        f"“{kind.text[:100] if kind else ''}” is not a kind of entry.",
                        f"Write one of {', '.join(each.title for each in sheets)}.",
                    )  # fmt: skip
                    continue
            layout = layouts[of_row.kind]
            places: dict[Column, int] = {}
            cells: dict[Column, list[Text]] = {}
            for place, column in layout.items():
                places.setdefault(column, place + 1)
                filled = cells.setdefault(column, [])
                if place in by_place:
                    filled.append(by_place[place])
            iri = by_place[iri_place].text if iri_place in by_place else ""
            if iri or any(cells.values()):
                yield Row(of_row, table.name, number, iri, cells, places)

    def _layout(self, sheet: SheetPlan, heads: Sequence[str]) -> dict[int, Column]:
        """The columns of a sheet by their places."""
        found = ((place, self._column(sheet, head)) for place, head in enumerate(heads))
        return {place: column for place, column in found if column}

    def _column(self, sheet: SheetPlan, head: str) -> Column | None:
        if (sheet.kind, head) not in self._columns:
            column = sheet.column(head) if head else None
            matrix = self.state.plan.matrix
            same = head.casefold() == matrix.column.heading.casefold()
            if column is None and same and sheet.kind == matrix.rows:
                column = matrix.column
            if isinstance(column, TextColumn) and column.language and tag_error(column.language):
                column = None
            self._columns[sheet.kind, head] = column
        return self._columns[sheet.kind, head]

    def _datatype(self, table: Table, sheets: Sequence[SheetPlan], place: int) -> str | None:
        """The datatype of a column's values, None if the column has no meaning."""
        head = table.heads[place]
        if head.casefold() in (IRI_HEADING.casefold(), KIND_HEADING.casefold()):
            return ""
        column = next(filter(None, (self._column(sheet, head) for sheet in sheets)), None)
        if column is None:
            if head and head.casefold() != MATCHES_HEADING.casefold():
                self.findings.add(
                    UNKNOWN_COLUMN, table.name, table.number(0), place + 1,
                    f"The heading “{head[:100]}” is not that of a column, so this one is not read.",
                    "Correct the heading, or describe the columns with --mapping.",
                )  # fmt: skip
            return None
        if isinstance(column, MemberColumn):
            return str(XSD.boolean)
        return column.datatype if isinstance(column, ValueColumn) else ""

    # Identifying rows

    def identified(self, found: Sequence[Row]) -> list[Row]:
        """The rows that have an IRI or get one; the names of all are registered."""
        seen: dict[str, int] = {}
        kept = []
        for row in found:
            if not row.iri or self._is_valid(row, seen):
                kept.append(row)
                if row.iri:
                    seen[row.iri] = row.number
        language = self.state.contents.language
        if len(seen) < len(kept):
            for row in kept:
                self.state.new.reserve(row.iri, row.text(_CODE))
        kept_by_iri = {row.iri: row for row in kept if row.iri}
        named_before: dict[tuple[str, str], Row] = {
            (row.sheet.kind, key(row.text(_LABEL, language)).casefold()): row
            for row in (kept_by_iri.values() if len(seen) < len(kept) else ())
        }
        named = []
        for row in kept:
            if row.is_unedited:
                named.append(row)
                continue
            label = row.text(_LABEL, language)
            if not row.iri and not label:
                self._report(row, UNNAMED_ROW,
                             "The row has no label, so it cannot become an entry.",
                             "Write its label, or empty the row.")  # fmt: skip
                continue
            if not row.iri and not self._is_other(row, label, named_before, kept_by_iri):
                continue
            row.iri = row.iri or self.state.new.iri(row.sheet.kind, label)
            named_before[row.sheet.kind, key(label).casefold()] = row
            row.is_new = row.iri not in self.state.contents.kinds
            labels = (t.text for c, texts in row.cells.items() if c.predicate == _LABEL
                      for t in texts)  # fmt: skip
            self.references.name(row.sheet.kind, row.iri, *labels, row.text(_CODE), row.iri)
            named.append(row)
        return named

    def _is_other(
        self, row: Row, label: str, named: Mapping[tuple[str, str], Row], rows: Mapping[str, Row]
    ) -> bool:
        """Whether a row without IRI is not that of another row; it may be a known entry's."""
        name = row.sheet.kind, key(label).casefold()
        if name in named:
            self._report(row, REPEATED_ROW, f"Row {named[name].number} has the same label.",
                         "Remove one of the two rows, or change its label.")  # fmt: skip
            return False
        known = self.state.contents.by_name.get(name, ())
        if len(known) == 1 and known[0] not in rows and not row.adds:
            row.iri = known[0]  # the sheet was imported before; its IRI and code are not in it
            row.adds = True
        return True

    def _is_valid(self, row: Row, seen: Mapping[str, int]) -> bool:
        """Whether the IRI of a row can be that of its entry."""
        if row.iri in seen:
            self._report(row, REPEATED_ROW, f"Row {seen[row.iri]} has the same IRI.",
                         "Empty the IRI of the row that is new; it gets its own.")  # fmt: skip
            return False
        kind = self.state.contents.kinds.get(row.iri, row.sheet.kind)
        if kind != row.sheet.kind:
            self._report(row, ROW_IDENTIFIER,
                         f"The IRI is that of another kind of entry ({self.state.title(kind)}).",
                         _RESTORE)  # fmt: skip
            return False
        if not _is_iri(row.iri):
            self._report(row, ROW_IDENTIFIER, f"“{row.iri[:100]}” is not an IRI.", _RESTORE)
            return False
        gone = row.iri not in self.state.contents.kinds
        if gone and row.is_unedited:
            return False
        if gone and (row.sheet.title, row.iri) in self.exported:
            self._report(row, CHANGED_SINCE,
                         "The entry was in the dictionary at the export, but no longer is.",
                         "Remove the row, or empty its IRI to add the entry again.")  # fmt: skip
            return False
        return True

    def _report(self, row: Row, rule: Rule, message: str, remedy: str) -> None:
        self.findings.add(
            rule, row.table, row.number, 0, message, remedy, row.iri, self.state.name(row.iri)
        )


def _is_iri(text: str) -> bool:
    try:
        return expand(f"<{text}>") == ox.NamedNode(text) and text.find(":") > 0
    except (BadValueError, ValueError):
        return False
