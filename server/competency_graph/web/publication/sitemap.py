"""``/sitemap.xml``: the pages, for search engines (https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException

from competency_graph.errors import UnknownNameError
from competency_graph.rdf.vocabulary import KINDS, PREFIXES
from competency_graph.validation import rule_pages
from competency_graph.web.browse.kinds import contents
from competency_graph.web.http.addresses import ENTRY_PATH, page_path
from competency_graph.web.http.response_cache import CACHEABLE
from competency_graph.web.http.responses import compress, query_rows, static_site
from competency_graph.web.querying.saved_queries import served_catalogue
from competency_graph.web.versions.served_history import has_versions

blueprint = Blueprint("sitemap", __name__)
MAX_PAGES: Final = 50_000
"""The maximum of one sitemap, by its protocol."""
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PAGES: Final = (
    "/", "/matrix", "/compare", "/links", "/ontology", "/data", "/about", "/queries", "/rules",
    "/validate", "/sparql",
)  # fmt: skip
"""The pages that do not depend on the data, as far as this service has them."""
_NEED_SERVER: Final = ("/validate", "/sparql")
"""The pages that a site of files does not have."""
_ENTRIES_QUERY: Final = f"""\
PREFIX owl: <{PREFIXES["owl"]}>
SELECT DISTINCT ?entry WHERE {{
  VALUES ?class {{ {" ".join(f"<{class_}>" for class_ in KINDS.values())} }}
  ?entry a ?class
  FILTER(isIRI(?entry))
  FILTER NOT EXISTS {{ ?entry owl:deprecated true }}
}} ORDER BY ?entry"""


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """List all pages, or the sitemaps that list them if they are too many for one."""
    request.environ[CACHEABLE] = bool(current_app.extensions["version"])
    paths = list(_paths())
    if len(paths) <= MAX_PAGES:
        return _document("urlset", "url", paths)
    count = -(-len(paths) // MAX_PAGES)
    return _document("sitemapindex", "sitemap", [f"/sitemap-{n}.xml" for n in range(1, count + 1)])


@blueprint.get("/sitemap-<int:number>.xml")
def part(number: int) -> Response:
    """List one part of the pages.

    Raises:
        UnknownNameError: there are not that many parts.
    """
    request.environ[CACHEABLE] = bool(current_app.extensions["version"])
    start = (number - 1) * MAX_PAGES
    paths = list(_paths())[start : start + MAX_PAGES] if number else []
    if not paths:
        raise UnknownNameError(f"there is no sitemap {number}", "Start with /sitemap.xml")
    return _document("urlset", "url", paths)


def _paths() -> Iterator[str]:
    """The paths of all pages."""
    found = [
        *(page for page in _PAGES if page not in _NEED_SERVER or not static_site()),
        *(["/changes"] if has_versions() else []),
        *(f"/entries/{kind}" for kind, _ in contents().counts),
        *(f"/queries/{name}" for name in served_catalogue()),
        *(f"/rules/{code}" for code in rule_pages.pages()),
    ]
    yield from filter(_is_served, found)
    dictionaries = (dictionary.iri for dictionary in contents().dictionaries)
    entries = (e.value for (e,) in query_rows(_ENTRIES_QUERY, {}) if isinstance(e, ox.NamedNode))
    yield from filter(None, map(_entry_path, dict.fromkeys((*dictionaries, *entries))))


def _entry_path(iri: str) -> str:
    """The path of the page about an entry; "" if it has none here."""
    path = page_path(iri)
    return path if not path or path.startswith(ENTRY_PATH + "?") else f"{path}.html"


def _is_served(path: str) -> bool:
    """Whether a path has a page of its own, rather than one about an entry."""
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, _ = adapter.match(path) if adapter else ("", {})
    except HTTPException:
        return False
    return endpoint not in ("", "published.thing")


def _document(root: str, element: str, paths: Iterable[str]) -> Response:
    address = request.url_root.rstrip("/")
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<{root} xmlns="{_NAMESPACE}">',
        *(f"<{element}><loc>{escape(address + path)}</loc></{element}>" for path in paths),
        f"</{root}>",
        "",
    ]
    return compress(Response("\n".join(lines), mimetype="application/xml"))
