"""``/export`` and ``/export/FORMAT``: exports of the dictionary for other systems."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, current_app, request

from competency_graph.errors import BadValueError, UnavailableError
from competency_graph.exporting import ABOUT, FORMATS, LINKS, outline, usable
from competency_graph.rdf.formats import format_named
from competency_graph.rdf.short_names import local_name
from competency_graph.rdf.vocabulary import GRAPH_ASSERTED
from competency_graph.web.http.negotiation import PAGE
from competency_graph.web.http.parameters import reject_unknown_parameters
from competency_graph.web.http.query_answers import content_disposition
from competency_graph.web.http.response_cache import CACHEABLE
from competency_graph.web.http.responses import choose_formats, compress

blueprint = Blueprint("export", __name__, url_prefix="/export")
BOOLEAN_VALUES = {"": False, "false": False, "true": True}
"""The allowed values of the parameters ``links`` and ``own``."""
_PAGE_ADDRESS: Final = "/data#exports"
"""The page that lists the formats."""


@blueprint.get("")
def formats() -> Response:
    """List the formats as JSON; browsers are led to the page that lists them."""
    items = [
        {
            "name": form.name,
            "mediaType": form.media_type,
            "description": ABOUT[form.name],
            "href": f"/export/{form.name}",
        }
        for form in usable()
    ]
    chosen = choose_formats(request.args.get("format", ""), "list")["list"]
    if chosen and chosen.media_type == PAGE:
        response = Response(status=HTTPStatus.SEE_OTHER, headers={"Location": _PAGE_ADDRESS})
    else:
        response = Response(json.dumps(items), mimetype="application/json")
    response.vary.add("Accept")
    return response


@blueprint.get("/<name>")
def export(name: str) -> Response:
    """Export the dictionary.

    With ``area``, export only that area; with ``links=true``, include links; with ``own=true``,
    leave out the entries of the dictionary that it extends.

    Raises:
        UnknownNameError: the format or the area is unknown.
        BadValueError: ``links`` or ``own`` is neither true nor false, or a parameter is unknown.
        UnavailableError: the service does not serve files, or they are too large to export.
    """
    reject_unknown_parameters("area", "links", "own")
    chosen = format_named(name, FORMATS)
    with_links, own_only = _boolean_parameter("links"), _boolean_parameter("own")
    sources = current_app.extensions["sources"]
    if str(GRAPH_ASSERTED) not in sources:
        raise UnavailableError(
            "this service does not load its dictionary from files, or they are too large to export",
            "Run “competency export” where the files are",
        )
    links = current_app.extensions["links"]() if with_links or chosen.name == LINKS else ()
    asserted = sources[str(GRAPH_ASSERTED)]
    area = request.args.get("area", "")
    entries = outline(asserted, links, area, current_app.extensions["own"] or asserted, own_only)
    response = Response(chosen.engine(entries), content_type=chosen.media_type)
    if chosen.media_type.startswith("text/"):
        response.content_type = f"{chosen.media_type}; charset=utf-8"
    if current_app.extensions["version"]:
        request.environ[CACHEABLE] = True
    ending = chosen.endings[0]
    parts = (
        local_name(entries.iri),
        local_name(area),
        "" if chosen.name in ending else chosen.name,
    )
    file_name = f"{'-'.join(filter(None, parts))}.{ending}"
    response.headers["Content-Disposition"] = content_disposition(file_name, always_download=True)
    return compress(response)


def _boolean_parameter(name: str) -> bool:
    value = BOOLEAN_VALUES.get(request.args.get(name, ""))
    if value is None:
        raise BadValueError(
            f"the parameter “{name}” is neither true nor false", "Use true or false"
        )
    return value
