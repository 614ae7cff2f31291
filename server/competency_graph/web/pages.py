"""Pages that do not show the answer to a query, and what all pages share."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, request, url_for
from werkzeug.exceptions import HTTPException

from competency_graph.dictionary.credits import Credits, credits_of
from competency_graph.errors import CompetencyError
from competency_graph.mappings.frameworks import FRAMEWORKS
from competency_graph.web.http import addresses
from competency_graph.web.http.responses import query_rows, static_site
from competency_graph.web.languages.negotiation import LANGUAGES, PARAMETER

blueprint = Blueprint("pages", __name__)
ROBOTS_TXT = """\
User-agent: *
Disallow: /sparql?
Disallow: /queries/*?
Disallow: /graphs?
Disallow: /search?
Disallow: /validate?
Disallow: /why?
{pages}
Sitemap: {root}sitemap.xml
"""
"""Keeps crawlers away from answers that are computed for each request (RFC 9309).

``root`` stands for the address of the service, ``pages`` for the same pages in each language.
"""
ROBOTS_TXT_OF_FILES = """\
User-agent: *
Disallow:

Sitemap: {root}sitemap.xml
"""
"""The same for a site of files, which computes nothing."""


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Let crawlers read the pages, but not answers that are computed for each request."""
    pages = "".join(
        f"Allow: {path}?{PARAMETER}={language}$\n"
        for path in ("/sparql", "/queries/*", "/validate")
        for language in LANGUAGES
    )
    text = ROBOTS_TXT_OF_FILES if static_site() else ROBOTS_TXT
    return Response(text.format(root=request.url_root, pages=pages), mimetype="text/plain")


@blueprint.get("/favicon.ico")
def icon() -> Response:
    """Redirect clients that look for the icon at its conventional address."""
    location = url_for("static", filename="icon.svg")
    return Response(status=HTTPStatus.MOVED_PERMANENTLY, headers={"Location": location})


@blueprint.before_app_request
def redirect_trailing_slash() -> Response | None:
    """Redirect from an address with a trailing slash to the one without (RFC 9110, 15.4.9)."""
    if request.path == "/" or not request.path.endswith("/"):
        return None
    path = "/" + request.path.strip("/")
    url_adapter = current_app.create_url_adapter(request)
    try:
        endpoint, _ = url_adapter.match(path) if url_adapter else ("", {})
    except HTTPException:
        return None
    return permanent_redirect(path) if endpoint not in ("", "published.thing") else None


def permanent_redirect(path: str) -> Response:
    """A permanent redirect to ``path`` that keeps the method and the parameters."""
    query = request.query_string.decode("latin-1")
    location = f"{path}?{query}" if query else path
    return Response(status=HTTPStatus.PERMANENT_REDIRECT, headers={"Location": location})


@blueprint.app_template_global()
def dataset_credits() -> Credits:
    """The licences and credits of the data; queried once."""
    data_credits: Credits | None = current_app.extensions.get("credits")
    if data_credits is None:
        try:
            data_credits = credits_of(query_rows)
        except CompetencyError:
            return Credits()  # the backend does not answer, which the page itself reports
        loaded = {
            f.name for f in FRAMEWORKS.values() if f.graph in current_app.extensions["graphs"]
        }
        data_credits = data_credits._replace(frameworks=data_credits.frameworks | loaded)
        current_app.extensions["credits"] = data_credits
    return data_credits


def page_address(thing: ox.NamedNode) -> str:
    """The address of the page about a thing: on this service if it has one, else its IRI."""
    return addresses.page_path(thing.value) or thing.value


def address_in_format(name: str) -> str:
    """The address of the current page's data in the format called ``name``."""
    parameters = [(key, value) for key, value in request.values.items(multi=True) if value]
    others = [(key, value) for key, value in parameters if key not in ("format", PARAMETER)]
    return f"{request.path}?{urlencode([*others, ('format', name)])}"
