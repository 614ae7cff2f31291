"""Tables for spreadsheet programs, in which no text of ours becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from competency_graph.errors import EvaluationError
from competency_graph.naming import Term

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Table = tuple[Sequence[str], Iterable[Sequence[Term | None]]]
"""The names of a table's columns, and its rows."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {_XSD + name: int if name == "integer" else float
            for name in ("integer", "decimal", "double", "float")}  # fmt: skip
_MOST_ROWS = 1_048_576
"""Rows of a worksheet in Excel 2007 and later, the head's among them."""


def cell(term: Term | None) -> str | int | float | bool | None:
    """The value of one cell: a number or truth value as such, everything else as text."""
    if term is None:
        return None
    if not isinstance(term, ox.Literal):
        return term.value if isinstance(term, ox.NamedNode) else str(term)
    try:
        if number := _NUMBERS.get(term.datatype.value):
            return number(term.value)
    except ValueError:
        return term.value
    if term.datatype.value == _XSD + "boolean":
        return term.value in ("true", "1")
    return term.value


def prepare() -> None:
    """Load the library now, for a process that will not be able to open files later."""
    import xlsxwriter  # noqa: F401


def write_csv(
    columns: Sequence[str], rows: Iterable[Sequence[Term | None]], output: IO[bytes]
) -> None:
    """A table as CSV whose texts begin with no sign that a spreadsheet takes for a formula.

    A text that would begin so gets an apostrophe before it, as OWASP advises (CSV Injection).
    """
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(columns)
    for row in rows:
        lines.writerow([_harmless(cell(term)) for term in row])
        output.write(text.getvalue().encode())
        text.seek(0)
        text.truncate()
    output.write(text.getvalue().encode())


def write_xlsx(
    columns: Sequence[str], rows: Iterable[Sequence[Term | None]], output: IO[bytes]
) -> None:
    """A table as an Office Open XML workbook of one sheet.

    Raises:
        EvaluationError: there are more rows than a sheet has.
    """
    write_workbook({"Answer": (columns, rows)}, output)


def write_workbook(sheets: Mapping[str, Table], output: IO[bytes]) -> None:
    """Tables as an Office Open XML workbook, each on a sheet of its name.

    Raises:
        EvaluationError: there are more rows than a sheet has.
    """
    import xlsxwriter  # slow to import, and seldom needed

    whole = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(whole, options) as book:
        bold = book.add_format({"bold": True})
        for title, (columns, rows) in sheets.items():
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            for column, name in enumerate(columns):
                sheet.write_string(0, column, name, bold)
            for number, row in enumerate(rows, 1):
                if number >= _MOST_ROWS:
                    raise EvaluationError(
                        f"a sheet has room for {_MOST_ROWS - 1:,} rows, and this answer has more",
                        "Ask for less, or take it as CSV",
                    )
                for column, term in enumerate(row):
                    _put(sheet, number, column, cell(term))
            sheet.autofit(400)
    output.write(whole.getvalue())


def _put(sheet: Worksheet, row: int, column: int, value: str | int | float | bool | None) -> None:
    match value:
        case None:
            pass
        case bool():
            sheet.write_boolean(row, column, value)
        case str():
            sheet.write_string(row, column, value[:32_767])  # as long as a cell's text may be
        case _ if abs(value) < 2**53:
            sheet.write_number(row, column, value)
        case _:
            sheet.write_string(row, column, str(value))


def _harmless(value: str | int | float | bool | None) -> object:
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA) else value
