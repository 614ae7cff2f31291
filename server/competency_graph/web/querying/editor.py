"""What the editor of ``/sparql`` needs from the server: examples, prefixes, compressed scripts."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, request

from competency_graph.rdf.vocabulary import BASE, PREFIXES
from competency_graph.sparql.saved_queries import SavedQuery
from competency_graph.web.http.addresses import served_entry_namespaces
from competency_graph.web.http.responses import compress
from competency_graph.web.querying.saved_queries import missing_frameworks, served_catalogue

blueprint = Blueprint("editor", __name__)
_SCRIPT = Path(__file__).parents[1] / "static" / "vendor" / "yasgui.js"


@blueprint.app_template_global()
@cache
def has_editor() -> bool:
    """Whether this installation has the editor, which the build fetches from npm."""
    return _SCRIPT.is_file()


@blueprint.app_template_global()
def example_groups() -> dict[str, list[SavedQuery]]:
    """The saved queries that this service can answer, by group."""
    groups = {
        group: [query for query in queries if not missing_frameworks(query)]
        for group, queries in served_catalogue().groups().items()
    }
    return {group: queries for group, queries in groups.items() if queries}


@blueprint.app_template_global()
def editor_settings() -> dict[str, object]:
    """The prefixes, and the namespaces of things with a page on this service."""
    return {"prefixes": PREFIXES, "base": BASE, "namespaces": served_entry_namespaces()}


@blueprint.after_app_request
def compress_static(response: Response) -> Response:
    """Compress scripts and styles; the editor's are a megabyte."""
    if request.endpoint != "static" or response.status_code != HTTPStatus.OK:
        return response
    response.direct_passthrough = False
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)
    return compress(response)
