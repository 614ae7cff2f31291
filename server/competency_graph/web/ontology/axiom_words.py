"""Axioms of an ontology in words, as sentences whose terms become links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from competency_graph.dictionary.ontology_terms import Ontology, OntologyTerm
from competency_graph.rdf.vocabulary import PREFIXES
from competency_graph.web.languages.texts import N_, pattern
from competency_graph.web.languages.texts import gettext as _

_CHARACTERISTICS: Final = {
    "owl:FunctionalProperty": N_("Has at most one value."),
    "owl:InverseFunctionalProperty": N_("A value belongs to at most one."),
    "owl:TransitiveProperty": N_(
        "Carries on: what holds from a first to a second, and from there to a third, holds from "
        "the first to the third."
    ),
    "owl:SymmetricProperty": N_("Holds in both directions."),
    "owl:AsymmetricProperty": N_("Never holds in both directions."),
    "owl:ReflexiveProperty": N_("Holds from everything to itself."),
    "owl:IrreflexiveProperty": N_("Never holds from anything to itself."),
}
"""What each of `ontology_terms.CHARACTERISTICS` means."""
DATATYPES: Final = {
    PREFIXES["xsd"] + name: words
    for name, words in {
        "boolean": N_("true or false"),
        "integer": N_("a whole number"),
        "nonNegativeInteger": N_("a whole number"),
        "positiveInteger": N_("a whole number"),
        "decimal": N_("a number"),
        "double": N_("a number"),
        "string": N_("a text"),
        "date": N_("a date"),
        "dateTime": N_("a date and time"),
        "anyURI": N_("an address"),
    }.items()
} | {PREFIXES["rdf"] + "langString": N_("a text")}
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
        yield (_(_CHARACTERISTICS[name]),)
    for chain in term.chains:
        links = [ontology.terms.get(iri) for iri in chain]
        first = links[0].domain if links and links[0] else term.domain
        yield pattern(
            "Where a path leads from %(start)s%(steps)s, the first also %(property)s the last.",
            start=list(either([*first] if len(first) == 1 else [*term.domain])),
            steps=[part for iri in chain for part in _step(ontology, iri)],
            property=[Reference(term.iri)],
        )
    for restriction in term.restrictions:
        demand: dict[str, Sentence] = {
            "quantity": [_quantity(restriction.quantity)],
            "property": [Reference(restriction.property)],
        }
        if restriction.values:
            values = list(either(restriction.values))
            yield pattern(
                "Each has %(quantity)s %(property)s: %(values)s.", **demand, values=values
            )
        else:
            yield pattern("Each has %(quantity)s %(property)s.", **demand)


def _step(ontology: Ontology, iri: str) -> Sentence:
    """One property of a chain, with the class that it leads to."""
    known = ontology.terms.get(iri)
    target = list(either(known.range if known else ()))
    return pattern(" by %(property)s to %(target)s", property=[Reference(iri)], target=target)


def _quantity(words: str) -> str:
    """How many, such as “exactly 2”."""
    number = "".join(filter(str.isdigit, words))
    return _(words.replace(number, "{}") if number else words).format(number)


def either(iris: Sequence[str]) -> Iterator[str | Reference]:
    """Several classes as alternatives: “A, B or C”."""
    if not iris:
        yield _("anything")
        return
    for place, iri in enumerate(iris):
        if place:
            yield _(" or ") if place == len(iris) - 1 else ", "
        yield Reference(iri, _(DATATYPES[iri]) if iri in DATATYPES else "")


def vocabulary_of(iri: str) -> str:
    """The title of the vocabulary that a term of the prefix table belongs to, or ""."""
    namespace = max(
        (space for space in PREFIXES.values() if iri.startswith(space)), key=len, default=""
    )
    return next((VOCABULARIES.get(p, "") for p, s in PREFIXES.items() if s == namespace), "")
