"""Numbered blank node labels, which identify blank nodes across programs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, TypeVar

import pyoxigraph as ox

_NONE: Final[Mapping[ox.BlankNode, ox.BlankNode]] = MappingProxyType({})
Statement = TypeVar("Statement", ox.Triple, ox.Quad)
"""A triple, or a quad in the default graph."""


class Numbering:
    """Labels for blank nodes, in order of first occurrence.

    Args:
        prefix: the part before the number.
        names: the labels to begin with, in order.
    """

    def __init__(self, prefix: str, names: Mapping[ox.BlankNode, ox.BlankNode] = _NONE) -> None:
        self._prefix = prefix
        self.names = dict(names)
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
