"""``/queries`` and ``/queries/NAME``: the saved queries, listed and run."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template, request

from competency_graph.catalogue import Catalogue
from competency_graph.web.answers import respond

blueprint = Blueprint("saved", __name__, url_prefix="/queries")


@blueprint.get("")
def catalogue() -> Response:
    """List the saved queries."""
    return Response(render_template("catalogue.html", queries=_catalogue().values()))


@blueprint.get("/<name>")
def run(name: str) -> Response:
    """Run one with the parameters of the request; those not given have their defaults."""
    query = _catalogue()[name]
    given = {key: value for key, value in request.args.items() if value}
    return respond(query.text, "saved.html", query.bind(given), query=query, given=given)


def _catalogue() -> Catalogue:
    found: Catalogue = current_app.extensions["catalogue"]
    return found
