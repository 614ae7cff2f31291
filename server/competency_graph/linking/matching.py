"""How well the things of a framework fit an entry: what speaks for each, weighed.

The weights (`WEIGHTS`) of what is looked at (`SIGNS`) were found by logistic regression on one half
of the dictionary's curated links; ``bench/linking.py --tune`` does it again, and measures on the
other half. So what is computed is a chance: of the candidates that it gives 0.3, the curators
linked about three in ten.
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
SIGNS: Final = ("equal", "label", "letters", "text", "place", "field", "use", "kind")
"""What speaks for a candidate, each from 0 to 1 or so:

- ``equal``: a label of the one is a label of the other, but for case, inflection and function words
- ``label``: the label's words, as in the nearest of the candidate's labels
- ``letters``: groups of letters that the labels share, which sees kindred words
- ``text``: the words of label, definition and what is broader on both sides
- ``place``: the words of what the entry is in (its areas, what is broader), as in the candidate
- ``field``: the words of the whole dictionary, as in the candidate
- ``use``: how many occupations call for it
- ``kind``: whether it is of a kind that the entry's kind goes to
"""
WEIGHTS: Final = {
    "equal": 1.09, "label": 0.89, "letters": 2.06, "text": 8.94, "place": 1.02, "field": 5.71,
    "use": 1.69, "kind": 1.57,
}  # fmt: skip
"""What each sign weighs."""
BIAS: Final = -9.36
"""What is against a candidate for which nothing speaks."""
THRESHOLD: Final = 0.1
"""The chance from which candidates are told: where F1 was highest on the half for tuning."""
_WORK: Final = {
    "skill/competence": 1.0, "skill": 1.0, "ability": 0.7, "work activity": 1.0,
    "intermediate work activity": 1.0, "detailed work activity": 1.0, "work style": 0.7,
    "skill group": 0.7, "knowledge": 0.3,
}  # fmt: skip
_KNOWING: Final = {
    "knowledge": 1.0, "skill/competence": 0.5, "skill": 0.5, "skill group": 0.5, "ability": 0.3,
    "work activity": 0.5, "intermediate work activity": 0.5, "detailed work activity": 0.5,
    "work style": 0.3,
}  # fmt: skip
_BEING: Final = {"occupation": 1.0, "ISCO group": 0.6}
_FITTING: Final = {
    "cg:Role": _BEING, "cg:JobTitle": _BEING, "cg:Knowledge": _KNOWING,
    "cg:CompetencyCluster": _WORK | {"skill group": 1.0},
}  # fmt: skip
"""How well kinds go with an entry's; what is not named is left out."""
_FILLER: Final = [""]
"""A text of one word that is none, as there can be no other."""
_BATCH: Final = 50
_LOOKED_AT: Final = 150
"""Candidates of an entry that are weighed."""


@dataclass(frozen=True)
class Candidate:
    """A thing that an entry may be linked to.

    Args:
        thing: the thing.
        signs: what speaks for it, in the order of `SIGNS`.
        chance: the chance that a curator would link it.
    """

    thing: Concept
    signs: tuple[float, ...]
    chance: float

    def sign(self, name: str) -> float:
        """What speaks for it under one of the names of `SIGNS`."""
        return self.signs[SIGNS.index(name)]


def fitting(entry: str, thing: str) -> float:
    """How well a thing's kind goes with an entry's, from 1 to 0, where it is left out."""
    if not thing or not entry:
        return 0.5
    return _FITTING.get(entry, _WORK).get(thing, 0.0)


