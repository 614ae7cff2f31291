"""What terms of other vocabularies are called in reports."""

from __future__ import annotations

import re
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from competency_graph.rdf.short_names import local_name, shorten
from competency_graph.rdf.vocabulary import PREFIXES

_NAMES: Final = {
    str(term): name
    for term, name in (
        (DCTERMS.description, "description"),
        (DCTERMS.isReplacedBy, "replaced by"),
        (DCTERMS.title, "title"),
        (OWL.deprecated, "deprecated"),
        (OWL.unionOf, "any of"),
        (OWL.versionInfo, "version"),
        (RDF.first, "member"),
        (RDF.type, "class"),
        (RDFS.comment, "comment"),
        (RDFS.domain, "domain"),
        (RDFS.label, "label"),
        (RDFS.range, "range"),
        (SKOS.altLabel, "variant name"),
        (SKOS.broadMatch, "broader match"),
        (SKOS.closeMatch, "close match"),
        (SKOS.definition, "definition"),
        (SKOS.exactMatch, "exact match"),
        (SKOS.example, "example"),
        (SKOS.narrowMatch, "narrower match"),
        (SKOS.notation, "code"),
        (SKOS.prefLabel, "label"),
        (SKOS.relatedMatch, "related match"),
        (SKOS.scopeNote, "scope note"),
    )
}


def usual_name(iri: str) -> str:
    """The name of a term: in words if it is a usual one, else its short name.

    Args:
        iri: an IRI, or a blank node's label with ``_:``.
    """
    if iri in _NAMES:
        return _NAMES[iri]
    if iri.startswith(PREFIXES["sssom"]):
        return in_words(iri)
    return iri if not iri or iri.startswith("_:") else shorten(ox.NamedNode(iri))


def in_words(iri: str) -> str:
    """The local name in words: ``cg:JobTitle`` is a job title."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_", " ", local_name(iri)).lower()


def with_article(iri: str) -> str:
    """A class in words with its indefinite article: “a job title”."""
    words = in_words(iri)
    return f"{'an' if words[:1] in 'aeiou' else 'a'} {words}"
