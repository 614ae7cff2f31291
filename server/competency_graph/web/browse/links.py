"""``/links``: the links to other frameworks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Final, NamedTuple

import pyoxigraph as ox
from flask import Blueprint, Response, request

from competency_graph.errors import BadValueError
from competency_graph.exporting.outline import MATCHES
from competency_graph.mappings.frameworks import FRAMEWORKS
from competency_graph.rdf.short_names import local_name, shorten, text_of
from competency_graph.rdf.tables import Cell
from competency_graph.web.browse.entry_view import MATCHES as MATCHES_IN_WORDS
from competency_graph.web.http.parameters import reject_unknown_parameters
from competency_graph.web.http.responses import query_rows, respond
from competency_graph.web.querying.saved_queries import page_query, served_catalogue

blueprint = Blueprint("links", __name__, url_prefix="/links")
PARAMETER_VALUES: Final = {"framework": tuple(FRAMEWORKS), "match": MATCHES}
"""The allowed values of each parameter."""


class Number(NamedTuple):
    """How many links there are.

    Args:
        links: the number of links.
        entries: the number of entries that have them.
    """

    links: int = 0
    entries: int = 0


class Lack(NamedTuple):
    """An entry for which nothing that corresponds was found.

    Args:
        entry: the entry.
        framework: the title of the framework.
        reason: what was looked at, or "".
    """

    entry: Cell
    framework: str
    reason: str


@blueprint.get("")
def links() -> Response:
    """Return the links to one framework with one kind of match, as a page or a table.

    Raises:
        BadValueError: the framework, the match or a parameter is unknown.
    """
    reject_unknown_parameters(*PARAMETER_VALUES, "format")
    query = served_catalogue()["links"]
    given = {}
    for name, allowed in PARAMETER_VALUES.items():
        given[name] = request.args.get(name) or ("esco" if name == "framework" else "closeMatch")
        if given[name] not in allowed:
            raise BadValueError(
                f"“{given[name]}” is not a valid value for the parameter “{name}”",
                f"Use one of {', '.join(allowed)}",
            )
    titles = {name: framework.title for name, framework in FRAMEWORKS.items()}
    return respond(
        query.text,
        "links.html",
        request.args.get("format", ""),
        query.bind(given),
        file_stem="-".join(["links", *given.values()]),
        given=given,
        titles=titles,
        matches=MATCHES,
        in_words=MATCHES_IN_WORDS,
        numbers=_numbers,
        lacks_of=partial(_lacks, titles),
    )


def _numbers() -> dict[tuple[str, str], Number]:
    """The numbers of links by framework and match."""
    query = page_query("link-counts")
    return {
        (shorten(framework), local_name(match.value)): Number(
            int(shorten(number)), int(shorten(entries))
        )
        for framework, match, number, entries in query_rows(query.text, query.bind({}))
        if isinstance(match, ox.NamedNode)
    }


def _lacks(titles: Mapping[str, str]) -> list[Lack]:
    """The entries without a counterpart."""
    query = page_query("entries-without-counterpart")
    found: dict[tuple[object, str], Lack] = {}
    for entry, label, framework, _, reason, *_ in query_rows(query.text, query.bind({})):
        name = shorten(framework)
        lack = Lack(Cell(entry, text_of(label)), titles.get(name, name), text_of(reason))
        found.setdefault((entry, name), lack)
    return list(found.values())
