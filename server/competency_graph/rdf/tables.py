"""Tables for people: an entry is one column, shown by its label, and headings are in words.

Machine-readable formats keep each variable as the query names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import pyoxigraph as ox

from competency_graph.rdf.short_names import Term, shorten, text_of

_WEB_SCHEMES: Final = ("http://", "https://")
_LABEL_SUFFIX: Final = "Label"
"""The suffix of the variable that holds the label of the entry in another variable."""


class Cell(NamedTuple):
    """A cell.

    Args:
        term: its content; None if it is empty.
        label: the label of its term, "" if the query returns none.
    """

    term: Term | None
    label: str = ""

    @property
    def text(self) -> str:
        """The text that is shown."""
        return self.label or shorten(self.term)

    @property
    def address(self) -> str:
        """The IRI of its term if a browser can open it, else ""."""
        web = isinstance(self.term, ox.NamedNode) and self.term.value.startswith(_WEB_SCHEMES)
        return self.term.value if web else ""  # type: ignore[union-attr]  # it is an IRI


class Columns:
    """The columns that a table shows to people.

    Args:
        names: the query's variables.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._labels = {
            place: names.index(name + _LABEL_SUFFIX)
            for place, name in enumerate(names)
            if name + _LABEL_SUFFIX in names
        }
        self._shown = [n for n in range(len(names)) if n not in self._labels.values()]
        self.heads = [in_words(names[place]) for place in self._shown]

    def rows(self, rows: Iterable[Sequence[Term | None]]) -> Iterator[list[Cell]]:
        """Convert rows to cells under `heads`."""
        for row in rows:
            yield [
                Cell(row[n], text_of(row[self._labels[n]]) if n in self._labels else "")
                for n in self._shown
            ]


def in_words(name: str) -> str:
    """Turn a variable's name into a column heading: ``occupationLabel`` becomes “Occupation”."""
    parts = re.findall(
        r"[A-Z]+(?![a-z])|[A-Z]?[^A-Z_\s]+", name.removesuffix(_LABEL_SUFFIX) or name
    )
    words = " ".join(part if part.isupper() and len(part) > 1 else part.lower() for part in parts)
    return words[:1].upper() + words[1:] if words else name
