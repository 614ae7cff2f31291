"""How a finding is shown to a person: its source line, and no character that deceives."""

from __future__ import annotations

from typing import NamedTuple
from unicodedata import bidirectional, category

from competency_graph.validation.findings import Place

WIDTH = 100
"""How many characters of a line are shown; a line of a megabyte helps nobody."""
_BEFORE = 40
_REORDERING = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))
"""Bidirectional classes of the characters that make a text read as what it is not."""


class Excerpt(NamedTuple):
    """The part of a source line that is shown.

    Args:
        before: what stands before the stretch concerned.
        marked: the stretch, "" where it is past the line's end.
        after: what follows.
    """

    before: str
    marked: str
    after: str


def visible(text: str, keep: str = "") -> str:
    """The text with signs in place of characters that steer a terminal or do not show.

    Args:
        text: any text, from a file that nobody has read yet.
        keep: control characters that stay.
    """
    if text.isprintable():
        return text
    return "".join(sign if sign in keep else _shown(sign) for sign in text)


def excerpt(place: Place) -> Excerpt:
    """The part of its line that shows a place; all of it where no column is known."""
    text = place.text
    start = max(place.column - 1, 0)
    if not place.column or place.end_line > place.line:
        end = len(text.rstrip())
    else:
        end = max(place.end_column - 1, start + 1)
    left = max(0, min(start - _BEFORE, len(text) - WIDTH))
    right = left + WIDTH
    return Excerpt(
        ("…" if left else "") + _line(text[left : min(start, right)]),
        _line(text[start : min(end, right)]),
        _line(text[max(start, end) : right]) + ("…" if right < len(text) else ""),
    )


def _line(text: str) -> str:
    return visible(text.replace("\t", "    "))


def _shown(sign: str) -> str:
    if sign < " ":
        return chr(0x2400 + ord(sign))  # the picture of the control character, as ␛
    if category(sign) in ("Cc", "Cs", "Zl", "Zp") or bidirectional(sign) in _REORDERING:
        return "\N{REPLACEMENT CHARACTER}"
    return sign
