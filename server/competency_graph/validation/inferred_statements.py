"""Inferred statements, for shapes that validate them as well."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
from rdflib import Graph

from competency_graph.dictionary.inference import entailed
from competency_graph.rdf.rdflib_graphs import to_engine, to_rdflib
from competency_graph.rdf.vocabulary import new_graph


def inferred_from(said: Iterable[ox.Quad], ontology: Iterable[ox.Quad]) -> list[ox.Quad]:
    """The statements that follow from ``said`` under ``ontology`` but are in neither.

    See `inference.entailed`; it takes about a second per thousand statements.
    """
    found = entailed(_graph(said), _graph(ontology))
    return [ox.Quad(*map(to_engine, triple)) for triple in sorted(found)]  # type: ignore[arg-type]


def _graph(quads: Iterable[ox.Quad]) -> Graph:
    graph = new_graph()
    for quad in quads:
        graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
    return graph
