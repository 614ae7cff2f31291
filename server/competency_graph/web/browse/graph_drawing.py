"""The drawing of an entry's surroundings: the places of nodes and labels, of which none overlap."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, NamedTuple

from competency_graph.sparql.surroundings import Node, Relation
from competency_graph.web.languages.texts import ngettext

MAX_NODES: Final = 7
"""The number of neighbours of a relation that are drawn."""
_ROW, _GAP = 25, 14
"""The height of a row with a label, and the space between relations."""
_CHARACTER: Final = 7.9
"""A width that hardly any text exceeds on average, for a character of 14 pixels."""
_WIDE, _NARROW = 1120, 354
_RADIUS, _NEAREST = 210, 140
"""The horizontal distance of nodes from the entry: at its height, and the least."""


class Point(NamedTuple):
    """A place in the drawing."""

    x: float
    y: float


class Mark(NamedTuple):
    """A node or another line of text.

    Args:
        at: where the node is, or the text begins.
        text: what is shown, cut if it is too long.
        node: the neighbour; None for other texts.
        line: the line that connects it with the entry, as data of an SVG path.
    """

    at: Point
    text: str
    node: Node | None = None
    line: str = ""


@dataclass(frozen=True)
class Branch:
    """A relation as it is drawn.

    Args:
        relation: the relation.
        number: its number, counted from 1, which gives its colour.
        left: whether it is left of the entry, with texts that end at the nodes.
        head: its heading.
        marks: its nodes.
        more: the text that stands for further neighbours; None if all are drawn.
    """

    relation: Relation
    number: int
    left: bool
    head: Mark
    marks: Sequence[Mark]
    more: Mark | None


class Drawing(NamedTuple):
    """A drawing.

    Args:
        width: its width.
        height: its height.
        centre: where the entry is.
        title: the label of the entry in lines.
        branches: the relations.
    """

    width: float
    height: float
    centre: Point
    title: Sequence[str]
    branches: Sequence[Branch]


def wide_drawing(title: str, relations: Sequence[tuple[str, Relation]]) -> Drawing:
    """The entry in the middle, its neighbours around it.

    Args:
        title: the label of the entry.
        relations: its relations, with their headings.
    """
    heights = [_height(relation) for _, relation in relations]
    right, total = 0, 0.0
    while right < len(heights) and (right == 0 or total + heights[right] / 2 <= sum(heights) / 2):
        total += heights[right]
        right += 1
    tallest = max(total, sum(heights[right:]), 150)
    height = tallest + 30
    centre = Point(_WIDE / 2, height / 2)
    branches = []
    for places, left in ((range(right), False), (range(right, len(heights)), True)):
        y = (height - sum(heights[place] for place in places) + _GAP) / 2 + _ROW / 2
        for place in places:
            branches.append(_branch(place, relations[place], y, centre, left, height))
            y += heights[place]
    return Drawing(_WIDE, height, centre, _lines(title, 18), branches)


def narrow_drawing(title: str, relations: Sequence[tuple[str, Relation]]) -> Drawing:
    """The entry at the top, its neighbours in a column below it."""
    lines = _lines(title, 32)
    centre = Point(12, 20 + 9 * len(lines))
    y = centre.y + 9 * len(lines) + 2 * _GAP + _ROW / 2
    branches = []
    for place, (name, relation) in enumerate(relations):
        head = Mark(Point(24, y), _cut(name, _NARROW - 30))
        marks, more = [], None
        for node in relation.neighbours[:MAX_NODES]:
            y += _ROW
            line = f"M{centre.x:g} {centre.y:g}V{y - 8:g}Q{centre.x:g} {y:g} 20 {y:g}H28"
            marks.append(Mark(Point(28, y), _cut(node.name, _NARROW - 44), node, line))
        if len(relation.neighbours) > MAX_NODES:
            y += _ROW
            more = Mark(Point(28, y), _more(relation))
        y += _ROW + _GAP
        branches.append(Branch(relation, place % 6 + 1, False, head, marks, more))
    return Drawing(_NARROW, y, centre, lines, branches)


def _branch(
    place: int,
    named: tuple[str, Relation],
    y: float,
    centre: Point,
    left: bool,
    height: float,
) -> Branch:
    name, relation = named
    sign = -1 if left else 1

    def point() -> Point:
        part = (y - centre.y) / (height / 2 + 60)
        distance = max(_NEAREST, _RADIUS * sqrt(max(0.0, 1 - part * part)))
        return Point(round(centre.x + sign * distance, 1), round(y, 1))

    head = Mark(point(), name)
    marks, more = [], None
    for node in relation.neighbours[:MAX_NODES]:
        y += _ROW
        at = point()
        room = centre.x - abs(at.x - centre.x) - 14
        bend = Point(round(centre.x + sign * 90, 1), at.y)
        line = f"M{centre.x:g} {centre.y:g}Q{bend.x:g} {bend.y:g} {at.x:g} {at.y:g}"
        marks.append(Mark(at, _cut(node.name, room), node, line))
    if len(relation.neighbours) > MAX_NODES:
        y += _ROW
        more = Mark(point(), _more(relation))
    return Branch(relation, place % 6 + 1, left, head, marks, more)


def _more(relation: Relation) -> str:
    """How many neighbours are not drawn, in words."""
    hidden = len(relation.neighbours) - MAX_NODES
    return ngettext("%(number)s more", "%(number)s more", hidden)


def _height(relation: Relation) -> float:
    """The height of a relation: its heading, its nodes, and the space below."""
    number = len(relation.neighbours)
    return _ROW * (1 + min(number, MAX_NODES) + (number > MAX_NODES)) + _GAP


def _lines(title: str, longest: int) -> list[str]:
    """A label in at most four lines."""
    return textwrap.wrap(title, longest, max_lines=4, placeholder=" …") or [title]


def _cut(text: str, room: float) -> str:
    """A text that fits into a width, cut at a word if it is too long."""
    longest = int(room / _CHARACTER)
    return text if len(text) <= longest else textwrap.shorten(text, longest, placeholder=" …")
