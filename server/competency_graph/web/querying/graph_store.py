"""``/graphs``: reading by the SPARQL 1.1 Graph Store HTTP Protocol (sections 4.1, 5.2, 5.7)."""

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
from competency_graph.web.http.graph_responses import engine_triples, send_graph
from competency_graph.web.http.responses import respond, run_request

blueprint = Blueprint("graph_store", __name__)
_GRAPH_VARIABLE = ox.Variable("graph")
_NAMED_GRAPH_QUERY = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?graph { ?s ?p ?o } }"
_DEFAULT_GRAPH_QUERY = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


@blueprint.get("/graphs")
def graph() -> Response:
    """Send the default graph or a named one; terms from small files stay as spelled."""
    name = _requested_graph()
    sources: dict[str, Graph] = current_app.extensions["sources"]
    if name in sources:
        return send_graph(engine_triples(sources[name]))
    if name or not sources or {*current_app.extensions["graphs"]} - {*GRAPHS}:
        bound = {_GRAPH_VARIABLE: ox.NamedNode(name)} if name else {}
        return respond(
            _NAMED_GRAPH_QUERY if name else _DEFAULT_GRAPH_QUERY,
            "editor.html",
            request.args.get("format", ""),
            bound,
            file_stem="graph",
            query=_DEFAULT_GRAPH_QUERY,
        )
    return send_graph(_default_graph(sources))


def _requested_graph() -> str:
    """The IRI of the graph that the request names; "" for the default graph."""
    names = request.args.getlist("graph")
    defaults = request.args.getlist("default")
    if len(defaults) + len(names) != 1 or any(defaults):
        raise BadValueError(
            "the request names no graph, or more than one",
            "Request one with ?graph=IRI, or the union of all with ?default",
        )
    graphs = current_app.extensions["graphs"]
    if names and names[0] not in graphs:
        raise UnknownNameError(
            f"<{names[0]}> is not a graph of this service", f"Use one of <{'>, <'.join(graphs)}>"
        )
    return names[0] if names else ""


def _default_graph(sources: Mapping[str, Graph]) -> Iterator[ox.Triple]:
    """The default graph: the graphs from files, and from the store those that no file contains."""
    graphs = (
        engine_triples(sources[name]) if name in sources else _graph_in_store(name)
        for name in GRAPHS
    )
    yield from set(chain.from_iterable(graphs))


def _graph_in_store(graph: str) -> Iterator[ox.Triple]:
    query_request = QueryRequest(
        _NAMED_GRAPH_QUERY, {"graph": "ntriples"}, {_GRAPH_VARIABLE: ox.NamedNode(graph)}
    )
    with ExitStack() as stack:
        content = b"".join(run_request(query_request, stack).chunks)
    for quad in ox.parse(content, format=ox.RdfFormat.N_TRIPLES):
        yield quad.triple
