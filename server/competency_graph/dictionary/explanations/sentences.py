"""Explanations as sentences whose parts lead to the things they name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from competency_graph.dictionary.explanations import axiom_texts
from competency_graph.dictionary.explanations.explanation import Axiom, Explanation, Triple
from competency_graph.dictionary.explanations.labels import Naming, verb
from competency_graph.dictionary.explanations.rule import TYPE
from competency_graph.rdf.short_names import Term, shorten

Translate = Callable[[str], str]
"""Translates the words of a sentence; words that it does not know stay as they are."""


def untranslated(words: str) -> str:
    """The words as they are, in English."""
    return words


class Part(NamedTuple):
    """A part of a sentence.

    Args:
        text: its words.
        term: the term that it names, if any.
    """

    text: str
    term: Term | None = None


class Line(NamedTuple):
    """A sentence about one step of an explanation.

    Args:
        depth: 0 for the conclusion, 1 for the steps to its premises, and so on.
        parts: the parts of the sentence.
    """

    depth: int
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The sentence as plain text."""
        return "".join(part.text for part in self.parts)


def lines(
    explanation: Explanation, name: Naming, translate: Translate = untranslated
) -> list[Line]:
    """The sentences of an explanation, the conclusion's first; no step is repeated.

    Args:
        explanation: the explanation.
        name: the labels of terms.
        translate: translates the words between them.
    """
    found: dict[tuple[Part, ...], Line] = {}
    for depth, step in _steps(explanation, 0):
        parts = tuple(_sentence(step, name, translate))
        found.setdefault(parts, Line(depth, parts))
    return list(found.values())


def _steps(explanation: Explanation, depth: int) -> Iterator[tuple[int, Explanation]]:
    if depth == 0 or not explanation.is_stated:
        yield depth, explanation
    for premise in explanation.premises:
        yield from _steps(premise, depth + 1)


def _sentence(step: Explanation, name: Naming, translate: Translate) -> Iterator[Part]:
    if step.is_stated:
        yield from statement(step.conclusion, name, translate)
        yield Part(translate(": this is stated."))
        return
    previous: Triple | None = None
    for premise in step.premises:
        triple = premise.conclusion
        if previous is None:
            yield from statement(triple, name, translate)
        elif triple[0] == previous[2]:
            yield Part(translate(", which "))
            yield from _predicate(triple, name, translate)
        elif triple[0] == previous[0]:
            yield Part(translate(" and "))
            yield from _predicate(triple, name, translate)
        else:
            yield Part(". ")
            yield from statement(triple, name, translate)
        previous = triple
    yield Part(translate(". Therefore " if step.premises else "By definition, "))
    yield from statement(step.conclusion, name, translate)
    for number, axiom in enumerate(step.axioms):
        yield Part("; " if number else " (")
        yield from axiom_parts(axiom, translate)
    yield Part(").")


def statement(triple: Triple, name: Naming, translate: Translate = untranslated) -> Iterator[Part]:
    """A statement as a sentence without full stop."""
    yield Part(name(triple[0]), triple[0])
    yield Part(" ")
    yield from _predicate(triple, name, translate)


def _predicate(triple: Triple, name: Naming, translate: Translate) -> Iterator[Part]:
    _, property_, value = triple
    text, label = verb(property_, name), name(value)
    if property_ == TYPE and label[:1] in "AEIOUaeiou":
        text = "is an"
    yield Part(translate(text), property_)
    yield Part(" ")
    yield Part(label, value)


def axiom_parts(axiom: Axiom, translate: Translate = untranslated) -> list[Part]:
    """An axiom in short notation."""
    words = axiom_texts.notation(axiom)
    return _parts([translate(w) if isinstance(w, str) else w for w in words], shorten_class)


def axiom_in_words(axiom: Axiom, name: Naming) -> str:
    """An axiom in words, with labels in quotation marks."""
    words = axiom_texts.in_words(axiom)
    return "".join(part.text for part in _parts(words, lambda term: f"“{name(term)}”"))


def shorten_class(term: Term) -> str:
    """The short form of a term in an axiom, with ``[ ]`` for a class without a name."""
    text = shorten(term)
    return "[ ]" if text.startswith("_:") else text


def _parts(words: Sequence[str | Term], name: Callable[[Term], str]) -> list[Part]:
    return [Part(word) if isinstance(word, str) else Part(name(word), word) for word in words]
