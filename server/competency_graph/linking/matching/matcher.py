"""Scores how well the concepts of a framework match an entry.

A score is a probability: of the candidates that get 0.3, a curator would link about three in ten.
`SCORINGS` come from a logistic regression on one half of the published dictionary's entries;
``bench/linking.py --tune`` repeats it, and evaluates on the other half.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from competency_graph.linking.concepts import Concept, Progress
from competency_graph.linking.matching.meaning_features import Linked, MeaningFeatures
from competency_graph.linking.matching.scoring import FEATURES, SCORINGS, Numbers, Scoring
from competency_graph.linking.matching.sentence_vectors import LANGUAGE, sentence_vectors
from competency_graph.linking.matching.word_features import WordFeatures
from competency_graph.linking.word_stems import Words

_SKILL_KINDS: Final = {
    "skill/competence": 1.0, "skill": 1.0, "ability": 0.7, "work activity": 1.0,
    "intermediate work activity": 1.0, "detailed work activity": 1.0, "work style": 0.7,
    "skill group": 0.7, "knowledge": 0.3,
}  # fmt: skip
_KNOWLEDGE_KINDS: Final = {
    "knowledge": 1.0, "skill/competence": 0.5, "skill": 0.5, "skill group": 0.5, "ability": 0.3,
    "work activity": 0.5, "intermediate work activity": 0.5, "detailed work activity": 0.5,
    "work style": 0.3,
}  # fmt: skip
_OCCUPATION_KINDS: Final = {"occupation": 1.0, "ISCO group": 0.6}
_KIND_FIT: Final = {
    "cg:Role": _OCCUPATION_KINDS, "cg:JobTitle": _OCCUPATION_KINDS,
    "cg:Knowledge": _KNOWLEDGE_KINDS,
    "cg:CompetencyCluster": _SKILL_KINDS | {"skill group": 1.0},
}  # fmt: skip
"""How well kinds of concepts suit a kind of entry; kinds not listed are excluded."""
_ALIKE: Final = 0.5
"""The minimum similarity of a linked entry whose links are considered."""
_BATCH_SIZE: Final = 50
_MAX_CANDIDATES: Final = 150
"""The number of candidates scored for each entry."""


@dataclass(frozen=True)
class Candidate:
    """A concept that an entry may be linked to.

    Args:
        thing: the concept.
        features: its features, in the order of `FEATURES`; those that were not compared are 0.
        chance: the probability that a curator would link it.
    """

    thing: Concept
    features: tuple[float, ...]
    chance: float

    def feature(self, name: str) -> float:
        """The feature with one of the names in `FEATURES`."""
        return self.features[FEATURES.index(name)]


def kind_fit(entry: str, thing: str) -> float:
    """How well a concept's kind suits an entry's kind, from 1 down to 0, which excludes it."""
    if not thing or not entry:
        return 0.5
    return _KIND_FIT.get(entry, _SKILL_KINDS).get(thing, 0.0)


class Matcher:
    """Compares the concepts of a framework with a dictionary's entries.

    Args:
        things: the concepts.
        entries: the dictionary's entries, which characterise its field.
        language: the language of all texts.
        progress: is called with the progress.
        linked: entries that are linked already, whose links show where similar ones belong.
        scorings: how much each feature counts, by what can be compared.

    Raises:
        UnavailableError: the file of the language model is another one.
    """

    def __init__(
        self, things: Sequence[Concept], entries: Sequence[Concept], language: str,
        progress: Progress = lambda doing, number: None, linked: Sequence[Linked] = (),
        scorings: Mapping[str, Scoring] = SCORINGS,
    ) -> None:  # fmt: skip
        self.things, self._progress = things, progress
        self.words = Words(language)
        self._by_words = WordFeatures(things, entries, self.words, progress)
        vectors = sentence_vectors() if language.lower().partition("-")[0] == LANGUAGE else None
        self._by_meaning = (
            MeaningFeatures(things, entries, linked, vectors, progress) if vectors else None
        )
        self._scorings = scorings
        users = np.array([len(thing.users) for thing in things], np.float32)
        self._use: Numbers = (np.log10(1 + users) / 3).astype(np.float32)

    def candidates(self, entries: Sequence[Concept]) -> Iterator[tuple[Concept, list[Candidate]]]:
        """Yield each entry with its best candidates, best first."""
        kinds = [thing.kind for thing in self.things]
        fit = {
            kind: np.array([kind_fit(kind, thing) for thing in kinds], np.float32)
            for kind in {entry.kind for entry in entries}
        }
        for start in range(0, len(entries), _BATCH_SIZE):
            self._progress("comparing", start)
            batch = entries[start : start + _BATCH_SIZE]
            meaning = self._by_meaning.of(batch) if self._by_meaning else [{} for _ in batch]
            for entry, words, more in zip(batch, self._by_words.of(batch), meaning, strict=True):
                yield entry, self._best(words | more | {"use": self._use, "kind": fit[entry.kind]})

    def precedent(self, entry: Concept, thing: Concept) -> str:
        """The label of the most similar entry that is linked to a concept; "" if there is none."""
        return self._by_meaning.precedent(entry, thing) if self._by_meaning else ""

    def _compared(self, features: dict[str, Numbers]) -> str:
        if "linked" not in features:
            return "words"
        return "links" if features["linked"].max() >= _ALIKE else "meaning"

    def _best(self, features: dict[str, Numbers]) -> list[Candidate]:
        scoring = self._scorings[self._compared(features)]
        score = np.where(features["kind"] > 0, scoring.log_odds(features), -np.inf)
        if not self._by_meaning:
            # A concept that shares no word is not a candidate, whatever its other features are.
            score = np.where(features["letters"] + features["text"] > 0, score, -np.inf)
        number = min(_MAX_CANDIDATES, len(score))
        best = np.argpartition(-score, number - 1)[:number]
        best = best[np.argsort(-score[best], kind="stable")]
        return [
            Candidate(
                self.things[each],
                tuple(float(features[name][each]) if name in features else 0.0
                      for name in FEATURES),
                float(1 / (1 + np.exp(-score[each]))),
            )
            for each in best
            if np.isfinite(score[each])
        ]  # fmt: skip