class Matcher:
    """The things of a framework, ready to be compared with a dictionary's entries.

    Args:
        things: the things.
        entries: the dictionary's entries, which tell what field it is about.
        language: the language of all texts.
        progress: is told what is being done.
        weights: what each of `SIGNS` weighs.
        bias: what is against a candidate for which nothing speaks.
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
        self._starts = np.concatenate(([0], ends[:-1]))
        tokens = [words(label) for label in labels]
        self._keys: dict[str, set[int]] = {}
        for number, thing in enumerate(things):
            for label in thing.labels:
                self._keys.setdefault(words.key(label), set()).add(number)
        self._label = _model().fit(
            [*(tokens[n] for n in self._starts), *(words(e.label) for e in entries), _FILLER]
        )
        self._labels = self._label.transform(tokens).T.tocsc()
        progress("comparing letters", 0)
        self._letter = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32
        )
        self._letters = self._letter.fit_transform([thing.label for thing in things]).T.tocsc()
        progress("weighing words", 0)
        self._text = _model()
        told = []
        for thing, start, end in zip(things, self._starts, ends, strict=True):
            around = words(" ".join((*thing.within, thing.definition)))
            own = [stem for label in (tokens[start], *tokens[start:end]) for stem in label]
            told.append(own + around)
        self._texts = self._text.fit_transform([*told, _FILLER])[:-1].T.tocsc()
        whole = self._text.transform([self._of(entry) for entry in entries]).sum(axis=0)
        whole = np.asarray(whole, np.float32) / (np.linalg.norm(whole) or 1)
        self._field: Numbers = np.asarray(whole @ self._texts).ravel().astype(np.float32)
        users = np.array([len(thing.users) for thing in things], np.float32)
        self._use: Numbers = (np.log10(1 + users) / 3).astype(np.float32)

    def _of(self, entry: Concept) -> list[str]:
        """The words of an entry, those of its label before the others."""
        words = self.words
        return words(entry.label) * 3 + words(" ".join((*entry.others, entry.definition)))

    def candidates(self, entries: Sequence[Concept]) -> Iterator[tuple[Concept, list[Candidate]]]:
        """The best candidates of each entry, best first."""
        kinds = [thing.kind for thing in self.things]
        fit = {
            kind: np.array([fitting(kind, thing) for thing in kinds], np.float32)
            for kind in {entry.kind for entry in entries}
        }
        for start in range(0, len(entries), _BATCH):
            self._progress("comparing", start)
            batch = entries[start : start + _BATCH]
            for entry, signs in zip(batch, self._signs(batch, fit), strict=True):
                yield entry, self._best(signs)

    def _signs(
        self, entries: Sequence[Concept], fit: dict[str, Numbers]
    ) -> Iterator[dict[str, Numbers]]:
        """What speaks for each thing, for each of some entries."""
        words = self.words
        label = self._label.transform([words(entry.label) for entry in entries]) @ self._labels
        nearest = np.maximum.reduceat(label.toarray(), self._starts, axis=1)
        letters = self._letter.transform([entry.label for entry in entries]) @ self._letters
        letters = letters.toarray()
        own = self._text.transform([self._of(entry) for entry in entries])
        text = (own @ self._texts).toarray()
        place = self._text.transform([words(" ".join(entry.within)) for entry in entries])
        place = (place @ self._texts).toarray()
        for number, entry in enumerate(entries):
            equal = np.zeros(len(self.things), np.float32)
            for each in entry.labels:
                equal[list(self._keys.get(words.key(each), ()))] = 1
            yield {
                "equal": equal, "label": nearest[number], "letters": letters[number],
                "text": text[number], "place": place[number], "field": self._field,
                "use": self._use, "kind": fit[entry.kind],
            }  # fmt: skip

    def _best(self, signs: dict[str, Numbers]) -> list[Candidate]:
        score = sum((self._weights[name] * signs[name] for name in SIGNS), np.float32(self._bias))
        score = np.where(signs["kind"] > 0, score, -np.inf)
        # What shares no word is no candidate, whatever else speaks for it.
        score = np.where(signs["letters"] + signs["text"] > 0, score, -np.inf)
        number = min(_LOOKED_AT, len(score))
        best = np.argpartition(-score, number - 1)[:number]
        best = best[np.argsort(-score[best], kind="stable")]
        return [
            Candidate(
                self.things[each],
                tuple(float(signs[name][each]) for name in SIGNS),
                float(1 / (1 + np.exp(-score[each]))),
            )
            for each in best
            if np.isfinite(score[each])
        ]


def _model() -> TfidfVectorizer:
    return TfidfVectorizer(analyzer=_same, sublinear_tf=True, dtype=np.float32)


def _same(tokens: Any) -> Any:  # noqa: ANN401  (what the library passes on)
    return tokens
