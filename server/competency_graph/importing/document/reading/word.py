"""Word documents (Office Open XML, ISO/IEC 29500): paragraphs, lists, headings and tables.

Headers, footers, footnotes, comments and deleted text are not part of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from competency_graph.importing.document.reading.limits import check_archive, damaged, library
from competency_graph.importing.document.reading.line import Kind, Line, Text

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADING = re.compile(r"(?i)^(title|subtitle|heading \d+)$")
_CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}


def read(path: Path) -> Text:
    """Read a Word document.

    Raises:
        UnreadableInputError: it is damaged, or larger than the limits allow.
        UnavailableError: python-docx is not installed.
    """
    docx = library("docx", path)
    check_archive(path)
    try:
        document = docx.Document(str(path))
        return Text(tuple(_lines(document)), unit="paragraph")
    except Exception as error:  # noqa: BLE001  (the library raises many kinds)
        raise damaged(path, error) from None


def _lines(document: Any) -> Iterator[Line]:  # noqa: ANN401
    number = 0
    styles = {style.style_id: style for style in document.styles}
    for block in _blocks(document.element.body):
        number += 1
        if block.tag == f"{_W}p":
            kind, level = _kind(block, styles)
            for text in _text(block).split("\n"):
                yield Line(number, text, kind, level)
            continue
        for row in block.iter(f"{_W}tr"):
            cells = tuple(
                " ".join(_text(part) for part in cell.iter(f"{_W}p"))
                for cell in row.iter(f"{_W}tc")
            )
            yield Line(number, "\t".join(cells), Kind.ROW, cells=cells)
            number += 1
        number -= 1


def _blocks(parent: Any) -> Iterator[Any]:  # noqa: ANN401
    """The paragraphs and tables, also those in content controls and text boxes."""
    for element in parent:
        if element.tag in (f"{_W}p", f"{_W}tbl"):
            yield element
            if element.tag == f"{_W}p":
                for box in element.iter(f"{_W}txbxContent"):
                    if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                        yield from _blocks(box)
        elif element.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _blocks(element)


def _text(paragraph: Any) -> str:  # noqa: ANN401
    parts = []
    for element in paragraph.iter():
        if any(above.tag == f"{_W}txbxContent" for above in _between(element, paragraph)):
            continue
        if element.tag == f"{_W}t":
            parts.append(element.text or "")
        elif isinstance(element.tag, str) and element.getparent().tag == f"{_W}r":
            parts.append(_CHARACTERS.get(element.tag.removeprefix(_W), ""))
    return "".join(parts)


def _between(element: Any, end: Any) -> Iterator[Any]:  # noqa: ANN401
    for above in element.iterancestors():
        if above is end:
            return
        yield above


def _kind(paragraph: Any, styles: dict[str, Any]) -> tuple[Kind, int]:  # noqa: ANN401
    """The kind of a paragraph by its numbering and style, and its depth in a list."""
    style = styles.get(paragraph.style or "")
    properties = [paragraph.pPr]
    while style is not None:
        if _HEADING.match(style.name):
            return Kind.HEADING, 0
        if style.name.lower().startswith("list"):
            return Kind.ITEM, _depth(paragraph.pPr)
        properties.append(style.element.pPr)
        style = style.base_style
    for each in properties:
        if each is not None and each.numPr is not None:
            return Kind.ITEM, _depth(each)
    return Kind.TEXT, 0


def _depth(properties: Any) -> int:  # noqa: ANN401
    numbering = properties.numPr if properties is not None else None
    level = numbering.ilvl if numbering is not None else None
    return 2 * level.val if level is not None else 0
