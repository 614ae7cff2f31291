"""Scores how well the concepts of a framework match an entry.

The weights (`WEIGHTS`) of the `FEATURES` come from a logistic regression on one half of the
dictionary's curated links; ``bench/linking.py --tune`` repeats it, and evaluates on the other half.
The score is therefore a probability: of the candidates that get 0.3, the curators linked about
three in ten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from competency_graph.linking.concepts import Concept, Progress
from competency_graph.linking.word_stems import Words

Numbers: TypeAlias = NDArray[np.float32]
FEATURES: Final = ("equal", "label", "letters", "text", "place", "field", "use", "kind")
"""The features of a candidate, each from about 0 to about 1:

- ``equal``: both have a label that is equal except for case, inflection and function words
- ``label``: similarity of the entry's label to the most similar label of the candidate, in words
- ``letters``: similarity of the labels in groups of letters, which finds related words
- ``text``: similarity of labels, definitions and broader concepts, in words
- ``place``: similarity of the entry's context (areas, broader concepts) to the candidate
- ``field``: similarity of the whole dictionary to the candidate
- ``use``: how many occupations require the candidate
- ``kind``: how well the candidate's kind suits the entry's kind
"""
WEIGHTS: Final = {
    "equal": 1.09, "label": 0.89, "letters": 2.06, "text": 8.94, "place": 1.02, "field": 5.71,
    "use": 1.69, "kind": 1.57,
}  # fmt: skip
"""The weight of each feature."""
BIAS: Final = -9.36
"""The intercept: the log-odds of a candidate whose features are all 0."""
THRESHOLD: Final = 0.1
"""The minimum probability of candidates, with which F1 was highest on the training half."""
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
_EMPTY_DOCUMENT: Final = [""]
"""A document with a single empty word, so that the vocabulary is never empty."""
_BATCH_SIZE: Final = 50
_MAX_CANDIDATES: Final = 150
"""The number of candidates scored for each entry."""


@dataclass(frozen=True)
class Candidate:
    """A concept that an entry may be linked to.

    Args:
        thing: the concept.
        features: its features, in the order of `FEATURES`.
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
        things: the concepts, at least one.
        entries: the dictionary's entries, which characterise its field; they may be none.
        language: the language of all texts.
        progress: is called with the progress.
        weights: the weight of each feature in `FEATURES`.
        bias: the intercept.
    """

    def __init__(
        self, things: Sequence[Concept], entries: Sequence[Concept], language: str,
        progress: Progress = lambda doing, number: None,
        weights: Mapping[str, float] = WEIGHTS, bias: float = BIAS,
    ) -> None:  # fmt: skip
        self.things, self._progress = things, progress
        self._weights, self._bias = weights, bias
        self.words = words = Words(language)
        progress("taking words apart", 0)
        for each in (*things, *entries):
            words.learn((*each.labels, each.definition))
        labels = [label for thing in things for label in thing.labels]
        ends = np.cumsum([len(thing.labels) for thing in things])
        self._label_starts = np.concatenate(([0], ends[:-1]))
        tokens = [words(label) for label in labels]
        self._things_by_key: dict[str, set[int]] = {}
        for number, thing in enumerate(things):
            for label in thing.labels:
                self._things_by_key.setdefault(words.key(label), set()).add(number)
        self._label_vectorizer = _vectorizer().fit(
            [
                *(tokens[n] for n in self._label_starts),
                *(words(e.label) for e in entries),
                _EMPTY_DOCUMENT,
            ]
        )
        self._label_vectors = self._label_vectorizer.transform(tokens).T.tocsc()
        progress("comparing letters", 0)
        self._ngram_vectorizer = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32
        )
        self._ngram_vectors = self._ngram_vectorizer.fit_transform(
            [thing.label for thing in things]
        ).T.tocsc()
        progress("weighing words", 0)
        self._text_vectorizer = _vectorizer()
        documents = []
        for thing, start, end in zip(things, self._label_starts, ends, strict=True):
            around = words(" ".join((*thing.within, thing.definition)))
            own = [stem for label in (tokens[start], *tokens[start:end]) for stem in label]
            documents.append(own + around)
        self._text_vectors = self._text_vectorizer.fit_transform([*documents, _EMPTY_DOCUMENT])[
            :-1
        ].T.tocsc()
        dictionary_vector = self._text_vectorizer.transform(
            [*map(self._entry_words, entries), _EMPTY_DOCUMENT]
        ).sum(axis=0)
        dictionary_vector = np.asarray(dictionary_vector, np.float32) / (
            np.linalg.norm(dictionary_vector) or 1
        )
        self._field_scores: Numbers = (
            np.asarray(dictionary_vector @ self._text_vectors).ravel().astype(np.float32)
        )
        users = np.array([len(thing.users) for thing in things], np.float32)
        self._use_scores: Numbers = (np.log10(1 + users) / 3).astype(np.float32)

    def _entry_words(self, entry: Concept) -> list[str]:
        """The words of an entry, with those of its label weighted three times."""
        words = self.words
        return words(entry.label) * 3 + words(" ".join((*entry.others, entry.definition)))

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
            for entry, features in zip(batch, self._features(batch, fit), strict=True):
                yield entry, self._best(features)

    def _features(
        self, entries: Sequence[Concept], fit: dict[str, Numbers]
    ) -> Iterator[dict[str, Numbers]]:
        """Compute the features of all concepts, for each of some entries."""
        words = self.words
        label = (
            self._label_vectorizer.transform([words(entry.label) for entry in entries])
            @ self._label_vectors
        )
        nearest = np.maximum.reduceat(label.toarray(), self._label_starts, axis=1)
        letters = (
            self._ngram_vectorizer.transform([entry.label for entry in entries])
            @ self._ngram_vectors
        )
        letters = letters.toarray()
        own = self._text_vectorizer.transform([self._entry_words(entry) for entry in entries])
        text = (own @ self._text_vectors).toarray()
        place = self._text_vectorizer.transform(
            [words(" ".join(entry.within)) for entry in entries]
        )
        place = (place @ self._text_vectors).toarray()
        for number, entry in enumerate(entries):
            equal = np.zeros(len(self.things), np.float32)
            for each in entry.labels:
                equal[list(self._things_by_key.get(words.key(each), ()))] = 1
            yield {
                "equal": equal, "label": nearest[number], "letters": letters[number],
                "text": text[number], "place": place[number], "field": self._field_scores,
                "use": self._use_scores, "kind": fit[entry.kind],
            }  # fmt: skip

    def _best(self, features: dict[str, Numbers]) -> list[Candidate]:
        score = sum(
            (self._weights[name] * features[name] for name in FEATURES), np.float32(self._bias)
        )
        score = np.where(features["kind"] > 0, score, -np.inf)
        # A concept that shares no word is not a candidate, whatever its other features are.
        score = np.where(features["letters"] + features["text"] > 0, score, -np.inf)
        number = min(_MAX_CANDIDATES, len(score))
        best = np.argpartition(-score, number - 1)[:number]
        best = best[np.argsort(-score[best], kind="stable")]
        return [
            Candidate(
                self.things[each],
                tuple(float(features[name][each]) for name in FEATURES),
                float(1 / (1 + np.exp(-score[each]))),
            )
            for each in best
            if np.isfinite(score[each])
        ]


def _vectorizer() -> TfidfVectorizer:
    return TfidfVectorizer(analyzer=_identity, sublinear_tf=True, dtype=np.float32)


def _identity(tokens: Any) -> Any:  # noqa: ANN401  (passed through from the library)
    return tokens
