"""A workbook for Excel and its like: entries, how they hang together, and what they match."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Final

import pyoxigraph as ox

from competency_graph.exporting import flat
from competency_graph.exporting.outline import Outline
from competency_graph.naming import Term
from competency_graph.spreadsheets import write_workbook

_RELATIONS: Final = ("from", "from label", "relation", "to", "to label")
_MATCHES: Final = ("entry", "label", "match", "target", "target label", "target code")


def write(outline: Outline) -> bytes:
    """The workbook, of three sheets."""
    output = io.BytesIO()
    sheets = {
        "Entries": (flat.COLUMNS, flat.rows(outline)),
        "Relations": (_RELATIONS, _relations(outline)),
        "Matches": (_MATCHES, _matches(outline)),
    }
    write_workbook(sheets, output)
    return output.getvalue()


def _relations(outline: Outline) -> Iterator[Sequence[Term]]:
    names = {entry.iri: entry.name for entry in outline.entries}
    for relation in outline.relations:
        yield (
            ox.NamedNode(relation.subject), ox.Literal(names.get(relation.subject, "")),
            ox.Literal(relation.name),
            ox.NamedNode(relation.object), ox.Literal(names.get(relation.object, "")),
        )  # fmt: skip


def _matches(outline: Outline) -> Iterator[Sequence[Term]]:
    for match in outline.matches:
        yield (
            ox.NamedNode(match.subject), ox.Literal(outline.by_iri[match.subject].name),
            ox.Literal(match.name), ox.NamedNode(match.object),
            ox.Literal(match.label), ox.Literal(match.notation),
        )  # fmt: skip
