"""Terms and graphs of rdflib, and how they become those of the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from competency_graph.errors import UnreadableInputError
from competency_graph.rdf.parsing import parse
from competency_graph.rdf.vocabulary import BASE, CLASS_OF_KIND, PREFIXES

CG: Final = Namespace(PREFIXES["cg"])
ONTOLOGY: Final = URIRef(BASE + "ontology")
KINDS: Final = {kind: URIRef(class_) for kind, class_ in CLASS_OF_KIND.items()}
"""`CLASS_OF_KIND` in terms of rdflib."""


def bind(graph: Graph) -> Graph:
    """Bind the table's prefixes to ``graph`` and return it."""
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace, override=True, replace=True)
    return graph


def new_graph() -> Graph:
    """An empty graph that has the table's prefixes and no others."""
    return bind(Graph(bind_namespaces="none"))


def read_graph(paths: Iterable[Path] | Mapping[Path, bytes]) -> Graph:
    """Parse files into one rdflib graph with the project's prefixes.

    Args:
        paths: the files, mapped to their content if it has been read already.

    Raises:
        UnreadableInputError: see `parse`.
    """
    contents = paths if isinstance(paths, Mapping) else {}
    return read_quads(quad for path in paths for quad in parse(path, contents.get(path)))


def read_quads(quads: Iterable[ox.Quad]) -> Graph:
    """Collect statements of any graphs in one rdflib graph with the project's prefixes.

    Raises:
        UnreadableInputError: a statement is about another statement (RDF 1.2).
    """
    graph = new_graph()
    for quad in quads:
        graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
    return graph


def to_rdflib(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    """Convert an Oxigraph term to an rdflib node."""
    match term:
        case ox.NamedNode():
            return URIRef(term.value)
        case ox.BlankNode():
            return BNode(term.value)
        case ox.Literal():
            if term.language:
                return Literal(term.value, lang=term.language)
            if term.datatype.value == "http://www.w3.org/2001/XMLSchema#string":
                return Literal(term.value)
            return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)
    raise UnreadableInputError(
        "a statement about a statement (RDF 1.2) is not allowed in a dictionary",
        "State the inner statement itself instead",
    )


def to_engine(term: Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """Convert an rdflib node to an Oxigraph term."""
    match term:
        case Literal():
            if term.language:
                return ox.Literal(str(term), language=term.language)
            datatype = ox.NamedNode(term.datatype) if term.datatype else None
            return ox.Literal(str(term), datatype=datatype)
        case BNode():
            return ox.BlankNode(str(term))
    return ox.NamedNode(str(term))
