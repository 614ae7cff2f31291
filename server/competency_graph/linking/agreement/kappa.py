"""How far two reviewers agree: percentage, and Cohen's kappa."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum


@dataclass(frozen=True)
class Agreement:
    """The decisions of two reviewers on the same pairs.

    Args:
        counts: how many pairs have a decision of the first and one of the second reviewer.
    """

    counts: dict[tuple[str, str], int]

    @classmethod
    def of(cls, decisions: Iterable[tuple[str, str]]) -> Agreement:
        """The agreement of decisions, each a pair of both reviewers' decisions."""
        return cls(dict(Counter(decisions)))

    @property
    def total(self) -> int:
        """The number of pairs that both decided on."""
        return sum(self.counts.values())

    @property
    def alike(self) -> int:
        """The number of pairs on which both decided alike."""
        return sum(number for (one, other), number in self.counts.items() if one == other)

    @property
    def share(self) -> float | None:
        """The observed agreement, from 0 to 1; None if there is nothing to compare."""
        return self.alike / self.total if self.total else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa: agreement beyond what chance would bring, at most 1.

        None if it is undefined: without decisions, or if both always decided the same.
        See J. Cohen, “A Coefficient of Agreement for Nominal Scales”, Educational and Psychological
        Measurement 20 (1960), pages 37 to 46.
        """
        if not self.total:
            return None
        first, second = Counter[str](), Counter[str]()
        for (one, other), number in self.counts.items():
            first[one] += number
            second[other] += number
        chance = fsum(first[each] * second[each] for each in first) / self.total**2
        return None if chance == 1 else (self.alike / self.total - chance) / (1 - chance)

    def linked(self) -> Agreement:
        """The agreement on whether to link at all: all decisions but ``reject`` count as one."""
        found = Counter[tuple[str, str]]()
        for (one, other), number in self.counts.items():
            found[_linked(one), _linked(other)] += number
        return Agreement(dict(found))


def _linked(decision: str) -> str:
    return decision if decision == "reject" else "link"
