"""The small downloads that these tests import, and what comes of them."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from competency_graph.rdf.rdflib_graphs import to_rdflib

HERE = Path(__file__).parent
ESCO, GERMAN, RDF, ONET = (HERE / name for name in ("esco", "esco-de", "esco-rdf", "onet"))
GRAPH = "https://w3id.org/competency-graph/graph/"
Statement = tuple[Node, Node, Node]


def tables(folder: Path) -> dict[str, bytes]:
    """The tables of a download, by name."""
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.iterdir())
        if path.suffix in (".csv", ".txt")
    }


def folder_of(path: Path, files: Mapping[str, bytes | str]) -> Path:
    """A folder with these files."""
    path.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def zip_of(path: Path, files: Mapping[str, bytes | str]) -> Path:
    """A zip archive with these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def graph_in(path: Path, name: str = "") -> set[Statement]:
    """The statements of a file, which must all be in the graph of that name."""
    found = set()
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.from_extension(path.suffix[1:])):
        if name:
            assert quad.graph_name == ox.NamedNode(GRAPH + name)
        found.add(tuple(map(_spelled, (quad.subject, quad.predicate, quad.object))))
    return found


def _spelled(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> Node:
    """The term as rdflib spells it, which writes one number in one way."""
    node = to_rdflib(term)
    if isinstance(node, Literal) and node.datatype:
        return Literal(str(node), datatype=node.datatype)
    return node


def about(statements: set[Statement], subjects: set[Node]) -> set[Statement]:
    """Those that are about one of some things."""
    return {statement for statement in statements if statement[0] in subjects}


def written_by_hand(name: str) -> set[Statement]:
    """What is expected."""
    return set(Graph().parse(HERE / f"expected-{name}.ttl"))


def esco(kind: str, number: str) -> URIRef:
    """One of ESCO's things, by the beginning of its number."""
    whole = {
        "14031d4a": "14031d4a-6e99-442f-b4fe-18262b6432b2",
        "2eac08c2": "2eac08c2-a81a-46fc-8d75-eb0e0f3e0f6d",
        "4c6b3657": "4c6b3657-316e-43b5-872a-ea763411190d",
        "81513fdf": "81513fdf-5ea9-4375-9bc4-67ad959ac5de",
        "9889b795": "9889b795-d755-41b2-8afd-2e3c87a65a38",
        "dc9a236c": "dc9a236c-c640-43c3-812f-269403591edb",
    }
    return URIRef(f"http://data.europa.eu/esco/{kind}/{whole.get(number, number)}")
