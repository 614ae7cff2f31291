"""What is published in the data: dictionaries, ontologies, sets of links, imported frameworks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from competency_graph.rdf.rows import Rows
from competency_graph.rdf.short_names import Term, local_name, shorten, text_of
from competency_graph.rdf.vocabulary import PREFIXES, PUBLISHED

DICTIONARY_TYPE, ONTOLOGY_TYPE, LINKS_TYPE, FRAMEWORK_TYPE = (
    "dictionary", "ontology", "links", "framework",
)  # fmt: skip
"""The types of publications."""
_TYPES: Final = {
    "cg:CompetencyDictionary": DICTIONARY_TYPE,
    "owl:Ontology": ONTOLOGY_TYPE,
    "sssom:MappingSet": LINKS_TYPE,
    "void:Dataset": FRAMEWORK_TYPE,
}
_PROPERTIES: Final = (
    "dcterms:title", "skos:prefLabel", "rdfs:label", "dcterms:description", "rdfs:comment",
    "owl:versionInfo", "dcterms:created", "dcterms:issued", "dcterms:modified", "dcterms:creator",
    "sssom:creator_label", "dcterms:publisher", "dcterms:license", "dcterms:rights",
    "dcterms:source", "dcterms:provenance", "dcterms:language", "dcterms:bibliographicCitation",
    "sssom:object_source", "sssom:object_source_version", "owl:imports",
)  # fmt: skip
_PREFIXES_USED: Final = ("cg", "dcterms", "owl", "rdfs", "skos", "sssom", "void")
_QUERY: Final = f"""\
{"".join(f"PREFIX {name}: <{PREFIXES[name]}>{chr(10)}" for name in _PREFIXES_USED)}
SELECT DISTINCT ?thing ?type ?property ?value WHERE {{
  VALUES ?type {{ {" ".join(_TYPES)} }}
  ?thing a ?type .
  FILTER(isIRI(?thing))
  OPTIONAL {{
    VALUES ?property {{ {" ".join(_PROPERTIES)} }}
    ?thing ?property ?value
  }}
}} ORDER BY ?thing ?type ?property ?value"""


@dataclass(frozen=True)
class Publication:
    """Something that is published, with what it states about itself.

    Args:
        iri: its IRI.
        type: `DICTIONARY_TYPE`, also for an extension of a dictionary, `ONTOLOGY_TYPE`,
            `LINKS_TYPE` or `FRAMEWORK_TYPE`.
        values: the values of its properties by local name.
        language: the language of its texts, where they are in several.
    """

    iri: str
    type: str
    values: Mapping[str, tuple[Term, ...]]
    language: str = "en"

    @property
    def title(self) -> str:
        """Its title, or a part of its IRI."""
        names = (self.text(name) for name in ("title", "prefLabel", "label"))
        return next(filter(None, names), local_name(self.iri))

    @property
    def description(self) -> str:
        """Its description, or ""."""
        return self.text("description") or self.text("comment")

    @property
    def creators(self) -> tuple[str, ...]:
        """The names of those who made it, or else of its publishers."""
        return self.texts("creator") or self.texts("creator_label") or self.texts("publisher")

    @property
    def date(self) -> str:
        """When it was last changed, or else issued or created, or ""."""
        names = ("modified", "issued", "created")
        return next(filter(None, (self.text(name) for name in names)), "")

    def of(self, name: str) -> tuple[Term, ...]:
        """The values of a property."""
        return self.values.get(name, ())

    def texts(self, name: str) -> tuple[str, ...]:
        """The values of a property as texts in one language: its own, else English, else any."""
        by_language: dict[str, list[str]] = {}
        for value in self.of(name):
            language = (value.language or "") if isinstance(value, ox.Literal) else ""
            by_language.setdefault(language, []).append(text_of(value))
        wanted = (self.language, "en")
        order = sorted(
            by_language, key=lambda each: ([each.partition("-")[0] != tag for tag in wanted], each)
        )
        return tuple(by_language[order[0]]) if order else ()

    def text(self, name: str) -> str:
        """The first of the texts of a property, or ""."""
        return next(iter(self.texts(name)), "")


def read_publications(rows: Rows, language: str = "en") -> list[Publication]:
    """Read what is published: dictionaries, an extension before what it extends, then the others.

    Args:
        rows: queries the data.
        language: the language of their texts, where they are in several.
    """
    types: dict[str, str] = {}
    values: dict[str, dict[str, tuple[Term, ...]]] = {}
    for thing, type_, property_, value in rows(_QUERY, {}):
        if not isinstance(thing, ox.NamedNode):
            continue
        kind = _TYPES[shorten(type_)]
        if types.setdefault(thing.value, kind) != DICTIONARY_TYPE and kind == DICTIONARY_TYPE:
            types[thing.value] = kind
        own = values.setdefault(thing.value, {})
        if isinstance(property_, ox.NamedNode) and value is not None:
            name = local_name(property_.value)
            if value not in own.get(name, ()):
                own[name] = (*own.get(name, ()), value)
    for iri, own in values.items():
        imported = {getattr(term, "value", "") for term in own.get("imports", ())}
        if any(types.get(other) == DICTIONARY_TYPE for other in imported):
            types[iri] = DICTIONARY_TYPE
    order = list(_TYPES.values())
    found = [Publication(iri, types[iri], own, language) for iri, own in values.items()]
    return sorted(found, key=lambda p: (order.index(p.type), p.iri == PUBLISHED, p.iri))
