"""Which candidates of a review to show, and the order in which they come."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from competency_graph.errors import BadValueError
from competency_graph.linking.reviewing.records import number
from competency_graph.linking.reviewing.review import Review
from competency_graph.mappings import Mapping
from competency_graph.mappings.frameworks import framework_of

STATES: Final = ("open", "decided", "all")


@dataclass(frozen=True)
class Selection:
    """What is to be reviewed.

    Args:
        kind: the class of the entries, such as ``cg:Knowledge``; "" for any.
        framework: the framework's name, as by `framework_name`; "" for any.
        least: the minimum confidence.
        most: the maximum confidence.
        disputed: whether only links are shown that an earlier reviewer did not fully agree with.
        state: one of `STATES`: without a decision, with one, or both.
    """

    kind: str = ""
    framework: str = ""
    least: float = 0.0
    most: float = 1.0
    disputed: bool = False
    state: str = "open"

    @classmethod
    def of(cls, arguments: Map[str, str]) -> Selection:
        """The selection that the parameters of an address name.

        Raises:
            BadValueError: a value is invalid.
        """
        state = arguments.get("state", "open")
        if state not in STATES:
            raise BadValueError(f"“{state}” is not a state", f"Use one of {', '.join(STATES)}")
        return cls(
            arguments.get("kind", ""),
            arguments.get("framework", ""),
            _share(arguments.get("least") or "0"),
            _share(arguments.get("most") or "1"),
            bool(arguments.get("disputed")),
            state,
        )

    @property
    def query(self) -> str:
        """The selection as the query of an address, with its ``?``; "" if nothing is selected."""
        given = {
            "kind": self.kind,
            "framework": self.framework,
            "least": f"{self.least:g}" if self.least else "",
            "most": f"{self.most:g}" if self.most < 1 else "",
            "disputed": "1" if self.disputed else "",
            "state": self.state if self.state != "open" else "",
        }
        text = urlencode({name: value for name, value in given.items() if value})
        return f"?{text}" if text else ""

    def fits(self, review: Review, candidate: Mapping) -> bool:
        """Whether a candidate belongs to it, whatever was decided on it."""
        if self.kind and candidate.subject_category != self.kind:
            return False
        if self.framework and framework_name(review, candidate) != self.framework:
            return False
        anything = (self.least, self.most) == (0, 1)
        if not anything and not self.least <= number(candidate.confidence, -1) <= self.most:
            return False
        return not self.disputed or disputed(candidate)

    def shows(self, review: Review, candidate: Mapping) -> bool:
        """Whether a candidate that fits is shown, going by the decision on it."""
        return self.state == "all" or bool(review.decision(candidate)) == (self.state == "decided")

    def next(self, review: Review, after: str = "") -> Mapping | None:
        """The next candidate to show; None at the end.

        Args:
            review: the review.
            after: the identifier of the candidate that was shown last; "" for the first.
        """
        waiting = bool(after)
        for candidate in review.candidates:
            if waiting:
                waiting = review.identifier(candidate) != after
            elif self.fits(review, candidate) and self.shows(review, candidate):
                return candidate
        return None


def framework_name(review: Review, candidate: Mapping) -> str:
    """The title of a candidate's framework, else the IRI of its scheme; "" if unknown."""
    framework = framework_of(review.object(candidate))
    if framework:
        return framework.title
    common = next(iter(review.suggested.texts("object_source")), "")
    source = candidate.others.get("object_source") or common
    return review.suggested.expand(source) or source


def disputed(candidate: Mapping) -> bool:
    """Whether an earlier reviewer did not fully agree with a link."""
    return number(candidate.reviewer_agreement, 1) < 1


def _share(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = -1
    if not 0 <= found <= 1:
        raise BadValueError(f"“{text}” is not a confidence", "Give a number from 0 to 1")
    return found
