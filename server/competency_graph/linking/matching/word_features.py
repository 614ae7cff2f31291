"""Compares entries with concepts word by word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from competency_graph.linking.concepts import Concept, Progress
from competency_graph.linking.matching.scoring import Numbers
from competency_graph.linking.word_stems import Words

_EMPTY_DOCUMENT: Final = [""]
"""A document with a single empty word, so that the vocabulary is never empty."""


class WordFeatures:
    """The similarities of texts in words, and in groups of letters.

    Args:
        things: the concepts.
        entries: the dictionary's entries, which characterise its field.
        words: takes the texts apart; it learns their acronyms.
        progress: is called with the progress.
    """

    def __init__(
        self, things: Sequence[Concept], entries: Sequence[Concept], words: Words,
        progress: Progress,
    ) -> None:  # fmt: skip
        self._words, self._number = words, len(things)
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
        self._field: Numbers = (
            np.asarray(dictionary_vector @ self._text_vectors).ravel().astype(np.float32)
        )

    def _entry_words(self, entry: Concept) -> list[str]:
        """The words of an entry, with those of its label weighted three times."""
        words = self._words
        return words(entry.label) * 3 + words(" ".join((*entry.others, entry.definition)))

    def of(self, entries: Sequence[Concept]) -> list[dict[str, Numbers]]:
        """The features of all concepts, for each of some entries."""
        words = self._words
        label = (
            self._label_vectorizer.transform([words(entry.label) for entry in entries])
            @ self._label_vectors
        )
        nearest = np.maximum.reduceat(label.toarray(), self._label_starts, axis=1)
        letters = (
            self._ngram_vectorizer.transform([entry.label for entry in entries])
            @ self._ngram_vectors
        ).toarray()
        own = self._text_vectorizer.transform([self._entry_words(entry) for entry in entries])
        text = (own @ self._text_vectors).toarray()
        place = self._text_vectorizer.transform(
            [words(" ".join(entry.within)) for entry in entries]
        )
        place = (place @ self._text_vectors).toarray()
        return [
            {
                "equal": self._equal(entry), "label": nearest[number], "letters": letters[number],
                "text": text[number], "place": place[number], "field": self._field,
            }
            for number, entry in enumerate(entries)
        ]  # fmt: skip

    def _equal(self, entry: Concept) -> Numbers:
        equal = np.zeros(self._number, np.float32)
        for each in entry.labels:
            equal[list(self._things_by_key.get(self._words.key(each), ()))] = 1
        return equal


def _vectorizer() -> TfidfVectorizer:
    return TfidfVectorizer(analyzer=_identity, sublinear_tf=True, dtype=np.float32)


def _identity(tokens: Any) -> Any:  # noqa: ANN401  (passed through from the library)
    return tokens
