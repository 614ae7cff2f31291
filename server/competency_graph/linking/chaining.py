"""Chains of mappings: from a framework by way of another, such as a dictionary, to a third.

A chain of two mappings is a mapping of its own, as far as the rules of SSSOM for chaining
(“Applying chaining rules”) and SKOS (section 10) permit. Its confidence is the product of both.
"""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from competency_graph.errors import BadValueError
from competency_graph.mappings import NO_TERM, Mapping, MappingSet, curie_map

TOOL: Final = "competency link chain"
_SET_NAMESPACE: Final = "https://w3id.org/sssom/mappings/"
_MATCH: Final = "skos:{}Match"
_KINDS: Final = ("exact", "close", "broad", "narrow", "related")
"""The relations, the strongest first."""
_INVERSES: Final = {"broad": "narrow", "narrow": "broad"}
COMPOSITION: Final = {
    **{("exact", kind): kind for kind in _KINDS},
    **{(kind, "exact"): kind for kind in _KINDS},
    ("broad", "broad"): "broad",
    ("narrow", "narrow"): "narrow",
    ("close", "close"): "related",
    ("close", "broad"): "related",
    ("close", "narrow"): "related",
    ("broad", "close"): "related",
    ("narrow", "close"): "related",
    ("narrow", "broad"): "related",
}
"""The relation of a chain, by those of its two mappings; others make no chain.

What is exact can be replaced. What is broader than something broader is broader: SKOS does not
require that of matches, but SSSOM chains them so. ``closeMatch`` is not transitive, to avoid that
errors add up, so what is close to something close is related at most. Two concepts below a third
may have nothing in common, and what is related to something related need not be.
"""


@dataclass(frozen=True)
class Chained:
    """The result of chaining two sets.

    Args:
        mappings: the chains.
        turned: whether the first and the second set were read from their objects to their subjects.
        left_out: how many mappings or chains were left out, by reason.
    """

    mappings: MappingSet
    turned: tuple[bool, bool]
    left_out: Counter[str]


class _Link(NamedTuple):
    """A mapping with its terms as IRIs, in the direction in which it is followed."""

    subject: tuple[str, str, str, str, str]
    """IRI, label, category, source and its version."""
    object: tuple[str, str, str, str, str]
    kind: str
    confidence: float | None


class _Chain(NamedTuple):
    kind: str
    confidence: float | None
    first: _Link
    second: _Link

    @property
    def rank(self) -> tuple[int, float]:
        """The stronger relation first, then the higher confidence."""
        return _KINDS.index(self.kind), -(self.confidence or 0)


def chain(first: MappingSet, second: MappingSet, name: str = "") -> Chained:
    """Chain the mappings of two sets through the terms that both have.

    Each set is followed in the direction in which they share the most terms, so two sets that
    start from the same dictionary lead from one framework to the other. Of several chains between
    the same two terms, the strongest is kept.

    Args:
        first: the set to begin with.
        second: the set to end with.
        name: the IRI of the resulting set; "" for a new one.

    Raises:
        BadValueError: the sets share no term.
    """
    left_out: Counter[str] = Counter()
    turned = _directions(first, second)
    beginnings = list(_links(first, turned[0], left_out))
    ends: dict[str, list[_Link]] = defaultdict(list)
    for link in _links(second, turned[1], left_out):
        ends[link.subject[0]].append(link)
    chains: dict[tuple[str, str], list[_Chain]] = defaultdict(list)
    for link in beginnings:
        for end in ends.get(link.object[0], ()):
            pair = link.subject[0], end.object[0]
            kind = COMPOSITION.get((link.kind, end.kind))
            if pair[0] == pair[1]:
                left_out["chains that lead back to where they begin"] += 1
            elif kind is None:
                left_out[f"chains of {link.kind}Match and {end.kind}Match"] += 1
            else:
                chains[pair].append(_Chain(kind, _product(link, end), link, end))
    for each in chains.values():
        each.sort(key=lambda one: one.rank)
        if len(each) > 1:
            left_out["chains between terms that a stronger one connects"] += len(each) - 1
    return Chained(_mapping_set(chains, first, second, name), turned, left_out)


def _directions(first: MappingSet, second: MappingSet) -> tuple[bool, bool]:
    """Whether to follow each set from its objects to its subjects."""
    ends = [
        ({s.expand(m.subject_id) for m in s.mappings}, {s.expand(m.object_id) for m in s.mappings})
        for s in (first, second)
    ]
    no_term = first.expand(NO_TERM)
    shared = {
        (turn_first, turn_second): len(
            (ends[0][not turn_first] & ends[1][turn_second]) - {"", no_term}
        )
        for turn_first in (False, True)
        for turn_second in (False, True)
    }
    best = max(shared, key=lambda turns: shared[turns])
    if not shared[best]:
        raise BadValueError(
            "the two files of mappings share no term, so no chain leads from one to the other",
            "Name two files that map the same dictionary or framework",
        )
    return best


