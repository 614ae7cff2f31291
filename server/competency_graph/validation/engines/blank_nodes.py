"""Blank nodes called by numbers, so that who reads statements elsewhere can tell which is which."""

from __future__ import annotations

from typing import TypeVar

import pyoxigraph as ox

Statement = TypeVar("Statement", ox.Triple, ox.Quad)
"""A statement; of no named graph."""


class Numbering:
    """Names for blank nodes, in the order in which they first stand.

    Args:
        prefix: what comes before the number.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.names: dict[ox.BlankNode, ox.BlankNode] = {}
        """The name of each so far, in order."""

    def statement(self, said: Statement) -> Statement:
        """The same statement, its blank nodes by their names."""
        subject, value = said.subject, said.object
        if not isinstance(subject, ox.BlankNode) and not isinstance(value, ox.BlankNode):
            return said
        if isinstance(subject, ox.BlankNode):
            subject = self._named(subject)
        if isinstance(value, ox.BlankNode):
            value = self._named(value)
        return type(said)(subject, said.predicate, value)

    def _named(self, term: ox.BlankNode) -> ox.BlankNode:
        return self.names.setdefault(term, ox.BlankNode(f"{self._prefix}{len(self.names)}"))
