"""The focus nodes of an organisation's shapes, to detect shapes that validate nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import RDF, SH

from competency_graph.validation.checks.check_result import IDLE_SHAPE
from competency_graph.validation.findings import Finding, Place
from competency_graph.validation.shapes.shapes_graph import Node, Shapes

_TYPE: Final = ox.NamedNode(RDF.type)
_SHAPES: Final = frozenset((ox.NamedNode(SH.NodeShape), ox.NamedNode(SH.PropertyShape)))
_DEACTIVATED: Final = ox.NamedNode(SH.deactivated)
_TARGET: Final = ox.Variable("at")
_TARGET_QUERIES: Final = {
    ox.NamedNode(SH.targetClass): """\
SELECT DISTINCT ?node ?at {
  ?node <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ?kind .
  ?kind <http://www.w3.org/2000/01/rdf-schema#subClassOf>* ?at
}""",
    ox.NamedNode(SH.targetSubjectsOf): "SELECT DISTINCT ?node ?at { ?node ?at ?any }",
    ox.NamedNode(SH.targetObjectsOf): "SELECT DISTINCT ?node ?at { ?any ?at ?node }",
}
"""The queries that find the focus nodes of a target (SHACL, sections 2.1.3.2 to 2.1.3.5)."""
_TARGET_NODE: Final = ox.NamedNode(SH.targetNode)
_ADVANCED_TARGET: Final = ox.NamedNode(SH.target)


def focus_counts(shapes: Shapes, data: str | Path) -> Mapping[Node, int]:
    """Count the focus nodes of each of an organisation's shapes that has a target.

    Args:
        shapes: all shapes, including the organisation's.
        data: N-Triples, or a file of them.
    """
    wanted = [node for node in _active_own_shapes(shapes) if _has_target(shapes, node)]
    if not wanted:
        return {}
    store = ox.Store()
    if isinstance(data, str):
        store.extend(ox.parse(data, format=ox.RdfFormat.N_TRIPLES))
    else:
        store.bulk_load(path=str(data), format=ox.RdfFormat.N_TRIPLES)
    return {node: len(_focus_nodes(shapes, node, store)) for node in wanted}


def idle_shapes(shapes: Shapes, found: Mapping[Node, int]) -> Iterator[Finding]:
    """Report shapes that validate nothing: neither targeted nor part of another, or without focus.

    Args:
        shapes: the shapes.
        found: the result of `focus_counts`.
    """
    parts = {triple.object for triple in shapes.triples}
    for node, path in _active_own_shapes(shapes).items():
        if node in found:
            if found[node]:
                continue
            what = "has a target, but nothing in the files matches it"
            remedy = "Correct its target, or validate the files that it is for."
        elif node in parts or isinstance(node, ox.BlankNode):
            continue
        else:
            what, remedy = (
                "has no target, and no other shape refers to it",
                ("Add sh:targetClass or another target."),
            )
        name = shapes.display_name(node)
        message = f"{name[:1].upper()}{name[1:]} {what}, so it checked nothing."
        yield Finding(IDLE_SHAPE, IDLE_SHAPE.severity, message, remedy, Place(str(path)))


def _active_own_shapes(shapes: Shapes) -> dict[Node, Path]:
    """An organisation's active shapes, with their files."""
    return {
        node: path
        for node, path in shapes.own.items()
        if not _SHAPES.isdisjoint(shapes.values(node, _TYPE))
        and ox.Literal(True) not in shapes.values(node, _DEACTIVATED)
        and not shapes.values(node, _ADVANCED_TARGET)
    }


def _has_target(shapes: Shapes, node: Node) -> bool:
    return any(shapes.values(node, each) for each in (*_TARGET_QUERIES, _TARGET_NODE))


def _focus_nodes(shapes: Shapes, node: Node, store: ox.Store) -> set[str]:
    found = {str(value) for value in shapes.values(node, _TARGET_NODE)}
    for target, query in _TARGET_QUERIES.items():
        for value in shapes.values(node, target):
            if isinstance(value, ox.NamedNode):
                answer = store.query(query, substitutions={_TARGET: value})
                found |= {str(solution["node"]) for solution in answer}  # type: ignore[union-attr]
    return found
