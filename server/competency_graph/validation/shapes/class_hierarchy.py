"""Makes the class hierarchies of data, shapes and ontology visible to each other.

SHACL looks for classes in the data graph (section 1.5), and for implicit class targets in the
shapes graph (section 2.1.3.2). Here the files are separate but meant to be read together, and
engines differ in which of these graphs they consult; so all statements on classes are in each.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import pyoxigraph as ox
from rdflib.namespace import OWL, RDF, RDFS, SH

from competency_graph.validation.shapes.shapes_graph import Shapes

_TYPE, _SUBCLASS_OF = ox.NamedNode(RDF.type), ox.NamedNode(RDFS.subClassOf)
_TARGET = ox.NamedNode(SH.targetClass)
_SHAPES = frozenset((ox.NamedNode(SH.NodeShape), ox.NamedNode(SH.PropertyShape)))
CLASSES = frozenset((str(OWL.Class), str(RDFS.Class)))
"""The classes of classes."""


def hierarchy(shapes: Shapes) -> Sequence[ox.Quad]:
    """The subclass statements in shapes."""
    return [
        ox.Quad(triple.subject, triple.predicate, triple.object)
        for triple in shapes.triples
        if triple.predicate == _SUBCLASS_OF
        and isinstance(triple.subject, ox.NamedNode)
        and isinstance(triple.object, ox.NamedNode)
    ]


def with_targets(shapes: Shapes, classes: Collection[str] = ()) -> Shapes:
    """Make implicit class targets explicit: shapes that are classes target themselves.

    Args:
        shapes: the shapes.
        classes: the IRIs of classes declared in other files.
    """
    added = tuple(_implicit_targets(shapes, classes))
    return replace(shapes, triples=(*shapes.triples, *added)) if added else shapes


def _implicit_targets(shapes: Shapes, classes: Collection[str]) -> Iterator[ox.Triple]:
    for node in shapes.nodes:
        if not isinstance(node, ox.NamedNode):
            continue
        kinds = shapes.values(node, _TYPE)
        is_class = node.value in classes or any(kind.value in CLASSES for kind in kinds)
        if is_class and not _SHAPES.isdisjoint(kinds) and node not in shapes.values(node, _TARGET):
            yield ox.Triple(node, _TARGET, node)
