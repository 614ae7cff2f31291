"""Finds concepts of a framework by words of their labels, while a person types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from competency_graph.linking.concepts import Concept

_SEPARATORS = re.compile(r"\W+")
_MAX_FOUND: Final = 20
_MAX_WORDS: Final = 10


class ConceptSearch:
    """An index of concepts by their labels.

    Args:
        concepts: the concepts of all frameworks.
    """

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self._texts = [(_plain(text), rank, concept)
                       for concept in concepts for text, rank in _searched(concept)]  # fmt: skip

    def find(self, text: str) -> list[Concept]:
        """The concepts with a label in which each word of a text begins a word, best first.

        A preferred label comes before other labels, and a shorter label before a longer one. The
        tasks of O*NET, which have no names, are found by their sentences, and come last.
        """
        words = [f" {word}" for word in _plain(text).split()[:_MAX_WORDS]]
        if not words:
            return []
        found = [(rank, len(said), concept.iri, concept)
                 for said, rank, concept in self._texts
                 if all(word in said for word in words)]  # fmt: skip
        found.sort(key=lambda each: each[:3])
        unique = {concept.iri: concept for *_, concept in reversed(found)}
        return [unique[iri] for iri in dict.fromkeys(each[2] for each in found)][:_MAX_FOUND]


def _searched(concept: Concept) -> Iterator[tuple[str, int]]:
    """The texts that find a concept, with their ranks."""
    if concept.kind == "task":
        yield f"task {concept.code} {concept.definition}", 2
        return
    for number, label in enumerate(concept.labels):
        yield label, int(number > 0)


def _plain(text: str) -> str:
    """A text in lower case, with a space before each word and no punctuation."""
    return _SEPARATORS.sub(" ", f" {text.casefold()}")
