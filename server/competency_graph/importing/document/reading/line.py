"""A line of a document, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What the format says about a line."""

    TEXT = "text"
    HEADING = "heading"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a text file or of a page, or a paragraph or table row of an office document.

    Args:
        number: its number in the document, from 1; lines of one paragraph share it.
        text: its text as written.
        kind: what the format says about it.
        level: the indentation in characters, or the depth in a list, from 0.
        cells: the texts of a table row.
        page: the page that it is on, from 1; 0 if unknown.
    """

    number: int
    text: str
    kind: Kind = Kind.TEXT
    level: int = 0
    cells: tuple[str, ...] = ()
    page: int = 0

    @property
    def blank(self) -> bool:
        """Whether it has no text."""
        return not self.text.strip() and not self.cells


@dataclass(frozen=True)
class Text:
    """The lines of a document.

    Args:
        lines: all lines in order, with the blank ones.
        unit: what a line number counts: “line” or “paragraph”.
        wrapped: whether a paragraph may go on over several lines.
        fill: how full a line is at least, before it is wrapped, as a part of the longest line;
            1 if lines are filled with whole words.
    """

    lines: tuple[Line, ...]
    unit: str = "line"
    wrapped: bool = False
    fill: float = 1.0
