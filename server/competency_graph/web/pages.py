"""The pages that are no answer to a query."""

from __future__ import annotations

from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, render_template, request

from competency_graph.web import addresses

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> Response:
    """Say what is served, and offer the questions."""
    return Response(
        render_template("home.html", queries=current_app.extensions["catalogue"].values())
    )


def address(thing: ox.NamedNode) -> str:
    """The address of the page about a thing: here for what is served here, else its own."""
    return addresses.address(thing.value) or thing.value


def as_format(name: str) -> str:
    """The address of what this page shows, in the format called ``name``."""
    parameters = [(key, value) for key, value in request.values.items(multi=True) if value]
    kept = [(key, value) for key, value in parameters if key != "format"]
    return f"{request.path}?{urlencode([*kept, ('format', name)])}"
