"""The diagram of the classes of an ontology and the properties between them, for an SVG."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from competency_graph.dictionary.ontology_terms import (
    DATATYPE_PROPERTY,
    OBJECT_PROPERTY,
    Ontology,
    OntologyTerm,
)
from competency_graph.web.languages.texts import gettext as _
from competency_graph.web.ontology.layered_layout import Layout, Size, lay_out

MARGIN: Final = 12
WIDEST: Final = 1_128
"""The width in pixels up to which a drawing is not made narrower."""
_CLASS_CHARACTER, _PROPERTY_CHARACTER = 8.4, 6.6
"""The estimated widths of a character, in pixels."""
_CLASS_HEIGHT, _PROPERTY_HEIGHT, _ATTRIBUTE_HEIGHT = 40.0, 24.0, 24.0
_SUBCLASS: Final = "subclass "
"""Precedes the names of the nodes that label the line from a subclass to its superclass."""


class Attribute(NamedTuple):
    """A property with a literal as value, written in the box of its class.

    Args:
        iri: the property.
        label: its label.
        y: the middle of its line.
    """

    iri: str
    label: str
    y: float


class Box(NamedTuple):
    """A class as a box, or a property as a label on its line.

    Args:
        iri: the class or property; "" for the label of a line to a superclass.
        label: what is written.
        x: the left edge.
        y: the top edge.
        width: the width.
        height: the height.
        text_y: the middle of the label.
        attributes: the properties written below the label.
    """

    iri: str
    label: str
    x: float
    y: float
    width: float
    height: float
    text_y: float
    attributes: tuple[Attribute, ...] = ()


class Line(NamedTuple):
    """A line.

    Args:
        path: its course, as the attribute ``d`` of SVG.
        arrow: "end" or "start" if it has an arrowhead there, or "".
        inferred: whether all statements of its property are inferred from chains.
    """

    path: str
    arrow: str
    inferred: bool


@dataclass(frozen=True)
class Diagram:
    """The diagram.

    Args:
        width: the width in pixels.
        height: the height.
        classes: the classes.
        properties: the properties as labels.
        lines: the lines.
        left_out: the properties that it cannot show, as their domain or range is not among the
            classes.
    """

    width: float
    height: float
    classes: Sequence[Box]
    properties: Sequence[Box]
    lines: Sequence[Line]
    left_out: Sequence[OntologyTerm]


def draw(ontology: Ontology) -> Diagram:
    """Draw the diagram of an ontology.

    Of two inverse properties it shows the one that does not name the other, or the other if the
    drawing becomes wider than `WIDEST` otherwise.
    """
    classes = {term.iri: term for term in ontology.classes}
    drawable = [p for p in ontology.properties if p.kind == OBJECT_PROPERTY and _ends(p, classes)]
    shown = {p.iri: p for p in drawable if not (p.states_inverse and _drawn(p.inverses, drawable))}
    attributes = _attributes(ontology, classes)
    sizes, edges = _graph(ontology, classes, shown, attributes)
    layout = lay_out(sizes, edges)
    for one in list(shown.values()):
        if layout.width <= WIDEST:
            break
        for other in (p for p in drawable if p.iri in one.inverses):
            turned = {**{k: v for k, v in shown.items() if k != one.iri}, other.iri: other}
            other_sizes, other_edges = _graph(ontology, classes, turned, attributes)
            candidate = lay_out(other_sizes, other_edges)
            if candidate.width < layout.width:
                shown, sizes, edges, layout = turned, other_sizes, other_edges, candidate
    pictured = {*shown, *(p.iri for own in attributes.values() for p in own)}
    pictured |= {i for p in shown.values() for i in p.inverses}
    return Diagram(
        layout.width + 2 * MARGIN,
        layout.height + 2 * MARGIN,
        [_class_box(classes[iri], layout, sizes, attributes.get(iri, ())) for iri in classes],
        [_label_box(node, ontology, layout, sizes) for node in sizes if node not in classes],
        _lines(edges, layout, classes, shown),
        [p for p in ontology.properties if p.iri not in pictured],
    )


def _ends(term: OntologyTerm, classes: Mapping[str, object]) -> bool:
    return any(c in classes for c in term.domain) and any(c in classes for c in term.range)


def _drawn(iris: Iterable[str], drawable: Iterable[OntologyTerm]) -> bool:
    return bool({*iris} & {term.iri for term in drawable})


def _attributes(
    ontology: Ontology, classes: Mapping[str, OntologyTerm]
) -> dict[str, list[OntologyTerm]]:
    found: dict[str, list[OntologyTerm]] = {}
    for term in ontology.properties:
        if term.kind == DATATYPE_PROPERTY:
            for owner in term.domain:
                if owner in classes:
                    found.setdefault(owner, []).append(term)
    return found


def _graph(
    ontology: Ontology,
    classes: Mapping[str, OntologyTerm],
    shown: Mapping[str, OntologyTerm],
    attributes: Mapping[str, Sequence[OntologyTerm]],
) -> tuple[dict[str, Size], list[tuple[str, str]]]:
    """The nodes and edges: each property is a node between the classes that it connects."""
    sizes, edges = {}, []
    for term in classes.values():
        lines = attributes.get(term.iri, ())
        width = max(
            len(term.label) * _CLASS_CHARACTER,
            *(len(line.label) * _PROPERTY_CHARACTER for line in lines),
            40,
        )
        height = _CLASS_HEIGHT + _ATTRIBUTE_HEIGHT * len(lines)
        sizes[term.iri] = Size(width + 20, height)
    for term in shown.values():
        sizes[term.iri] = Size(len(term.label) * _PROPERTY_CHARACTER + 8, _PROPERTY_HEIGHT)
        edges += [(owner, term.iri) for owner in term.domain if owner in classes]
        edges += [(term.iri, value) for value in term.range if value in classes]
    for term in classes.values():
        for parent in term.parents:
            if parent in classes:
                node = f"{_SUBCLASS}{term.iri} {parent}"
                sizes[node] = Size(
                    len(_("is a kind of")) * _PROPERTY_CHARACTER + 8, _PROPERTY_HEIGHT
                )
                edges += [(parent, node), (node, term.iri)]
    return sizes, edges


def _class_box(
    term: OntologyTerm,
    layout: Layout,
    sizes: Mapping[str, Size],
    attributes: Sequence[OntologyTerm],
) -> Box:
    left, middle = layout.places[term.iri]
    width, height = sizes[term.iri]
    top = middle - height / 2 + MARGIN
    first = top + _CLASS_HEIGHT + _ATTRIBUTE_HEIGHT / 2 - 6
    lines = tuple(
        Attribute(line.iri, line.label, first + number * _ATTRIBUTE_HEIGHT)
        for number, line in enumerate(attributes)
    )
    text_y = top + _CLASS_HEIGHT / 2
    return Box(term.iri, term.label, left + MARGIN, top, width, height, text_y, lines)


def _label_box(node: str, ontology: Ontology, layout: Layout, sizes: Mapping[str, Size]) -> Box:
    left, middle = layout.places[node]
    width, height = sizes[node]
    y = middle + MARGIN
    iri, label = (
        ("", _("is a kind of")) if node.startswith(_SUBCLASS) else (node, ontology.label(node))
    )
    return Box(iri, label, left + MARGIN, y - height / 2, width, height, y)


def _lines(
    edges: Iterable[tuple[str, str]],
    layout: Layout,
    classes: Mapping[str, OntologyTerm],
    shown: Mapping[str, OntologyTerm],
) -> list[Line]:
    lines = []
    for edge in dict.fromkeys(edges):
        start, end = edge
        inferred = any(node in shown and bool(shown[node].chains) for node in edge)
        towards_parent = start in classes and end.startswith(_SUBCLASS)
        arrow = "start" if towards_parent else "end" if end in classes else ""
        if start.startswith(_SUBCLASS):
            arrow = ""
        if edge in layout.reversed:
            arrow = {"start": "end", "end": "start", "": ""}[arrow]
        lines.append(Line(_path(layout.lines[edge]), arrow, inferred))
    return lines


def _path(points: Sequence[tuple[float, float]]) -> str:
    """A smooth curve through the points, horizontal at each of them."""
    (x, y), *_ = points
    parts = [f"M{x + MARGIN:.0f} {y + MARGIN:.0f}"]
    for (x1, y1), (x2, y2) in pairwise((x + MARGIN, y + MARGIN) for x, y in points):
        middle = (x1 + x2) / 2
        parts.append(
            f"H{x2:.0f}"
            if abs(y1 - y2) < 1
            else f"C{middle:.0f} {y1:.0f} {middle:.0f} {y2:.0f} {x2:.0f} {y2:.0f}"
        )
    return "".join(parts)
