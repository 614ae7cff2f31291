"""Cycles in a hierarchy of concepts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet


def cycles(broader: Mapping[str, AbstractSet[str] | Mapping[str, None]]) -> Iterator[list[str]]:
    """The cycles that a walk from each concept to its broader ones runs into, each once.

    Args:
        broader: the broader concepts of each concept.

    Yields:
        The concepts of a cycle, from the one at which it was found, which is also the last.
    """
    done: set[str] = set()
    for start in broader:
        if start in done:
            continue
        path: dict[str, int] = {start: 0}
        open_ = [iter(broader[start])]
        while open_:
            above = next(open_[-1], None)
            if above is None:
                open_.pop()
                done.add(path.popitem()[0])
            elif above in path:
                yield [*list(path)[path[above] :], above]
            elif above not in done and above in broader:
                path[above] = len(path)
                open_.append(iter(broader[above]))
