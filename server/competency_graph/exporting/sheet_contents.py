"""The contents and the plan of the sheets of a dictionary that is exported."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
from rdflib import Graph, URIRef

from competency_graph.dictionary.sheets.contents import Contents, dictionary_of
from competency_graph.dictionary.sheets.plan import Plan, plan
from competency_graph.exporting.outline import Outline
from competency_graph.rdf.parsing import to_engine


def sheets_of(outline: Outline) -> tuple[Contents, Plan]:
    """What the cells of a dictionary's sheets show, and the sheets."""
    triples = list(_triples(outline.said))
    own = triples if outline.own is outline.said else list(_triples(outline.own))
    contents = Contents(triples, dictionary_of(own, triples))
    return contents, plan(contents, triples)


def _triples(graph: Graph) -> Iterator[ox.Triple]:
    for subject, predicate, value in graph:
        if isinstance(predicate, URIRef):
            yield ox.Triple(to_engine(subject), ox.NamedNode(predicate), to_engine(value))  # type: ignore[arg-type]
