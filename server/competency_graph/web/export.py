"""``/export`` and ``/export/FORMAT``: the dictionary for other systems."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request

from competency_graph.errors import BadValueError, UnavailableError
from competency_graph.exporting import ABOUT, FORMATS, LINKS, outline
from competency_graph.rdf.formats import format_named
from competency_graph.rdf.short_names import local_name
from competency_graph.rdf.vocabulary import GRAPH_ASSERTED
from competency_graph.web.parameters import refuse_others
from competency_graph.web.response_cache import CACHEABLE
from competency_graph.web.responses import compressed, disposition, listed

blueprint = Blueprint("export", __name__, url_prefix="/export")
TRUTHS = {"": False, "false": False, "true": True}
"""The values of the parameters ``links`` and ``own``."""


@blueprint.get("")
def formats() -> Response:
    """List the formats, as a page or as JSON."""
    items = [
        {
            "name": form.name,
            "mediaType": form.media_type,
            "description": ABOUT[form.name],
            "href": f"/export/{form.name}",
        }
        for form in FORMATS
    ]
    asked = request.args.get("format", "")
    return listed(asked, "export.html", items, formats=FORMATS, about=ABOUT)


@blueprint.get("/<name>")
def export(name: str) -> Response:
    """Send it; ``area`` asks for one area alone, ``links=true`` for links as well.

    ``own=true`` leaves out the entries of the dictionary that it extends.

    Raises:
        UnknownNameError: there is no such format or area.
        BadValueError: ``links`` or ``own`` is neither true nor false, or a parameter is unknown.
        UnavailableError: the dictionary is not in files of this service.
    """
    refuse_others("area", "links", "own")
    chosen = format_named(name, FORMATS)
    linked, own = _truth("links"), _truth("own")
    sources = current_app.extensions["sources"]
    if str(GRAPH_ASSERTED) not in sources:
        raise UnavailableError(
            "this service has its dictionary from elsewhere, or it is too large for this",
            "Use “competency export” where its files are",
        )
    links = current_app.extensions["links"]() if linked or chosen.name == LINKS else ()
    said = sources[str(GRAPH_ASSERTED)]
    area = request.args.get("area", "")
    whole = outline(said, links, area, current_app.extensions["own"] or said, own)
    response = Response(chosen.engine(whole), content_type=chosen.media_type)
    if chosen.media_type.startswith("text/"):
        response.content_type = f"{chosen.media_type}; charset=utf-8"
    if current_app.extensions["version"]:
        request.environ[CACHEABLE] = True
    ending = chosen.endings[0]
    parts = (local_name(whole.iri), local_name(area), "" if chosen.name in ending else chosen.name)
    file = f"{'-'.join(filter(None, parts))}.{ending}"
    response.headers["Content-Disposition"] = disposition(file, saved=True)
    return compressed(response)


def _truth(name: str) -> bool:
    found = TRUTHS.get(request.args.get(name, ""))
    if found is None:
        raise BadValueError(f"the parameter “{name}” is neither true nor false", "Use one of them")
    return found
