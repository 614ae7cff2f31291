"""The page about the ontology: every class and property, with a diagram and how each is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import quote

import pyoxigraph as ox
from flask import current_app, render_template, request

from competency_graph.dictionary.ontology_terms import Ontology, OntologyTerm, read_ontology
from competency_graph.dictionary.publications import ONTOLOGY_TYPE, Publication, read_publications
from competency_graph.rdf.short_names import TaggedText, Term, local_name, shorten, text_of
from competency_graph.rdf.tables import Cell
from competency_graph.rdf.vocabulary import PREFIXES
from competency_graph.sparql.label_language import LABEL_ORDER, in_language
from competency_graph.web.http.response_cache import CACHEABLE
from competency_graph.web.http.responses import query_rows
from competency_graph.web.languages.negotiation import SOURCE
from competency_graph.web.languages.texts import current_language
from competency_graph.web.ontology.axiom_words import either, sentences, vocabulary_of
from competency_graph.web.ontology.diagram import Diagram, draw
from competency_graph.web.querying.saved_queries import page_query

_USAGE: Final = "term-usage"
_IS_TERM_QUERY: Final = f"""\
PREFIX owl: <{PREFIXES["owl"]}>
PREFIX rdf: <{PREFIXES["rdf"]}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
SELECT ?term ?type WHERE {{
  VALUES ?type {{
    owl:Class rdfs:Class owl:ObjectProperty owl:DatatypeProperty rdf:Property
  }}
  ?term a ?type
}} LIMIT 1"""
_LABELS: Final = """\
  OPTIONAL { ?entry skos:prefLabel ?prefLabel }
  OPTIONAL { ?entry dcterms:title ?title }
  BIND(COALESCE(?prefLabel, ?title) AS ?label)"""
_EXAMPLE_OF_CLASS_QUERY: Final = f"""\
PREFIX dcterms: <{PREFIXES["dcterms"]}>
PREFIX skos: <{PREFIXES["skos"]}>
SELECT ?term ?language ?entry ?label WHERE {{
  {{ SELECT ?term ?entry WHERE {{ ?entry a ?term }} LIMIT 1 }}
{_LABELS}
}} ORDER BY {LABEL_ORDER} LIMIT 1"""
_EXAMPLE_OF_PROPERTY_QUERY: Final = f"""\
PREFIX dcterms: <{PREFIXES["dcterms"]}>
PREFIX skos: <{PREFIXES["skos"]}>
SELECT ?term ?language ?entry ?label ?value ?valueLabel WHERE {{
  {{ SELECT ?term ?entry ?value WHERE {{ ?entry ?term ?value }} LIMIT 1 }}
{_LABELS}
  OPTIONAL {{ ?value skos:prefLabel ?valuePrefLabel }}
  OPTIONAL {{ ?value dcterms:title ?valueTitle }}
  BIND(COALESCE(?valuePrefLabel, ?valueTitle) AS ?valueLabel)
}} ORDER BY {LABEL_ORDER} LIMIT 1"""


class Usage(NamedTuple):
    """How often a term is used.

    Args:
        asserted: the number of entries of a class, or of statements with a property, in the files.
        inferred: the number of those that are inferred.
    """

    asserted: int = 0
    inferred: int = 0


@dataclass(frozen=True)
class TermView:
    """A class or property as the page shows it.

    Args:
        term: the term.
        anchor: the fragment of the page's address that leads to it.
        usage: how often it is used.
        example: an entry of the class; or a subject and a value of the property; or nothing.
        domain_of: the properties that members of the class have.
        range_of: the properties whose values are members of the class.
    """

    term: OntologyTerm
    anchor: str
    usage: Usage
    example: tuple[Cell, ...]
    domain_of: tuple[str, ...]
    range_of: tuple[str, ...]


@dataclass(frozen=True)
class Content:
    """What the page shows.

    Args:
        ontology: the ontology.
        views: its terms as the page shows them.
        publications: the titles, versions and so on of the ontologies.
        diagram: the diagram of the classes.
    """

    ontology: Ontology
    views: Mapping[str, TermView]
    publications: Sequence[Publication]
    diagram: Diagram


def ontology_page() -> str:
    """The page."""
    version = current_app.extensions["version"]
    request.environ[CACHEABLE] = bool(version)
    key = f"ontology page in {current_language()}"
    content: Content | None = current_app.extensions.get(key)
    if content is None:
        content = _read_content(current_language())
        if version:
            current_app.extensions[key] = content
    return render_template(
        "ontology.html",
        classes=[content.views[term.iri] for term in content.ontology.classes],
        properties=[content.views[term.iri] for term in content.ontology.properties],
        ontology=content.ontology,
        ontologies=content.publications,
        diagram=content.diagram,
        anchors={iri: view.anchor for iri, view in content.views.items()},
        sentences=sentences,
        either=either,
        vocabulary_of=vocabulary_of,
        reference=_reference,
    )


def _read_content(language: str) -> Content:
    ontology = read_ontology(query_rows, language)
    anchors = _anchors(ontology)
    usage = _usage()
    views = {
        term.iri: TermView(
            term,
            anchors[term.iri],
            usage.get(term.iri, Usage()),
            _example(term, language) if any(usage.get(term.iri, ())) else (),
            tuple(p.iri for p in ontology.properties if term.iri in p.domain),
            tuple(p.iri for p in ontology.properties if term.iri in p.range),
        )
        for term in ontology.terms.values()
    }
    published = read_publications(query_rows, language)
    publications = [p for p in published if p.type == ONTOLOGY_TYPE]
    return Content(ontology, views, publications, draw(ontology))


def term_address(iri: str) -> str:
    """The address of the description of a class or property; "" for anything else."""
    given = {ox.Variable("term"): ox.NamedNode(iri)}
    if not any(True for _ in query_rows(_IS_TERM_QUERY, given)):
        return ""
    anchor = _anchors(read_ontology(query_rows)).get(iri)
    return f"/ontology#{quote(anchor)}" if anchor else ""


def _anchors(ontology: Ontology) -> dict[str, str]:
    """A different fragment for each term: its local name, numbered if another one has it."""
    anchors: dict[str, str] = {}
    project_first = sorted(ontology.terms, key=lambda iri: not iri.startswith(PREFIXES["cg"]))
    for iri in project_first:
        name, number = local_name(iri), 1
        while (anchor := name if number == 1 else f"{name}-{number}") in anchors.values():
            number += 1
        anchors[iri] = anchor
    return anchors


def _usage() -> dict[str, Usage]:
    query = page_query(_USAGE)
    return {
        term.value: Usage(int(shorten(asserted) or 0), int(shorten(inferred) or 0))
        for term, _, _, asserted, inferred, *_ in query_rows(query.text, query.bind({}))
        if isinstance(term, ox.NamedNode)
    }


def _example(term: OntologyTerm, language: str) -> tuple[Cell, ...]:
    """An entry of a class, or the subject and the value of a statement with a property."""
    is_class = term.kind == "class"
    text = _EXAMPLE_OF_CLASS_QUERY if is_class else _EXAMPLE_OF_PROPERTY_QUERY
    bindings = {ox.Variable("term"): ox.NamedNode(term.iri), **in_language(language)}
    for row in query_rows(text, bindings):
        entry, label, *value = row
        return _cell(entry, label), *([_cell(*value)] if not is_class else [])
    return ()


def _cell(term: Term | None, label: Term | None) -> Cell:
    return Cell(term, text_of(label))


def _reference(iri: str, label: str) -> Cell:
    """A term of another vocabulary, shown by ``label`` and linked to its IRI."""
    return Cell(ox.NamedNode(iri), TaggedText(label, SOURCE))
