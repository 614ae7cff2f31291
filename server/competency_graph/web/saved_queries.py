"""``/queries`` and ``/queries/NAME``: the saved queries, listed and run."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, request

from competency_graph.mappings.frameworks import FRAMEWORKS, Framework
from competency_graph.rdf.short_names import local_name, shorten
from competency_graph.sparql.parameters import MAX_CHOICES, bind, choices, default, warnings
from competency_graph.sparql.saved_queries import Catalogue, SavedQuery
from competency_graph.sparql.search_index import Index, answer_search
from competency_graph.web.responses import listed, respond, rows, wants_page

blueprint = Blueprint("saved", __name__, url_prefix="/queries")
RESERVED = frozenset(("format",))
"""Parameters of every saved query's address that are not the query's own."""


@blueprint.get("")
def catalogue() -> Response:
    """List the saved queries, as a page or as JSON."""
    queries = catalogue_served().values()
    items = [_listed(query) for query in queries]
    return listed(request.args.get("format", ""), "catalogue.html", items, queries=queries)


@blueprint.get("/<name>")
def run(name: str) -> Response:
    """Run one with the parameters of the request; those not given have their defaults."""
    query = catalogue_served()[name]
    given = {key: value for key, value in request.args.items() if key not in RESERVED}
    bound = bind(query, given, rows)
    shown = {p.name: shorten(bound[ox.Variable(p.name)]) for p in query.parameters}
    pickers = {}
    if wants_page():
        offered = {p.name: choices(p, rows) for p in query.parameters}
        pickers = {name: few for name, few in offered.items() if len(few) < MAX_CHOICES}
    form = request.args.get("format", "")
    found = answer_search(query, bound, _index()) if query.search else None
    told = (*warnings(query, given, rows), *(found.warnings if found else ()))
    return respond(
        query.text, "saved.html", form, bound,
        found=found,
        file="-".join([query.name, *(local_name(bound[v].value) for v in _named(query))]),
        warnings=told,
        query=query, given=shown, choices=pickers,
    )  # fmt: skip


def catalogue_served() -> Catalogue:
    """The saved queries of this service."""
    found: Catalogue = current_app.extensions["catalogue"]
    return found


@blueprint.app_template_global()
def lacking(query: SavedQuery) -> list[Framework]:
    """The frameworks that a query asks and this service does not have."""
    needed = (FRAMEWORKS[name] for name in query.needs)
    return [one for one in needed if one.graph not in current_app.extensions["graphs"]]


def _index() -> Index:
    """The index of the entries, made when it is first asked for."""
    found: Index | None = current_app.extensions.get("index")
    if found is None:
        found = current_app.extensions["index"] = Index(rows)
    return found


def _named(query: SavedQuery) -> list[ox.Variable]:
    """The parameters that tell one answer from another in the name of a file: entries."""
    return [ox.Variable(p.name) for p in query.parameters if ":" in p.type]


def _listed(query: SavedQuery) -> dict[str, Any]:
    parameters = [
        {
            "name": p.name,
            "type": p.type,
            "default": default(p, rows),
            "description": p.description,
        }
        for p in query.parameters
    ]
    return {
        "name": query.name,
        "title": query.title,
        "question": query.question,
        "parameters": parameters,
        "needs": list(query.needs),
        "available": not lacking(query),
        "href": f"/queries/{query.name}",
    }
