"""``/about``: what is served, who made it, how to cite and how to extend it."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any, Final, NamedTuple

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, request

from competency_graph.dictionary.citation import bibtex, sentence
from competency_graph.dictionary.credits import licence_name
from competency_graph.dictionary.publications import (
    DICTIONARY_TYPE,
    FRAMEWORK_TYPE,
    LINKS_TYPE,
    ONTOLOGY_TYPE,
    Publication,
    read_publications,
)
from competency_graph.rdf.short_names import local_name, shorten
from competency_graph.rdf.vocabulary import PREFIXES
from competency_graph.web.http.response_cache import CACHEABLE
from competency_graph.web.http.responses import answer_language, list_response, query_rows
from competency_graph.web.languages.texts import N_
from competency_graph.web.languages.texts import gettext as _
from competency_graph.web.querying.saved_queries import page_query

blueprint = Blueprint("about", __name__)
_MAKERS_QUERY: Final = f"""\
PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX sssom: <{PREFIXES["sssom"]}>
SELECT ?set ?property ?value (COUNT(?mapping) AS ?links) WHERE {{
  ?set sssom:mappings ?mapping .
  VALUES ?property {{
    sssom:author_label sssom:mapping_tool sssom:reviewer_label sssom:mapping_justification
  }}
  ?mapping ?property ?value
}} GROUP BY ?set ?property ?value ORDER BY ?set ?property DESC(?links) ?value"""
_CONFIDENCE_QUERY: Final = f"""\
PREFIX sssom: <{PREFIXES["sssom"]}>
SELECT ?set (COUNT(?confidence) AS ?links) (AVG(?confidence) AS ?mean)
  (MIN(?confidence) AS ?least) (MAX(?confidence) AS ?most)
WHERE {{ ?set sssom:mappings ?mapping . ?mapping sssom:confidence ?confidence }}
GROUP BY ?set"""
_JUSTIFICATIONS: Final = {
    "ManualMappingCuration": N_("a person's reading"),
    "LexicalMatching": N_("comparing labels"),
    "SemanticSimilarityThresholdMatching": N_("comparing meanings"),
    "CompositeMatching": N_("several methods together"),
    "UnspecifiedMatching": N_("a method that is not specified"),
}
"""How links come about, by local name of the justification (SEMAPV), in words."""


class Agreement(NamedTuple):
    """What a second review said about the links of a set.

    Args:
        links: the number of links.
        alike: those that it confirmed.
        other: those for which it preferred another match.
        none: those that it rejected.
    """

    links: int
    alike: int
    other: int
    none: int


class Confidence(NamedTuple):
    """How certain the links of a set are, from 0 to 1.

    Args:
        mean: the mean.
        least: the least.
        most: the greatest.
    """

    mean: float
    least: float
    most: float


@blueprint.get("/about")
def about() -> Response:
    """Describe what is served, as a page or as a list in JSON."""
    request.environ[CACHEABLE] = bool(current_app.extensions["version"])
    publications = read_publications(query_rows, answer_language("list"))
    by_type: dict[str, list[Publication]] = {
        kind: [p for p in publications if p.type == kind]
        for kind in (DICTIONARY_TYPE, ONTOLOGY_TYPE, LINKS_TYPE, FRAMEWORK_TYPE)
    }
    return list_response(
        request.args.get("format", ""),
        "about.html",
        [_list_item(publication) for publication in publications],
        dictionaries=by_type[DICTIONARY_TYPE],
        ontologies=by_type[ONTOLOGY_TYPE],
        link_sets=by_type[LINKS_TYPE],
        frameworks=by_type[FRAMEWORK_TYPE],
        agreement=_agreement(),
        confidence=_confidence(),
        makers=_makers(),
        sentence=sentence,
        bibtex=bibtex,
        licence_name=licence_name,
        software=version("competency-graph"),
    )


def _list_item(publication: Publication) -> dict[str, Any]:
    facts = {
        "version": publication.text("versionInfo"),
        "date": publication.date,
        "creators": list(publication.creators),
        "publisher": publication.text("publisher"),
        "license": [getattr(term, "value", "") for term in publication.of("license")],
        "source": list(publication.texts("source")),
        "description": publication.description,
    }
    return {
        "iri": publication.iri,
        "type": publication.type,
        "title": publication.title,
        "citation": sentence(publication),
        **{name: value for name, value in facts.items() if value},
    }


def _agreement() -> dict[str, Agreement]:
    query = page_query("link-agreement")
    return {
        set_.value: Agreement(*(int(shorten(number) or 0) for number in numbers[:4]))
        for set_, *numbers in query_rows(query.text, query.bind({}))
        if isinstance(set_, ox.NamedNode)
    }


def _confidence() -> dict[str, Confidence]:
    return {
        set_.value: Confidence(*(round(float(shorten(number)), 2) for number in numbers))
        for set_, _, *numbers in query_rows(_CONFIDENCE_QUERY, {})
        if isinstance(set_, ox.NamedNode)
    }


def _makers() -> dict[str, dict[str, list[tuple[str, int]]]]:
    """For each set and property, the values with the number of links that have them."""
    found: dict[str, dict[str, list[tuple[str, int]]]] = {}
    for set_, property_, value, number in query_rows(_MAKERS_QUERY, {}):
        if isinstance(set_, ox.NamedNode) and isinstance(property_, ox.NamedNode):
            text = shorten(value)
            if isinstance(value, ox.NamedNode):
                text = _(_JUSTIFICATIONS.get(local_name(value.value), text))
            of_set = found.setdefault(set_.value, {})
            of_set.setdefault(local_name(property_.value), []).append((text, int(shorten(number))))
    return found
