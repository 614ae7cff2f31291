"""Compares entries with concepts by what their texts mean, and by what similar entries link to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from competency_graph.linking.concepts import Concept, Progress
from competency_graph.linking.matching.scoring import Numbers
from competency_graph.linking.matching.sentence_vectors import SentenceVectors, normalized

Linked = tuple[Concept, Collection[str]]
"""An entry, and the IRIs of what it is linked to."""
_NEIGHBOURS: Final = 5
"""The number of similar entries whose links are considered together."""


class MeaningFeatures:
    """The similarities of texts in meaning.

    Args:
        things: the concepts.
        entries: the dictionary's entries, which characterise its field.
        linked: entries with known links.
        vectors: makes vectors of texts.
        progress: is called with the progress.
    """

    def __init__(
        self, things: Sequence[Concept], entries: Sequence[Concept], linked: Sequence[Linked],
        vectors: SentenceVectors, progress: Progress,
    ) -> None:  # fmt: skip
        self._vectors, self._progress = vectors, progress
        self._things = vectors.of(things, progress)
        self._field = normalized(vectors.of(entries, progress).sum(axis=0)) @ self._things.T
        self._places = places = {thing.iri: place for place, thing in enumerate(things)}
        known = [
            (entry, sorted(places[iri] for iri in iris if iri in places)) for entry, iris in linked
        ]
        self._linked = [(entry, found) for entry, found in known if found]
        self._sources = vectors.of([entry for entry, _ in self._linked], progress)
        self._targets = np.array(
            [normalized(self._things[found].mean(axis=0)) for _, found in self._linked], np.float32
        )
        self._by_place: dict[str, set[int]] = defaultdict(set)
        for number, (entry, _) in enumerate(self._linked):
            for place in (entry.label, *entry.within):
                self._by_place[place].add(number)

    def of(self, entries: Sequence[Concept]) -> list[dict[str, Numbers]]:
        """The features of all concepts, for each of some entries."""
        own = self._vectors.of(entries, self._progress)
        around = np.array([self._place(entry) for entry in entries], np.float32)
        meaning, place = own @ self._things.T, around @ self._things.T
        return [
            {
                "meaning": meaning[number], "meaning_place": place[number],
                "meaning_field": self._field, **self._known(entry, own[number]),
            }
            for number, entry in enumerate(entries)
        ]  # fmt: skip

    def _place(self, entry: Concept) -> Numbers:
        vectors = self._vectors.of_labels(entry.within, self._progress)
        return normalized(vectors.sum(axis=0))

    def _known(self, entry: Concept, vector: Numbers) -> dict[str, Numbers]:
        if not self._linked:
            return {"linked": np.zeros(len(self._things), np.float32)}
        alike = self._alike(entry, vector)
        best = np.argsort(-alike, kind="stable")
        beside = {number for place in entry.within for number in self._by_place.get(place, ())}
        linked, near = self._linked_from(alike, best, _NEIGHBOURS)
        place_linked, place_near = self._linked_from(alike, [n for n in best if n in beside])
        return {
            "linked": linked, "neighbours": near, "place_linked": place_linked,
            "place_neighbours": place_near,
        }  # fmt: skip

    def _linked_from(
        self, alike: Numbers, chosen: Sequence[int] | NDArray[np.intp], most: int | None = None
    ) -> tuple[Numbers, Numbers]:
        """Features of all concepts by what some linked entries, most similar first, are linked to.

        Args:
            alike: how similar each linked entry is.
            chosen: the numbers of the linked entries.
            most: how many are considered together; None for all.

        Returns:
            The similarity of the most similar one that is linked to each concept itself, and the
            similarity of each concept to what they are linked to together.
        """
        linked, near = (np.zeros(len(self._things), np.float32) for _ in range(2))
        for number in reversed(chosen):
            linked[self._linked[number][1]] = alike[number]
        first = list(chosen[:most])
        if first:
            near = self._things @ normalized((alike[first] ** 2) @ self._targets[first])
        return linked, near

    def _alike(self, entry: Concept, vector: Numbers) -> Numbers:
        """How similar each linked entry is; the entry itself counts as not similar at all."""
        alike: Numbers = np.maximum(self._sources @ vector, 0)
        alike[[each.iri == entry.iri for each, _ in self._linked]] = 0
        return alike

    def precedent(self, entry: Concept, thing: Concept) -> str:
        """The label of the most similar entry that is linked to a concept; "" if there is none."""
        alike = self._alike(entry, self._vectors.of([entry], self._progress)[0])
        found = [
            (likeness, other.label)
            for likeness, (other, things) in zip(alike, self._linked, strict=True)
            if self._places[thing.iri] in things and likeness > 0
        ]
        return max(found, default=(0, ""))[1]
