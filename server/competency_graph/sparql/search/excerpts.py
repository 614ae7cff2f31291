"""Which words of a text match, and the part of a long text around them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from competency_graph.sparql.search.normalization import WORD, plain

_MAX_CHARACTERS: Final = 180
"""The maximum length of an excerpt, but for the words at its ends."""
_BEFORE: Final = 60
"""How many characters before the first matching word an excerpt begins."""


class Part(NamedTuple):
    """A part of an excerpt.

    Args:
        text: the characters.
        marked: whether they are a word that matches.
    """

    text: str
    marked: bool = False


Places = Mapping[str, frozenset[int]]
"""The words to find, each with the places of the search text's words that it matches."""


def covered(text: str, places: Places) -> frozenset[int]:
    """The places of the search text's words that occur in a text."""
    found: set[int] = set()
    for word in WORD.findall(text):
        found |= places.get(plain(word), frozenset())
    return frozenset(found)


def marked(text: str, places: Places) -> tuple[Part, ...]:
    """A text in parts, with the matching words marked."""
    parts = []
    end = 0
    for word in WORD.finditer(text):
        if plain(word[0]) in places:
            if word.start() > end:
                parts.append(Part(text[end : word.start()]))
            parts.append(Part(word[0], True))
            end = word.end()
    if end < len(text):
        parts.append(Part(text[end:]))
    return tuple(parts)


def excerpt(text: str, places: Places) -> tuple[Part, ...]:
    """A text in parts as of `marked`; of a long text, the part around the first matching word."""
    if len(text) <= _MAX_CHARACTERS + _BEFORE:
        return marked(text, places)
    words = list(WORD.finditer(text))
    first = next((w.start() for w in words if plain(w[0]) in places), 0)
    wanted = max(first - _BEFORE, 0) if first > _MAX_CHARACTERS - _BEFORE else 0
    start = next((w.start() for w in words if w.start() >= wanted), 0) if wanted else 0
    end = max((w.end() for w in words if w.end() <= start + _MAX_CHARACTERS), default=len(text))
    cut = text[start:end] if end < words[-1].end() else text[start:]
    before = (Part("… "),) if start else ()
    after = (Part(" …"),) if len(cut) < len(text) - start else ()
    return (*before, *marked(cut, places), *after)
