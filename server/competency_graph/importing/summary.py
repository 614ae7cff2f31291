"""Statistics of an import: what was imported and what was left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Omission:
    """The rows or files left out for one reason.

    Args:
        number: how many there are.
        example: one of them, or "".
    """

    number: int = 0
    example: str = ""


@dataclass
class Tally:
    """The statistics of an import, updated while it runs."""

    doing: str = ""
    """The file being read."""
    versions: set[str] = field(default_factory=set)
    """The framework's versions, as stated in its files."""
    languages: set[str] = field(default_factory=set)
    """The languages of the imported texts."""
    counts: Counter[str] = field(default_factory=Counter)
    """The number of items of each kind, in order of first occurrence."""
    omissions: dict[str, Omission] = field(default_factory=dict)
    """The omissions, by reason."""
    remarks: dict[str, Omission] = field(default_factory=dict)
    """What was imported but looks wrong, by reason."""

    def leave_out(self, reason: str, example: str = "") -> None:
        """Record something that was left out."""
        _count(self.omissions, reason, example)

    def remark(self, reason: str, example: str = "") -> None:
        """Record something that was imported but looks wrong."""
        _count(self.remarks, reason, example)


def _count(account: dict[str, Omission], reason: str, example: str) -> None:
    found = account.setdefault(reason, Omission())
    found.number += 1
    found.example = found.example or example
