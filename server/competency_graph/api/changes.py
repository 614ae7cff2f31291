"""What changed between two versions, for Python: changes as rows, and displayed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from competency_graph import versions
from competency_graph.api.display import Displayed, render
from competency_graph.api.table import Table
from competency_graph.rdf.short_names import Term
from competency_graph.versions.formats import wording
from competency_graph.versions.formats.html import lines_with_passages

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS: Final = ("kind", "entry", "label", "class", "code", "what", "removed", "added")
_MAX_SHOWN: Final = 50
"""The number of changes that are displayed."""


@dataclass(frozen=True, eq=False, repr=False)
class Changes(Displayed, versions.Changes):
    """What changed from one version to another; false if nothing did.

    ``str`` gives the changes in words.

    Attributes:
        changes: the changes, by kind, class, code and label; each has ``kind``, ``entry``,
            ``details``, and the statements that it ``removed`` and ``added``.
        counts: the number of changes of each kind.
        of: called with a kind, the changes of this kind.
    """

    @classmethod
    def between(cls, old: versions.Version, new: versions.Version) -> Changes:
        """The changes from one version to another."""
        found = versions.compare(old, new)
        return cls(**{each.name: getattr(found, each.name) for each in fields(found)})

    @property
    def summary(self) -> str:
        """The number of changes in one sentence."""
        return wording.summary(self)

    def to_table(self) -> Table:
        """The changes as rows, one for each value that was removed or added.

        The columns are ``kind``, ``entry`` (an IRI), ``label``, ``class`` (an IRI), ``code``,
        ``what`` changed, and the values that were ``removed`` and ``added``, in words. An entry
        that was added or is gone has one row without values.
        """
        return Table(_COLUMNS, (row for change in self.changes for row in self._rows(change)))

    def to_frame(self) -> pd.DataFrame:
        """The changes as a data frame of pandas, with the columns of `to_table`.

        Raises:
            UnavailableError: pandas is not installed.
        """
        return self.to_table().to_pandas()

    def _rows(self, change: versions.Change) -> Iterator[list[Term | None]]:
        entry = change.entry
        iris = [ox.NamedNode(iri) if ":" in iri[1:] else None for iri in (entry.iri, entry.class_)]
        head = [_text(change.kind), iris[0], _text(entry.label), iris[1], _text(entry.code)]
        if not change.details:
            yield [*head, None, None, None]
        for line in wording.lines(change, self):
            for removed, added in zip_longest(line.removed, line.added, fillvalue=""):
                yield [*head, _text(line.heading), _text(removed), _text(added)]

    def __str__(self) -> str:
        return versions.write(self, "text")

    def __repr__(self) -> str:
        return f"<Changes: {self.summary}>"

    def _repr_html_(self) -> str:
        shown = self.changes[:_MAX_SHOWN]
        by_kind = {kind: [each for each in shown if each.kind == kind] for kind in self.counts}
        return render(
            "changes.html", summary=self.summary, more=len(self.changes) - len(shown),
            groups=[(wording.heading(kind, self.counts[kind]),
                     [(wording.name(each.entry), wording.facts(each.entry),
                       lines_with_passages(each, self)) for each in changes])
                    for kind, changes in by_kind.items() if changes],
        )  # fmt: skip


def _text(text: str) -> ox.Literal | None:
    return ox.Literal(text) if text else None
