"""A table of links, carried to a new version of a framework row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from competency_graph.linking.concepts import Concept
from competency_graph.linking.migration.fates import DECISIONS, Fate, Framework
from competency_graph.linking.suggest import TOOL
from competency_graph.mappings import NO_TERM, Mapping, MappingSet, curie_map

_VERSION: Final = "object_source_version"
_CERTAINTY: Final = 0.9
"""By what the confidence is multiplied if one concept replaces another of another label."""
_DOUBT: Final = 0.5
"""By what the confidence of a proposal is multiplied."""
_PARTS: Final = {"skos:exactMatch": "skos:narrowMatch", "skos:closeMatch": "skos:narrowMatch"}
"""The predicates proposed for each of several successors, which are parts of the old concept."""
_REVIEW_SLOTS: Final = ("reviewer_id", "reviewer_label", "reviewer_agreement", "review_date")


@dataclass(frozen=True)
class Row:
    """What became of a row.

    Args:
        before: the row.
        fate: what became of its concept.
        after: the row in the result; None if it is not in it.
        proposals: rows to review.
    """

    before: Mapping
    fate: Fate
    after: Mapping | None = None
    proposals: tuple[Mapping, ...] = ()

    @property
    def undecided(self) -> bool:
        """Whether a person has to decide."""
        return self.fate.name in DECISIONS and not self.before.negated


@dataclass
class Migration:
    """A table carried to a new version.

    Args:
        links: the table.
        versions: the older and the newer version.
        rows: what became of each of its rows, in order.
        unresolved: what change files say of unknown concepts.
    """

    links: MappingSet
    versions: tuple[str, str]
    rows: list[Row] = field(default_factory=list)
    unresolved: list[str] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """The number of rows by fate."""
        return Counter(row.fate.name for row in self.rows)

    @property
    def undecided(self) -> list[Row]:
        """The rows that a person has to decide on."""
        return [row for row in self.rows if row.undecided]

    @property
    def unlinked(self) -> list[str]:
        """The labels of entries that had links and have none in the result."""
        kept, linked = set[str](), dict[str, str]()
        for row in self.rows:
            if row.before.negated or row.before.object_id == NO_TERM:
                continue
            linked[row.before.subject_id] = row.before.subject_label or row.before.subject_id
            if row.after is not None or row.fate.name == "joined":
                kept.add(row.before.subject_id)
        return [label for entry, label in linked.items() if entry not in kept]

    @property
    def stale(self) -> list[str]:
        """The keys of the head, other than that of the version, that mention the older version."""
        texts = ((key, text) for key in self.links.metadata for text in self.links.texts(key))
        keys = [key for key, text in texts if self.versions[0] in text and key != _VERSION]
        return list(dict.fromkeys(keys))

    def result(self) -> MappingSet:
        """The links that hold in the newer version.

        If rows keep the older version, each row states its own; else the head does.
        """
        kept = [(row, row.after) for row in self.rows if row.after is not None]
        older = any(row.fate.name in ("no match", "foreign") for row, _ in kept)
        if not older and _VERSION not in self.links.columns:
            metadata = {**self.links.metadata, _VERSION: self.versions[1]}
            return replace(self.links, metadata=metadata).with_mappings(after for _, after in kept)
        common = (self.links.texts(_VERSION) or [self.versions[0]])[0]
        rows = []
        for row, after in kept:
            keeps = row.fate.name in ("no match", "foreign")
            version = row.before.others.get(_VERSION, common) if keeps else self.versions[1]
            rows.append(replace(after, others={**after.others, _VERSION: version}))
        metadata = {key: value for key, value in self.links.metadata.items() if key != _VERSION}
        return replace(self.links, metadata=metadata).with_mappings(rows)

    def proposals(self) -> MappingSet:
        """The rows to review, for “competency link review”."""
        metadata = {
            **self.links.metadata,
            "mapping_set_id": f"{self.links.iri}/to-review-for-{self.versions[1]}",
            "mapping_set_title": "Links to decide on, after a change from version "
            f"{self.versions[0]} to {self.versions[1]}",
            _VERSION: self.versions[1],
        }
        rows = (each for row in self.rows if row.undecided for each in row.proposals)
        return replace(self.links, metadata=metadata).with_mappings(rows)


def migrate(
    links: MappingSet, framework: Framework, versions: tuple[str, str],
    today: Callable[[], date] = date.today,
) -> Migration:  # fmt: skip
    """Carry links to a new version of the framework that they lead to.

    Args:
        links: the table.
        framework: both versions of the framework.
        versions: their names.
        today: returns the date for rows that change.
    """
    links = _prepared(links, framework)
    found = Migration(links, versions, unresolved=framework.changes.unresolved)
    carrier = _Carrier(links, framework, versions, today().isoformat())
    for mapping in links.mappings:
        found.rows.append(carrier.row(mapping))
    found.rows = _without_conflicts(links, found.rows)
    return found


def _prepared(links: MappingSet, framework: Framework) -> MappingSet:
    """A table with prefixes for all concepts that its rows may be carried to."""
    reached = [
        concept.iri
        for mapping in links.mappings
        if mapping.object_id != NO_TERM
        for concept in framework.fate(_described(links, mapping)).to
    ]
    own = links.metadata.get("curie_map")
    known = dict(own) if isinstance(own, dict) else {}
    spaces = set(links.prefixes.values())
    lacking = [iri for iri in reached if not links.curie(iri)]
    more = {
        name if name not in known else f"{name}_new": space
        for name, space in curie_map(lacking).items()
        if space not in spaces
    }
    return replace(links, metadata={**links.metadata, "curie_map": known | more}) if more else links


def _described(links: MappingSet, mapping: Mapping) -> Concept:
    iri = links.expand(mapping.object_id)
    return Concept(iri, mapping.object_label, kind=mapping.object_category)


class _Carrier:
    """Carries single rows."""

    def __init__(
        self, links: MappingSet, framework: Framework, versions: tuple[str, str], today: str
    ) -> None:
        self._links, self._framework, self._today = links, framework, today
        self._versions = versions

    def row(self, mapping: Mapping) -> Row:
        """What becomes of a row."""
        if mapping.object_id == NO_TERM:
            return Row(mapping, Fate("no match"), mapping)
        concept = _described(self._links, mapping)
        if not self._framework.has(concept.iri):
            return Row(mapping, Fate("foreign"), mapping)
        fate = self._framework.fate(concept)
        written = " ".join(mapping.object_label.split())
        if fate.name == "unchanged" and written != fate.to[0].label:
            fate = replace(fate, name="relabelled", reason="the row had an older label")
        if fate.name in ("unchanged", "relabelled"):
            return Row(mapping, fate, self._at(mapping, fate.to[0]))
        if fate.name in ("replaced", "moved"):
            return Row(mapping, fate, self._carried(mapping, fate))
        if fate.to:
            return Row(mapping, fate, None, tuple(self._proposed(mapping, fate)))
        lost = replace(mapping, comment=self._told(mapping, fate, None))
        return Row(mapping, fate, None, (lost,))

    def _at(self, mapping: Mapping, concept: Concept) -> Mapping:
        """A row that leads to a concept, as its framework describes it."""
        return replace(
            mapping,
            object_id=self._links.curie(concept.iri),
            object_label=concept.label,
            object_category=concept.kind or mapping.object_category,
            others={key: text for key, text in mapping.others.items() if key != _VERSION},
        )

    def _carried(self, mapping: Mapping, fate: Fate) -> Mapping:
        """A row that leads to the one concept that replaces the old one."""
        concept = fate.to[0]
        same = fate.name == "moved" and fate.certain
        moved = self._at(mapping, concept)
        return replace(
            moved,
            mapping_justification="semapv:MappingChaining"
            if fate.certain
            else "semapv:LexicalMatching",
            mapping_tool=TOOL,
            confidence=mapping.confidence if same else _scaled(mapping.confidence, _CERTAINTY),
            mapping_date=self._today,
            comment=self._told(mapping, fate, concept),
            reviewer_label="",
            reviewer_agreement="",
            others={key: text for key, text in moved.others.items() if key not in _REVIEW_SLOTS},
        )

    def _proposed(self, mapping: Mapping, fate: Fate) -> Iterator[Mapping]:
        """A row for each concept that could replace the old one."""
        for concept in fate.to:
            carried = self._carried(mapping, replace(fate, name="replaced", to=(concept,)))
            predicate = mapping.predicate_id
            if fate.name == "split":
                predicate = _PARTS.get(predicate, predicate)
            yield replace(
                carried,
                predicate_id=predicate,
                confidence=_scaled(mapping.confidence, _DOUBT),
                comment=self._told(mapping, fate, concept),
            )

    def _told(self, mapping: Mapping, fate: Fate, concept: Concept | None) -> str:
        """The comment of a row, with what became of its concept."""
        old, new = self._versions
        name = f"“{mapping.object_label or mapping.object_id}” of version {old}"
        if concept is None:
            what = f"Version {new} has no concept in place of {name}: {fate.reason}."
        elif fate.name in ("replaced", "moved"):
            what = f"Carried from {name} to version {new}, {fate.reason}."
        else:
            what = f"Proposed in place of {name}, for version {new} ({fate.reason})."
        return f"{mapping.comment} {what}".strip()


def _without_conflicts(links: MappingSet, rows: list[Row]) -> list[Row]:
    """Join carried rows with equal ones, and have a person decide on those that contradict one."""
    settled = ("unchanged", "relabelled")
    first: dict[tuple[str, str, bool], Mapping] = {}
    resolved = dict(enumerate(rows))
    for number, row in sorted(resolved.items(), key=lambda item: item[1].fate.name not in settled):
        after = row.after
        if after is None or row.fate.name in ("no match", "foreign"):
            continue
        key = links.expand(after.subject_id), links.expand(after.object_id), after.negated
        other = first.setdefault(key, after)
        if other is after or row.fate.name in settled:
            continue
        reason = f"line {other.line} leads to {after.object_id} as well"
        if other.predicate_id == after.predicate_id:
            resolved[number] = Row(row.before, replace(row.fate, name="joined", reason=reason))
        else:
            fate = replace(row.fate, name="conflict", reason=f"{reason}, by another relation")
            resolved[number] = Row(row.before, fate, None, (after,))
    return [resolved[number] for number in range(len(rows))]


def _scaled(confidence: str, factor: float) -> str:
    try:
        return f"{float(confidence) * factor:.2f}"
    except ValueError:
        return confidence
