"""A table of all entries in CSV, for spreadsheets and notebooks."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Final

import pyoxigraph as ox

from competency_graph.exporting.outline import KIND_LABELS, Entry, Outline, plain
from competency_graph.rdf.short_names import Term
from competency_graph.rdf.spreadsheets import write_csv

COLUMNS: Final = (
    "iri", "kind", "code", "label", "other labels", "definition", "examples", "above", "matches",
)  # fmt: skip
_SEPARATOR: Final = " | "


def write(outline: Outline) -> bytes:
    """Serialize the table; texts are escaped so that none becomes a formula."""
    output = io.BytesIO()
    write_csv(COLUMNS, rows(outline), output)
    return output.getvalue()


def rows(outline: Outline) -> Iterator[Sequence[Term]]:
    """The rows; multiple values share a cell, separated by a bar."""
    for entry in outline.entries:
        values = (
            KIND_LABELS[entry.kind],
            entry.notation,
            entry.name,
            _SEPARATOR.join(text for text, _ in entry.alt_labels),
            plain(entry.definition),
            _SEPARATOR.join(text for text, _ in entry.examples),
            _SEPARATOR.join(outline.parents[entry.iri]),
            _SEPARATOR.join(matches(outline, entry)),
        )
        yield ox.NamedNode(entry.iri), *(ox.Literal(value) for value in values)


def matches(outline: Outline, entry: Entry) -> list[str]:
    """The concepts that an entry matches, each with the kind of match."""
    return [f"{match.name} {match.object}" for match in outline.matches_of(entry.iri)]
