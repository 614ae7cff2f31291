"""Responses with a whole graph, in the format that the client prefers."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox
from flask import Response, request
from rdflib import Graph

from competency_graph.rdf.formats import GRAPH_FORMATS, Format, format_named
from competency_graph.rdf.rdflib_graphs import to_engine
from competency_graph.rdf.short_names import prefixes_of
from competency_graph.web.http.negotiation import PAGE, ChosenFormat, not_acceptable
from competency_graph.web.http.query_answers import content_disposition
from competency_graph.web.http.responses import choose_formats, compress, preferred_media_type

_IRI_CHARACTERS: Final = ":/?#[]@!$&'()*+,;=~%"
"""Characters of an IRI that are not encoded in a header field (RFC 3986, section 2)."""


def engine_triples(graph: Graph) -> Iterator[ox.Triple]:
    """The triples of a graph, with each term spelled as in the graph."""
    for triple in graph:
        yield ox.Triple(*map(to_engine, triple))  # type: ignore[arg-type]


def send_graph(
    graph: Iterable[ox.Triple], form: Format[ox.RdfFormat] | None = None, file_stem: str = "graph"
) -> Response:
    """Send a graph, with its triples in a deterministic order.

    Args:
        graph: the triples, without duplicates; read once the format is known.
        form: the format; None to choose it from the request.
        file_stem: the file name, without ending.

    Raises:
        BadValueError: the request names an unknown format.
        NotAcceptable: the client accepts none of the available formats.
    """
    chosen = ChosenFormat(form.name, preferred_media_type(form)) if form else _choose_format()
    if chosen is None:
        raise not_acceptable("graph")
    triples = sorted(graph, key=str)
    body = io.BytesIO()
    prefixes = prefixes_of(triples)
    graph_format = format_named(chosen.format, GRAPH_FORMATS)
    ox.serialize(triples, body, format=graph_format.engine, prefixes=prefixes)
    return send_serialized(
        body.getvalue(), chosen.media_type, f"{file_stem}.{graph_format.endings[0]}"
    )


def send_serialized(content: bytes, media_type: str, file_name: str) -> Response:
    """Send a graph that is serialized already.

    Args:
        content: the serialized graph.
        media_type: its media type.
        file_name: the file name.
    """
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    response = Response(content, content_type=media_type + charset)
    response.headers["Content-Disposition"] = content_disposition(file_name)
    return compress(response)


def document_links(subject: str, alternates: Mapping[str, str]) -> str:
    """The Link header of a document (RFC 8288): what it describes, and its other formats.

    Args:
        subject: the IRI of what it describes, or "".
        alternates: the media type of the document at each other address.
    """
    links = [f'<{quote(subject, safe=_IRI_CHARACTERS)}>; rel="describes"'] if subject else []
    links += [
        f'<{address}>; rel="alternate"; type="{media_type}"'
        for address, media_type in alternates.items()
    ]
    return ", ".join(links)


def _choose_format() -> ChosenFormat | None:
    """The format that the request selects; graphs sent this way have no page."""
    format_name = request.args.get("format", "")
    chosen = choose_formats(format_name, "graph")["graph"]
    if chosen is None or chosen.media_type != PAGE:
        return chosen
    if format_name:
        return None
    types = {
        kind: format_name.name for format_name in GRAPH_FORMATS for kind in format_name.media_types
    }
    best = request.accept_mimetypes.best_match(list(types))
    return ChosenFormat(types[best], best) if best else None
