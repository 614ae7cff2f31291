"""GraphML for network tools such as Gephi, yEd and Cytoscape."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from xml.etree import ElementTree as ET

from competency_graph.exporting.outline import KIND_LABELS, Outline, plain

_NAMESPACE: Final = "http://graphml.graphdrawing.org/xmlns"
_KEYS: Final = (("node", "label"), ("node", "kind"), ("node", "code"), ("node", "definition"),
                ("edge", "relation"))  # fmt: skip


def write(outline: Outline) -> bytes:
    """Serialize entries as nodes, and relations and matches as directed edges.

    A concept of another framework is a node of the kind “elsewhere”.
    """
    root = ET.Element("graphml", xmlns=_NAMESPACE)
    for owner, name in _KEYS:
        key = {"id": name, "for": owner, "attr.name": name, "attr.type": "string"}
        ET.SubElement(root, "key", key)
    graph = ET.SubElement(root, "graph", {"id": "dictionary", "edgedefault": "directed"})
    _node(graph, outline.iri, (("label", plain(outline.title)), ("kind", "Dictionary")))
    for entry in outline.entries:
        about = (("label", entry.name), ("kind", KIND_LABELS[entry.kind]), ("code", entry.notation),
                 ("definition", plain(entry.definition)))  # fmt: skip
        _node(graph, entry.iri, about)
    targets = {match.object: match for match in outline.matches}
    for iri, match in targets.items():
        found = (("label", match.label or iri), ("kind", "elsewhere"), ("code", match.notation))
        _node(graph, iri, found)
    edges = [(r.subject, r.object, r.name) for r in outline.relations]
    edges += [(m.subject, m.object, m.name) for m in outline.matches]
    for number, (source, target, name) in enumerate(edges):
        about_edge = {"id": f"e{number}", "source": source, "target": target}
        _data(ET.SubElement(graph, "edge", about_edge), (("relation", name),))
    ET.indent(root, " ")
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _node(graph: ET.Element, iri: str, values: Iterable[tuple[str, str]]) -> None:
    _data(ET.SubElement(graph, "node", {"id": iri}), values)


def _data(element: ET.Element, values: Iterable[tuple[str, str]]) -> None:
    for key, value in values:
        if value:
            ET.SubElement(element, "data", {"key": key}).text = value
