"""Numbered blank node labels, which identify blank nodes across programs."""

from __future__ import annotations

from typing import TypeVar

import pyoxigraph as ox

Statement = TypeVar("Statement", ox.Triple, ox.Quad)
"""A triple, or a quad in the default graph."""


class Numbering:
    """Labels for blank nodes, in order of first occurrence.

    Args:
        prefix: the part before the number.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.names: dict[ox.BlankNode, ox.BlankNode] = {}
        """The labels so far, in order."""

    def statement(self, original: Statement) -> Statement:
        """The same statement with relabelled blank nodes."""
        subject, value = original.subject, original.object
        if not isinstance(subject, ox.BlankNode) and not isinstance(value, ox.BlankNode):
            return original
        if isinstance(subject, ox.BlankNode):
            subject = self._name_for(subject)
        if isinstance(value, ox.BlankNode):
            value = self._name_for(value)
        return type(original)(subject, original.predicate, value)

    def _name_for(self, term: ox.BlankNode) -> ox.BlankNode:
        return self.names.setdefault(term, ox.BlankNode(f"{self._prefix}{len(self.names)}"))
