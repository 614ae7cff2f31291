"""Candidates that a reviewer adds, and the order in which candidates come."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Map
from typing import Final

from competency_graph.linking.concepts import Concept
from competency_graph.mappings import PREDICATES, Mapping, MappingSet

TARGET_SLOTS: Final = ("object_source", "object_source_version")
"""The slots that name the framework of a concept, and its version."""
_UNDECIDED: Final = "semapv:UnspecifiedMatching"


def of_concept(like: Mapping, concept: Concept, named: MappingSet) -> Mapping:
    """A candidate for a concept that a reviewer found.

    Args:
        like: a candidate of the same entry.
        concept: the concept.
        named: the set whose prefixes are used.
    """
    target = {
        "object_source": named.curie(concept.source),
        "object_source_version": concept.version,
    }
    kind = concept.kind or "skos:Concept"
    return _candidate(like, named.curie(concept.iri), concept.label, kind, target)


def of_record(like: Mapping, recorded: Mapping, of: MappingSet, named: MappingSet) -> Mapping:
    """A candidate for a decision that an earlier session recorded.

    Args:
        like: a candidate of the same entry.
        recorded: the decision.
        of: the set that the decision is from.
        named: the set whose prefixes are used.
    """
    target = {
        "object_source": named.curie(of.expand(recorded.others.get("object_source", ""))),
        "object_source_version": recorded.others.get("object_source_version", ""),
    }
    thing = named.curie(of.expand(recorded.object_id))
    return _candidate(
        like, thing, recorded.object_label, recorded.object_category, target, recorded.predicate_id
    )


def by_entry(rows: Iterable[Mapping]) -> list[Mapping]:
    """Group mappings by entry, in the order in which entries and mappings come."""
    found: dict[str, list[Mapping]] = {}
    for row in rows:
        found.setdefault(row.subject_id, []).append(row)
    return [row for group in found.values() for row in group]


def _candidate(
    like: Mapping, thing: str, label: str, kind: str, target: Map[str, str],
    predicate: str = PREDICATES[-1],
) -> Mapping:  # fmt: skip
    return Mapping(
        subject_id=like.subject_id,
        subject_label=like.subject_label,
        subject_category=like.subject_category,
        predicate_id=predicate,
        object_id=thing,
        object_label=label,
        object_category=kind,
        mapping_justification=_UNDECIDED,
        others={name: value for name, value in target.items() if value},
    )
