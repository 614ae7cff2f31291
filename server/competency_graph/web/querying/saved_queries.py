"""``/queries`` and ``/queries/NAME``: the saved queries, listed and run.

``/queries/NAME.rq`` is the text to edit, with the values of the parameters.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, request

from competency_graph.mappings.frameworks import FRAMEWORKS, Framework
from competency_graph.rdf.formats import FORMATS
from competency_graph.rdf.short_names import local_name, shorten
from competency_graph.sparql.editable import editable_text
from competency_graph.sparql.parameters import (
    MAX_CHOICES,
    bind,
    choices,
    default,
    has_label,
    warnings,
)
from competency_graph.sparql.saved_queries import Catalogue, SavedQuery
from competency_graph.sparql.search.answers import answer_search
from competency_graph.web.http.response_cache import CACHEABLE
from competency_graph.web.http.responses import (
    answer_language,
    list_response,
    query_rows,
    respond,
    wants_page,
)
from competency_graph.web.languages.negotiation import PARAMETER, SOURCE
from competency_graph.web.languages.texts import current_language
from competency_graph.web.search.index import search_index

blueprint = Blueprint("saved", __name__, url_prefix="/queries")
RESERVED_PARAMETERS = frozenset(("format", PARAMETER))
"""Parameters of the address that are not parameters of the query."""


@blueprint.get("")
def catalogue() -> Response:
    """List the saved queries by group, as a page or as JSON."""
    groups = served_catalogue().groups()
    items = [_list_item(query) for queries in groups.values() for query in queries]
    return list_response(request.args.get("format", ""), "catalogue.html", items, groups=groups)


@blueprint.get("/<name>.rq")
def text(name: str) -> Response:
    """Return the query as a text to edit, with the parameters of the request."""
    request.environ[CACHEABLE] = bool(current_app.extensions["version"])
    query = served_catalogue()[name]
    bound = bind(query, _values(), query_rows)
    return Response(editable_text(query, bound), mimetype="application/sparql-query")


@blueprint.get("/<name>")
def run(name: str) -> Response:
    """Run a saved query with the parameters of the request, and the defaults of all others."""
    query = served_catalogue()[name]
    values = _values() | _reader_language(query)
    bound = bind(query, values, query_rows)
    values_shown = {p.name: shorten(bound[ox.Variable(p.name)]) for p in query.parameters}
    short_choices = {}
    if wants_page():
        all_choices = {p.name: choices(p, query_rows, current_language()) for p in query.parameters}
        short_choices = {
            name: options for name, options in all_choices.items() if len(options) < MAX_CHOICES
        }
    form = request.args.get("format", "")
    answer = answer_search(query, bound, search_index()) if query.search else None
    all_warnings = (*warnings(query, values, query_rows), *(answer.warnings if answer else ()))
    entries = (local_name(bound[v].value) for v in _entry_variables(query))
    return respond(
        query.text, "saved.html", form, bound,
        answer=answer,
        file_stem="-".join([query.name, *entries]),
        warnings=all_warnings,
        query=query, given=values_shown, choices=short_choices,
        editable=editable_text(query, bound),
    )  # fmt: skip


@cache
def page_query(name: str) -> SavedQuery:
    """A published query whose answer is part of a page, whatever queries are served."""
    return Catalogue()[name]


def served_catalogue() -> Catalogue:
    """The saved queries of this service."""
    catalogue: Catalogue = current_app.extensions["catalogue"]
    return catalogue


@blueprint.app_template_global()
def missing_frameworks(query: SavedQuery) -> list[Framework]:
    """The frameworks that a query needs and this service does not serve."""
    needed = (FRAMEWORKS[name] for name in query.needs)
    return [
        framework for framework in needed if framework.graph not in current_app.extensions["graphs"]
    ]


def _values() -> dict[str, str]:
    """The values that the request gives to parameters of the query."""
    return {key: value for key, value in request.args.items() if key not in RESERVED_PARAMETERS}


def _reader_language(query: SavedQuery) -> dict[str, str]:
    """The value of a parameter for languages that the request leaves to its default, on a page.

    It is the language of the reader if any label is in it.
    """
    names = [
        p.name for p in query.parameters if p.type == "language" and p.name not in request.args
    ]
    language = answer_language(*FORMATS) if names else SOURCE
    if language == SOURCE or not has_label(language, query_rows):
        return {}
    return dict.fromkeys(names, language)


def _entry_variables(query: SavedQuery) -> list[ox.Variable]:
    """The parameters whose values become part of the file name: entries."""
    return [ox.Variable(p.name) for p in query.parameters if ":" in p.type]


def _list_item(query: SavedQuery) -> dict[str, Any]:
    parameters = [
        {
            "name": p.name,
            "type": p.type,
            "default": default(p, query_rows),
            "description": p.description,
        }
        for p in query.parameters
    ]
    return {
        "name": query.name,
        "title": query.title,
        "group": query.group,
        "question": query.question,
        "parameters": parameters,
        "needs": list(query.needs),
        "available": not missing_frameworks(query),
        "href": f"/queries/{query.name}",
    }
