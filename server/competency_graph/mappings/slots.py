"""The slots of SSSOM 1.1: the properties of mappings and mapping sets, and their RDF properties.

A test checks both tables against the standard's schema (``sssom_schema``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from competency_graph.rdf.vocabulary import PREFIXES

_EXTRA_PREFIXES: Final = {"pav": "http://purl.org/pav/"}
_MAPPING_SLOTS: Final = """
record_id sssom:record_id entity
subject_id owl:annotatedSource entity
subject_label sssom:subject_label text
subject_category sssom:subject_category text
predicate_id owl:annotatedProperty entity
predicate_label sssom:predicate_label text
predicate_modifier sssom:predicate_modifier choice
object_id owl:annotatedTarget entity
object_label sssom:object_label text
object_category sssom:object_category text
mapping_justification sssom:mapping_justification entity
author_id pav:authoredBy entity many
author_label sssom:author_label text many
reviewer_id sssom:reviewer_id entity many
reviewer_label sssom:reviewer_label text many
creator_id dcterms:creator entity many
creator_label sssom:creator_label text many
license dcterms:license address
subject_type sssom:subject_type choice common
subject_source sssom:subject_source entity common
subject_source_version sssom:subject_source_version text common
object_type sssom:object_type choice common
object_source sssom:object_source entity common
object_source_version sssom:object_source_version text common
predicate_type sssom:predicate_type choice common
mapping_provider sssom:mapping_provider address common
mapping_source sssom:mapping_source entity
mapping_cardinality sssom:mapping_cardinality text
cardinality_scope sssom:cardinality_scope text many common
mapping_tool sssom:mapping_tool text common
mapping_tool_id sssom:mapping_tool_id entity common
mapping_tool_version sssom:mapping_tool_version text common
mapping_date dcterms:created date common
publication_date dcterms:issued date
review_date sssom:review_date date
confidence sssom:confidence number
reviewer_agreement sssom:reviewer_agreement number
curation_rule sssom:curation_rule entity many common
curation_rule_text sssom:curation_rule_text text many common
subject_match_field sssom:subject_match_field entity many common
object_match_field sssom:object_match_field entity many common
match_string sssom:match_string text many
subject_preprocessing sssom:subject_preprocessing entity many common
object_preprocessing sssom:object_preprocessing entity many common
similarity_score sssom:similarity_score number
similarity_measure sssom:similarity_measure text common
see_also rdfs:seeAlso address many
issue_tracker_item sssom:issue_tracker_item entity
other sssom:other text
comment rdfs:comment text
"""
_SET_ONLY_SLOTS: Final = """
sssom_version sssom:sssom_version choice
mapping_set_id sssom:mapping_set_id address
mapping_set_version owl:versionInfo text
mapping_set_source prov:wasDerivedFrom address many
mapping_set_title dcterms:title text
mapping_set_description dcterms:description text
mapping_set_confidence sssom:mapping_set_confidence number
issue_tracker sssom:issue_tracker address
"""
_SHARED_SLOTS: Final = frozenset(
    ("creator_id", "creator_label", "license", "publication_date", "see_also", "other", "comment")
)
"""Slots that mappings and sets share; in a set they describe the set, not its mappings."""


@dataclass(frozen=True)
class Slot:
    """A property of mappings or of mapping sets.

    Args:
        name: its name, which is that of a column or of a key in the head.
        property: the IRI of its RDF property.
        kind: the kind of its values: ``entity``, ``address``, ``text``, ``choice``, ``date`` or
            ``number``.
        many: whether it can have several values.
        common: whether a set can state it for all its mappings.
    """

    name: str
    property: str
    kind: str
    many: bool = False
    common: bool = False


def _parse_slots(table: str) -> dict[str, Slot]:
    found = {}
    for line in table.split("\n"):
        if line:
            name, iri, kind, *marks = line.split()
            prefix, _, local = iri.partition(":")
            space = PREFIXES.get(prefix) or _EXTRA_PREFIXES[prefix]
            found[name] = Slot(name, space + local, kind, "many" in marks, "common" in marks)
    return found


MAPPING_SLOTS: Final = _parse_slots(_MAPPING_SLOTS)
"""The slots of a mapping by name: the columns of a file, in the standard's order."""
SET_SLOTS: Final = _parse_slots(_SET_ONLY_SLOTS) | {
    name: slot for name, slot in MAPPING_SLOTS.items() if slot.common or name in _SHARED_SLOTS
}
"""The slots of a set that have plain values, by name."""
REQUIRED_SLOTS: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification")
"""The required columns."""
STRUCTURED: Final = ("curie_map", "extension_definitions")
"""The keys of the head that have structured values."""
CHOICES: Final = {
    "1.0": "sssom:version1.0",
    "1.1": "sssom:version1.1",
    "Not": "sssom:NegatedPredicate",
    "owl class": "owl:Class",
    "owl object property": "owl:ObjectProperty",
    "owl data property": "owl:DataProperty",
    "owl annotation property": "owl:AnnotationProperty",
    "owl named individual": "owl:NamedIndividual",
    "skos concept": "skos:Concept",
    "rdfs resource": "rdfs:Resource",
    "rdfs class": "rdfs:Class",
    "rdfs literal": "rdfs:Literal",
    "rdfs datatype": "rdfs:Datatype",
    "rdf property": "rdf:Property",
    "composed entity expression": "sssom:ComposedEntityExpression",
}
"""The values of slots with a fixed list of values, and their terms."""
