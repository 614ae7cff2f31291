"""The text layer of PDF (ISO 32000). Scanned pages without one have no text to read."""

from __future__ import annotations

from pathlib import Path

from competency_graph.errors import CompetencyError, UnreadableInputError
from competency_graph.importing.document.reading.limits import (
    MAX_BYTES,
    MAX_PAGES,
    damaged,
    library,
)
from competency_graph.importing.document.reading.line import Line, Text
from competency_graph.importing.document.reading.plain_text import is_wrapped

_FILL = 0.8
"""How full a wrapped line is at least: letters differ in width."""


def read(path: Path) -> Text:
    """Read the text layer, laid out as on the page.

    Raises:
        UnreadableInputError: it is damaged or encrypted, has no text layer, or is larger than the
            limits allow.
        UnavailableError: pypdf is not installed.
    """
    pypdf = library("pypdf", path)
    lines: list[Line] = []
    size = 0
    try:
        pages = pypdf.PdfReader(str(path)).pages
        if len(pages) > MAX_PAGES:
            raise UnreadableInputError(
                f"there are more than {MAX_PAGES:,} pages", "Split the document", str(path)
            )
        for page, content in enumerate(pages, 1):
            text = content.extract_text(extraction_mode="layout", layout_mode_strip_rotated=True)
            size += len(text)
            if size > MAX_BYTES:
                raise UnreadableInputError(
                    f"the text has more than {MAX_BYTES:,} characters", "Split it", str(path)
                )
            for line in text.replace("\0", "").split("\n"):
                level = len(line) - len(line.lstrip())
                lines.append(Line(len(lines) + 1, line, level=level, page=page))
    except CompetencyError:
        raise
    except Exception as error:  # noqa: BLE001  (the library raises many kinds)
        raise damaged(path, error) from None
    if all(line.blank for line in lines):
        raise UnreadableInputError(
            "the pages have no text layer, only pictures",
            "Recognise the text first (OCR), or use another version of the document",
            str(path),
        )
    return Text(tuple(lines), wrapped=is_wrapped(lines), fill=_FILL)
