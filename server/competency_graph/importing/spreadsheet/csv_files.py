"""Reads CSV files as spreadsheet programs write them: their encodings and their separators."""

from __future__ import annotations

import codecs
import csv
import io
import re
from pathlib import Path
from typing import Final

from competency_graph.errors import BadValueError, UnreadableInputError
from competency_graph.importing.spreadsheet.findings import ASSUMED_ENCODING, Findings
from competency_graph.importing.spreadsheet.tables import MAX_CELLS, Table
from competency_graph.rdf.parsing import read_bytes
from competency_graph.rdf.spreadsheets import unescaped

_MAX_BYTES: Final = 256 * 1024**2
"""The maximum size of a file, in bytes, as it is read into memory."""
_MAX_CELL_LENGTH: Final = 1_000_000
_SEPARATORS: Final = {"comma": ",", "semicolon": ";", "tab": "\t"}
_MARKS: Final = {
    codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip
_WINDOWS: Final = "windows-1252"


def read_csv(path: Path, findings: Findings, encoding: str = "", separator: str = "") -> Table:
    """Read a CSV file.

    Args:
        path: the file.
        findings: receives a finding if the encoding had to be assumed.
        encoding: its encoding; "" for the one of its byte order mark, else UTF-8, else
            Windows-1252, which is reported.
        separator: ``comma``, ``semicolon`` or ``tab``; "" for the most frequent one in its first
            line.

    Raises:
        UnreadableInputError: it cannot be read, or is not text in this encoding, or not CSV.
        BadValueError: there is no such encoding or separator.
    """
    content, where = read_bytes(path), str(path)
    if len(content) > _MAX_BYTES:
        raise UnreadableInputError(
            f"the file has more than {_MAX_BYTES:,} bytes", "Divide it", where
        )
    text = _decoded(content, encoding, where, findings)
    if separator and separator not in _SEPARATORS:
        raise BadValueError(
            f"“{separator}” is not a separator", f"Use one of {', '.join(_SEPARATORS)}"
        )
    mark = _SEPARATORS[separator] if separator else _most_frequent(text)
    csv.field_size_limit(_MAX_CELL_LENGTH)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    rows, lines, cells, line = [], [], 0, 1
    try:
        for row in reader:
            rows.append([unescaped(cell) for cell in row])
            lines.append(line)
            line, cells = reader.line_num + 1, cells + len(row)
            if cells > MAX_CELLS:
                raise UnreadableInputError(
                    f"the file has more than {MAX_CELLS:,} cells", "Divide it", where
                )
    except csv.Error as error:
        raise UnreadableInputError(
            f"this is not CSV ({error})", "Check the quotation marks in this row", where, line
        ) from None
    return Table("", rows, lines)


def _decoded(content: bytes, encoding: str, where: str, findings: Findings) -> str:
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), "")
    if encoding:
        try:
            codecs.lookup(encoding)
        except LookupError:
            raise BadValueError(
                f"“{encoding}” is not an encoding", "Use one such as utf-8 or windows-1252"
            ) from None
    chosen = encoding or marked or "utf-8"
    try:
        return content.decode("utf-8-sig" if chosen.lower() in ("utf-8", "utf8") else chosen)
    except (UnicodeError, ValueError) as error:
        place = error.start if isinstance(error, UnicodeDecodeError) else 0
    line = content.count(b"\n", 0, place) + 1
    if encoding or marked:
        raise UnreadableInputError(
            f"the file is not text in {chosen}", "Give its encoding with --encoding", where, line
        )
    try:
        text = content.decode(_WINDOWS)
    except UnicodeDecodeError:
        raise UnreadableInputError(
            "the file is neither UTF-8 text nor Windows-1252",
            "Give its encoding with --encoding, or save it as “CSV UTF-8”", where, line,
        ) from None  # fmt: skip
    shown = text.splitlines()[line - 1].strip()[:60] if text.splitlines()[line - 1 :] else ""
    findings.add(
        ASSUMED_ENCODING, "", line, 0,
        f"The file is not UTF-8 text, so it is read as Windows-1252. This line then is “{shown}”.",
        "If that is right, give --encoding windows-1252; else name the right encoding, or save the "
        "file as “CSV UTF-8”.",
    )  # fmt: skip
    return text


def _most_frequent(text: str) -> str:
    """The separator that occurs most often in the first line, outside quotation marks."""
    first = re.sub(r'"[^"]*"', "", text[: text.find("\n")] if "\n" in text else text)
    return max(_SEPARATORS.values(), key=lambda mark: (first.count(mark), mark == ","))
