"""``/search`` and ``/opensearch.xml``: entries found by words, and how browsers search here."""

from __future__ import annotations

import json
import textwrap
from typing import Final

from flask import Blueprint, Response, current_app, render_template, request

from competency_graph.errors import BadValueError, CompetencyError, UnavailableError
from competency_graph.rdf.vocabulary import KINDS, PREFIXES
from competency_graph.sparql.search.index import MAX_HITS, Found
from competency_graph.web.browse.kinds import contents
from competency_graph.web.http.addresses import page_path
from competency_graph.web.http.negotiation import PAGE
from competency_graph.web.http.parameters import reject_unknown_parameters
from competency_graph.web.http.response_cache import CACHEABLE
from competency_graph.web.http.responses import choose_formats
from competency_graph.web.languages.negotiation import SOURCE, named_in_address
from competency_graph.web.languages.texts import current_language, speak
from competency_graph.web.querying.saved_queries import served_catalogue
from competency_graph.web.search.index import search_index
from competency_graph.web.search.results import (
    Search,
    as_json,
    groups,
    label_of,
    short_name,
    suggestions,
)

blueprint = Blueprint("search", __name__)
SUGGESTIONS: Final = ("suggestions", "application/x-suggestions+json")
"""The values of ``format`` for completions of what is being typed."""
_HITS_OF_EACH_KIND: Final = 6
"""So many entries of each kind are on a page of all kinds."""
_TABLE_QUERY: Final = "text-search"
"""The saved query with the same entries as a table."""
_MAX_SHORT_NAME, _MAX_LONG_NAME = 16, 48
"""The maximum lengths of names in OpenSearch 1.1."""


@blueprint.get("/search")
def search() -> Response:
    """Find entries by words; show them as a page, as JSON or as suggestions.

    Raises:
        BadValueError: a parameter or its value is unknown.
        UnavailableError: the index is still being built.
    """
    reject_unknown_parameters("q", "kind", "in", "format")
    wanted = Search(
        request.args.get("q", "").strip(),
        request.args.get("kind", ""),
        request.args.get("in", ""),
    )
    if wanted.kind and wanted.kind not in KINDS:
        raise BadValueError(f"there is no kind “{wanted.kind}”", f"Use one of {', '.join(KINDS)}")
    request.environ[CACHEABLE] = bool(current_app.extensions["version"])
    form = request.args.get("format", "")
    if form in SUGGESTIONS:
        response = _suggestions(wanted.text)
    else:
        chosen = choose_formats(form, "list")["list"]
        is_page = chosen is not None and chosen.media_type == PAGE
        response = _page(wanted) if is_page else _data(wanted)
    response.vary.add("Accept")
    return response


@blueprint.get("/opensearch.xml")
def description() -> Response:
    """Describe the search for browsers and other clients (OpenSearch 1.1)."""
    title = contents().title
    body = render_template(
        "opensearch.xml",
        short_name=textwrap.shorten(title, _MAX_SHORT_NAME, placeholder="") or "Competencies",
        long_name=textwrap.shorten(title, _MAX_LONG_NAME, placeholder=""),
    )
    return Response(body, mimetype="application/opensearchdescription+xml")


def _page(wanted: Search) -> Response:
    language = current_language()
    found = _find(wanted, MAX_HITS if wanted.kind else _HITS_OF_EACH_KIND, language)
    container = search_index().label(_iri(wanted.within), language) if wanted.within else ""
    page = render_template(
        "search.html",
        search_text=wanted.text,
        search=wanted,
        found=found,
        groups=groups(found),
        container=container or wanted.within,
        short_name=short_name,
        query=_TABLE_QUERY if _TABLE_QUERY in served_catalogue() else "",
    )
    return Response(page)


def _data(wanted: Search) -> Response:
    body = json.dumps(as_json(wanted, _find(wanted, MAX_HITS, SOURCE)), ensure_ascii=False)
    return Response(body, mimetype="application/json")


def _suggestions(text: str) -> Response:
    language = speak(named_in_address(request.environ) or SOURCE)
    try:
        hits = search_index(_PATIENCE_OF_HELP).suggest(text, language)
    except UnavailableError:
        hits, request.environ[CACHEABLE] = [], False
    body = json.dumps(suggestions(text, hits, request.url_root), ensure_ascii=False)
    return Response(body, mimetype=SUGGESTIONS[1])


def _find(wanted: Search, per_kind: int, language: str) -> Found:
    """What matches; nothing without a text."""
    if not wanted.text:
        return Found()
    return search_index().search(wanted.text, wanted.kind, language, _iri(wanted.within), per_kind)


def _iri(name: str) -> str:
    """The IRI that `short_name` shortened."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local if prefix in PREFIXES else name


def nearest_entries(path: str) -> list[tuple[str, str]]:
    """The entries that an unknown path most likely means, with the addresses of their pages.

    Args:
        path: the path; its last part is taken for words.

    Returns:
        Labels and addresses; none if the index is not ready.
    """
    words = path.rstrip("/").rpartition("/")[2].removesuffix(".html").replace("-", " ")
    try:
        index = search_index(_PATIENCE_OF_HELP)
        language = current_language()
        found = (
            index.search(words, "", language, per_kind=_MAX_NEAREST) if words.strip() else Found()
        )
    except CompetencyError:
        return []
    return [(label_of(hit), page_path(hit.entry)) for hit in found.hits[:_MAX_NEAREST]]


_PATIENCE_OF_HELP: Final = 0.2
"""How many seconds suggestions and the page of an error wait for the index."""
_MAX_NEAREST: Final = 5
