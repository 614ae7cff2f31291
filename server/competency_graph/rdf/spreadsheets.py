"""Tables for spreadsheet programs, written so that no text becomes a formula."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
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
"""The creation date of a workbook without one, the same as that of the files in its archive."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_XSD = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS = {_XSD + name: int if name == "integer" else float
            for name in ("integer", "decimal", "double", "float")}  # fmt: skip
_MAX_ROWS = 1_048_576
"""The maximum rows of a worksheet in Excel 2007 and later, including the header."""
_MAX_HYPERLINKS, _MAX_HYPERLINK_LENGTH = 65_530, 2_079
"""The maximum hyperlinks of a worksheet, and characters of one, in Excel 2007 and later."""
_MAX_TEXT_LENGTH = 32_767
"""The maximum characters of a cell."""
_MAX_COLUMN_WIDTH = 360
"""The maximum width of a column in pixels; longer texts are wrapped."""
_LINE_LENGTH, _LINE_HEIGHT, _MAX_ROW_HEIGHT = 54, 15, 409
"""Characters per line in the widest column; points per line; points of the highest possible row."""


class Sheet(NamedTuple):
    """A sheet of a workbook.

    Args:
        title: its name, at most 31 characters.
        heads: the column headings.
        rows: its rows; an entry is shown by its label and linked to its IRI.
    """

    title: str
    heads: Sequence[Cell]
    rows: Iterable[Sequence[Cell]]


def cell(term: Term | None) -> str | int | float | bool | None:
    """The value of a cell: numbers and booleans keep their type, everything else is text."""
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
    """Load the library now, for a process that will later be unable to open files."""
    import xlsxwriter  # noqa: F401

    codecs.lookup("utf-16-le")  # in which it measures texts


def write_csv(
    columns: Sequence[str], rows: Iterable[Sequence[Term | None]], output: IO[bytes]
) -> None:
    """Write a table as CSV in which no text can be taken for a formula.

    A text that begins like a formula gets a leading apostrophe, as OWASP advises (CSV Injection).
    """
    written = io.StringIO(newline="")
    lines = csv.writer(written)
    lines.writerow(columns)
    for row in rows:
        lines.writerow([_escape_formula(cell(term)) for term in row])
        output.write(written.getvalue().encode())
        written.seek(0)
        written.truncate()
    output.write(written.getvalue().encode())


def write_xlsx(
    columns: Sequence[str], rows: Iterable[Sequence[Term | None]], output: IO[bytes]
) -> None:
    """Write a table as an Office Open XML workbook with one sheet, columns as in `Columns`.

    Raises:
        EvaluationError: there are more rows than fit in a sheet.
    """
    shown = Columns(columns)
    heads = [text(head) for head in shown.heads]
    _write_workbook(Sheet("Answer", heads, shown.rows(rows)), output)


def text(value: str) -> Cell:
    """A text cell."""
    return Cell(ox.Literal(value))


def _write_workbook(content: Sheet, output: IO[bytes]) -> None:
    """Write an Office Open XML workbook with one sheet; equal input gives equal bytes.

    Raises:
        EvaluationError: there are more rows than fit in a sheet.
    """
    import xlsxwriter  # slow to import, and seldom needed

    whole = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(whole, options) as book:
        book.set_properties({"created": UNDATED})
        top = {"text_wrap": True, "valign": "top"}
        head = book.add_format({**top, "bold": True, "bottom": 1})
        plain = book.add_format(top)
        linked = {"font_color": "#0b5cad", "underline": 1}
        link = book.add_format({**top, **linked})
        head_link = book.add_format({**top, **linked, "bold": True, "bottom": 1})
        sheet = book.add_worksheet(content.title)
        _write_sheet(sheet, content, (head, head_link), (plain, link))
    output.write(whole.getvalue())


def _write_sheet(
    sheet: Worksheet, content: Sheet, head: tuple[Format, Format], body: tuple[Format, Format]
) -> None:
    """Write a sheet, given the formats of texts and links in its head and in its body."""
    left = _MAX_HYPERLINKS
    number = 0
    for number, row in enumerate(chain([content.heads], content.rows)):
        if number >= _MAX_ROWS:
            raise EvaluationError(
                f"a sheet has room for {_MAX_ROWS - 1:,} rows, but this answer has more",
                "Request fewer rows, or request CSV",
            )
        plain, link = body if number else head
        for column, value in enumerate(row):
            if left and 0 < len(value.address) <= _MAX_HYPERLINK_LENGTH:
                left -= 1
                sheet.write_url(number, column, value.address, link, value.text[:_MAX_TEXT_LENGTH])
            else:
                _write_cell(sheet, number, column, value, plain)
        # Set the height here: LibreOffice, for one, does not compute it on opening.
        lines = max((line_count(value.text) for value in row), default=1)
        if lines > 1:
            sheet.set_row(number, row_height(lines))
    sheet.freeze_panes(1, 1)
    sheet.autofit(_MAX_COLUMN_WIDTH)
    if content.heads:
        sheet.autofilter(0, 0, number, len(content.heads) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def line_count(words: str, width: int = _LINE_LENGTH) -> int:
    """The number of lines that a text takes in a column of this many characters."""
    if len(words) <= width and "\n" not in words:
        return 1
    return sum(max(1, -(-len(line) // width)) for line in words.split("\n"))


def row_height(lines: int) -> int:
    """The height of a row of this many lines, in points."""
    return min(lines * _LINE_HEIGHT, _MAX_ROW_HEIGHT)


def _write_cell(sheet: Worksheet, row: int, column: int, shown: Cell, style: Format) -> None:
    value: str | int | float | bool | None = shown.label or cell(shown.term)
    match value:
        case None:
            sheet.write_blank(row, column, None, style)
        case bool():
            sheet.write_boolean(row, column, value, style)
        case str():
            sheet.write_string(row, column, value[:_MAX_TEXT_LENGTH], style)
        case _ if abs(value) < 2**53:
            sheet.write_number(row, column, value, style)
        case _:
            sheet.write_string(row, column, str(value), style)


def unescaped(text: str) -> str:
    """Remove the apostrophe that `write_csv` puts before a text that looks like a formula."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA_STARTS) else text


def _escape_formula(value: str | int | float | bool | None) -> object:
    return "'" + value if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
