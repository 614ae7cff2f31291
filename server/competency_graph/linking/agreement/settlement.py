"""From two reviews to one set of links: what is to be settled, and the result."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from competency_graph.linking.agreement.comparison import Comparison, Pair
from competency_graph.linking.reviewing.decision_file import (
    REVIEWED,
    key,
    renamed,
    with_prefixes,
)
from competency_graph.linking.reviewing.records import REVIEW_NOTE, number, own_comment
from competency_graph.linking.reviewing.reviewer import joined
from competency_graph.mappings import NO_TERM, Mapping, MappingSet

_REVIEW: Final = "semapv:MappingReview"
_PEOPLE: Final = ("author_id", "author_label", "reviewer_id", "reviewer_label")
_KEPT_SLOTS: Final = ("object_source", "object_source_version", "other")
_Key = tuple[str, str]


def disagreements(compared: Comparison) -> MappingSet:
    """The links on which two reviewers differ, as candidates for a review that settles them.

    The comment of each has both decisions, with their reasons.
    """
    rows = []
    for pair in compared.open().values():
        linking = [each for each in pair if each and not each.negated]
        row = (linking or [pair.given])[0]
        kept = {name: row.others[name] for name in _KEPT_SLOTS if name in row.others}
        rows.append(
            Mapping(
                subject_id=row.subject_id,
                subject_label=row.subject_label,
                subject_category=row.subject_category,
                predicate_id=row.predicate_id,
                object_id=row.object_id,
                object_label=row.object_label,
                object_category=row.object_category,
                mapping_justification=_REVIEW,
                confidence=_least(*(each.confidence for each in pair if each)),
                comment=_both(compared, pair),
                others=kept,
            )
        )
    title = f"Links on which {' and '.join(compared.names)} differ"
    return _set(compared, title, "disagreements").with_mappings(rows)


def merged(
    compared: Comparison, settled: MappingSet | None, name: str = "", single: bool = False
) -> tuple[MappingSet, int]:
    """The links that two reviewers agree on or that were settled, and how many are still open.

    Args:
        compared: the decisions of the reviewers.
        settled: the decisions on what they differ on; None if nothing is settled yet.
        name: the IRI of the set; "" for one derived from the first file's.
        single: whether the decision of one reviewer is enough where the other has not decided.
    """
    found = _set(compared, _title(compared), "agreed", name)
    final: dict[_Key, Mapping] = {}
    if settled is not None:
        found = with_prefixes(found, settled.prefixes)
        final = {key(found, each): each for each in renamed(settled, found).mappings}
    rows, still_open = [], 0
    for link, pair in compared.pairs.items():
        if pair.first and pair.second and pair.alike:
            rows.append(_together(pair.first, pair.second))
        elif (row := final.get(link)) is not None:
            said = joined(row.others.get("other", ""), _both(compared, pair))
            rows.append(replace(row, others={**row.others, "other": said}))
        elif single and None in pair:
            rows.append(pair.given)
        else:
            still_open += 1
    linked = {found.expand(row.subject_id) for row in rows if not row.negated}
    one, other = (_without_match(each) for each in (compared.first, compared.second))
    nothing = {entry: _together(one[entry], other[entry]) for entry in one if entry in other}
    if settled is not None:
        nothing |= _without_match(renamed(settled, found))
    rows += [row for entry, row in nothing.items() if entry not in linked]
    return found.with_mappings(rows), still_open


def _together(one: Mapping, other: Mapping) -> Mapping:
    """The mapping on which two reviewers decided alike, with the names of both."""
    people = {name: joined(one.cells.get(name, ""), other.cells.get(name, "")) for name in _PEOPLE}
    others = {
        name: value
        for name, value in (*one.others.items(), *people.items())
        if value and name != "reviewer_label"
    }
    if dates := [row.others["review_date"] for row in (one, other) if "review_date" in row.others]:
        others["review_date"] = max(dates)
    return replace(
        one,
        mapping_date=max(one.mapping_date, other.mapping_date),
        confidence=_least(one.confidence, other.confidence),
        reviewer_label=people["reviewer_label"],
        reviewer_agreement=_least(one.reviewer_agreement, other.reviewer_agreement),
        comment=_comments(one, other),
        others=others,
    )


def _comments(one: Mapping, other: Mapping) -> str:
    """The comments of the author, if there is one, and of both reviewers."""
    first, second = own_comment(one), own_comment(other)
    if not second or second == first:
        return one.comment
    signs_alone = "review_date" in one.others and not first
    return (one.comment + (REVIEW_NOTE if signs_alone else " ") + second).strip()


def _least(*cells: str) -> str:
    """The lowest of the numbers in cells; "" if all are empty."""
    return min(filter(None, cells), key=lambda cell: number(cell, 1), default="")


def _both(compared: Comparison, pair: Pair) -> str:
    """What each of two reviewers decided, with the reasons, as one text."""
    said = []
    for name, decision, row in zip(compared.names, pair.decisions, pair, strict=True):
        reason = f" ({comment})" if row and (comment := own_comment(row)) else ""
        said.append(f"{name}: {decision or 'no decision'}{reason}")
    return "; ".join(said).replace("|", "/")


def _title(compared: Comparison) -> str:
    """The title of the first file, unless it is the usual one for candidates."""
    title = next(iter(compared.first.texts("mapping_set_title")), REVIEWED)
    return "Links that two people have reviewed" if title == REVIEWED else title


def _set(compared: Comparison, title: str, part: str, name: str = "") -> MappingSet:
    """A set with the first file's metadata, and the prefixes of both."""
    between = ":" if compared.first.iri.startswith("urn:") else "/"
    head = {
        **compared.first.metadata,
        "mapping_set_title": title,
        "mapping_set_id": name or f"{compared.first.iri}{between}{part}",
    }
    return replace(compared.first, metadata=head)


def _without_match(decided: MappingSet) -> dict[str, Mapping]:
    """The rows that say that nothing was found, by the IRIs of their entries."""
    return {
        decided.expand(row.subject_id): row for row in decided.mappings if row.object_id == NO_TERM
    }
