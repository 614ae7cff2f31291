"""``/compare``: two or three entries of a kind, what they share and what only one has."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from functools import partial
from typing import Final, NamedTuple

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, render_template, request

from competency_graph.errors import BadValueError
from competency_graph.rdf.short_names import local_name
from competency_graph.rdf.vocabulary import KINDS
from competency_graph.sandbox.reply import Reply
from competency_graph.sparql.comparison import Comparison, compare
from competency_graph.sparql.comparison_document import document
from competency_graph.sparql.entry_view import Item
from competency_graph.sparql.evaluator import Answer
from competency_graph.sparql.parameters import entry_of_kind
from competency_graph.web.browse.comparison_text import comparison_sentences, way_sentence
from competency_graph.web.browse.entry_groups import read_choices
from competency_graph.web.browse.kinds import contents
from competency_graph.web.http.addresses import page_path
from competency_graph.web.http.negotiation import PAGE, not_acceptable
from competency_graph.web.http.parameters import reject_unknown_parameters
from competency_graph.web.http.response_cache import CACHEABLE
from competency_graph.web.http.responses import (
    answer_language,
    choose_formats,
    query_rows,
    static_site,
    stream,
)
from competency_graph.web.languages.pages import marked
from competency_graph.web.languages.texts import N_, Message
from competency_graph.web.languages.texts import gettext as _

blueprint = Blueprint("compare", __name__, url_prefix="/compare")
MAX_ENTRIES: Final = 3
"""The number of entries that can be compared at once."""
_MAX_SELECTABLE, _MAX_SUGGESTED = 60, 400
"""The number of entries up to which the form lists them, or else suggests them while typing."""
_MAX_LISTED: Final = 40
"""The number of entries that a list on the page shows, which keeps it below 100 KB.

A page without a server has no table instead.
"""
_QUESTIONS: Final = {
    "role": "/queries/role-gap?present={}&target={}",
    "area": "/queries/area-common?area={}&other={}",
}
"""The saved query that answers a part of the comparison, by kind."""


class Form(NamedTuple):
    """The form in which a reader chooses what to compare.

    Args:
        kind: the kind of the entries.
        kinds: the kinds with at least two entries.
        choices: the entries of the kind, unless there are very many.
        selectable: whether to list the choices; otherwise they are typed.
        chosen: the IRIs of the entries that are chosen already.
        note: what is missing for a comparison, or "".
    """

    kind: str
    kinds: Sequence[str]
    choices: Sequence[Item]
    selectable: bool
    chosen: Sequence[str]
    note: str


@blueprint.get("")
def comparison() -> Response:
    """Compare the given entries, as a page, JSON or a table; with fewer than two, show a form.

    Raises:
        BadValueError: the kind is unknown, there are more than three entries, or a value names no
            entry of the kind, or several.
        NotAcceptable: the client accepts none of the available formats.
    """
    reject_unknown_parameters("kind", "entry", "format")
    chosen_format = choose_formats(request.args.get("format", ""), "comparison")["comparison"]
    if chosen_format is None:
        raise not_acceptable("comparison")
    kinds = [kind for kind, number in contents().counts if number > 1]
    kind = request.args.get("kind") or next(iter(kinds), "role")
    if kind not in KINDS:
        raise BadValueError(
            Message(N_("there is no kind of entry “%(name)s”"), name=kind),
            Message(N_("Use one of %(names)s"), names=", ".join(KINDS)),
        )
    request.environ[CACHEABLE] = bool(current_app.extensions["version"])
    given = [value for value in request.args.getlist("entry") if value.strip()]
    if len(given) > MAX_ENTRIES:
        raise BadValueError(
            Message(N_("%(number)s entries are given"), number=len(given)),
            Message(N_("Compare at most %(number)s at once"), number=MAX_ENTRIES),
        )
    found = [entry_of_kind(kind, value, query_rows) for value in given]
    entries = list(dict.fromkeys(found))
    language = answer_language("comparison")
    if len(entries) > 1:
        compared = compare(kind, entries, query_rows, language)
        if chosen_format.format == "json":
            return _vary(Response(_json(compared), mimetype="application/json"))
        if chosen_format.media_type != PAGE:
            body = _table(compared).serialize(chosen_format.format)
            reply = Reply("comparison", chosen_format.format, iter([body]))
            stem = "-".join(["compare", *(local_name(entry.iri) for entry in compared.entries)])
            return _vary(stream(reply, chosen_format, stem))
        return _vary(_page(compared, _form(kind, kinds, entries, "")))
    if chosen_format.media_type != PAGE:
        raise BadValueError(
            "there is nothing to compare", "Name two or three different entries with entry="
        )
    note = _("Choose two different entries.") if len(found) > 1 else ""
    return _vary(Response(render_template("compare.html", form=_form(kind, kinds, entries, note))))


def _form(kind: str, kinds: Sequence[str], entries: Sequence[ox.NamedNode], note: str) -> Form:
    few = contents().count(kind) <= _MAX_SUGGESTED
    choices = read_choices(kind, _MAX_SUGGESTED) if few else []
    chosen = [entry.value for entry in entries]
    return Form(kind, kinds, choices, 0 < len(choices) <= _MAX_SELECTABLE, chosen, note)


def _page(compared: Comparison, form: Form) -> Response:
    iris = [entry.iri for entry in compared.entries]
    return Response(
        render_template(
            "compare.html",
            form=form,
            comparison=compared,
            sentences=comparison_sentences(compared, marked),
            way_sentence=partial(way_sentence, shown=marked),
            question=_QUESTIONS.get(form.kind) if len(iris) == 2 else None,
            most=sys.maxsize if static_site() else _MAX_LISTED,
            address_of=_address,
        )
    )


def _address(iri: str) -> str:
    """The address of the page about an entry: on this service if it has one, else its IRI."""
    return page_path(iri) or iri


def _json(compared: Comparison) -> str:
    body = document(compared, " ".join(comparison_sentences(compared)), way_sentence)
    return json.dumps(body, ensure_ascii=False)


def _table(compared: Comparison) -> Answer:
    """The comparison as a table: a row for each part, and a column for each compared entry."""
    columns: list[str] = []
    for entry in compared.entries:
        name = re.sub(r"\W+", "_", local_name(entry.iri)).strip("_") or "entry"
        name = f"_{name}" if name[0].isdigit() else name
        columns.append(name if name not in columns else f"{name}_{len(columns) + 1}")
    rows = []
    for section in compared.sections:
        for part, presence in section.rows:
            row: dict[str, dict[str, str]] = {
                "kind": {"type": "literal", "value": part.kind},
                "entry": {"type": "uri", "value": part.iri},
            }
            row |= {
                name: {"type": "literal", "value": value}
                for name, value in (("entryLabel", part.label), ("code", part.code))
                if value
            }
            for name, has in zip(columns, presence, strict=True):
                row[f"has_{name}"] = {
                    "type": "literal",
                    "value": str(has).lower(),
                    "datatype": "http://www.w3.org/2001/XMLSchema#boolean",
                }
            rows.append(row)
    names = ["kind", "entry", "entryLabel", "code", *(f"has_{name}" for name in columns)]
    document = {"head": {"vars": names}, "results": {"bindings": rows}}
    results = ox.parse_query_results(
        json.dumps(document).encode(), format=ox.QueryResultsFormat.JSON
    )
    return Answer(results)


def _vary(response: Response) -> Response:
    response.vary.add("Accept")
    return response
