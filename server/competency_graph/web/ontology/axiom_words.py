"""Axioms of an ontology in words, as sentences whose terms become links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from competency_graph.dictionary.ontology_terms import Ontology, OntologyTerm
from competency_graph.rdf.vocabulary import PREFIXES

_CHARACTERISTICS: Final = {
    "owl:FunctionalProperty": "Has at most one value.",
    "owl:InverseFunctionalProperty": "A value belongs to at most one.",
    "owl:TransitiveProperty": "Carries on: what holds from a first to a second, and from there to "
    "a third, holds from the first to the third.",
    "owl:SymmetricProperty": "Holds in both directions.",
    "owl:AsymmetricProperty": "Never holds in both directions.",
    "owl:ReflexiveProperty": "Holds from everything to itself.",
    "owl:IrreflexiveProperty": "Never holds from anything to itself.",
}
"""What each of `ontology_terms.CHARACTERISTICS` means."""
DATATYPES: Final = {
    PREFIXES["xsd"] + name: words
    for name, words in {
        "boolean": "true or false",
        "integer": "a whole number",
        "nonNegativeInteger": "a whole number",
        "positiveInteger": "a whole number",
        "decimal": "a number",
        "double": "a number",
        "string": "a text",
        "date": "a date",
        "dateTime": "a date and time",
        "anyURI": "an address",
    }.items()
} | {PREFIXES["rdf"] + "langString": "a text"}
"""The usual datatypes in words."""
VOCABULARIES: Final = {
    "skos": "SKOS",
    "ceasn": "CTDL-ASN",
    "ceterms": "CTDL",
    "schema": "schema.org",
    "org": "Organization Ontology",
    "dcterms": "Dublin Core",
    "foaf": "FOAF",
    "prov": "PROV-O",
    "esco": "ESCO",
    "onet": "O*NET",
    "iso-thes": "ISO 25964",
    "dcat": "DCAT",
    "owl": "OWL",
    "rdfs": "RDF Schema",
}
"""The titles of the vocabularies of the prefix table that dictionaries align with."""


class Reference(NamedTuple):
    """A term in a sentence.

    Args:
        iri: the term.
        text: what is shown instead of its label, or "".
    """

    iri: str
    text: str = ""


Sentence = Sequence[str | Reference]
"""The parts of a sentence, to be shown one after the other."""


def sentences(ontology: Ontology, term: OntologyTerm) -> Iterator[Sentence]:
    """What the axioms of a term say in addition to its superterms, domain, range and inverses."""
    for name in term.characteristics:
        yield (_CHARACTERISTICS[name],)
    for chain in term.chains:
        path = _path(ontology, term, chain)
        yield [*path, " the first also ", Reference(term.iri), " the last."]
    for restriction in term.restrictions:
        values = [": ", *either(restriction.values)] if restriction.values else []
        yield [f"Each has {restriction.quantity} ", Reference(restriction.property), *values, "."]


def _path(
    ontology: Ontology, term: OntologyTerm, chain: Sequence[str]
) -> Iterator[str | Reference]:
    """The chain as a path from class to class."""
    links = [ontology.terms.get(iri) for iri in chain]
    first = links[0].domain if links and links[0] else term.domain
    yield "Where a path leads from "
    yield from either([*first] if len(first) == 1 else [*term.domain])
    for place, iri in enumerate(chain):
        known = links[place]
        yield " by "
        yield Reference(iri)
        yield " to "
        yield from either(known.range if known and known.range else ())
    yield ","


def either(iris: Sequence[str]) -> Iterator[str | Reference]:
    """Several classes as alternatives: “A, B or C”."""
    if not iris:
        yield "anything"
        return
    for place, iri in enumerate(iris):
        if place:
            yield " or " if place == len(iris) - 1 else ", "
        yield Reference(iri, DATATYPES.get(iri, ""))


def vocabulary_of(iri: str) -> str:
    """The title of the vocabulary that a term of the prefix table belongs to, or ""."""
    namespace = max(
        (space for space in PREFIXES.values() if iri.startswith(space)), key=len, default=""
    )
    return next((VOCABULARIES.get(p, "") for p, s in PREFIXES.items() if s == namespace), "")
