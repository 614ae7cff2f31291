"""How a decision is recorded as a mapping (SSSOM 1.1).

A candidate that only a tool proposed becomes the reviewer's own mapping. A link that somebody has
asserted keeps its author: if the reviewer agrees, the reviewer signs it; if not, the reviewer's own
mapping takes its place, and its slot ``other`` says what it replaces.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from competency_graph.linking.reviewing.reviewer import Reviewer, deciders, joined
from competency_graph.linking.suggest import TOOL
from competency_graph.mappings import NO_TERM, PREDICATES, Mapping, MappingSet

DECISIONS: Final = {predicate[5:-5]: predicate for predicate in PREDICATES} | {"reject": ""}
"""The possible decisions on a candidate, with the predicate of the link; "" for a rejection."""
NOTHING: Final = "none"
"""The decision that an entry corresponds to nothing, on a mapping without a term."""
DECISION_BY_PREDICATE: Final = {
    predicate: name for name, predicate in DECISIONS.items() if predicate
}
MANUAL_CURATION: Final = "semapv:ManualMappingCuration"
TOOL_SLOTS: Final = frozenset(
    ("mapping_tool_version", "mapping_tool_id", "similarity_score", "similarity_measure",
     "match_string", "subject_match_field", "object_match_field", "subject_preprocessing",
     "object_preprocessing")
)  # fmt: skip
"""What a tool says about how it found a candidate."""
_AUTHOR_SLOTS: Final = ("author_id", "author_label")
_REVIEW_SLOTS: Final = ("reviewer_id", "reviewer_label", "reviewer_agreement", "review_date")
_OWN_SLOTS: Final = ("record_id", "publication_date", "predicate_modifier", "other")
"""Slots that another mapping of the same entry and concept does not take over."""
_COMMON_SLOTS: Final = (*TOOL_SLOTS, "mapping_tool", "mapping_date")
REVIEW_NOTE: Final = " Review: "
"""Separates a reviewer's comment from that of the author, which it follows."""


@dataclass(frozen=True)
class Decision:
    """What a reviewer decides on a claim.

    Args:
        name: one of `DECISIONS`, or `NOTHING`.
        reviewer: who decides.
        date: the date, as YYYY-MM-DD.
        comment: the reason; "" for none.
        confidence: how certain the reviewer is, from 0 to 1; "" keeps the claim's.
    """

    name: str
    reviewer: Reviewer
    date: str
    comment: str = ""
    confidence: str = ""


def decision_of(mapping: Mapping) -> str:
    """What a mapping states: one of `DECISIONS`, `NOTHING`, or "" for another predicate."""
    if mapping.object_id == NO_TERM:
        return NOTHING
    if mapping.negated:
        return "reject"
    return DECISION_BY_PREDICATE.get(mapping.predicate_id, "")


def number(text: str, missing: float) -> float:
    """The value of a cell with a number; ``missing`` if it is empty or not a number."""
    try:
        return float(text)
    except ValueError:
        return missing


def asserted(claim: Mapping, common: MappingSet) -> bool:
    """Whether somebody asserts or has reviewed a claim, rather than only a tool proposing it.

    What another tool than this one has made is asserted by the creators of the set that it is in.

    Args:
        claim: the claim.
        common: the set that it is from.
    """
    if claim.mapping_justification == MANUAL_CURATION or any(
        claim.cells.get(slot) for slot in (*_AUTHOR_SLOTS, "reviewer_id", "reviewer_label")
    ):
        return True
    published = any(common.texts(slot) for slot in ("creator_id", "creator_label"))
    return published and claim.mapping_tool not in ("", TOOL)


