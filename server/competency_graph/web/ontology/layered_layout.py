"""A drawing of a directed graph in columns, from left to right (Sugiyama, Tagawa and Toda, 1981).

Every edge leads from a column to a later one. Where it passes a column in between, it gets a place
there as nodes do, so that lines do not cross nodes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

GAP_BETWEEN_NODES: Final = 14.0
GAP_BETWEEN_LINES: Final = 10.0
_ROUNDS: Final = 12
"""How often nodes are moved towards their neighbours."""
_ONE_PASS: Final = 100
"""The number of nodes from which the order in a column is improved in one pass only."""


class Size(NamedTuple):
    """The size of a node."""

    width: float
    height: float


class Place(NamedTuple):
    """Where a node is: its left edge and its middle."""

    left: float
    middle: float


@dataclass(frozen=True)
class Layout:
    """Where everything is.

    Args:
        width: the width of the drawing.
        height: its height.
        places: the places of the nodes.
        lines: the points of each edge, from right edge to left edge of its nodes, from left to
            right; an edge that closes a cycle is drawn against its direction.
        reversed: the edges that are drawn against their direction.
    """

    width: float
    height: float
    places: Mapping[str, Place]
    lines: Mapping[tuple[str, str], Sequence[tuple[float, float]]]
    reversed: frozenset[tuple[str, str]]


def lay_out(
    sizes: Mapping[str, Size], edges: Iterable[tuple[str, str]], gap_between_columns: float = 25
) -> Layout:
    """Place the nodes of a graph.

    Args:
        sizes: the nodes with their sizes; their order decides where nothing else does.
        edges: the pairs of nodes that are connected; an edge from a node to itself is left out.
        gap_between_columns: the space between two columns.
    """
    given = list(dict.fromkeys(edge for edge in edges if edge[0] != edge[1]))
    backward = _edges_that_close_cycles(sizes, given)
    forward = [(b, a) if (a, b) in backward else (a, b) for a, b in given]
    ranks = _ranks(sizes, forward)
    columns, segments, chains = _columns(sizes, forward, ranks)
    _order(columns, segments)
    heights = {node: size.height for node, size in sizes.items()}
    middles = _middles(columns, segments, heights)
    lefts, width = _lefts(columns, sizes, gap_between_columns)
    top = min((middles[n] - heights.get(n, 0) / 2 for n in middles), default=0)
    bottom = max((middles[n] + heights.get(n, 0) / 2 for n in middles), default=0)
    places = {node: Place(lefts[ranks[node]][0], middles[node] - top) for node in sizes}
    lines = {}
    for edge, flat in zip(given, forward, strict=True):
        points: list[tuple[float, float]] = []
        for node in chains[flat]:
            if node in sizes:
                left, middle = places[node]
                points += [(left, middle), (left + sizes[node].width, middle)]
                if left + sizes[node].width < lefts[ranks[node]][1]:
                    points.append((lefts[ranks[node]][1], middle))
            else:
                start, end = lefts[_rank_of_bend(node)]
                points += [(start, middles[node] - top), (end, middles[node] - top)]
        first, last = (places[flat[0]].left, places[flat[1]].left)
        lines[edge] = [p for p in points[1:] if first < p[0] <= last]
    return Layout(width, bottom - top, places, lines, frozenset(backward))


def _edges_that_close_cycles(
    nodes: Iterable[str], edges: Sequence[tuple[str, str]]
) -> set[tuple[str, str]]:
    """The edges whose reversal leaves no cycle, found by a depth-first search."""
    following: dict[str, list[str]] = defaultdict(list)
    for start, end in edges:
        following[start].append(end)
    closing: set[tuple[str, str]] = set()
    finished: set[str] = set()
    for root in nodes:
        path: dict[str, None] = {}
        stack = [(root, iter(following[root]))] if root not in finished else []
        if stack:
            path[root] = None
        while stack:
            node, rest = stack[-1]
            successor = next(rest, None)
            if successor is None:
                stack.pop()
                finished.add(node)
                del path[node]
            elif successor in path:
                closing.add((node, successor))
            elif successor not in finished:
                path[successor] = None
                stack.append((successor, iter(following[successor])))
    return closing


def _ranks(nodes: Iterable[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The column of each node: as far left as its edges permit; a source is next to its targets."""
    before: dict[str, set[str]] = {node: set() for node in nodes}
    after: dict[str, set[str]] = {node: set() for node in before}
    for start, end in edges:
        before[end].add(start)
        after[start].add(end)
    ranks: dict[str, int] = {}
    waiting = [node for node in before if not before[node]]
    open_ends = {node: len(starts) for node, starts in before.items()}
    while waiting:
        node = waiting.pop(0)
        ranks[node] = max((ranks[start] + 1 for start in before[node]), default=0)
        for end in after[node]:
            open_ends[end] -= 1
            if not open_ends[end]:
                waiting.append(end)
    for node in sorted(ranks, key=lambda node: (-ranks[node], node)):
        if not before[node] and after[node]:
            _move_towards_targets(node, before, after, ranks)
    return ranks


def _move_towards_targets(
    source: str,
    before: Mapping[str, set[str]],
    after: Mapping[str, set[str]],
    ranks: dict[str, int],
) -> None:
    """Move a source right, with those of its targets that nothing else leads to."""
    moving, growing = {source}, True
    while growing:
        ends = {end for node in moving for end in after[node]} - moving
        added = {end for end in ends if before[end] <= moving and after[end]}
        growing = bool(added)
        moving |= added
    leaving = [(node, end) for node in moving for end in after[node] - moving]
    slack = min((ranks[end] - ranks[node] - 1 for node, end in leaving), default=0)
    for node in moving:
        ranks[node] += max(slack, 0)


