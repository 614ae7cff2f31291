"""Reads tables as rows of strings: CSV, tab-separated text, and Excel workbooks."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Final

from competency_graph.errors import UnreadableInputError
from competency_graph.importing.downloads import DAMAGE, File, damaged, size_refusal

_MAX_CELL_LENGTH = 1_000_000
"""The maximum length of a cell, in characters."""
_MAX_WORKBOOK_BYTES = 256 * 1024**2
"""The maximum size of a workbook, unpacked, in bytes, as it is read into memory."""
_DAMAGED_REMEDY = "Download it again: it is truncated or damaged"
ENDINGS: Final = ("csv", "txt", "xlsx")
"""The file endings of tables."""


def rows(
    file: File,
    needed: Sequence[str],
    wanted: Sequence[str] = (),
    renamed: Mapping[str, str] | None = None,
    ragged: bool = False,
) -> Iterator[list[str]]:
    """Yield the cells of some columns, row by row.

    Args:
        file: the table; its first row contains the column names.
        needed: required columns.
        wanted: optional columns; if one is missing, its cells are "".
        renamed: renamed columns: names in the file, mapped to the names used here.
        ragged: whether rows may lack cells at their end.

    Returns:
        The cells in the order of ``needed`` and ``wanted``, stripped of white space.

    Raises:
        UnreadableInputError: it cannot be read, lacks a column, or ends in the middle of a row.
    """
    lines = _lines(file)
    number, head = next(lines, (1, []))
    names = [(renamed or {}).get(name, name) for name in (cell.strip() for cell in head)]
    missing = [name for name in needed if name not in names]
    if missing:
        raise UnreadableInputError(
            f"this table lacks the column “{missing[0]}”",
            "Check that this is the file as it was downloaded",
            file.where,
            number,
        )
    width = len(names)
    places = [names.index(name) if name in names else width for name in (*needed, *wanted)]
    for number, cells in lines:
        if len(cells) != width:
            if not cells:
                continue  # an empty line
            if len(cells) > width or not ragged:
                raise UnreadableInputError(
                    f"this row has {len(cells)} cells, but the table has {width} columns",
                    _DAMAGED_REMEDY,
                    file.where,
                    number,
                )
            cells += [""] * (width - len(cells))
        cells.append("")  # the value of missing columns
        yield [cells[place].strip() for place in places]


def column_names(file: File) -> list[str]:
    """The column names in the first row of a table.

    Raises:
        UnreadableInputError: it cannot be read.
    """
    _, head = next(_lines(file), (1, []))
    return [cell.strip() for cell in head]


Lines = Iterator[tuple[int, list[str]]]
"""Rows with their line numbers."""


def _lines(file: File) -> Lines:
    return _workbook_rows(file) if file.ending == "xlsx" else _text_rows(file)


def _text_rows(file: File) -> Lines:
    with file.open() as binary:
        text = _LastLineKeeper(io.TextIOWrapper(binary, encoding="utf-8-sig", newline=""))
        csv.field_size_limit(_MAX_CELL_LENGTH)
        if file.ending == "csv":
            reader = csv.reader(text, strict=True)
        else:
            reader = csv.reader(text, delimiter="\t", quoting=csv.QUOTE_NONE)
        try:
            for row in reader:
                yield reader.line_num, row
            if text.last and not text.last.endswith(("\n", "\r")):
                raise UnreadableInputError(
                    "the last line has no line ending, so the file may be truncated",
                    "Download it again; or, if it is complete, add a line ending",
                    file.where,
                    reader.line_num,
                )
        except UnicodeDecodeError:
            raise UnreadableInputError(
                "the file is not UTF-8 text near this line",
                "Use the file as you downloaded it; another program has changed it since",
                file.where,
                reader.line_num + 1,
            ) from None
        except csv.Error as error:
            raise UnreadableInputError(
                f"this is not CSV ({error})", _DAMAGED_REMEDY, file.where, reader.line_num
            ) from None
        except DAMAGE as error:
            raise damaged(file.where, error) from None


class _LastLineKeeper:
    """Iterates over lines and remembers the last one."""

    def __init__(self, text: Iterable[str]) -> None:
        self._text_rows = iter(text)
        self.last = ""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        self.last = next(self._text_rows)
        return self.last


def _workbook_rows(file: File) -> Lines:
    from python_calamine import CalamineError, CalamineWorkbook

    with file.open() as binary:
        content = io.BytesIO(_read_bounded(binary, file.where))
    try:
        with zipfile.ZipFile(content) as archive:
            refusal = size_refusal(archive.infolist(), _MAX_WORKBOOK_BYTES)
        if refusal:
            raise UnreadableInputError(refusal, "Check where it comes from", file.where)
        content.seek(0)
        sheet = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0)
    except (CalamineError, *DAMAGE) as error:
        raise UnreadableInputError(
            f"this is not an Excel workbook, or it is incomplete ({error})",
            _DAMAGED_REMEDY,
            file.where,
        ) from None
    for number, row in enumerate(sheet.iter_rows(), 1):
        yield number, list(map(_cell_text, row))


def _read_bounded(file: IO[bytes], where: str) -> bytes:
    try:
        content = file.read(_MAX_WORKBOOK_BYTES + 1)
    except DAMAGE as error:
        raise damaged(where, error) from None
    if len(content) > _MAX_WORKBOOK_BYTES:
        raise UnreadableInputError(
            f"this workbook has more than {_MAX_WORKBOOK_BYTES:,} bytes",
            "Use the same table as tab-separated text",
            where,
        )
    return content


def _cell_text(value: object) -> str:
    """A cell as in the text edition of the table: whole numbers without decimal point."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
