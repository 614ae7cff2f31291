"""The pages that are no answer to a query."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from competency_graph.dictionary.credits import Credits, credits_of
from competency_graph.errors import CompetencyError
from competency_graph.mappings.frameworks import FRAMEWORKS
from competency_graph.web import addresses
from competency_graph.web.responses import rows

blueprint = Blueprint("pages", __name__)
ROBOTS = """\
User-agent: *
Disallow: /sparql?
Disallow: /queries/*?
Disallow: /graphs?
Disallow: /validate
"""
"""What robots are kept from (RFC 9309): answers to what anyone may ask."""


@blueprint.get("/")
def home() -> Response:
    """Say what is served, and offer the questions."""
    return Response(
        render_template("home.html", queries=current_app.extensions["catalogue"].values())
    )


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Let robots read the pages, and keep them from what is worked out for each request."""
    return Response(ROBOTS, mimetype="text/plain")


@blueprint.get("/favicon.ico")
def icon() -> Response:
    """Lead to the icon, for those who look for it where it used to be."""
    where = url_for("static", filename="icon.svg")
    return Response(status=HTTPStatus.MOVED_PERMANENTLY, headers={"Location": where})


@blueprint.before_app_request
def one_address() -> Response | None:
    """Lead from an address with a slash at its end to the one without (RFC 9110, 15.4.9)."""
    if request.path == "/" or not request.path.endswith("/"):
        return None
    path = "/" + request.path.strip("/")
    routes = current_app.create_url_adapter(request)
    try:
        endpoint, _ = routes.match(path) if routes else ("", {})
    except HTTPException:
        return None
    return slashless(path) if endpoint not in ("", "published.thing") else None


def slashless(path: str) -> Response:
    """A redirection to ``path`` that keeps the method and the parameters."""
    query = request.query_string.decode("latin-1")
    where = f"{path}?{query}" if query else path
    return Response(status=HTTPStatus.PERMANENT_REDIRECT, headers={"Location": where})


@blueprint.app_template_global()
def credited() -> Credits:
    """What the data says of its licences and of those whom it credits; asked once."""
    found: Credits | None = current_app.extensions.get("credits")
    if found is None:
        try:
            found = credits_of(rows)
        except CompetencyError:
            return Credits()  # nothing answers now, which the page itself says
        loaded = {
            f.name for f in FRAMEWORKS.values() if f.graph in current_app.extensions["graphs"]
        }
        found = found._replace(frameworks=found.frameworks | loaded)
        current_app.extensions["credits"] = found
    return found


def address(thing: ox.NamedNode) -> str:
    """The address of the page about a thing: here for what is served here, else its own."""
    return addresses.address(thing.value) or thing.value


def as_format(name: str) -> str:
    """The address of what this page shows, in the format called ``name``."""
    parameters = [(key, value) for key, value in request.values.items(multi=True) if value]
    kept = [(key, value) for key, value in parameters if key != "format"]
    return f"{request.path}?{urlencode([*kept, ('format', name)])}"
