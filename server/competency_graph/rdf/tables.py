"""Tables for people: an entry stands in one column under its label, and heads are in words.

The formats for machines keep each variable as the query names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import pyoxigraph as ox

from competency_graph.rdf.short_names import Term, shorten

_WEB: Final = ("http://", "https://")
_LABEL: Final = "Label"
"""How the variable of an entry's label ends, after the name of the entry's own."""


class Cell(NamedTuple):
    """A cell.

    Args:
        term: what stands there; None for nothing.
        label: what it is called, "" where the query does not say.
    """

    term: Term | None
    label: str = ""

    @property
    def text(self) -> str:
        """What a person reads."""
        return self.label or shorten(self.term)

    @property
    def address(self) -> str:
        """The IRI behind it where a browser can follow that, else ""."""
        web = isinstance(self.term, ox.NamedNode) and self.term.value.startswith(_WEB)
        return self.term.value if web else ""  # type: ignore[union-attr]  # it is an IRI


class Columns:
    """The columns of a table as a person sees them.

    Args:
        names: the variables.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._labels = {
            place: names.index(name + _LABEL)
            for place, name in enumerate(names)
            if name + _LABEL in names
        }
        self._shown = [n for n in range(len(names)) if n not in self._labels.values()]
        self.heads = [in_words(names[place]) for place in self._shown]

    def rows(self, rows: Iterable[Sequence[Term | None]]) -> Iterator[list[Cell]]:
        """The rows under `heads`."""
        for row in rows:
            yield [
                Cell(row[n], shorten(row[self._labels[n]]) if n in self._labels else "")
                for n in self._shown
            ]


def in_words(name: str) -> str:
    """A variable's name as the head of a column, as “Occupation” of ``occupationLabel``."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[^A-Z_\s]+", name.removesuffix(_LABEL) or name)
    words = " ".join(part if part.isupper() and len(part) > 1 else part.lower() for part in parts)
    return words[:1].upper() + words[1:] if words else name
