"""Two reviewers' decisions on the same links, side by side."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from competency_graph.linking.agreement.kappa import Agreement
from competency_graph.linking.reviewing.decision_file import key, renamed, with_prefixes
from competency_graph.linking.reviewing.records import decision_of, own_comment
from competency_graph.linking.reviewing.reviewer import deciders
from competency_graph.mappings import NO_TERM, Mapping, MappingSet

UNDECIDED: Final = ""
"""The decision of a reviewer who has not decided on a link."""
_COLUMNS: Final = (
    "subject_id", "subject_label", "object_id", "object_label", "first_decision", "first_comment",
    "second_decision", "second_comment",
)  # fmt: skip
_Key = tuple[str, str]


class Pair(NamedTuple):
    """A link with the decisions of both reviewers; None if one has not decided on it."""

    first: Mapping | None
    second: Mapping | None

    @property
    def decisions(self) -> tuple[str, str]:
        """The decisions, as in `DECISIONS`; `UNDECIDED` if there is none."""
        one, other = (decision_of(each) if each else UNDECIDED for each in self)
        return one, other

    @property
    def alike(self) -> bool:
        """Whether both decided, and alike."""
        one, other = self.decisions
        return one == other != UNDECIDED

    @property
    def given(self) -> Mapping:
        """The first reviewer's mapping, else the second's."""
        return self.first or self.second or Mapping()


@dataclass(frozen=True)
class Comparison:
    """The decisions of two reviewers.

    Args:
        first: the first reviewer's file.
        second: the second reviewer's file, with the prefixes of the first.
    """

    first: MappingSet
    second: MappingSet

    @classmethod
    def of(cls, first: MappingSet, second: MappingSet) -> Comparison:
        """Compare two files."""
        first = with_prefixes(first, second.prefixes)
        return cls(first, renamed(second, first))

    @property
    def names(self) -> tuple[str, str]:
        """The names of the reviewers."""
        one, other = (_name(each) for each in (self.first, self.second))
        return one or "first reviewer", other or "second reviewer"

    @property
    def pairs(self) -> dict[_Key, Pair]:
        """The links with their decisions, by the IRIs of entry and concept."""
        one, other = (
            {key(each, row): row for row in each.mappings if row.object_id != NO_TERM}
            for each in (self.first, self.second)
        )
        links = dict.fromkeys((*one, *other))
        return {link: Pair(one.get(link), other.get(link)) for link in links}

    @property
    def agreement(self) -> Agreement:
        """The agreement on the links that both decided on."""
        return Agreement.of(
            pair.decisions for pair in self.pairs.values() if UNDECIDED not in pair.decisions
        )

    def open(self) -> dict[_Key, Pair]:
        """The links on which the reviewers differ, or only one of them has decided."""
        return {link: pair for link, pair in self.pairs.items() if not pair.alike}

    def as_csv(self) -> str:
        """The links on which the reviewers differ, as a table in CSV."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for (subject, thing), pair in self.open().items():
            row = (subject, pair.given.subject_label, thing, pair.given.object_label)
            writer.writerow(map(_safe, (*row, *_decisions_with_comments(pair))))
        return file.getvalue()


def _decisions_with_comments(pair: Pair) -> Iterator[str]:
    for decision, row in zip(pair.decisions, pair, strict=True):
        yield decision
        yield own_comment(row) if row else ""


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell


def _name(decided: MappingSet) -> str:
    """Who decided on most rows of a file."""
    found = [name or identifier for name, identifier in map(deciders, decided.mappings)]
    return max(_distinct(found), key=found.count, default="")


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, names)))
