"""A whole graph, sent in the format that the client likes best."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

import pyoxigraph as ox
from flask import Response, request
from rdflib import Graph

from competency_graph.rdf.formats import GRAPH_FORMATS, Format, format_named
from competency_graph.rdf.parsing import to_engine
from competency_graph.rdf.short_names import prefixes_of
from competency_graph.web.responses import (
    PAGE,
    ChosenFormat,
    choose,
    compressed,
    disposition,
    media_type,
    unacceptable,
)


def as_written(graph: Graph) -> Iterator[ox.Triple]:
    """What a graph says, exactly as it spells its terms."""
    for triple in graph:
        yield ox.Triple(*map(to_engine, triple))  # type: ignore[arg-type]


def send_graph(
    graph: Iterable[ox.Triple], form: Format[ox.RdfFormat] | None = None, file: str = "graph"
) -> Response:
    """A graph, in an order that depends on nothing but what it says.

    Args:
        graph: what to send, each triple once; it is looked at when the format is known.
        form: the format; none to have the request choose.
        file: what a file of it is called, without ending.

    Raises:
        BadValueError: the request names a format that there is not.
        NotAcceptable: the client takes none of the formats there are.
    """
    chosen = ChosenFormat(form.name, media_type(form)) if form else _chosen()
    if chosen is None:
        raise unacceptable("graph")
    triples = sorted(graph, key=str)
    body = io.BytesIO()
    prefixes = prefixes_of(triples)
    taken = format_named(chosen.format, GRAPH_FORMATS)
    ox.serialize(triples, body, format=taken.engine, prefixes=prefixes)
    return send_written(body.getvalue(), chosen.media_type, f"{file}.{taken.endings[0]}")


def send_written(content: bytes, kind: str, file: str) -> Response:
    """A graph that is written already.

    Args:
        content: what was written.
        kind: its media type.
        file: what a file of it is called.
    """
    charset = "; charset=utf-8" if kind.startswith("text/") else ""
    response = Response(content, content_type=kind + charset)
    response.headers["Content-Disposition"] = disposition(file)
    return compressed(response)


def _chosen() -> ChosenFormat | None:
    """What the request asks for; such a graph has no page."""
    form = request.args.get("format", "")
    chosen = choose(form, "graph")["graph"]
    if chosen is None or chosen.media_type != PAGE:
        return chosen
    if form:
        return None
    types = {kind: form.name for form in GRAPH_FORMATS for kind in form.media_types}
    best = request.accept_mimetypes.best_match(list(types))
    return ChosenFormat(types[best], best) if best else None
