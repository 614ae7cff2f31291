"""A whole graph, sent in the format that the client likes best."""

from __future__ import annotations

import io

import pyoxigraph as ox
from flask import Response, request
from rdflib import Graph
from werkzeug.exceptions import NotAcceptable

from competency_graph.errors import BadValueError
from competency_graph.formats import GRAPH_FORMATS, Format
from competency_graph.naming import prefixes_of
from competency_graph.reading import to_engine
from competency_graph.web.answers import compressed


def send_graph(graph: Graph, form: Format[ox.RdfFormat] | None = None) -> Response:
    """The graph, exactly as it spells its terms.

    Args:
        graph: what to send.
        form: the format; none to have the request choose.

    Raises:
        BadValueError: the request names a format that there is not.
        NotAcceptable: the client takes none of the formats there are.
    """
    name = request.args.get("format")
    types = {kind: form for form in GRAPH_FORMATS for kind in (form.media_type, *form.also)}
    if form:
        chosen: str | None = form.media_type
    elif name:
        chosen = next((kind for kind, form in types.items() if form.name == name), None)
        if chosen is None:
            names = ", ".join(form.name for form in GRAPH_FORMATS)
            raise BadValueError(f"there is no format “{name}” of a graph", f"Use one of {names}")
    elif request.accept_mimetypes:
        chosen = request.accept_mimetypes.best_match([*types])
    else:
        chosen = "text/turtle"
    if chosen is None:
        raise NotAcceptable("a graph can be had as " + ", ".join(types))
    triples = [ox.Triple(*map(to_engine, triple)) for triple in sorted(graph)]  # type: ignore[arg-type]
    body = io.BytesIO()
    prefixes = prefixes_of(triples)
    ox.serialize(triples, body, format=types[chosen].engine, prefixes=prefixes)
    charset = "; charset=utf-8" if chosen.startswith("text/") else ""
    response = Response(body.getvalue(), content_type=chosen + charset)
    return compressed(response)
