"""Tables for spreadsheet programs, in which no text of ours becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import IO, TYPE_CHECKING, Final, NamedTuple

import pyoxigraph as ox

from competency_graph.errors import EvaluationError
from competency_graph.rdf.short_names import Term
from competency_graph.rdf.tables import Cell, Columns

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

UNDATED: Final = datetime(1980, 1, 1)
"""What a workbook without a date of its own tells as its creation, as the files in it do."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {_XSD + name: int if name == "integer" else float
            for name in ("integer", "decimal", "double", "float")}  # fmt: skip
_MOST_ROWS = 1_048_576
"""Rows of a worksheet in Excel 2007 and later, the head's among them."""
_MOST_LINKS, _LONGEST_LINK = 65_530, 2_079
"""Hyperlinks of a worksheet, and characters of one, in Excel 2007 and later."""
_LONGEST_TEXT = 32_767
"""Characters of a cell."""
_WIDEST = 360
"""Pixels of a column; longer texts are wrapped."""
_ON_A_LINE, _LINE, _HIGHEST = 54, 15, 409
"""Characters of the widest column, points of a line, and of a row in Excel 2007 and later."""


class Sheet(NamedTuple):
    """A sheet of a workbook.

    Args:
        title: its name, of at most 31 characters.
        heads: the heads of its columns.
        rows: its rows, where an entry stands under its label and is a link to its IRI.
        fixed: the columns that stay in sight.
    """

    title: str
    heads: Sequence[Cell]
    rows: Iterable[Sequence[Cell]]
    fixed: int = 1


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
    written = io.StringIO(newline="")
    lines = csv.writer(written)
    lines.writerow(columns)
    for row in rows:
        lines.writerow([_harmless(cell(term)) for term in row])
        output.write(written.getvalue().encode())
        written.seek(0)
        written.truncate()
    output.write(written.getvalue().encode())


def write_xlsx(
    columns: Sequence[str], rows: Iterable[Sequence[Term | None]], output: IO[bytes]
) -> None:
    """A table as an Office Open XML workbook of one sheet, with its columns as a person sees them.

    Raises:
        EvaluationError: there are more rows than a sheet has.
    """
    shown = Columns(columns)
    heads = [text(head) for head in shown.heads]
    write_workbook([Sheet("Answer", heads, shown.rows(rows))], output)


def text(value: str) -> Cell:
    """A cell with a text."""
    return Cell(ox.Literal(value))


def write_workbook(
    sheets: Iterable[Sheet],
    output: IO[bytes],
    properties: Mapping[str, str] | None = None,
    created: datetime = UNDATED,
) -> None:
    """Sheets as an Office Open XML workbook, the same bytes each time.

    Args:
        sheets: its sheets, in order.
        output: where it goes.
        properties: what it says of itself: title, subject, author, company, keywords, comments.
        created: when it was made, as it says.

    Raises:
        EvaluationError: there are more rows than a sheet has.
    """
    import xlsxwriter  # slow to import, and seldom needed

    whole = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(whole, options) as book:
        book.set_properties({**(properties or {}), "created": created})
        top = {"text_wrap": True, "valign": "top"}
        head = book.add_format({**top, "bold": True, "bottom": 1})
        plain = book.add_format(top)
        linked = {"font_color": "#0b5cad", "underline": 1}
        link = book.add_format({**top, **linked})
        head_link = book.add_format({**top, **linked, "bold": True, "bottom": 1})
        for each in sheets:
            sheet = book.add_worksheet(each.title)
            _write_sheet(sheet, each, (head, head_link), (plain, link))
    output.write(whole.getvalue())


def _write_sheet(
    sheet: Worksheet, content: Sheet, head: tuple[Format, Format], body: tuple[Format, Format]
) -> None:
    """Write a sheet, in the formats of texts and links in its head and in its body."""
    left = _MOST_LINKS
    number = 0
    for number, row in enumerate(chain([content.heads], content.rows)):
        if number >= _MOST_ROWS:
            raise EvaluationError(
                f"a sheet has room for {_MOST_ROWS - 1:,} rows, and this answer has more",
                "Ask for less, or take it as CSV",
            )
        plain, link = body if number else head
        for column, value in enumerate(row):
            if left and 0 < len(value.address) <= _LONGEST_LINK:
                left -= 1
                sheet.write_url(number, column, value.address, link, value.text[:_LONGEST_TEXT])
            else:
                _put(sheet, number, column, value, plain)
        # A program that opens it need not work out how high a row is, and LibreOffice does not.
        lines = max((_lines(value.text) for value in row), default=1)
        if lines > 1:
            sheet.set_row(number, min(lines * _LINE, _HIGHEST))
    sheet.freeze_panes(1, content.fixed)
    sheet.autofit(_WIDEST)
    if content.heads:
        sheet.autofilter(0, 0, number, len(content.heads) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _lines(words: str) -> int:
    """The lines that a text takes in the widest column."""
    return sum(max(1, -(-len(line) // _ON_A_LINE)) for line in words.split("\n"))


def _put(sheet: Worksheet, row: int, column: int, shown: Cell, style: Format) -> None:
    value: str | int | float | bool | None = shown.label or cell(shown.term)
    match value:
        case None:
            sheet.write_blank(row, column, None, style)
        case bool():
            sheet.write_boolean(row, column, value, style)
        case str():
            sheet.write_string(row, column, value[:_LONGEST_TEXT], style)
        case _ if abs(value) < 2**53:
            sheet.write_number(row, column, value, style)
        case _:
            sheet.write_string(row, column, str(value), style)


def _harmless(value: str | int | float | bool | None) -> object:
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA) else value
