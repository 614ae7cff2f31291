"""schema.org in JSON-LD: a set of defined terms, and occupations, for search engines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from competency_graph.exporting import jsonld
from competency_graph.exporting.jsonld import Node, tagged
from competency_graph.exporting.outline import KIND_LABELS, Entry, Outline
from competency_graph.rdf.vocabulary import PREFIXES

_CONTEXT: Final[dict[str, object]] = {
    "@vocab": "http://schema.org/",
    "skos": PREFIXES["skos"],
    **{name: {"@type": "@id"} for name in ("inDefinedTermSet", "hasDefinedTerm", "license",
                                           "sameAs", "isPartOf", "hasPart", "skills")},
    **{f"skos:{name}": {"@type": "@id"} for name in ("closeMatch", "broadMatch", "narrowMatch",
                                                     "relatedMatch")},
}  # fmt: skip
"""An explicit context, since schema.org's own maps its terms to http IRIs."""


def write(outline: Outline) -> bytes:
    """Serialize the dictionary as a DefinedTermSet; roles are occupations with areas as skills."""
    return jsonld.document(_CONTEXT, _nodes(outline))


def _nodes(outline: Outline) -> Iterator[Node]:
    facts = outline.facts
    yield {
        "@id": outline.iri,
        "@type": "DefinedTermSet",
        "name": tagged(outline.title),
        "description": tagged(outline.description),
        "license": facts.get("license", ""),
        "version": facts.get("versionInfo", ""),
        "dateCreated": facts.get("created", ""),
        "dateModified": facts.get("modified", ""),
        "inLanguage": facts.get("language", ""),
        "publisher": _organization(facts.get("publisher", "")),
        "hasDefinedTerm": [entry.iri for entry in outline.entries if entry.kind != "role"],
    }
    for entry in outline.entries:
        yield _node(outline, entry)


def _organization(name: str) -> Node:
    return {"@type": "Organization", "name": name} if name else {}


def _node(outline: Outline, entry: Entry) -> Node:
    is_role = entry.kind == "role"
    node: Node = {
        "@id": entry.iri,
        "@type": "Occupation" if is_role else "DefinedTerm",
        "additionalType": "" if is_role else KIND_LABELS[entry.kind],
        "name": tagged(entry.label),
        "description": tagged(entry.definition),
        "alternateName": jsonld.each_tagged(entry.alt_labels),
        "identifier": entry.notation if is_role else "",
        "termCode": "" if is_role else entry.notation,
        "inDefinedTermSet": "" if is_role else outline.iri,
        "skills": [area.iri for area in outline.targets(entry.iri, "coversArea")],
        "isPartOf": [
            iri for iri in outline.parents[entry.iri] if iri in outline.by_iri and not is_role
        ],
    }
    for match in outline.matches_of(entry.iri):
        if is_role and match.notation:
            node.setdefault("occupationalCategory", []).append(  # type: ignore[attr-defined]
                {"@type": "CategoryCode", "@id": match.object, "codeValue": match.notation,
                 "name": match.label}
            )  # fmt: skip
        name = "sameAs" if match.name == "exactMatch" else f"skos:{match.name}"
        node.setdefault(name, []).append(match.object)  # type: ignore[attr-defined]
    return node
