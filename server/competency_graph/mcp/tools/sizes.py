"""Keeps results small, as an assistant reads each of them in full."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Mapping
from typing import Any, Final

from competency_graph.errors import LimitError

MAX_CHARACTERS: Final = 20_000
"""The maximum length of a result as JSON, in characters: 5,000 to 7,000 tokens."""


def as_text(result: Mapping[str, Any]) -> str:
    """A result as compact JSON."""
    return json.dumps(result, ensure_ascii=False, separators=(",", ":"))


def fitting(result: Callable[[int], dict[str, Any]], limit: int) -> dict[str, Any]:
    """A result with as many items of its lists as fit into `MAX_CHARACTERS`.

    Args:
        result: the result with at most this many items, of which there are more if it is larger.
        limit: the maximum number of items.
    """
    found = result(limit)
    if len(as_text(found)) <= MAX_CHARACTERS:
        return found
    fits = bisect_right(range(1, limit), MAX_CHARACTERS, key=lambda n: len(as_text(result(n))))
    return result(max(fits, 1))


def left_out(totals: Mapping[str, int], listed: int, limit: int, most: int) -> str:
    """What a result leaves out of its lists; "" if nothing.

    Args:
        totals: how many items each list has, by its name.
        listed: how many of each are listed at most.
        limit: how many were asked for.
        most: how many may be asked for.
    """
    cut = [f"{listed} of {total} {name}" for name, total in totals.items() if total > listed]
    if not cut:
        return ""
    if listed < limit:
        rest = "more would be too long for one result, so run the query"
    elif limit < most:
        rest = f"raise limit (up to {most}) or run the query"
    else:
        rest = "run the query"
    return f"{', '.join(cut)} are listed; for the rest, {rest}"


def check_size(result: Mapping[str, Any], remedy: str) -> None:
    """Refuse a result that is too long.

    Args:
        result: the result.
        remedy: how to get less, as a sentence without full stop.

    Raises:
        LimitError: it is longer than `MAX_CHARACTERS`.
    """
    length = len(as_text(result))
    if length > MAX_CHARACTERS:
        raise LimitError(
            f"the result has {length:,} characters, and the limit is {MAX_CHARACTERS:,}",
            remedy,
            limit="answer",
        )
