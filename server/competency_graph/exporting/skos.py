"""Plain SKOS in Turtle, with all statements explicit, so that reading it needs no reasoner."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, OWL, RDF, SKOS, XSD

from competency_graph.exporting.outline import KIND_LABELS, Outline, Texts
from competency_graph.rdf.short_names import prefixes_of

_TYPE: Final = ox.NamedNode(RDF.type)
_IRIS: Final = ("license",)
_DATES: Final = ("created", "modified")


def write(outline: Outline) -> bytes:
    """Serialize the dictionary as a concept scheme, with a collection per kind of entry."""
    triples = list(_triples(outline))
    return ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=prefixes_of(triples)) or b""


def _triples(outline: Outline) -> Iterator[ox.Triple]:
    scheme = ox.NamedNode(outline.iri)
    yield ox.Triple(scheme, _TYPE, _skos("ConceptScheme"))
    yield from _texts(scheme, ox.NamedNode(DCTERMS.title), outline.title)
    yield from _texts(scheme, _skos("prefLabel"), outline.title)
    yield from _texts(scheme, ox.NamedNode(DCTERMS.description), outline.description)
    for name, value in outline.facts.items():
        yield ox.Triple(scheme, _fact(name), _value(name, value))
    for entry in outline.entries:
        concept = ox.NamedNode(entry.iri)
        yield ox.Triple(concept, _TYPE, _skos("Concept"))
        yield ox.Triple(concept, _skos("inScheme"), scheme)
        yield from _texts(concept, _skos("prefLabel"), entry.label)
        yield from _texts(concept, _skos("definition"), entry.definition)
        for name, texts in (("altLabel", entry.alt_labels), ("example", entry.examples)):
            for text, language in texts:
                yield from _texts(concept, _skos(name), {language: text})
        if entry.notation:
            yield ox.Triple(concept, _skos("notation"), ox.Literal(entry.notation))
        if entry.deprecated:
            yield ox.Triple(concept, ox.NamedNode(OWL.deprecated), ox.Literal(True))
        for above in outline.parents[entry.iri]:
            top = above == outline.iri
            up, down = ("topConceptOf", "hasTopConcept") if top else ("broader", "narrower")
            yield ox.Triple(concept, _skos(up), ox.NamedNode(above))
            yield ox.Triple(ox.NamedNode(above), _skos(down), concept)
    for relation in outline.relations:
        if relation.name == "coversArea":
            ends = ox.NamedNode(relation.subject), ox.NamedNode(relation.object)
            yield ox.Triple(ends[0], _skos("related"), ends[1])
            yield ox.Triple(ends[1], _skos("related"), ends[0])
    for match in outline.matches:
        target = ox.NamedNode(match.object)
        yield ox.Triple(ox.NamedNode(match.subject), _skos(match.name), target)
    yield from _collections(outline)


def _collections(outline: Outline) -> Iterator[ox.Triple]:
    for kind in dict.fromkeys(entry.kind for entry in outline.entries):
        collection = ox.NamedNode(f"{outline.iri}#{kind}")
        yield ox.Triple(collection, _TYPE, _skos("Collection"))
        yield from _texts(collection, _skos("prefLabel"), {"en": KIND_LABELS[kind]})
        for entry in outline.entries:
            if entry.kind == kind:
                yield ox.Triple(collection, _skos("member"), ox.NamedNode(entry.iri))


def _texts(subject: ox.NamedNode, predicate: ox.NamedNode, texts: Texts) -> Iterator[ox.Triple]:
    for language, text in texts.items():
        literal = ox.Literal(text, language=language) if language else ox.Literal(text)
        yield ox.Triple(subject, predicate, literal)


def _fact(name: str) -> ox.NamedNode:
    return ox.NamedNode(OWL[name] if name == "versionInfo" else DCTERMS[name])


def _value(name: str, value: str) -> ox.NamedNode | ox.Literal:
    if name in _IRIS:
        return ox.NamedNode(value)
    return ox.Literal(value, datatype=ox.NamedNode(XSD.date) if name in _DATES else None)


def _skos(name: str) -> ox.NamedNode:
    return ox.NamedNode(SKOS[name])
