"""Statements of SKOS that an importer makes of another format."""

from __future__ import annotations

import pyoxigraph as ox


def link(subject: str, predicate: str, value: str) -> ox.Quad:
    """A statement between two things, by their IRIs."""
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(value))


def text_of(subject: str, predicate: str, value: str, language: str = "") -> ox.Quad:
    """A statement of a text about a thing; the language may be ""."""
    literal = ox.Literal(value, language=language) if language else ox.Literal(value)
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), literal)
