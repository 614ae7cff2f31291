"""Positions of the protocol: lines and columns from 0, columns in the units negotiated."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Final

from lsprotocol import types

_LINE_END: Final = re.compile(r"\r\n|\n|\r")
_UNITS: Final[dict[str, tuple[str, int]]] = {
    "utf-8": ("utf-8", 1),
    "utf-16": ("utf-16-le", 2),
    "utf-32": ("utf-32-le", 4),
}
"""For each encoding the codec, and the bytes of a unit (LSP 3.17, “Position”)."""


class Positions:
    """Converts between the offsets of a text, in characters, and the protocol's positions.

    Args:
        text: the text; its lines end in LF, CR LF or CR, and in nothing else.
        encoding: ``utf-8``, ``utf-16`` or ``utf-32``.
    """

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self._text = text
        self._codec, self._size = _UNITS[encoding]
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        self._plain = text.isascii()

    def offset(self, position: types.Position) -> int:
        """The offset of a position; beyond the end of a line, that of its end."""
        if position.line >= len(self._starts):
            return len(self._text)
        start = self._starts[position.line]
        line = self._line(position.line)
        if self._plain:
            return start + min(position.character, len(line))
        units = line.encode(self._codec)[: position.character * self._size]
        return start + len(units.decode(self._codec, errors="ignore"))

    def position(self, offset: int) -> types.Position:
        """The position of an offset."""
        line = bisect_right(self._starts, offset) - 1
        before = self._text[self._starts[line] : offset]
        units = len(before) if self._plain else len(before.encode(self._codec)) // self._size
        return types.Position(line, units)

    def range(self, start: int, end: int) -> types.Range:
        """The range between two offsets."""
        return types.Range(self.position(start), self.position(end))

    def at(self, line: int, column: int) -> int:
        """The offset of a line and column, both counted from 1, the column in characters."""
        if line > len(self._starts):
            return len(self._text)
        start = self._starts[line - 1]
        return min(start + max(column - 1, 0), start + len(self._line(line - 1)))

    def line_range(self, line: int) -> tuple[int, int]:
        """The offsets of the text of a line, counted from 0, without the space that indents it."""
        text = self._line(line)
        start = self._starts[line] + len(text) - len(text.lstrip())
        return start, self._starts[line] + len(text.rstrip())

    def _line(self, number: int) -> str:
        """A line without its line ending."""
        last = number + 1 == len(self._starts)
        end = len(self._text) if last else self._starts[number + 1]
        text = self._text[self._starts[number] : end]
        return text.rstrip("\r\n") if not last else text


def with_line_ends_of(text: str, new: str) -> str:
    """A new part of a text, with CR LF at the end of its lines if the text has them."""
    return re.sub(r"\r?\n", "\r\n", new) if "\r\n" in text else new