def _links(mappings: MappingSet, turned: bool, left_out: Counter[str]) -> Iterator[_Link]:
    for mapping in mappings.mappings:
        if NO_TERM in (mapping.subject_id, mapping.object_id):
            left_out["mappings that found no term"] += 1
        elif mapping.negated:
            left_out["mappings that deny a relation"] += 1
        elif (kind := _kind(mappings.expand(mapping.predicate_id), mappings)) not in _KINDS:
            left_out[f"mappings with {mapping.predicate_id}"] += 1
        else:
            ends = _end(mappings, mapping, "subject"), _end(mappings, mapping, "object")
            if turned:
                kind, ends = _INVERSES.get(kind, kind), ends[::-1]
            yield _Link(*ends, kind, _number(mapping.confidence))


def _kind(predicate: str, mappings: MappingSet) -> str:
    match = predicate.removeprefix(mappings.expand("skos:x")[:-1])
    return match.removesuffix("Match") if match.endswith("Match") else ""


def _end(mappings: MappingSet, mapping: Mapping, side: str) -> tuple[str, str, str, str, str]:
    cells = mapping.cells

    def common(key: str) -> str:
        return cells.get(key) or next(iter(mappings.texts(key)), "")

    source = common(f"{side}_source")
    return (
        mappings.expand(cells[f"{side}_id"]),
        cells.get(f"{side}_label", ""),
        cells.get(f"{side}_category", ""),
        mappings.expand(source) or source,
        common(f"{side}_source_version"),
    )


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 0 <= number <= 1 else None


def _product(first: _Link, second: _Link) -> float | None:
    """The confidence of a chain; none if that of a part is not known."""
    if first.confidence is None or second.confidence is None:
        return None
    return first.confidence * second.confidence


def _mapping_set(
    chains: dict[tuple[str, str], list[_Chain]], first: MappingSet, second: MappingSet, name: str
) -> MappingSet:
    best = [each[0] for _, each in sorted(chains.items())]
    prefixes = curie_map(
        end[place]
        for each in best
        for end in (each.first.subject, each.first.object, each.second.object)
        for place in (0, 3)
    )
    head: dict[str, object] = {
        "sssom_version": "1.1",
        "mapping_set_id": name or f"{_SET_NAMESPACE}{uuid.uuid4()}",
        "mapping_set_title": "Chains of mappings",
        "mapping_set_source": list(dict.fromkeys(each.iri for each in (first, second))),
        "license": _license(first, second),
        "comment": "Derived from two mapping sets, as the comment of each row says. A confidence "
        "is the product of the two confidences.",
        "curie_map": prefixes,
    }
    names = MappingSet(head)
    rows = [_mapping(chains[each.first.subject[0], each.second.object[0]], names) for each in best]
    return MappingSet(head).with_mappings(rows)


def _license(first: MappingSet, second: MappingSet) -> str:
    """The licence of both sets, if it is the same."""
    found = {next(iter(each.texts("license")), "") for each in (first, second)}
    return found.pop() if len(found) == 1 else "https://w3id.org/sssom/license/unspecified"


def _mapping(chains: list[_Chain], names: MappingSet) -> Mapping:
    best = chains[0]
    subject, object_, between = best.first.subject, best.second.object, best.first.object
    confidence = "" if best.confidence is None else f"{best.confidence:.3f}".rstrip("0").rstrip(".")
    label = between[1] or best.second.subject[1]
    steps = ", then ".join(
        each.kind + "Match" + ("" if each.confidence is None else f" ({each.confidence:g})")
        for each in (best.first, best.second)
    )
    others = f" {len(chains) - 1:,} other chains connect them." if len(chains) > 1 else ""
    through = f"“{label}” ({names.curie(between[0])})" if label else names.curie(between[0])
    sources = {
        "subject_source": names.curie(subject[3]) or subject[3],
        "subject_source_version": subject[4],
        "object_source": names.curie(object_[3]) or object_[3],
        "object_source_version": object_[4],
    }
    return Mapping(
        subject_id=names.curie(subject[0]),
        subject_label=subject[1],
        subject_category=subject[2],
        predicate_id=_MATCH.format(best.kind),
        object_id=names.curie(object_[0]),
        object_label=object_[1],
        object_category=object_[2],
        mapping_justification="semapv:MappingChaining",
        mapping_tool=TOOL,
        mapping_date=date.today().isoformat(),
        confidence=confidence or ("0" if best.confidence == 0 else ""),
        comment=f"Through {through}: {steps}.{others}",
        others={key: value for key, value in sources.items() if value},
    )
