"""CTDL-ASN in JSON-LD: a competency framework for the Credential Registry.

Areas, clusters, competencies, key actions, knowledge and abilities become competencies; roles
become CTDL work roles, with their titles as alternate names. Outputs and source pages are left out,
as CTDL-ASN cannot express them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from competency_graph.exporting import jsonld
from competency_graph.exporting.identifiers import ctid
from competency_graph.exporting.jsonld import Node, by_language, each_by_language
from competency_graph.exporting.outline import Entry, Match, Outline
from competency_graph.rdf.vocabulary import PREFIXES

_IRIS: Final = (
    "hasTopChild", "isTopChildOf", "hasChild", "isChildOf", "isPartOf", "license",
    "exactAlignment", "majorAlignment", "broadAlignment", "narrowAlignment", "minorAlignment",
    "knowledgeEmbodied", "abilityEmbodied", "skillEmbodied",
)  # fmt: skip
"""Properties of CTDL-ASN whose values are IRIs."""
_TEXTS: Final = (
    "ceasn:name", "ceasn:description", "ceasn:publisherName", "ceasn:competencyLabel",
    "ceasn:competencyText", "ceasn:competencyCategory", "ceasn:comment", "ceterms:name",
    "ceterms:description", "ceterms:alternateName", "ceterms:targetNodeName",
)  # fmt: skip
"""Properties whose values are texts by language."""
_CONTEXT: Final[dict[str, object]] = {
    "ceasn": PREFIXES["ceasn"],
    "ceterms": PREFIXES["ceterms"],
    "xsd": PREFIXES["xsd"],
    **{f"ceasn:{name}": {"@type": "@id"} for name in _IRIS},
    **{name: {"@container": "@language"} for name in _TEXTS},
    "ceasn:dateCreated": {"@type": "xsd:date"},
    "ceasn:dateModified": {"@type": "xsd:dateTime"},
    "ceterms:targetNode": {"@type": "@id"},
    "ceterms:framework": {"@type": "@id"},
}
CATEGORIES: Final = {
    "area": "Area of expertise", "cluster": "Competency cluster", "competency": "Competency",
    "action": "Key action", "knowledge": "Knowledge", "ability": "Ability",
}  # fmt: skip
"""The category of each kind of competency."""
ALIGNMENTS: Final = {
    "exactMatch": "ceasn:exactAlignment", "closeMatch": "ceasn:majorAlignment",
    "broadMatch": "ceasn:broadAlignment", "narrowMatch": "ceasn:narrowAlignment",
    "relatedMatch": "ceasn:minorAlignment",
}  # fmt: skip
"""The alignment property for each SKOS mapping property."""


def write(outline: Outline) -> bytes:
    """Serialize the framework, its competencies, and the work roles that require them."""
    return jsonld.document(_CONTEXT, _nodes(outline))


def _nodes(outline: Outline) -> Iterator[Node]:
    facts = outline.facts
    language = facts.get("language", "en")
    tops = [iri for iri in outline.children[outline.iri] if outline.by_iri[iri].kind in CATEGORIES]
    yield {
        "@id": outline.iri,
        "@type": "ceasn:CompetencyFramework",
        "ceterms:ctid": ctid(outline.iri),
        "ceasn:name": by_language(outline.title),
        "ceasn:description": by_language(outline.description),
        "ceasn:inLanguage": [language],
        "ceasn:hasTopChild": tops,
        "ceasn:license": facts.get("license", ""),
        "ceasn:publisherName": by_language({language: facts.get("publisher", "")}),
        "ceasn:dateCreated": facts.get("created", ""),
        "ceasn:dateModified": _date_time(facts.get("modified", "")),
    }
    for entry in outline.entries:
        if entry.kind in CATEGORIES:
            yield _competency(outline, entry, language, entry.iri in tops)
        elif entry.kind == "role":
            yield _role(outline, entry)


def _competency(outline: Outline, entry: Entry, language: str, top: bool) -> Node:
    above = [iri for iri in outline.parents[entry.iri] if iri in outline.by_iri]
    node: Node = {
        "@id": entry.iri,
        "@type": "ceasn:Competency",
        "ceterms:ctid": ctid(entry.iri),
        "ceasn:competencyLabel": by_language(entry.label),
        "ceasn:competencyText": by_language(entry.definition or entry.label),
        "ceasn:competencyCategory": {"en": CATEGORIES[entry.kind]},
        "ceasn:codedNotation": entry.notation,
        "ceasn:inLanguage": [language],
        "ceasn:isPartOf": outline.iri,
        "ceasn:isTopChildOf": outline.iri if top else "",
        "ceasn:isChildOf": above,
        "ceasn:hasChild": [
            iri for iri in outline.children[entry.iri] if outline.by_iri[iri].kind in CATEGORIES
        ],
        "ceasn:comment": each_by_language(entry.examples),
        "ceasn:knowledgeEmbodied": [e.iri for e in outline.targets(entry.iri, "requiresKnowledge")],
        "ceasn:abilityEmbodied": [e.iri for e in outline.targets(entry.iri, "requiresAbility")],
    }
    for match in outline.matches_of(entry.iri):
        node.setdefault(ALIGNMENTS[match.name], []).append(match.object)  # type: ignore[attr-defined]
    return node


def _role(outline: Outline, entry: Entry) -> Node:
    titles = outline.targets(entry.iri, "exampleTitle")
    return {
        "@id": entry.iri,
        "@type": "ceterms:WorkRole",
        "ceterms:ctid": ctid(entry.iri),
        "ceterms:name": by_language(entry.label),
        "ceterms:description": by_language(entry.definition),
        "ceterms:codedNotation": entry.notation,
        "ceterms:alternateName": each_by_language(
            (text, language) for title in titles for language, text in title.label.items()
        ),
        "ceasn:skillEmbodied": [area.iri for area in outline.targets(entry.iri, "coversArea")],
        "ceterms:classification": [_occupation(m) for m in outline.matches_of(entry.iri)],
    }


def _occupation(match: Match) -> Node:
    node = {
        "@type": "ceterms:CredentialAlignmentObject",
        "ceterms:targetNode": match.page or match.object,
        "ceterms:targetNodeName": {"en": match.label} if match.label else {},
        "ceterms:codedNotation": match.notation,
    }
    return {key: value for key, value in node.items() if value}


def _date_time(date: str) -> str:
    return f"{date}T00:00:00Z" if len(date) == len("2026-11-24") else date
