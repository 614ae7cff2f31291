"""What an import took over and what it left out, for the person who runs it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Omission:
    """Something that was left out for one reason.

    Args:
        number: how often.
        example: one of them, or "" where there is nothing to show.
    """

    number: int = 0
    example: str = ""


@dataclass
class Tally:
    """The account of one import, kept while it runs."""

    doing: str = ""
    """The file that is being read."""
    versions: set[str] = field(default_factory=set)
    """The framework's versions, as its files tell them."""
    languages: set[str] = field(default_factory=set)
    """The languages of the texts that were taken over."""
    counts: Counter[str] = field(default_factory=Counter)
    """How many there are of each kind of thing, in the order in which they were met."""
    omissions: dict[str, Omission] = field(default_factory=dict)
    """What was left out, by its reason."""

    def leave_out(self, reason: str, example: str = "") -> None:
        """Enter something that was left out."""
        omission = self.omissions.setdefault(reason, Omission())
        omission.number += 1
        omission.example = omission.example or example
