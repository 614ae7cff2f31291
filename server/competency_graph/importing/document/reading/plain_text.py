"""Plain text in UTF-8."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from competency_graph.errors import UnreadableInputError
from competency_graph.importing.document.reading.line import Line, Text

UNWRAPPED_WIDTH: Final = 160
"""Lines longer than this, in characters, are paragraphs that were never wrapped."""
_TAB_WIDTH = 8


def read(path: Path) -> Text:
    """Read a text file; form feeds start pages.

    Raises:
        UnreadableInputError: it cannot be read, or is not text in UTF-8.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableInputError(
            f"the file cannot be read ({error.strerror})", "Check its permissions", str(path)
        ) from None
    return text_of(content, str(path))


def text_of(content: bytes, name: str) -> Text:
    """The lines of a text file.

    Args:
        content: its bytes.
        name: its name, for messages.

    Raises:
        UnreadableInputError: it is not text in UTF-8.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableInputError(
            "this line is not text in UTF-8",
            "Save the file as text in UTF-8",
            name,
            content.count(b"\n", 0, error.start) + 1,
        ) from None
    if "\0" in text:
        raise UnreadableInputError(
            "this line contains a null character",
            "Save the file as plain text",
            name,
            text.count("\n", 0, text.index("\0")) + 1,
        )
    lines, page = [], 1
    written = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    for number, line in enumerate(written.split("\n") if written else [], 1):
        page += line.count("\f")
        lines.append(_line(number, line.replace("\f", ""), page))
    return Text(tuple(lines), wrapped=is_wrapped(lines))


def is_wrapped(lines: list[Line]) -> bool:
    """Whether the lines of a text are short enough to have been wrapped."""
    return max((len(line.text) for line in lines), default=0) <= UNWRAPPED_WIDTH


def _line(number: int, text: str, page: int) -> Line:
    expanded = text.expandtabs(_TAB_WIDTH)
    return Line(number, text, level=len(expanded) - len(expanded.lstrip()), page=page)
