"""Joins the names that a document uses for one entry, by evidence.

Lists, tables and headings name the same entries in the same order, but not always in the same
words. Equal names are joined first. What remains between two of them is joined by its position,
and what has no counterpart there by likeness.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from unicodedata import normalize

from rapidfuzz import fuzz, process

_MAX_COMPARISONS: Final = 2_000_000
"""The most comparisons of names for one list; beyond it, only equal names and positions count."""
_ALIKE: Final = 40
"""The least likeness, in percent, that confirms a position."""
_LIKE: Final = 75
"""The least likeness, in percent, of names that are joined without regard to their position."""


class Evidence(StrEnum):
    """Why a name is taken for that of an entry."""

    SAME = "the name is the same"
    DECIDED = "your corrections say so"
    ABBREVIATED = "it is an abbreviation"
    BOTH = "it is in the same place, and the most similar name"
    POSITION = "it is in the same place, but the names do not confirm that"
    LIKENESS = "it is the most similar name, in another place"


CERTAIN: Final = (Evidence.SAME, Evidence.DECIDED, Evidence.ABBREVIATED, Evidence.BOTH)
"""The evidence that needs no decision."""


@dataclass(frozen=True)
class Joined:
    """What a name was taken for.

    Args:
        index: the position of the entry; None if there is none.
        evidence: why.
    """

    index: int | None
    evidence: Evidence = Evidence.SAME


def normal(name: str) -> str:
    """A name for comparison: without case, punctuation and accents."""
    plain = normalize("NFKD", name).casefold().replace("&", " and ")
    plain = re.sub(r"['’‘`]", "", plain)
    letters = "".join(c for c in plain if not 0x300 <= ord(c) <= 0x36F)
    return " ".join(re.findall(r"\w+", letters))


def join(
    mentions: Sequence[str], names: Sequence[str], decided: Mapping[str, str] | None = None
) -> list[Joined]:
    """Find the entry that each name stands for.

    Args:
        mentions: the names of a list or table, in its order.
        names: the names of the entries, in the order of the document.
        decided: what corrections say: the name of an entry by that of a mention, both `normal`.
    """
    plain = [normal(name) for name in names]
    by_name = {name: index for index, name in reversed(list(enumerate(plain)))}
    found: list[Joined | None] = []
    for mention in mentions:
        said = normal(mention)
        if decided and said in decided:
            index = by_name.get(decided[said])
            found.append(None if index is None else Joined(index, Evidence.DECIDED))
        else:
            found.append(Joined(by_name[said]) if said in by_name else None)
    free = dict.fromkeys(range(len(names)))
    for each in found:
        if each is not None and each.index is not None:
            free.pop(each.index, None)
    few = sum(each is None for each in found) * len(names) <= _MAX_COMPARISONS
    all_names = dict(enumerate(plain))
    for first, last, low, high in _gaps(found, len(names)):
        candidates = [index for index in range(low + 1, high) if index in free]
        if len(candidates) != last - first:
            continue
        for at, index in zip(range(first, last), candidates, strict=True):
            best = _best(normal(mentions[at]), all_names) if few else None
            both = best is not None and best[0] == index and best[1] >= _ALIKE
            found[at] = Joined(index, Evidence.BOTH if both else Evidence.POSITION)
            free.pop(index)
    for at, joined in enumerate(found):
        if joined is None and few:
            best = _best(normal(mentions[at]), {index: plain[index] for index in free})
            if best and best[1] >= _LIKE:
                found[at] = Joined(best[0], Evidence.LIKENESS)
                free.pop(best[0])
    return [each or Joined(None) for each in found]


def _gaps(found: Sequence[Joined | None], count: int) -> Iterator[tuple[int, int, int, int]]:
    """The runs of names without entry: first, one after last, and the entries around them."""
    at = 0
    while at < len(found):
        if found[at] is not None:
            at += 1
            continue
        end = at
        while end < len(found) and found[end] is None:
            end += 1
        before = found[at - 1] if at else Joined(-1)
        after = found[end] if end < len(found) else Joined(count)
        low = before.index if before else None
        high = after.index if after else None
        if low is not None and high is not None and low < high:
            yield at, end, low, high
        at = end


def _best(name: str, names: Mapping[int, str]) -> tuple[int, float] | None:
    """The most similar name, and how similar it is in percent."""
    best = process.extractOne(name, names, scorer=fuzz.token_sort_ratio)
    return (best[2], best[1]) if best else None
