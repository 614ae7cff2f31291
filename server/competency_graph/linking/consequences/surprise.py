"""How surprising a consequence is.

The score is a weighted sum, from 0 to 1, of:

- ``texts``: how little the texts of the two things agree: 1 minus the cosine of the TF-IDF of the
  words of their labels and definitions; half of that if one is known by the label in a row alone
- ``kinds``: 1 if things of these kinds are at most related (`mappings.match_kinds`), else 0
- ``doubt``: 1 minus the product of the confidences of the links in the chain
- ``jump``: how many levels of generality the chain climbs: 0 for one, 1/2 for two, 2/3 for three

A chain of many doubtful links to something of another kind that shares no word with the start is
therefore the most surprising one. The score only orders what a person should look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from competency_graph.errors import UnavailableError
from competency_graph.linking.concepts import Concept
from competency_graph.linking.consequences.entailments import Entailment, Links
from competency_graph.mappings import match_kinds
from competency_graph.mappings.skos_graph import BROAD, EXACT, Relation

WEIGHTS: Final = {"texts": 0.5, "kinds": 0.2, "doubt": 0.2, "jump": 0.1}
"""The weight of each part of the score."""
MOST: Final = 10
"""The number of consequences that are listed by default."""
_KNOWLEDGE: Final = ("knowledge", "cg:Knowledge")


@dataclass(frozen=True)
class Surprise:
    """A consequence with its score.

    Args:
        entailment: the consequence.
        parts: the parts of the score, by the names in `WEIGHTS`, each from 0 to 1.
    """

    entailment: Entailment
    parts: Mapping[str, float]

    @property
    def score(self) -> float:
        """How surprising it is, from 0 to 1."""
        return sum(WEIGHTS[name] * value for name, value in self.parts.items())


def most_surprising(
    found: Iterable[Entailment], links: Links, things: Mapping[str, Concept], language: str,
    most: int = MOST,
) -> list[Surprise]:  # fmt: skip
    """Choose the most surprising consequences; of those that share a link, only the first one.

    Args:
        found: the consequences.
        links: the links that they follow from.
        things: entries and concepts by IRI; consequences about others are left out.
        language: the language of the texts.
        most: how many to choose.

    Raises:
        UnavailableError: the libraries that compare texts are not installed.
    """
    known = [
        each for each in found
        if each.relation.subject in things and each.relation.object in things
    ]  # fmt: skip
    texts = _Texts({iri for each in known for iri in _ends(each)}, things, language)
    scored = [Surprise(each, _parts(each, links, things, texts)) for each in known]
    scored.sort(key=lambda each: (-each.score, each.entailment.relation))
    chosen: list[Surprise] = []
    used: set[Relation] = set()
    for each in scored:
        behind = {relation for relation in each.entailment.chain if relation in links.places}
        if len(chosen) < most and used.isdisjoint(behind):
            chosen.append(each)
            used |= behind
    return chosen


def _ends(entailment: Entailment) -> tuple[str, str]:
    return entailment.relation.subject, entailment.relation.object


def _parts(
    each: Entailment, links: Links, things: Mapping[str, Concept], texts: _Texts
) -> dict[str, float]:
    certainty = 1.0
    for relation in each.chain:
        certainty *= links.confidences.get(relation, 1.0)
    one, two = (things[iri].kind for iri in _ends(each))
    levels = sum(relation.predicate != EXACT for relation in each.chain)
    poorly_known = any(things[iri] is links.described.get(iri) for iri in _ends(each))
    return {
        "texts": (1 - texts.similarity(*_ends(each))) * (0.5 if poorly_known else 1.0),
        "kinds": float(not _may_be_one(one, two)),
        "doubt": 1 - certainty,
        "jump": 1 - 1 / levels if levels and each.relation.predicate == BROAD else 0.0,
    }


def _may_be_one(one: str, two: str) -> bool:
    """Whether things of two kinds can be the same, or one a kind of the other."""
    for entry, concept in ((one, two), (two, one)):
        if entry.startswith("cg:") and not concept.startswith("cg:"):
            return match_kinds.allowed(entry, concept) == match_kinds.ANY
    both_entries = one.startswith("cg:")
    if both_entries:
        return _nature(one) == _nature(two)
    return not one or not two or (one in _KNOWLEDGE) == (two in _KNOWLEDGE)


def _nature(entry: str) -> tuple[str, ...]:
    """The kinds of concepts that an entry of some class can be linked to by any relation."""
    return tuple(
        concept
        for (each, concept), allowed in match_kinds.TABLE.items()
        if each == entry and allowed == match_kinds.ANY
    )


class _Texts:
    """The texts of things as vectors."""

    def __init__(self, iris: Iterable[str], things: Mapping[str, Concept], language: str) -> None:
        try:
            from sklearn.feature_extraction.text import TfidfVectorizer

            from competency_graph.linking.word_stems import Words

            words = Words(language)
        except ImportError as error:
            raise UnavailableError(
                f"the libraries that compare texts are not installed ({error.name})",
                "Install it: pip install 'competency-graph[link]'",
            ) from None
        self._rows = {iri: number for number, iri in enumerate(sorted(iris))}
        described = [things[iri] for iri in self._rows]
        words.learn(text for each in described for text in (*each.labels, each.definition))
        documents = [words(" ".join((*each.labels, each.definition))) for each in described]
        vectorizer = TfidfVectorizer(analyzer=_identity, sublinear_tf=True)
        self._vectors: Any = vectorizer.fit_transform([*documents, ["\0"]])

    def similarity(self, one: str, two: str) -> float:
        """The cosine of two things' texts, from 0 to 1."""
        rows = self._vectors[self._rows[one]], self._vectors[self._rows[two]]
        return min(1.0, float(rows[0].multiply(rows[1]).sum()))


def _identity(tokens: Sequence[str]) -> Sequence[str]:
    return tokens
