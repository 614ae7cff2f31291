"""One table of all entries in CSV, for spreadsheets and notebooks."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Final

import pyoxigraph as ox

from competency_graph.exporting.outline import KINDS_NAMED, Entry, Outline, plain
from competency_graph.rdf.short_names import Term
from competency_graph.rdf.spreadsheets import write_csv

COLUMNS: Final = (
    "iri", "kind", "code", "label", "other labels", "definition", "examples", "above", "matches",
)  # fmt: skip
_BETWEEN: Final = " | "


def write(outline: Outline) -> bytes:
    """The table, in which no text becomes a formula."""
    output = io.BytesIO()
    write_csv(COLUMNS, rows(outline), output)
    return output.getvalue()


def rows(outline: Outline) -> Iterator[Sequence[Term]]:
    """Its rows: what there are several of stands in one cell, with a bar between."""
    for entry in outline.entries:
        values = (
            KINDS_NAMED[entry.kind],
            entry.notation,
            entry.name,
            _BETWEEN.join(text for text, _ in entry.also),
            plain(entry.definition),
            _BETWEEN.join(text for text, _ in entry.examples),
            _BETWEEN.join(outline.parents[entry.iri]),
            _BETWEEN.join(matches(outline, entry)),
        )
        yield ox.NamedNode(entry.iri), *(ox.Literal(value) for value in values)


def matches(outline: Outline, entry: Entry) -> list[str]:
    """What an entry corresponds to, each with how it does."""
    return [f"{match.name} {match.object}" for match in outline.matches_of(entry.iri)]
