"""OpenDocument text (ISO/IEC 26300): paragraphs, lists, headings and tables.

Headers, footers, footnotes, comments and deleted text are not part of the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from competency_graph.importing.document.reading.limits import (
    MAX_BYTES,
    check_archive,
    damaged,
    library,
)
from competency_graph.importing.document.reading.line import Kind, Line, Text

_MAX_REPEATED_CELLS = 1_000
_NOT_TEXT = {
    "text:note", "office:annotation", "text:tracked-changes", "text:sequence-decls",
    "office:forms", "text:index-title-template", "text:table-of-content-source",
}  # fmt: skip
_CHARACTERS = {"text:tab": "\t", "text:line-break": "\n"}


def read(path: Path) -> Text:
    """Read an OpenDocument text.

    Raises:
        UnreadableInputError: it is damaged, or larger than the limits allow.
        UnavailableError: odfdo is not installed.
    """
    odfdo = library("odfdo", path)
    check_archive(path)
    try:
        body = odfdo.Document(str(path)).body
        lines = []
        for number, (kind, level, texts) in enumerate(_paragraphs(body, 0, Kind.TEXT), 1):
            if kind == Kind.ROW:
                lines.append(Line(number, "\t".join(texts), kind, cells=tuple(texts)))
            else:
                lines += [Line(number, text, kind, level) for text in texts[0].split("\n")]
    except Exception as error:  # noqa: BLE001  (the library raises many kinds)
        raise damaged(path, error) from None
    return Text(tuple(lines), unit="paragraph")


def _paragraphs(parent: Any, depth: int, kind: Kind) -> Iterator[tuple[Kind, int, list[str]]]:  # noqa: ANN401
    """The kind, the depth in a list and the text of each paragraph, and the cells of each row."""
    for element in parent.children:
        match element.tag:
            case "text:h":
                yield Kind.HEADING, 0, [_text(element)]
            case "text:p":
                yield kind, depth, [_text(element)]
            case "text:list":
                inner = depth + 2 if kind == Kind.ITEM else depth
                yield from _paragraphs(element, inner, Kind.ITEM)
            case "table:table-row":
                yield Kind.ROW, 0, list(_cells(element))
            case tag if tag not in _NOT_TEXT:
                yield from _paragraphs(element, depth, kind)


def _cells(row: Any) -> Iterator[str]:  # noqa: ANN401
    for cell in row.children:
        text = " ".join(part for _, _, texts in _paragraphs(cell, 0, Kind.TEXT) for part in texts)
        repeated = int(cell.get_attribute("table:number-columns-repeated") or 1)
        yield from [text] * min(repeated, _MAX_REPEATED_CELLS)


def _text(element: Any) -> str:  # noqa: ANN401
    parts = [element.text or ""]
    for child in element.children:
        if child.tag == "text:s":
            parts.append(" " * min(int(child.get_attribute("text:c") or 1), MAX_BYTES))
        elif child.tag in _CHARACTERS:
            parts.append(_CHARACTERS[child.tag])
        elif child.tag not in _NOT_TEXT:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)
