"""What only the site of files has: the page about servers, the 404 page, and the search data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, current_app, render_template

from competency_graph.rdf.short_names import local_name
from competency_graph.sparql.search.texts import (
    ALTERNATIVE,
    CODE,
    DEFINITION,
    EXAMPLE,
    LABEL,
    Entry,
    Text,
    read_entries,
)
from competency_graph.web.browse.kinds import WORDS, contents, kind_words
from competency_graph.web.http.addresses import page_path
from competency_graph.web.http.query_answers import content_disposition
from competency_graph.web.http.responses import query_rows
from competency_graph.web.languages.texts import current_language
from competency_graph.web.static_site.host_rules import w3id_rules

blueprint = Blueprint("static_site", __name__)
NEEDS_SERVER: Final = "/needs-server.html"
NOT_FOUND: Final = "/404.html"
SEARCH_DATA: Final = "/search-data.json"
W3ID: Final = "/w3id.htaccess"
MAX_SEARCH_BYTES: Final = 4_000_000
"""The maximum size of the search data, which a browser loads as a whole."""
_MEMBERS: Final = {
    LABEL: "label", CODE: "code", ALTERNATIVE: "names", EXAMPLE: "examples",
    DEFINITION: "definition",
}  # fmt: skip
"""The members for an entry's own texts, by property; other texts label linked concepts."""
_LINKED: Final = "linked"
_DISPENSABLE: Final = (_LINKED, "examples", "definition", "names")
"""The members that are left out one after the other if the search data is too large."""


@blueprint.get(NEEDS_SERVER)
def needs_server() -> str:
    """Say what needs a server, and what to do without one."""
    return render_template("needs-server.html")


@blueprint.get(NOT_FOUND)
def not_found() -> str:
    """Say that there is no such page."""
    return render_template("not-found.html")


@blueprint.get(W3ID)
def w3id() -> Response:
    """The rules for the first dictionary's folder at w3id.org, if it has one."""
    dictionary = next((each.iri for each in contents().dictionaries), "")
    rules = w3id_rules(current_app.config["STATIC_SITE"], dictionary)
    status = HTTPStatus.OK if rules else HTTPStatus.NOT_FOUND
    response = Response(rules, status, mimetype="text/plain")
    response.headers["Content-Disposition"] = content_disposition("w3id.htaccess")
    return response


@blueprint.get(SEARCH_DATA)
def search_data() -> Response:
    """The texts of all entries, for the search in the browser.

    Beyond `MAX_SEARCH_BYTES`, the less important texts are left out, and then the last entries.
    """
    entries = [_members(entry) for entry in read_entries(query_rows)]
    body = _serialized(entries)
    for name in _DISPENSABLE:
        if len(body) <= MAX_SEARCH_BYTES:
            break
        for entry in entries:
            entry.pop(name, None)
        body = _serialized(entries)
    while len(body) > MAX_SEARCH_BYTES:
        del entries[len(entries) * MAX_SEARCH_BYTES // (len(body) + 1) :]
        body = _serialized(entries)
    return Response(body, mimetype="application/json")


def _members(entry: Entry) -> dict[str, Any]:
    """An entry as an object; members without a text are omitted.

    Its label is one in the language of the pages, if there is one; the others are further names.
    """
    texts: dict[str, list[str]] = {}
    for text in sorted(entry.texts, key=_is_foreign):
        texts.setdefault(_MEMBERS.get(text.property, _LINKED), []).append(text.value)
    label, *others = texts.pop("label", []) or [local_name(entry.iri)]
    names = [*others, *texts.pop("names", [])]
    members = {"path": page_path(entry.iri), "kind": entry.kind, "label": label}
    members |= {"names": " · ".join(dict.fromkeys(names))} if names else {}
    return members | {name: " · ".join(dict.fromkeys(values)) for name, values in texts.items()}


def _is_foreign(text: Text) -> bool:
    return text.language.partition("-")[0].lower() not in (current_language(), "")


def _serialized(entries: Sequence[dict[str, Any]]) -> bytes:
    words = {kind: kind_words(kind) for kind in WORDS}
    kinds = {kind: {"one": of.one, "many": of.many} for kind, of in words.items()}
    document = {"kinds": kinds, "entries": entries}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
