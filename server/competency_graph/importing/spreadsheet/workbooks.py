"""Reads Office Open XML workbooks: values by calamine, and which cells formulas compute."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from competency_graph.errors import UnreadableInputError
from competency_graph.importing.downloads import DAMAGE, size_refusal
from competency_graph.importing.spreadsheet.tables import MAX_CELLS, Position, Table
from competency_graph.rdf.parsing import read_bytes

_MAX_UNPACKED_BYTES: Final = 256 * 1024**2
"""The maximum size of a workbook, unpacked, in bytes, as it is read into memory."""
_FORMULA: Final = re.compile(
    rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*>\s*<(?:\w+:)?f[\s/>]'
)
_DECLARATION: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_RELATIONSHIP_ID: Final = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_SAVE_AGAIN: Final = "Save it again as an Excel workbook (.xlsx)"


def read_workbook(path: Path) -> list[Table]:
    """Read the sheets of a workbook, also hidden ones.

    Raises:
        UnreadableInputError: it cannot be read, is not an Office Open XML workbook, has a password,
            or is suspiciously large, or declares XML entities.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    content, where = read_bytes(path), str(path)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableInputError(
            "this workbook has a password, or the format of Excel 97",
            "Remove the password, and save it as an Excel workbook (.xlsx)", where,
        )  # fmt: skip
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if refusal := size_refusal(members, _MAX_UNPACKED_BYTES):
                raise UnreadableInputError(refusal, "Check where it comes from", where)
            parts = {
                info.filename: archive.read(info)
                for info in members
                if info.filename.startswith("xl/") and info.filename.endswith((".xml", ".rels"))
            }
        if "xl/workbook.xml" not in parts:
            raise UnreadableInputError("this is not an Excel workbook", _SAVE_AGAIN, where)
        _refuse_declarations(parts, where)
        formulas = dict(_formulas(parts))
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [_table(book, name, formulas.get(name, frozenset()), where)
                for name in book.sheet_names]  # fmt: skip
    except (CalamineError, ElementTree.ParseError, *DAMAGE) as error:
        raise UnreadableInputError(
            f"this is not an Excel workbook, or it is incomplete ({error})", _SAVE_AGAIN, where
        ) from None


def _table(book: object, name: str, formulas: frozenset[Position], where: str) -> Table:
    from python_calamine import CalamineWorkbook

    assert isinstance(book, CalamineWorkbook)  # noqa: S101
    sheet = book.get_sheet_by_name(name)
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        raise UnreadableInputError(
            f"the sheet “{name}” has {sheet.total_height:,} rows and {sheet.total_width:,} columns",
            "Delete the empty rows and columns after its content, or divide it", where,
        )  # fmt: skip
    rows = sheet.to_python(skip_empty_area=False)
    return Table(name, rows, formulas=formulas, merged=sheet.merged_cell_ranges or [])


def _refuse_declarations(parts: Mapping[str, bytes], where: str) -> None:
    """Refuse document type declarations, which workbooks never have, as they can expand."""
    for name, content in parts.items():
        if _DECLARATION.search(content):
            raise UnreadableInputError(
                f"“{name}” in this workbook declares XML entities", "Check where it comes from",
                where,
            )  # fmt: skip


def _formulas(parts: Mapping[str, bytes]) -> Iterator[tuple[str, frozenset[Position]]]:
    """The cells of each sheet that formulas compute (ECMA-376, part 1, section 18.3.1.40)."""
    book = ElementTree.fromstring(parts.get("xl/workbook.xml", b"<none/>"))  # noqa: S314  (no entities)
    links = ElementTree.fromstring(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"))  # noqa: S314
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in book.iter():
        if sheet.tag.rpartition("}")[2] != "sheet":
            continue
        identifier = next((sheet.get(name) for name in _RELATIONSHIP_ID if sheet.get(name)), None)
        target = targets.get(identifier, "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        found = _FORMULA.finditer(parts.get(part, b""))
        yield (
            sheet.get("name", ""),
            frozenset((int(cell[2]) - 1, _column(cell[1].decode())) for cell in found),
        )


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
