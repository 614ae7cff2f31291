"""``/why``: why a statement holds, as a page or as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, render_template, request

from competency_graph.dictionary.explanations import Explainer, queried_axioms
from competency_graph.dictionary.explanations.document import document
from competency_graph.dictionary.explanations.sentences import Part, lines, statement
from competency_graph.errors import BadValueError
from competency_graph.rdf.tables import Cell
from competency_graph.sparql import term_names
from competency_graph.web.http.addresses import page_path
from competency_graph.web.http.kept import kept
from competency_graph.web.http.parameters import reject_unknown_parameters
from competency_graph.web.http.response_cache import CACHEABLE
from competency_graph.web.http.responses import (
    answer_language,
    list_response,
    query_rows,
    wants_page,
)
from competency_graph.web.languages.texts import N_, Message, in_page_language

blueprint = Blueprint("why", __name__, url_prefix="/why")
PARAMETERS: Final = {
    "subject": "The subject of the statement, by label, code, prefixed name or IRI",
    "property": "The property of the statement, by label, prefixed name or IRI",
    "object": "The object of the statement, by label, code, prefixed name or IRI",
}
"""The parts of the statement to explain, described."""


class Link(NamedTuple):
    """A part of a sentence on a page.

    Args:
        text: its words.
        address: where it leads, or "".
        is_external: whether that is another site.
    """

    text: str
    address: str
    is_external: bool


@blueprint.get("")
def why() -> Response:
    """Explain a statement; without one, return a form that asks for it.

    Raises:
        BadValueError: a part of the statement is missing, or names several things.
        UnknownNameError: a part names nothing, or the statement does not hold.
    """
    reject_unknown_parameters(*PARAMETERS, "format")
    given = {name: request.args.get(name, "").strip() for name in PARAMETERS}
    if not any(given.values()) and wants_page():
        return Response(render_template("why.html", given=given, sentences=[], facts=[]))
    for name, value in given.items():
        if not value:
            raise BadValueError(
                Message(N_("the parameter “%(name)s” is missing or empty"), name=name),
                Message(N_("Name the statement with %(names)s"), names=", ".join(PARAMETERS)),
            )
    subject = term_names.entry(given["subject"], query_rows)
    property_ = term_names.property_(given["property"], query_rows)
    object_ = term_names.entry(given["object"], query_rows)
    explainer = served_explainer(answer_language("list"))
    explainer.prepare(subject)
    found = explainer.why((subject, property_, object_))
    if current_app.extensions["version"]:
        request.environ[CACHEABLE] = True
    return list_response(
        request.args.get("format", ""),
        "why.html",
        document(found, explainer.label),
        given=given,
        title="".join(
            part.text for part in statement(found.conclusion, explainer.label, _translated)
        ),
        sentences=[
            (line.depth, linked(line.parts)) for line in lines(found, explainer.label, _translated)
        ],
        facts=[linked(statement(fact, explainer.label, _translated)) for fact in found.facts],
    )


def _translated(words: str) -> str:
    """Words of a sentence in the language of the page; signs between them stay."""
    return in_page_language(words) if any(map(str.isalpha, words)) else words


def served_explainer(language: str) -> Explainer:
    """Explains the statements that are served, for the current request.

    The axioms are queried only once.

    Args:
        language: the language of labels, where they are in several.
    """
    axioms = kept("axioms", lambda: queried_axioms(query_rows))
    return Explainer.of_queries(query_rows, axioms, language)


def linked(parts: Iterable[Part]) -> list[Link]:
    """The parts of a sentence with the addresses of the pages about what they name."""
    return [_link(part) for part in parts]


def _link(part: Part) -> Link:
    local_path = page_path(part.term.value) if isinstance(part.term, ox.NamedNode) else ""
    return Link(part.text, local_path or Cell(part.term).address, not local_path)
