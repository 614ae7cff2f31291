"""Source lines as shown with findings, with invisible and deceptive characters replaced."""

from __future__ import annotations

from typing import NamedTuple
from unicodedata import bidirectional, category

from competency_graph.validation.findings import Place

WIDTH = 100
"""The number of characters shown of a line."""
_CONTEXT_BEFORE = 40
_BIDI_CONTROLS = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"))
"""The bidirectional classes of control characters that reorder the text shown."""


class Excerpt(NamedTuple):
    """The part of a source line that is shown.

    Args:
        before: the text before the marked part.
        marked: the part that the finding is about, "" if it is past the end of the line.
        after: the text after it.
    """

    before: str
    marked: str
    after: str


def visible(text: str, keep: str = "") -> str:
    """Replace characters that control a terminal or are invisible.

    Args:
        text: any text, possibly from an untrusted file.
        keep: control characters to keep.
    """
    if text.isprintable():
        return text
    return "".join(
        character if character in keep else _visible_character(character) for character in text
    )


def excerpt(place: Place) -> Excerpt:
    """The part of a line around a place; its beginning if the column is unknown."""
    text = place.text
    start = max(place.column - 1, 0)
    if not place.column or place.end_line > place.line:
        end = len(text.rstrip())
    else:
        end = max(place.end_column - 1, start + 1)
    left = max(0, min(start - _CONTEXT_BEFORE, len(text) - WIDTH))
    right = left + WIDTH
    return Excerpt(
        ("…" if left else "") + _visible_line(text[left : min(start, right)]),
        _visible_line(text[start : min(end, right)]),
        _visible_line(text[max(start, end) : right]) + ("…" if right < len(text) else ""),
    )


def _visible_line(text: str) -> str:
    return visible(text.replace("\t", "    "))


def _visible_character(character: str) -> str:
    if character < " ":
        return chr(0x2400 + ord(character))  # the symbol for the control character, such as ␛
    if (
        category(character) in ("Cc", "Cs", "Zl", "Zp")
        or bidirectional(character) in _BIDI_CONTROLS
    ):
        return "\N{REPLACEMENT CHARACTER}"
    return character
