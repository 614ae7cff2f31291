"""Terms and helpers for building imported statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from competency_graph.rdf.parsing import parse
from competency_graph.rdf.vocabulary import PREFIXES

TYPE: Final = ox.NamedNode(PREFIXES["rdf"] + "type")
Node = ox.NamedNode | ox.BlankNode
Object = Node | ox.Literal
StatementBuilder = Callable[[Node, ox.NamedNode, Object], ox.Quad]
"""Builds a statement in the import's graph."""


def term(name: str) -> ox.NamedNode:
    """The term of a prefixed name."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


def statement_builder(graph: str) -> StatementBuilder:
    """A function that builds statements in a graph."""
    name = ox.NamedNode(graph)
    return lambda subject, predicate, value: ox.Quad(subject, predicate, value, name)


def decimal(number: float) -> ox.Literal:
    """A decimal number in its canonical form (XML Schema 1.0, section 3.2.3.2)."""
    whole, point, part = f"{number:.4f}".partition(".")
    return ox.Literal(whole + point + (part.rstrip("0") or "0"), datatype=term("xsd:decimal"))


def framework_description(framework: str, graph: str) -> Iterator[ox.Quad]:
    """Statements about a framework that its files lack, from ``FRAMEWORK.ttl`` in this folder."""
    name = ox.NamedNode(graph)
    for quad in parse(Path(__file__).with_name(f"{framework}.ttl")):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, name)
