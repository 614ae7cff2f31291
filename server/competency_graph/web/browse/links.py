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
from competency_graph.web.browse.entry_words import MATCHES as MATCHES_IN_WORDS
from competency_graph.web.browse.paging import page_number, paged
from competency_graph.web.http.kept import kept
from competency_graph.web.http.negotiation import PAGE
from competency_graph.web.http.parameters import reject_unknown_parameters
from competency_graph.web.http.responses import choose_formats, query_rows, respond
from competency_graph.web.languages.texts import N_, Message, joined
from competency_graph.web.querying.saved_queries import page_query, served_catalogue

blueprint = Blueprint("links", __name__, url_prefix="/links")
PARAMETERS: Final = {"framework": "esco", "match": "closeMatch"}
"""The parameters with their defaults."""
_TITLE: Final = """\
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?title ?framework WHERE { ?framework skos:prefLabel|dcterms:title ?title }
ORDER BY ?title LIMIT 1"""
_PAGE_SIZE: Final = 200
"""The number of links on a page, which keeps it below 100 KB."""


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
    """Return the links to one framework with one kind of match, as a page or a whole table.

    Raises:
        BadValueError: the framework, the match, the number of the page or a parameter is unknown.
    """
    reject_unknown_parameters(*PARAMETERS, "page", "format")
    query = served_catalogue()["links"]
    titles = framework_titles()
    given = {}
    for name, allowed in (("framework", tuple(titles)), ("match", MATCHES)):
        given[name] = request.args.get(name) or PARAMETERS[name]
        if given[name] not in allowed:
            raise BadValueError(
                Message(
                    N_("“%(value)s” is not a valid value for the parameter “%(name)s”"),
                    value=given[name], name=name,
                ),
                Message(N_("Use one of %(names)s"), names=", ".join(allowed)),
            )  # fmt: skip
    number, format_name = page_number(), request.args.get("format", "")
    chosen = choose_formats(format_name, "table")["table"]
    on_page = chosen is not None and chosen.media_type == PAGE
    return respond(
        paged(query.text, number, _PAGE_SIZE) if on_page else query.text,
        "links.html",
        format_name,
        query.bind(given),
        file_stem="-".join(["links", *(local_name(value) for value in given.values())]),
        given=given,
        titles=titles,
        names=joined(list(titles.values())),
        matches=MATCHES,
        in_words=MATCHES_IN_WORDS,
        numbers=link_numbers,
        number=number,
        size=_PAGE_SIZE,
        lacks_of=partial(_lacks, titles),
    )


def framework_titles() -> dict[str, str]:
    """The frameworks that links lead to, with their titles; others than the known ones by IRI."""
    titles = {name: framework.title for name, framework in FRAMEWORKS.items()}
    for name, _ in link_numbers():
        if name not in titles:
            found = query_rows(_TITLE, {ox.Variable("framework"): ox.NamedNode(name)})
            titles[name] = next((shorten(row[0]) for row in found), name)
    return titles


def link_numbers() -> dict[tuple[str, str], Number]:
    """The numbers of links by framework and match, only those for which a mapping says why."""
    return kept("link numbers", _link_numbers)


def _link_numbers() -> dict[tuple[str, str], Number]:
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
