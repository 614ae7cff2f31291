"""The statements that an import adds and removes, each with the cell that asks for it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyoxigraph as ox


@dataclass
class Changes:
    """Statements to add and to remove, with the names of the cells that ask for it."""

    added: dict[ox.Triple, str] = field(default_factory=dict)
    removed: dict[ox.Triple, str] = field(default_factory=dict)

    def add(self, triple: ox.Triple, cell: str) -> None:
        """Add a statement."""
        self.added.setdefault(triple, cell)

    def remove(self, triple: ox.Triple, cell: str) -> None:
        """Remove a statement."""
        self.removed.setdefault(triple, cell)

    def include(self, others: Changes) -> None:
        """Add other changes."""
        for triple, cell in others.added.items():
            self.add(triple, cell)
        for triple, cell in others.removed.items():
            self.remove(triple, cell)

    def settle(self) -> None:
        """Drop what cancels out: statements that one cell adds and another one removes."""
        for triple in self.added.keys() & self.removed.keys():
            del self.added[triple], self.removed[triple]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)