def record(claim: Mapping, decision: Decision, common: MappingSet) -> Mapping:
    """The mapping that records a decision.

    Args:
        claim: the candidate or link that was decided on.
        decision: the decision.
        common: the set that the claim is from, which may state values for all its mappings.
    """
    if asserted(claim, common) and decision_of(claim) == decision.name:
        return _signed(claim, decision, common)
    dropped = {*TOOL_SLOTS, *_AUTHOR_SLOTS, *_REVIEW_SLOTS, *_OWN_SLOTS}
    others = {name: value for name, value in claim.others.items() if name not in dropped}
    rejected = decision.name == "reject"
    if rejected:
        others["predicate_modifier"] = "Not"
    if asserted(claim, common):
        said = f": {claim.comment}" if claim.comment else ""
        others["other"] = f"earlier claim: {in_words(claim)}{said}".replace("|", "/")
    kept = "" if rejected else claim.confidence
    return replace(
        claim,
        predicate_id=DECISIONS[decision.name] or claim.predicate_id,
        mapping_justification=MANUAL_CURATION,
        mapping_tool="",
        reviewer_label="",
        reviewer_agreement="",
        confidence=decision.confidence or kept,
        mapping_date=decision.date,
        comment=decision.comment,
        others=others | decision.reviewer.cells("author"),
    )


def note_of(claim: Mapping, recorded: Mapping) -> str:
    """The reviewer's comment in a record; "" for none."""
    if "review_date" not in recorded.others:
        return recorded.comment
    if recorded.comment.startswith(claim.comment + REVIEW_NOTE):
        return recorded.comment[len(claim.comment + REVIEW_NOTE) :]
    return ""


def own_comment(recorded: Mapping) -> str:
    """What who decided last on a mapping says about it, without what its author says."""
    if "review_date" not in recorded.others:
        return recorded.comment
    _, mark, note = recorded.comment.rpartition(REVIEW_NOTE)
    return note if mark else ""


def sureness(recorded: Mapping) -> str:
    """How certain the reviewer is in a record: the agreement if it signs a link."""
    signs = "review_date" in recorded.others
    return recorded.reviewer_agreement if signs else recorded.confidence


def _signed(claim: Mapping, decision: Decision, common: MappingSet) -> Mapping:
    """An asserted link, signed by a reviewer; what its author states is kept."""
    agreement = decision.confidence or "1.0"
    others = {
        slot: "|".join(common.texts(slot)) for slot in _COMMON_SLOTS if common.texts(slot)
    } | dict(claim.others)
    own = {name: others.pop(name) for name in ("mapping_tool", "mapping_date") if name in others}
    signature = decision.reviewer.cells("reviewer")
    label, identifier = claim.reviewer_label, others.pop("reviewer_id", "")
    mixed = (label and not decision.reviewer.name) or (identifier and not decision.reviewer.id)
    unlike = number(claim.reviewer_agreement, 1) != float(agreement)
    if (label or identifier) and (mixed or unlike):
        # One value of agreement cannot hold for both, and the last name and the last identifier
        # have to be those of the last reviewer; the earlier review is kept in words.
        said = f"earlier review by {label or identifier}: {claim.reviewer_agreement or '1.0'}"
        others["other"] = joined(others.get("other", ""), said)
        label = identifier = ""
    if found := joined(identifier, signature.get("reviewer_id", "")):
        others["reviewer_id"] = found
    note = REVIEW_NOTE + decision.comment if decision.comment else ""
    return replace(
        claim,
        mapping_tool=claim.mapping_tool or own.get("mapping_tool", ""),
        mapping_date=claim.mapping_date or own.get("mapping_date", ""),
        reviewer_label=joined(label, signature.get("reviewer_label", "")),
        reviewer_agreement=agreement,
        comment=claim.comment + note,
        others=others | {"review_date": decision.date},
    )


def in_words(claim: Mapping) -> str:
    """What a claim states, with its author, date and confidence."""
    name, identifier = deciders(claim)
    denied = "not " if claim.negated else ""
    who = name or identifier or claim.mapping_tool
    parts = [
        denied + (DECISION_BY_PREDICATE.get(claim.predicate_id) or claim.predicate_id),
        f"by {who}" if who else "",
        claim.mapping_date,
        f"confidence {claim.confidence}" if claim.confidence else "",
    ]
    return ", ".join(filter(None, parts))
