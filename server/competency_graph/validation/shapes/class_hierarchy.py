"""Classes that shapes speak of: data, shapes and ontology count as one graph for them.

SHACL looks for classes in the data graph (section 1.5), and for shapes that are their own target
class in the shapes graph (section 2.1.3.2). Where files are kept apart, as here, what one says of
classes is meant for all, and engines differ in what they see of it; so they are given all of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import pyoxigraph as ox
from rdflib.namespace import OWL, RDF, RDFS, SH

from competency_graph.validation.shapes.shapes_graph import Shapes

_TYPE, _BELOW = ox.NamedNode(RDF.type), ox.NamedNode(RDFS.subClassOf)
_TARGET = ox.NamedNode(SH.targetClass)
_SHAPES = frozenset((ox.NamedNode(SH.NodeShape), ox.NamedNode(SH.PropertyShape)))
CLASSES = frozenset((str(OWL.Class), str(RDFS.Class)))
"""The classes of classes."""


def hierarchy(shapes: Shapes) -> Sequence[ox.Quad]:
    """What shapes say of which class is below which."""
    return [
        ox.Quad(triple.subject, triple.predicate, triple.object)
        for triple in shapes.triples
        if triple.predicate == _BELOW
        and isinstance(triple.subject, ox.NamedNode)
        and isinstance(triple.object, ox.NamedNode)
    ]


def with_targets(shapes: Shapes, classes: Collection[str] = ()) -> Shapes:
    """The same shapes, in which those that are classes name themselves as their target.

    Args:
        shapes: the shapes.
        classes: the IRIs of what other files say is a class.
    """
    added = tuple(_targets(shapes, classes))
    return replace(shapes, triples=(*shapes.triples, *added)) if added else shapes


def _targets(shapes: Shapes, classes: Collection[str]) -> Iterator[ox.Triple]:
    for node in shapes.nodes:
        if not isinstance(node, ox.NamedNode):
            continue
        kinds = shapes.values(node, _TYPE)
        is_class = node.value in classes or any(kind.value in CLASSES for kind in kinds)
        if is_class and not _SHAPES.isdisjoint(kinds) and node not in shapes.values(node, _TARGET):
            yield ox.Triple(node, _TARGET, node)
