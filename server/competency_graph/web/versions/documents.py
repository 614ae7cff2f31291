"""Released versions at their version IRIs, such as ``/sales/1.0.0``.

As an IRI of an entry, it redirects to a document in the format that the client prefers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, render_template, request

from competency_graph.errors import UnknownNameError
from competency_graph.rdf.formats import GRAPH_FORMATS
from competency_graph.versions.numbers import Number, number_or_none
from competency_graph.versions.released.archive import Archive
from competency_graph.versions.released.history import Step
from competency_graph.web.browse.kinds import contents
from competency_graph.web.http.addresses import page_path
from competency_graph.web.http.graph_responses import document_links, send_graph
from competency_graph.web.http.negotiation import PAGE, not_acceptable
from competency_graph.web.http.response_cache import CACHEABLE
from competency_graph.web.http.responses import choose_formats
from competency_graph.web.versions.changes import MAX_SHOWN
from competency_graph.web.versions.served_history import archive, history

blueprint = Blueprint("version_documents", __name__)
_FORMATS: Final = {
    form.endings[0]: form for form in GRAPH_FORMATS if form.name not in ("nquads", "trig")
}


@blueprint.get("/versions/<document>")
def version(document: str) -> Response:
    """A version of a dictionary whose IRI has no path here."""
    return _answer("/versions", document)


def document_at(path: str) -> Response | None:
    """A version, if a path is that of a version IRI, perhaps with the ending of a format."""
    folder, _, document = path.rpartition("/")
    number, kept = number_or_none(".".join(document.split(".")[:3])), archive()
    if number is None or kept is None or number not in kept.numbers():
        return None
    released = {step.dictionary for step in history().steps if step.dictionary}
    first = {each.iri for each in contents().dictionaries[:1]}
    return (
        _answer(f"/{folder}", document)
        if f"/{folder}" in map(page_path, released or first)
        else None
    )


def _answer(folder: str, document: str) -> Response:
    """The document about a version, or a redirect to it.

    Raises:
        UnknownNameError: there is no such version.
    """
    parts = document.split(".")
    number, ending = number_or_none(".".join(parts[:3])), ".".join(parts[3:])
    kept = archive()
    if (
        kept is None
        or number is None
        or number not in kept.numbers()
        or (ending and ending != "html" and ending not in _FORMATS)
    ):
        raise UnknownNameError(
            f"there is no version {document}", "Look for the released versions in /changes"
        )
    if not ending:
        response = Response(status=HTTPStatus.SEE_OTHER)
        response.headers["Location"] = f"{quote(folder)}/{number}.{_preferred_ending()}"
        response.headers["Vary"] = "Accept"
        return response
    request.environ[CACHEABLE] = bool(current_app.extensions["version"])
    addresses = {end: f"{quote(folder)}/{number}.{end}" for end in _FORMATS}
    if ending == "html":
        response = _page(number, addresses)
    else:
        response = send_graph(_triples(kept, number), _FORMATS[ending], f"{number}")
    iri = next((step.iri for step in history().steps if step.number == str(number)), "")
    others = {at: _FORMATS[end].media_type for end, at in addresses.items() if end != ending}
    response.headers["Link"] = document_links(iri, others)
    return response


def _preferred_ending() -> str:
    chosen = choose_formats(request.args.get("format", ""), "graph")["graph"]
    if chosen is None:
        raise not_acceptable("graph")
    if chosen.media_type == PAGE:
        return "html"
    return next((end for end, form in _FORMATS.items() if form.name == chosen.format), "ttl")


def _page(number: Number, addresses: Mapping[str, str]) -> Response:
    steps = history().steps
    found = [n for n, step in enumerate(steps) if step.number == str(number)]
    step = steps[found[0]] if found else Step(str(number), "", "", "", False, ())
    return Response(
        render_template(
            "versions/version.html",
            step=step,
            current=found == [0],
            previous=steps[found[0] + 1] if found and found[0] + 1 < len(steps) else None,
            following=steps[found[0] - 1] if found and found[0] else None,
            formats={_FORMATS[end].name: at for end, at in addresses.items()},
            most=MAX_SHOWN,
        )
    )


def _triples(kept: Archive, number: Number) -> Iterator[ox.Triple]:
    """The statements of a version, each once."""
    yield from dict.fromkeys(quad.triple for quad in kept.read(number).statements)
