"""What the editor of ``/sparql`` needs from the server."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import Blueprint

from competency_graph.rdf.vocabulary import BASE, PREFIXES
from competency_graph.sparql.saved_queries import SavedQuery
from competency_graph.web.addresses import entry_namespaces
from competency_graph.web.saved_queries import missing_frameworks, served_catalogue

blueprint = Blueprint("editor", __name__)
_SCRIPT = Path(__file__).parent / "static" / "vendor" / "yasgui.js"


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
    return {"prefixes": PREFIXES, "base": BASE, "namespaces": entry_namespaces()}
