"""What becomes of a concept from one version of a framework to the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from competency_graph.linking.concepts import Concept
from competency_graph.linking.migration.changes import Changes
from competency_graph.mappings import frameworks

FATES: Final = {
    "unchanged": "unchanged",
    "relabelled": "with a new label",
    "replaced": "replaced by one concept",
    "moved": "with a new code or IRI",
    "joined": "in another row already",
    "no match": "without a match, of the older version",
    "foreign": "to other frameworks",
    "split": "replaced by several concepts",
    "merged": "replaced by a concept that takes in others",
    "deprecated": "deprecated without a successor",
    "gone": "no longer in the framework",
    "meaning": "with a label that may mean something else",
    "kind": "of another kind now",
    "conflict": "that contradict another row",
}
"""The fates of rows, with words for reports; those from ``split`` on need a decision."""
DECISIONS: Final = frozenset(list(FATES)[list(FATES).index("split") :])
"""The fates that need a decision."""
_MAX_STEPS: Final = 20
"""The maximum number of replacements followed."""


@dataclass(frozen=True)
class Fate:
    """What becomes of a concept.

    Args:
        name: one of `FATES`.
        to: what takes its place, or could.
        reason: why, in words.
        certain: whether the framework itself says so.
    """

    name: str
    to: tuple[Concept, ...] = ()
    reason: str = ""
    certain: bool = True


class Framework:
    """Two versions of a framework.

    Args:
        old: the concepts of the older version, also deprecated ones.
        new: those of the newer version.
    """

    def __init__(self, old: Iterable[Concept], new: Iterable[Concept]) -> None:
        self.old = {concept.iri: concept for concept in old}
        self.new = {concept.iri: concept for concept in new}
        self.changes = Changes(self.old, self.new)
        self.sources = {each.source for each in (*self.old.values(), *self.new.values())}
        self._by_label: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._by_code: dict[tuple[str, str], set[str]] = defaultdict(set)
        for concept in self.new.values():
            if concept.deprecated:
                continue
            if concept.code:
                self._by_code[concept.code, concept.kind].add(concept.iri)
            for label in concept.labels:
                self._by_label[label.casefold(), concept.kind].add(concept.iri)

    def has(self, iri: str) -> bool:
        """Whether an IRI belongs to the framework, going by both versions or by its form."""
        if iri in self.old or iri in self.new:
            return True
        framework = frameworks.framework_of(iri)
        return framework is not None and framework.graph in self.sources

    def fate(self, concept: Concept) -> Fate:
        """What becomes of a concept that a row links to.

        Args:
            concept: the concept as the row describes it; the older version completes it.
        """
        old = self.old.get(concept.iri, concept)
        new = self.new.get(concept.iri)
        successors = self._successors(old)
        if successors and set(successors) != {old.iri}:
            return self._replaced(old, successors)
        if new is not None and not new.deprecated:
            return _kept(old, new)
        return self._without_successor(old, new)

    def _successors(self, old: Concept) -> list[str]:
        """What takes a concept's place: by change files, else by its own statements."""
        if found := self.changes.successors.get(old.iri):
            return list(found)
        new = self.new.get(old.iri)
        return list((new and new.successors) or old.successors)

    def _replaced(self, old: Concept, successors: list[str]) -> Fate:
        current = self._current(successors)
        file = self.changes.sources.get(old.iri)
        by = f"by {file}" if file else "by the statements of the framework"
        missing = [iri for iri in successors if iri not in self.new]
        if not current:
            names = ", ".join(missing or successors)
            return Fate("gone", self._similar(old), f"its successors are missing {by}: {names}")
        if len(current) > 1 or missing:
            also = f"; not in the newer version: {', '.join(missing)}" if missing else ""
            return Fate("split", current, f"{by}{also}")
        [one] = current
        if one.kind != old.kind and one.kind and old.kind:
            return Fate("kind", current, f"{by}: it was {old.kind}, and is {one.kind}")
        others = self._predecessors.get(one.iri, set()) - {old.iri}
        if others or one.iri in self.old:
            return Fate("merged", current, f"{by}: “{one.label}” is more than “{old.label}”")
        return Fate("moved" if one.label == old.label else "replaced", current, by)

    @cached_property
    def _predecessors(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for old, successors in self.changes.successors.items():
            for new in successors:
                found[new].add(old)
        for concept in (*self.old.values(), *self.new.values()):
            for new in concept.successors:
                found[new].add(concept.iri)
        return found

    def _current(self, iris: Iterable[str]) -> tuple[Concept, ...]:
        """The concepts that are in use, in place of deprecated ones what replaces these."""
        found: dict[str, Concept] = {}
        waiting = list(iris)
        for _ in range(_MAX_STEPS):
            following: list[str] = []
            for iri in waiting:
                concept = self.new.get(iri)
                if concept is None:
                    continue
                if concept.deprecated:
                    following += self.changes.successors.get(iri) or concept.successors
                else:
                    found[iri] = concept
            waiting = following
        return tuple(found.values())

    def _without_successor(self, old: Concept, new: Concept | None) -> Fate:
        similar = self._similar(old)
        if new is not None:
            return Fate("deprecated", similar, "the framework names no successor")
        codes = self._by_code.get((old.code, old.kind), set()) if old.code else set()
        if len(similar) == 1:
            [one] = similar
            same = one.label == old.label
            if same and (one.iri in codes or one.iri not in self.old):
                also = " and code" if one.iri in codes else ""
                return Fate("moved", similar, f"by label{also}", certain=False)
        if codes:
            coded = tuple(self.new[iri] for iri in sorted(codes))
            return Fate("meaning", coded, f"the code {old.code} has another label")
        return Fate("gone", similar, "it is not in the newer version")

    def _similar(self, old: Concept) -> tuple[Concept, ...]:
        """The concepts of the newer version that share a label with a concept."""
        found: dict[str, None] = {}
        for label in old.labels:
            found |= dict.fromkeys(sorted(self._by_label.get((label.casefold(), old.kind), ())))
        return tuple(self.new[iri] for iri in found if iri != old.iri)


def _kept(old: Concept, new: Concept) -> Fate:
    if old.kind and new.kind and old.kind != new.kind:
        return Fate("kind", (new,), f"it was {old.kind}, and is {new.kind}")
    if old.kind == "task" and old.definition and old.definition != new.definition:
        return Fate("meaning", (new,), "its text has changed")
    if old.label == new.label:
        return Fate("unchanged", (new,))
    if old.label in new.labels or new.label in old.labels:
        return Fate("relabelled", (new,), "the other label is still one of its labels")
    if old.definition and old.definition == new.definition:
        return Fate("relabelled", (new,), "its definition is the same")
    return Fate("meaning", (new,), "label and definition have changed")
