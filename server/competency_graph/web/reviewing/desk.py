"""The work in hand: the review, what is known about entries and concepts, and its progress."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import NamedTuple

from competency_graph.errors import UnknownNameError
from competency_graph.linking import Concept, Review
from competency_graph.linking.concept_search import ConceptSearch
from competency_graph.linking.reviewing.pace import Pace
from competency_graph.linking.reviewing.selection import Selection, framework_name
from competency_graph.mappings import Mapping


class Progress(NamedTuple):
    """How far a review is, within a selection.

    Args:
        done: the number of decided links.
        total: the number of links.
        seconds: the mean number of seconds for a link; None if unknown yet.
    """

    done: int
    total: int
    seconds: float | None

    @property
    def left(self) -> int:
        """The number of links without a decision."""
        return self.total - self.done

    @property
    def minutes_left(self) -> int | None:
        """The minutes that the rest will take at this pace; None if unknown yet."""
        return None if self.seconds is None else -(-round(self.left * self.seconds) // 60)


class Desk:
    """A review with everything that its page shows.

    Args:
        review: the review.
        entries: the entries of the dictionary.
        concepts: the concepts of the frameworks.
    """

    def __init__(
        self, review: Review, entries: Sequence[Concept], concepts: Sequence[Concept]
    ) -> None:
        self.review, self.pace = review, Pace()
        self.lock = Lock()
        """Held while a request reads or changes the review."""
        self.has_concepts = bool(concepts)
        self._search = ConceptSearch(concepts)
        self._things = {thing.iri: thing for thing in (*entries, *concepts)}
        self.kinds = _distinct(each.subject_category for each in review.candidates)
        """The classes of the entries, in the order of the file."""
        self.frameworks = _distinct(framework_name(review, each) for each in review.candidates)
        """The names of the frameworks, in the order of the file."""

    def candidate(self, identifier: str) -> Mapping:
        """The candidate with an identifier.

        Raises:
            UnknownNameError: there is none.
        """
        for each in self.review.candidates:
            if self.review.identifier(each) == identifier:
                return each
        raise UnknownNameError("this review has no such link", "Return to the beginning")

    def entry(self, candidate: Mapping) -> Concept:
        """The entry of a candidate, with what the row says if its file was not named."""
        iri = self.review.subject(candidate)
        row = Concept(iri, candidate.subject_label, kind=candidate.subject_category)
        return self._things.get(iri, row)

    def concept(self, candidate: Mapping) -> Concept:
        """The concept of a candidate, with what the row says if its file was not named."""
        iri = self.review.object(candidate)
        row = Concept(iri, candidate.object_label, kind=candidate.object_category)
        return self._things.get(iri, row)

    def concept_named(self, iri: str) -> Concept:
        """The concept of a framework with an IRI.

        Raises:
            UnknownNameError: there is none.
        """
        if iri not in self._things:
            raise UnknownNameError("the frameworks have no such concept", "Choose one of the list")
        return self._things[iri]

    def find(self, text: str) -> list[Concept]:
        """The concepts of the frameworks that a text finds."""
        return self._search.find(text)

    def progress(self, selection: Selection) -> Progress:
        """How far the review is within a selection."""
        fitting = [each for each in self.review.candidates if selection.fits(self.review, each)]
        done = sum(bool(self.review.decision(each)) for each in fitting)
        return Progress(done, len(fitting), self.pace.seconds)


def _distinct(names: object) -> list[str]:
    return list(dict.fromkeys(filter(None, names)))  # type: ignore[call-overload]
