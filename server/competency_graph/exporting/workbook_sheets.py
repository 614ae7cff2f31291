"""The sheets of the workbook to edit, as xlsxwriter writes them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Final

from competency_graph.dictionary.sheets.columns import (
    MAX_CELL_LENGTH,
    NO,
    TICK,
    YES,
    Column,
    MemberColumn,
    ReferenceColumn,
    ValueColumn,
)
from competency_graph.dictionary.sheets.plan import (
    EXPORTED,
    IRI_HEADING,
    MATRIX,
    Plan,
    SheetPlan,
)
from competency_graph.dictionary.sheets.rows import Exported, SheetRow
from competency_graph.rdf.spreadsheets import line_count, row_height

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_SPARE_ROWS: Final = 1_000
"""The rows after the last entry that are prepared for new ones."""
_WIDTHS: Final = {"IRI": 26, "Code": 10, "short": 30, "long": 60, "tick": 4}
_ALLOWED: Final = dict.fromkeys(
    (
        "format_cells",
        "format_columns",
        "format_rows",
        "insert_rows",
        "delete_rows",
        "sort",
        "autofilter",
        "select_locked_cells",
        "select_unlocked_cells",
    ),
    True,
)
_INTEGER: Final = "http://www.w3.org/2001/XMLSchema#integer"
_BOOLEAN: Final = "http://www.w3.org/2001/XMLSchema#boolean"


class Book:
    """A workbook that is being written.

    Args:
        output: the file to write to, when the block ends.
        properties: its document properties.
        sheets: its sheets.
    """

    def __init__(self, output: IO[bytes], properties: Mapping[str, Any], sheets: Plan) -> None:
        import xlsxwriter  # slow to import, and seldom needed

        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(output, options)
        self._book.set_properties(properties)
        self._sheets = sheets
        look = {"text_wrap": True, "valign": "top"}
        self._head = self._format(look, bold=True, bottom=1, bg_color="#e8edf3")
        self._turned = self._format(look, bold=True, bottom=1, bg_color="#e8edf3", rotation=60)
        self._locked = self._format(look, font_color="#5a6673", bg_color="#f1f3f5")
        self._text = self._format(look, locked=False, num_format="@")
        self._number = self._format(look, locked=False)
        self._tick = self._format(look, locked=False, align="center")

    def _format(self, look: Mapping[str, Any], **more: object) -> Format:
        return self._book.add_format({**look, **more})

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if error is None:
            self._book.close()

    def notes(self, title: str, advice: Iterable[str]) -> None:
        """The first sheet: how to edit the workbook, and what each column means."""
        sheet = self._book.add_worksheet(title)
        sheet.set_column(0, 1, 32, self._locked)
        sheet.set_column(2, 2, 100, self._locked)
        number = 0
        for number, advised in enumerate(advice):
            sheet.merge_range(number, 0, number, 2, advised, self._locked)
        lines = [
            (each.title, column.heading, _note(column))
            for each in self._sheets.sheets
            for column in each.columns
        ]
        for place, name in enumerate(("Sheet", "Column", "Meaning")):
            sheet.write_string(number + 2, place, name, self._head)
        for below, line in enumerate(lines, number + 3):
            for place, text in enumerate(line):
                sheet.write_string(below, place, text, self._locked)
        sheet.protect("", _ALLOWED)

    def entries(
        self, plan: SheetPlan, lines: Sequence[SheetRow], own: Collection[str],
        sizes: Mapping[str, int],
    ) -> None:  # fmt: skip
        """A sheet with a row for each entry.

        Args:
            plan: its columns.
            lines: its rows.
            own: the entries that may be edited, as they are not of the base.
            sizes: the number of entries of each kind, up to which drop-down lists reach.
        """
        sheet = self._book.add_worksheet(plan.title)
        last = len(lines) + _SPARE_ROWS
        sheet.set_column(0, 0, _WIDTHS["IRI"], self._text)
        self._heading(sheet, 0, IRI_HEADING, "Identifies the entry. Leave it as it is; a new row "
                      "without one gets its IRI from its label.")  # fmt: skip
        heights = [1] * len(lines)
        for number, row in enumerate(lines, 1):
            sheet.write_string(number, 0, row.exported.iri, self._locked)
        place = 1
        for index, column in enumerate(plan.columns):
            width = self._width(column, [row.cells[index] for row in lines])
            style = self._style(column)
            size = _WIDTHS["long" if _is_long(column) else "short"]
            size = _WIDTHS["Code"] if isinstance(column, ValueColumn) and not index else size
            sheet.set_column(place, place + width - 1, size, style)
            for repeat in range(width):
                name = column.heading if not repeat else f"{column.heading} ({repeat + 1})"
                self._heading(sheet, place + repeat, name, _note(column))
            for number, row in enumerate(lines, 1):
                editable = row.exported.iri in own or isinstance(column, ReferenceColumn)
                texts = row.cells[index]
                for repeat in range(width):
                    text = texts[repeat] if repeat < len(texts) else ""
                    _write(sheet, number, place + repeat, text, column,
                           style if editable else self._locked)  # fmt: skip
                    heights[number - 1] = max(heights[number - 1], line_count(text, size))
            self._choices(sheet, (1, place, last, place + width - 1), column, sizes)
            place += width
        for number, height in enumerate(heights, 1):
            if height > 1:
                sheet.set_row(number, row_height(height))
        sheet.freeze_panes(1, 3)
        sheet.autofilter(0, 0, max(len(lines), 1), place - 1)
        sheet.protect("", _ALLOWED)

    def _width(self, column: Column, cells: Sequence[Sequence[str]]) -> int:
        """How many times a column is repeated: as often as an entry needs it, and once more."""
        most = max(map(len, cells), default=0)
        repeated = isinstance(column, ReferenceColumn) and column.repeated
        return max(most + repeated, 1)

    def _style(self, column: Column) -> Format:
        number = isinstance(column, ValueColumn) and column.datatype == _INTEGER
        return self._number if number else self._text

    def _heading(self, sheet: Worksheet, place: int, text: str, note: str) -> None:
        sheet.write_string(0, place, text, self._head)
        sheet.write_comment(0, place, note, {"x_scale": 2})

    def _choices(
        self, sheet: Worksheet, area: tuple[int, int, int, int], column: Column,
        sizes: Mapping[str, int],
    ) -> None:  # fmt: skip
        """The drop-down list of a column, if its values are to be chosen."""
        boolean = isinstance(column, ValueColumn) and column.datatype == _BOOLEAN
        if boolean or isinstance(column, MemberColumn):
            sheet.data_validation(*area, {"validate": "list", "source": [YES, NO]})
        elif isinstance(column, ReferenceColumn):
            title = self._sheets.by_kind[column.kind].title.replace("'", "''")
            last = sizes[column.kind] + _SPARE_ROWS + 1
            sheet.data_validation(*area, {
                "validate": "list",
                "source": f"='{title}'!$C$2:$C${last}",
                "error_type": "warning",
                "error_title": "Not in the list",
                "error_message": "Choose an entry from the list, or write its code.",
            })  # fmt: skip

    def matrix(self, heads: Sequence[str], lines: Sequence[SheetRow]) -> None:
        """The sheet of ticks: the names of its columns, and its rows."""
        sheet = self._book.add_worksheet(MATRIX)
        matrix = self._sheets.matrix
        self._heading(sheet, 0, self._sheets.by_kind[matrix.rows].title, matrix.column.note)
        sheet.set_column(0, 0, _WIDTHS["short"] * 1.5, self._text)
        sheet.set_column(1, max(len(heads), 1), _WIDTHS["tick"] * 2, self._tick)
        for place, head in enumerate(heads, 1):
            sheet.write_string(0, place, head[:MAX_CELL_LENGTH], self._turned)
        for number, row in enumerate(lines, 1):
            sheet.write_string(number, 0, row.exported.name[:MAX_CELL_LENGTH], self._head)
            for place, (mark,) in enumerate(row.cells, 1):
                if mark:
                    sheet.write_string(number, place, mark, self._tick)
        area = (1, 1, len(lines) + _SPARE_ROWS, len(heads) + _SPARE_ROWS // 50)
        sheet.data_validation(*area, {"validate": "list", "source": [TICK]})
        sheet.freeze_panes(1, 1)
        sheet.set_row(0, 120)

    def links(self, title: str, lines: Iterable[tuple[str, ...]]) -> None:
        """The sheet of links to other frameworks, to read."""
        found = list(lines)
        if not found:
            return
        sheet = self._book.add_worksheet(title)
        heads = ("Name", "Code", "Match", "Corresponds to", "Code there", "IRI there")
        for number, line in enumerate((heads, *found)):
            for place, text in enumerate(line):
                style = self._locked if number else self._head
                sheet.write_string(number, place, text[:MAX_CELL_LENGTH], style)
        sheet.set_column(0, len(heads) - 1, _WIDTHS["short"])
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(found), len(heads) - 1)
        sheet.protect("", _ALLOWED)

    def exported(self, lines: Iterable[Exported]) -> None:
        """The hidden sheet that records what was exported."""
        sheet = self._book.add_worksheet(EXPORTED)
        for number, line in enumerate((Exported("Sheet", "IRI", "Shown", "State", "Name"), *lines)):
            for place, text in enumerate(line):
                sheet.write_string(number, place, text)
        sheet.protect("")
        sheet.hide()


def _write(
    sheet: Worksheet, row: int, place: int, text: str, column: Column, style: Format
) -> None:
    if not text:
        sheet.write_blank(row, place, None, style)
    elif isinstance(column, ValueColumn) and column.datatype == _INTEGER and _is_number(text):
        sheet.write_number(row, place, int(text), style)
    else:
        sheet.write_string(row, place, text[:MAX_CELL_LENGTH], style)


def _is_number(text: str) -> bool:
    """Whether a whole number survives as one: written in the usual form, and not too large."""
    return text.lstrip("-").isdecimal() and len(text) < 15 and str(int(text)) == text


def _is_long(column: Column) -> bool:
    return column.predicate.endswith(("definition", "description", "example", "scopeNote"))


def _note(column: Column) -> str:
    return f"{column.note} (Required.)" if column.required else column.note
