"""``/entries`` and ``/entries/KIND``: the entries of each kind, in the order of the source."""

from __future__ import annotations

from typing import Any, Final

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, request

from competency_graph.errors import UnknownNameError
from competency_graph.rdf.short_names import TaggedText, Term, local_name
from competency_graph.rdf.vocabulary import KINDS
from competency_graph.sparql.entry_view import Item
from competency_graph.web.browse.entry_groups import (
    Group,
    part_counts,
    read_members,
    roles_of_areas,
)
from competency_graph.web.browse.kinds import WORDS, contents
from competency_graph.web.browse.paging import page_number
from competency_graph.web.http.parameters import reject_unknown_parameters
from competency_graph.web.http.response_cache import CACHEABLE
from competency_graph.web.http.responses import answer_language, list_response
from competency_graph.web.languages.texts import N_, Message

blueprint = Blueprint("entry_lists", __name__, url_prefix="/entries")
_MAX_UNFOLDED: Final = 40
"""The number of entries up to which the groups of a list are not folded."""


@blueprint.get("")
def kinds() -> Response:
    """List the kinds with the number of their entries, as a page or as JSON."""
    reject_unknown_parameters("format")
    request.environ[CACHEABLE] = bool(current_app.extensions["version"])
    counts = [(kind, contents().count(kind)) for kind in WORDS]
    items = [
        {"kind": kind, "name": WORDS[kind].many, "count": number, "href": f"/entries/{kind}"}
        for kind, number in counts
    ]
    format_name = request.args.get("format", "")
    return list_response(format_name, "entry_kinds.html", items, counts=counts)


@blueprint.get("/<kind>")
def entries(kind: str) -> Response:
    """List the entries of a kind, as a page or as JSON, both in parts if there are many.

    Raises:
        UnknownNameError: there is no such kind.
        BadValueError: the number of the page is invalid, or a parameter is unknown.
    """
    if kind not in KINDS:
        raise UnknownNameError(
            Message(N_("there is no kind of entry “%(name)s”"), name=kind),
            Message(N_("Use one of %(names)s"), names=", ".join(KINDS)),
        )
    reject_unknown_parameters("page", "format")
    request.environ[CACHEABLE] = bool(current_app.extensions["version"])
    answer_language("list")
    groups, page, shared = read_members(kind, page_number())
    parts = part_counts(kind) if kind in ("role", "area", "cluster") else {}
    users = roles_of_areas() if kind == "area" else {}
    response = list_response(
        request.args.get("format", ""),
        "entry_list.html",
        [_json(item, group, parts, users) for group in groups for item in group.entries],
        kind=kind,
        count=contents().count(kind),
        groups=groups,
        page=page,
        folded=len(page.rows) > _MAX_UNFOLDED,
        parts=parts,
        users=users,
        shared=shared,
        query=f"/queries/entries-of-kind?class=cg:{local_name(KINDS[kind])}",
    )
    links = []
    if page.number > 1:
        links.append(f'</entries/{kind}?page={page.number - 1}>; rel="prev"')
    if page.more:
        links.append(f'</entries/{kind}?page={page.number + 1}>; rel="next"')
    if links:
        response.headers["Link"] = ", ".join(links)
    return response


@blueprint.app_template_filter()
def first_sentence(text: str) -> str:
    """The first sentence of a text."""
    sentence, stop, _ = text.partition(". ")
    return TaggedText(sentence + stop.strip(), getattr(text, "language", ""))


def _json(
    item: Item, group: Group, parts: dict[Term, dict[str, int]], users: dict[Term, list[Item]]
) -> dict[str, Any]:
    """An entry for JSON; members without a value are omitted."""
    members: dict[str, Any] = {
        "iri": _iri(item),
        "label": item.label,
        "code": item.code,
        "definition": item.definition,
        "of": _iri(group.head) if group.head else "",
        "parts": parts.get(item.term, {}),
        "roles": [_iri(user) for user in users.get(item.term, [])],
    }
    return {name: value for name, value in members.items() if value}


def _iri(item: Item) -> str:
    return item.term.value if isinstance(item.term, ox.NamedNode) else str(item.term)
