"""``/graph``: the surroundings of an entry, as a drawing with links, a list, and JSON."""

from __future__ import annotations

from typing import Any, Final

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, request

from competency_graph.errors import BadValueError, UnknownNameError
from competency_graph.rdf.vocabulary import GRAPH_ASSERTED
from competency_graph.sparql.parameters import bind
from competency_graph.sparql.saved_queries import Parameter, SavedQuery, is_iri
from competency_graph.sparql.surroundings import Relation, Surroundings, surroundings
from competency_graph.web.browse.graph_drawing import narrow_drawing, wide_drawing
from competency_graph.web.browse.kinds import contents, kind_words
from competency_graph.web.http.parameters import reject_unknown_parameters
from competency_graph.web.http.response_cache import CACHEABLE
from competency_graph.web.http.responses import (
    answer_language,
    list_response,
    query_rows,
    static_site,
)
from competency_graph.web.languages.texts import N_, Message
from competency_graph.web.languages.texts import gettext as _

blueprint = Blueprint("graph", __name__, url_prefix="/graph")
_MAX_LISTED: Final = 150
"""The number of neighbours of a relation that the page lists."""
_WELL_CONNECTED: Final = ("role", "area", "cluster", "competency")
"""The kinds whose entries have so many relations that their own pages do not show all."""
_ENTRY: Final = Parameter("entry", "skos:Concept", "", "")
_FORWARD: Final = {
    "coversArea": N_("Covers"),
    "coveredByRole": N_("Covered by"),
    "inCluster": N_("Belongs to the cluster"),
    "keyActionOf": N_("A key action of"),
    "titleOfRole": N_("A title of"),
    "outputOf": N_("Produced in"),
    "requiresKnowledge": N_("Knows"),
    "requiresAbility": N_("Is able to"),
    "hasKeyAction": N_("Does"),
    "producesOutput": N_("Produces"),
    "hasCompetency": N_("Competencies"),
    "exampleTitle": N_("Job titles"),
    "requiresCompetency": N_("Competencies that everybody needs"),
    "hasArea": N_("Areas of expertise"),
    "areaOf": N_("Belongs to"),
    "foundationalCompetency": N_("Competencies that everybody needs"),
    "exactMatch": N_("The same elsewhere"),
    "closeMatch": N_("Nearly the same elsewhere"),
    "broadMatch": N_("Broader elsewhere"),
    "narrowMatch": N_("Narrower elsewhere"),
    "relatedMatch": N_("Related elsewhere"),
    "isReplacedBy": N_("Replaced by"),
    "broader": N_("Broader"),
    "related": N_("Related"),
}
_BACKWARD: Final = {
    "requiresKnowledge": N_("Needed in"),
    "requiresAbility": N_("Needed in"),
    "requiresCompetency": N_("Needed in"),
    "requires": N_("Required of"),
    "foundationalCompetency": N_("Everybody needs it in"),
    "exactMatch": N_("The same"),
    "closeMatch": N_("Nearly the same"),
    "broadMatch": N_("Narrower"),
    "narrowMatch": N_("Broader"),
    "relatedMatch": N_("Related"),
    "isReplacedBy": N_("Replaces"),
    "broader": N_("Narrower"),
}
"""What pages call a relation, by the local name of its property, if the entry is its object."""


_REQUIRED: Final = {"knowledge": N_("Knows"), "ability": N_("Is able to")}
"""What pages call the relation ``requires``, by the kind of what is required."""


@blueprint.get("")
def graph() -> Response:
    """Show the surroundings of an entry, or of the dictionary if none is given.

    Raises:
        BadValueError: no entry is given and there is no dictionary, or a label names none or
            several.
        UnknownNameError: the data does not contain the IRI.
    """
    reject_unknown_parameters("entry", "format")
    request.environ[CACHEABLE] = bool(current_app.extensions["version"])
    entry = _entry()
    found = surroundings(entry, query_rows, answer_language("list"))
    if found is None:
        raise UnknownNameError(
            Message(N_("nothing is known about %(thing)s"), thing=f"<{entry.value}>"),
            Message(N_("Look for it in /entries or /search")),
        )
    named = [(heading(relation), relation) for relation in found.relations]
    return list_response(
        request.args.get("format", ""),
        "graph.html",
        _json(found),
        entry=found.entry,
        node=ox.NamedNode,
        relations=named,
        wide=wide_drawing(found.entry.name, named),
        narrow=narrow_drawing(found.entry.name, named),
        most=_MAX_LISTED,
        exported=str(GRAPH_ASSERTED) in current_app.extensions["sources"],
    )


@blueprint.app_template_global()
def has_graph(iri: str, kind: str) -> bool:
    """Whether this site has a page with the surroundings of an entry.

    A site of files has it only where it shows more than the entry's own page.
    """
    is_dictionary = any(iri == dictionary.iri for dictionary in contents().dictionaries)
    return not static_site() or kind in _WELL_CONNECTED or is_dictionary


def heading(relation: Relation) -> str:
    """What pages call a relation."""
    if relation.name == "requires" and relation.forward:
        if relation.kind in _REQUIRED:
            return _(_REQUIRED[relation.kind])
        nouns = kind_words(relation.kind).nouns if relation.kind else ""
        return _("Requires %(entries)s", entries=nouns)
    words = _FORWARD if relation.forward else _BACKWARD
    if relation.name in words:
        return _(words[relation.name])
    return relation.name if relation.forward else _("%(property)s of", property=relation.name)


def _entry() -> ox.NamedNode:
    """The entry that the request names, or else the dictionary."""
    value = request.args.get("entry", "").strip()
    if not value:
        if not contents().dictionaries:
            raise BadValueError("the request names no entry", "Name one with ?entry=")
        return ox.NamedNode(contents().dictionaries[0].iri)
    if is_iri(value):
        term = _ENTRY.term(value)
    else:
        query = SavedQuery("graph", "", "", (_ENTRY,), "")
        term = bind(query, {"entry": value}, query_rows)[ox.Variable("entry")]
    if not isinstance(term, ox.NamedNode):
        raise BadValueError(
            Message(N_("“%(value)s” is not an entry"), value=value),
            Message(N_("Give its IRI, label or code")),
        )
    return term


def _json(found: Surroundings) -> dict[str, Any]:
    """The entry, its neighbours, and the statements that connect them, each in its direction."""
    nodes = [found.entry, *(node for each in found.relations for node in each.neighbours)]
    links = []
    for relation in found.relations:
        for node in relation.neighbours:
            ends = (found.entry.iri, node.iri)
            source, target = ends if relation.forward else ends[::-1]
            links.append(
                {
                    "source": source,
                    "property": relation.predicate,
                    "target": target,
                    "inferred": node.inferred,
                }
            )
    return {
        "entry": found.entry.iri,
        "nodes": [
            {"iri": node.iri, "kind": node.kind, "label": node.label, "code": node.code}
            for node in nodes
        ],
        "links": links,
    }