def _columns(
    sizes: Mapping[str, Size], edges: Sequence[tuple[str, str]], ranks: Mapping[str, int]
) -> tuple[list[list[str]], list[tuple[str, str]], dict[tuple[str, str], list[str]]]:
    """The nodes and bends of each column, the lines between columns, and the way of each edge."""
    columns: list[list[str]] = [[] for _ in range(max(ranks.values(), default=-1) + 1)]
    for node in sizes:
        columns[ranks[node]].append(node)
    segments: list[tuple[str, str]] = []
    chains: dict[tuple[str, str], list[str]] = {}
    for number, (start, end) in enumerate(edges):
        bends = [f"\0{rank}\0{number}" for rank in range(ranks[start] + 1, ranks[end])]
        for bend in bends:
            columns[_rank_of_bend(bend)].append(bend)
        chain = [start, *bends, end]
        chains[start, end] = chain
        segments += pairwise(chain)
    return columns, segments, chains


def _rank_of_bend(bend: str) -> int:
    return int(bend.split("\0")[1])


def _neighbours(segments: Iterable[tuple[str, str]]) -> tuple[dict[str, list[str]], ...]:
    before: dict[str, list[str]] = defaultdict(list)
    after: dict[str, list[str]] = defaultdict(list)
    for start, end in segments:
        before[end].append(start)
        after[start].append(end)
    return before, after


def _order(columns: list[list[str]], segments: Sequence[tuple[str, str]]) -> None:
    """Order each column so that few lines cross: by the mean place of the neighbours."""
    before, after = _neighbours(segments)
    best, fewest = [list(column) for column in columns], _crossings(columns, after)
    rounds = _ROUNDS if sum(map(len, columns)) < _ONE_PASS else 2
    for turn in range(rounds * 2):
        neighbours = before if turn % 2 == 0 else after
        sweep = columns if turn % 2 == 0 else columns[::-1]
        for earlier, column in pairwise(sweep):
            position = {node: place for place, node in enumerate(earlier)}
            own = {node: place for place, node in enumerate(column)}

            def mean(
                node: str, position: dict[str, int] = position, own: dict[str, int] = own
            ) -> tuple[float, int]:
                places = [position[n] for n in neighbours[node] if n in position]  # noqa: B023
                return (sum(places) / len(places) if places else own[node]), own[node]

            column.sort(key=mean)
        crossings = _crossings(columns, after)
        if crossings < fewest:
            best, fewest = [list(column) for column in columns], crossings
    columns[:] = best


def _crossings(columns: Sequence[Sequence[str]], after: Mapping[str, Sequence[str]]) -> int:
    total = 0
    for column, following in pairwise(columns):
        position = {node: place for place, node in enumerate(following)}
        ends = [sorted(position[n] for n in after[node]) for node in column if node in after]
        passed: list[int] = []
        for group in ends:
            total += sum(1 for end in group for other in passed if other > end)
            passed += group
    return total


def _middles(
    columns: Sequence[Sequence[str]],
    segments: Sequence[tuple[str, str]],
    heights: Mapping[str, float],
) -> dict[str, float]:
    """The vertical middle of each node and bend: close to its neighbours, none over another."""
    before, after = _neighbours(segments)
    middles: dict[str, float] = {}
    for column in columns:
        top = 0.0
        for node in column:
            height = heights.get(node, 0.0)
            middles[node] = top + height / 2
            top += height + _gap(node, heights)
    for turn in range(_ROUNDS * 2):
        sweep = columns if turn % 2 == 0 else columns[::-1]
        for column in sweep:
            wanted = []
            for node in column:
                near = [*before[node], *after[node]]
                wanted.append(sum(middles[n] for n in near) / len(near) if near else middles[node])
            distances = [
                (heights.get(a, 0.0) + heights.get(b, 0.0)) / 2
                + max(_gap(a, heights), _gap(b, heights))
                for a, b in pairwise(column)
            ]
            for node, middle in zip(column, _apart(wanted, distances), strict=True):
                middles[node] = middle
    return middles


def _gap(node: str, heights: Mapping[str, float]) -> float:
    return GAP_BETWEEN_NODES if node in heights else GAP_BETWEEN_LINES


def _apart(wanted: Sequence[float], distances: Sequence[float]) -> list[float]:
    """The places nearest to the wanted ones, in the same order and at least so far apart.

    They have the least sum of squared differences: isotonic regression by pooling neighbours.
    """
    offsets = [0.0]
    for distance in distances:
        offsets.append(offsets[-1] + distance)
    pools: list[tuple[float, int]] = []
    for want, offset in zip(wanted, offsets, strict=False):
        mean, number = want - offset, 1
        while pools and pools[-1][0] > mean:
            earlier, count = pools.pop()
            mean, number = (earlier * count + mean * number) / (count + number), count + number
        pools.append((mean, number))
    means = [mean for mean, number in pools for _ in range(number)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=False)]


def _lefts(
    columns: Sequence[Sequence[str]], sizes: Mapping[str, Size], gap: float
) -> tuple[list[tuple[float, float]], float]:
    """The left and right edge of each column, and the width of all."""
    lefts, left = [], 0.0
    for column in columns:
        width = max((sizes[node].width for node in column if node in sizes), default=0.0)
        lefts.append((left, left + width))
        left += width + gap
    return lefts, max(left - gap, 0.0)
