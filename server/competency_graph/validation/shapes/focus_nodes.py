"""Which nodes an organisation's shapes judge: a shape that judges none says nothing of anything."""

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
_AT: Final = ox.Variable("at")
_QUERIES: Final = {
    ox.NamedNode(SH.targetClass): """\
SELECT DISTINCT ?node ?at {
  ?node <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ?kind .
  ?kind <http://www.w3.org/2000/01/rdf-schema#subClassOf>* ?at
}""",
    ox.NamedNode(SH.targetSubjectsOf): "SELECT DISTINCT ?node ?at { ?node ?at ?any }",
    ox.NamedNode(SH.targetObjectsOf): "SELECT DISTINCT ?node ?at { ?any ?at ?node }",
}
"""How the focus nodes of a target are found (SHACL, sections 2.1.3.2 to 2.1.3.5)."""
_NODE: Final = ox.NamedNode(SH.targetNode)
_ADVANCED: Final = ox.NamedNode(SH.target)


def focus_counts(shapes: Shapes, data: str | Path) -> Mapping[Node, int]:
    """How many focus nodes each of an organisation's shapes has that has a target.

    Args:
        shapes: the shapes, those of the organisation among them.
        data: N-Triples, or a file of them.
    """
    wanted = [node for node in _own(shapes) if _targets(shapes, node)]
    if not wanted:
        return {}
    store = ox.Store()
    if isinstance(data, str):
        store.extend(ox.parse(data, format=ox.RdfFormat.N_TRIPLES))
    else:
        store.bulk_load(path=str(data), format=ox.RdfFormat.N_TRIPLES)
    return {node: len(_focus_nodes(shapes, node, store)) for node in wanted}


def idle_shapes(shapes: Shapes, found: Mapping[Node, int]) -> Iterator[Finding]:
    """The shapes that judge nothing: without target, and no part of another, or without focus node.

    Args:
        shapes: the shapes.
        found: what `focus_counts` gave.
    """
    parts = {triple.object for triple in shapes.triples}
    for node, path in _own(shapes).items():
        if node in found:
            if found[node]:
                continue
            what = "has a target, and nothing in the files is one"
            remedy = "Correct its target, or name the files that it is for."
        elif node in parts or isinstance(node, ox.BlankNode):
            continue
        else:
            what, remedy = (
                "has no target, and no other shape refers to it",
                ("Say with sh:targetClass or another target what it is for."),
            )
        name = shapes.called(node)
        message = f"{name[:1].upper()}{name[1:]} {what}, so it judged nothing."
        yield Finding(IDLE_SHAPE, IDLE_SHAPE.severity, message, remedy, Place(str(path)))


def _own(shapes: Shapes) -> dict[Node, Path]:
    """An organisation's shapes in force, and their files."""
    return {
        node: path
        for node, path in shapes.own.items()
        if not _SHAPES.isdisjoint(shapes.values(node, _TYPE))
        and ox.Literal(True) not in shapes.values(node, _DEACTIVATED)
        and not shapes.values(node, _ADVANCED)
    }


def _targets(shapes: Shapes, node: Node) -> bool:
    return any(shapes.values(node, each) for each in (*_QUERIES, _NODE))


def _focus_nodes(shapes: Shapes, node: Node, store: ox.Store) -> set[str]:
    found = {str(value) for value in shapes.values(node, _NODE)}
    for target, query in _QUERIES.items():
        for value in shapes.values(node, target):
            if isinstance(value, ox.NamedNode):
                answer = store.query(query, substitutions={_AT: value})
                found |= {str(solution["node"]) for solution in answer}  # type: ignore[union-attr]
    return found
