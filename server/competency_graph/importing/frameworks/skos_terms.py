"""The properties that say the same as SKOS does, and those of SKOS that an import keeps.

Besides SKOS itself (SKOS Reference, W3C 2009), its extension for labels as nodes (SKOS-XL, appendix
B of the same), that of ISO 25964 (iso-thes), and the RDF of SFIA.
"""

from __future__ import annotations

import re
from typing import Final

from competency_graph.rdf.vocabulary import PREFIXES

SKOS: Final = PREFIXES["skos"]
ISO: Final = PREFIXES["iso-thes"]
TYPE: Final = PREFIXES["rdf"] + "type"
CONCEPT, SCHEME, COLLECTION = (SKOS + name for name in ("Concept", "ConceptScheme", "Collection"))
PREFERRED, OTHER, HIDDEN = (SKOS + name for name in ("prefLabel", "altLabel", "hiddenLabel"))
DEFINITION: Final = SKOS + "definition"
NAME: Final = PREFIXES["rdfs"] + "label"
"""A name: the preferred label of what has no other."""
STATEMENT: Final = "urn:competency-graph:statement"
"""The full text of a competency: its definition, or the label of what has no other.

Importers use it between themselves; no file has it.
"""
BROADER, NARROWER, RELATED = (SKOS + name for name in ("broader", "narrower", "related"))
IN_SCHEME, TOP_OF, HAS_TOP = (SKOS + name for name in ("inScheme", "topConceptOf", "hasTopConcept"))
MEMBER, MEMBER_LIST = SKOS + "member", SKOS + "memberList"
FIRST, REST = (PREFIXES["rdf"] + name for name in ("first", "rest"))
SUBCLASS, SUBPROPERTY = (PREFIXES["rdfs"] + f"sub{what}Of" for what in ("Class", "Property"))
DEPRECATED: Final = PREFIXES["owl"] + "deprecated"
VERSION: Final = PREFIXES["owl"] + "versionInfo"
REPLACED_BY: Final = PREFIXES["dcterms"] + "isReplacedBy"
XL: Final = "http://www.w3.org/2008/05/skos-xl#"
XL_LABELS: Final = {XL + term.removeprefix(SKOS): term for term in (PREFERRED, OTHER, HIDDEN)}
TEXT_OF_NODE: Final = frozenset(
    (XL + "literalForm", PREFIXES["rdf"] + "value", PREFIXES["esco"] + "nodeLiteral")
)
"""The properties of a node that stands for a text: a label of SKOS-XL, a note with an author."""
LABELS: Final = frozenset((PREFERRED, OTHER, HIDDEN))
NOTES: Final = frozenset(
    SKOS + name
    for name in (
        "note", "scopeNote", "definition", "example", "historyNote", "editorialNote", "changeNote",
    )
)  # fmt: skip
MATCHES: Final = frozenset(
    SKOS + f"{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")
)
KEPT: Final = (
    LABELS
    | NOTES
    | MATCHES
    | {SKOS + "notation", PREFIXES["rdfs"] + "seeAlso", PREFIXES["foaf"] + "page"}
    | {VERSION}
)
"""The properties whose statements are kept unchanged, as are those of Dublin Core."""
KEPT_NAMESPACE: Final = PREFIXES["dcterms"]
CLASSES: Final = {
    CONCEPT: CONCEPT,
    SCHEME: SCHEME,
    COLLECTION: COLLECTION,
    SKOS + "OrderedCollection": COLLECTION,
    ISO + "ConceptGroup": COLLECTION,
    ISO + "ThesaurusArray": COLLECTION,
}
"""The classes of SKOS, and what else says the same."""
IGNORED_CLASSES: Final = frozenset(
    (XL + "Label", PREFIXES["owl"] + "Class", PREFIXES["owl"] + "NamedIndividual")
)
PROPERTIES: Final = {
    **{ISO + f"broader{kind}": BROADER for kind in ("Generic", "Instantial", "Partitive")},
    **{ISO + f"narrower{kind}": NARROWER for kind in ("Generic", "Instantial", "Partitive")},
}
"""The properties of others that say the same as one of SKOS."""
_SFIA: Final = re.compile(r"https?://(?:rdf\.)?sfia-online\.org/(?:\d+/)?ontology/(\w+)")
_SFIA_TERMS: Final = {
    "Skill": CONCEPT,
    "SkillLevel": CONCEPT,
    "Level": CONCEPT,
    "Category": CONCEPT,
    "skillCategory": BROADER,
    "definedAtLevel": NARROWER,
    "level": RELATED,
    "skillLevel": RELATED,
    "skillDescription": DEFINITION,
    "skillLevelDescription": DEFINITION,
    "levelEssence": DEFINITION,
    "levelGuidingPhrase": NAME,
    "skillNotes": SKOS + "scopeNote",
    "url": PREFIXES["rdfs"] + "seeAlso",
}
_STATUS: Final = re.compile(r".*[/#](?:status|creativeWorkStatus|deprecated|isDeprecated)")
_NOT_CURRENT: Final = re.compile(
    r"deprecat|obsolete|withdrawn|retired|superseded|replaced|inactive|\btrue\b", re.IGNORECASE
)


def sfia_term(iri: str) -> str:
    """What a term of SFIA's RDF is in SKOS; "" if it is not one that SKOS has."""
    found = _SFIA.fullmatch(iri)
    return _SFIA_TERMS.get(found[1], "") if found else ""


def is_status(predicate: str) -> bool:
    """Whether a property states the status of a concept, such as ``adms:status``."""
    return _STATUS.fullmatch(predicate) is not None


def is_out_of_use(status: str) -> bool:
    """Whether a status says that a concept is not to be used any more."""
    return _NOT_CURRENT.search(status) is not None
