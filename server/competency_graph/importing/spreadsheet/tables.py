"""Tables: rows of cells as a program left them, and their texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from competency_graph.importing.spreadsheet.findings import (
    DATE_CELL,
    EMPTY_FORMULA,
    FORMULA,
    MERGED,
    NUMBER_CELL,
    Findings,
    cell_name,
)

Value = str | float | int | bool | date | datetime | time | timedelta
Position = tuple[int, int]
"""Row and column, counted from 0."""
MAX_CELLS: Final = 5_000_000
"""The maximum number of cells of a table."""
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS: Final = frozenset(_XSD + name for name in ("integer", "decimal", "double", "float"))
_BLANK: Final = " \t\r\n\u00a0\ufeff"


class Text(NamedTuple):
    """The text of a cell.

    Args:
        text: the text, without blanks around it.
        row: its row, counted from 1.
        column: its column, counted from 1.
    """

    text: str
    row: int
    column: int


@dataclass
class Table:
    """A sheet of a workbook, or a CSV file.

    Args:
        name: the title of the sheet; "" for CSV.
        rows: its cells, which may be missing at the end of rows.
        lines: for CSV, the line on which each row starts, as a quoted cell has several.
        formulas: the cells that formulas compute.
        merged: the ranges of merged cells: first and last cell.
    """

    name: str
    rows: Sequence[Sequence[Value]]
    lines: Sequence[int] = ()
    formulas: frozenset[Position] = frozenset()
    merged: Sequence[tuple[Position, Position]] = field(default_factory=list)

    def number(self, row: int) -> int:
        """The number of a row for readers: its line in CSV, else counted from 1."""
        return self.lines[row] if self.lines else row + 1

    @property
    def heads(self) -> list[str]:
        """The texts of the first row, in which headings are."""
        return [str(value).strip(_BLANK) for value in self.rows[0]] if self.rows else []

    def texts(
        self, findings: Findings, datatypes: Sequence[str | None], first: int = 1
    ) -> Iterator[tuple[int, list[Text]]]:
        """Yield the filled cells of each row that has any, with the row's number.

        Args:
            findings: receives what is unusual about cells.
            datatypes: for each column, the IRI of the datatype of its values, "" for texts; None
                for a column that is not read.
            first: the first row after the headings, counted from 0.
        """
        below = self._merged_values(findings, first)
        width = len(datatypes)
        for row in range(first, len(self.rows)):
            found = []
            for column, value in enumerate(self.rows[row][:width]):
                if datatypes[column] is None:
                    continue
                filled = below.get((row, column), value)
                place = self.number(row), column + 1
                computed = (row, column) in self.formulas
                if filled == "" and not computed:
                    continue
                text = self._text(filled, datatypes[column] or "", place, findings)
                if computed:
                    self._report_formula(text, place, findings)
                if text:
                    found.append(Text(text, *place))
            if found:
                yield self.number(row), found

    def _merged_values(self, findings: Findings, first: int) -> dict[Position, Value]:
        """The values of cells that are merged with one above them."""
        found = {}
        for (top, left), (bottom, right) in self.merged:
            if bottom < first or top >= len(self.rows):
                continue
            value = self.rows[top][left] if left < len(self.rows[top]) else ""
            if value == "":
                continue
            for row in range(top + 1, min(bottom + 1, len(self.rows))):
                found[row, left] = value
            last = cell_name("", self.number(min(bottom, len(self.rows) - 1)), right + 1)
            findings.add(
                MERGED, self.name, self.number(top), left + 1,
                f"Cells are merged down to {last}; their value is taken for each row, "
                "in the first of their columns.",
                "If that is not meant, remove the merging and fill in the cells.",
            )  # fmt: skip
        return found

    def _text(self, value: Value, datatype: str, place: tuple[int, int], findings: Findings) -> str:
        match value:
            case str():
                return value.strip(_BLANK)
            case bool():
                text = "yes" if value else "no"
                return text if datatype.endswith("#boolean") else str(value).upper()
            case int() | float():
                text = str(int(value)) if float(value).is_integer() else repr(value)
                if datatype not in _NUMBERS and not datatype.endswith("#boolean"):
                    findings.add(
                        NUMBER_CELL, self.name, *place,
                        f"The cell has a number, which is taken as the text “{text}”; zeros before "
                        "it are lost.",
                        "Format the column as text, and write the value again.",
                    )  # fmt: skip
                return text
            case datetime() | date():
                day = value.date() if isinstance(value, datetime) else value
                if datatype.endswith("#date"):
                    return day.isoformat()
                self._report_date(day.isoformat(), place, findings)
            case _:
                self._report_date(str(value), place, findings)
        return ""

    def _report_date(self, text: str, place: tuple[int, int], findings: Findings) -> None:
        findings.add(
            DATE_CELL, self.name, *place,
            f"The cell has the date or time {text}; the program has probably converted a text "
            "such as 3-4 to it, which is lost.",
            "Format the cell as text, and write the text again.",
        )  # fmt: skip

    def _report_formula(self, text: str, place: tuple[int, int], findings: Findings) -> None:
        if text:
            findings.add(
                FORMULA, self.name, *place,
                f"A formula computes this cell; its value “{text[:60]}” is taken.",
                "If later changes are to be taken as well, import the workbook again.",
            )  # fmt: skip
        else:
            findings.add(
                EMPTY_FORMULA, self.name, *place,
                "A formula computes this cell, but no value of it is stored, or it is an error.",
                "Open and save the workbook in a spreadsheet program, or write the value itself.",
            )  # fmt: skip
