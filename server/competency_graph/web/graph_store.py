"""``/graphs``: the SPARQL 1.1 Graph Store HTTP Protocol, to read (sections 4.1, 5.2 and 5.7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from itertools import chain

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, request
from rdflib import Graph

from competency_graph.errors import BadValueError, UnknownNameError
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sparql.evaluator import GRAPHS
from competency_graph.web.graph_responses import as_written, send_graph
from competency_graph.web.responses import ask, respond

blueprint = Blueprint("graph_store", __name__)
_GRAPH = ox.Variable("graph")
_NAMED = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?graph { ?s ?p ?o } }"
_DEFAULT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@blueprint.get("/graphs")
def graph() -> Response:
    """Send the default graph or a named one; what small files say, exactly as they spell it."""
    name = _asked_for()
    sources: dict[str, Graph] = current_app.extensions["sources"]
    if name in sources:
        return send_graph(as_written(sources[name]))
    if name or not sources or {*current_app.extensions["graphs"]} - {*GRAPHS}:
        bound = {_GRAPH: ox.NamedNode(name)} if name else {}
        return respond(
            _NAMED if name else _DEFAULT,
            "editor.html",
            request.args.get("format", ""),
            bound,
            file="graph",
            query=_DEFAULT,
        )
    return send_graph(_union(sources))


def _asked_for() -> str:
    """The IRI of the graph that the request names, "" for the default graph."""
    names = request.args.getlist("graph")
    defaults = request.args.getlist("default")
    if len(defaults) + len(names) != 1 or any(defaults):
        raise BadValueError(
            "the request names no graph, or more than one",
            "Ask for one with ?graph=IRI, or for the union of all with ?default",
        )
    graphs = current_app.extensions["graphs"]
    if names and names[0] not in graphs:
        raise UnknownNameError(
            f"<{names[0]}> is not a graph of this service", f"There are <{'>, <'.join(graphs)}>"
        )
    return names[0] if names else ""


def _union(sources: Mapping[str, Graph]) -> Iterator[ox.Triple]:
    """The default graph, of which some is in no file."""
    graphs = (as_written(sources[name]) if name in sources else _stored(name) for name in GRAPHS)
    yield from set(chain.from_iterable(graphs))


def _stored(graph: str) -> Iterator[ox.Triple]:
    question = QueryRequest(_NAMED, {"graph": "ntriples"}, {_GRAPH: ox.NamedNode(graph)})
    with ExitStack() as stack:
        content = b"".join(ask(question, stack).chunks)
    for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES):
        yield quad.triple
