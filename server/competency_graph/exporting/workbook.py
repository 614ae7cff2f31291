"""A workbook for people: the requirements of roles, the areas they cover, entries and links.

Names are linked to the entries' IRIs. Sheets without rows are left out.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Final

import pyoxigraph as ox

from competency_graph.exporting.outline import (
    AREA_RELATIONS,
    KIND_LABELS,
    Entry,
    Match,
    Outline,
    plain,
)
from competency_graph.rdf.short_names import shorten
from competency_graph.rdf.spreadsheets import UNDATED, Sheet, text, write_workbook
from competency_graph.rdf.tables import Cell

_FACTS: Final = {
    "versionInfo": "Version", "created": "Created", "modified": "Modified", "creator": "Creator",
    "publisher": "Publisher", "source": "Source", "license": "Licence",
}  # fmt: skip
_TICK: Final = "✓"
_SEPARATOR: Final = "\n"
_SHEET_DESCRIPTIONS: Final = {
    "Roles": "What each role requires, area by area: filter by role, area or kind.",
    "Matrix": "Which role covers which area of expertise.",
    "Entries": "All entries, with their definitions, and what each belongs to.",
    "Links": "Corresponding concepts in other frameworks.",
}
"""The description of each sheet."""


def write(outline: Outline) -> bytes:
    """Serialize the workbook; equal input gives equal bytes, as its date is the dictionary's."""
    sheets = [
        Sheet("Roles", _heads("Role", "Area of expertise", "Kind", "Name", "Code", "Definition"),
              list(_requirements(outline))),
        Sheet("Matrix", [text("Area of expertise"), *map(_name, _entries_of_kind(outline, "role"))],
              list(_matrix(outline))),
        Sheet("Entries", _heads("Name", "Kind", "Code", "Definition", "Other labels", "Examples",
                                "Belongs to"),
              list(_entries(outline))),
        Sheet("Links", _heads("Name", "Kind", "Match", "Corresponds to", "Code there"),
              list(_links(outline))),
    ]  # fmt: skip
    kept = [sheet for sheet in sheets if sheet.rows]
    about = Sheet("About", _heads("Competency dictionary", plain(outline.title)),
                  list(_about(outline, kept)), 0)  # fmt: skip
    output = io.BytesIO()
    properties = {
        "title": plain(outline.title),
        "subject": "Competency dictionary",
        "author": outline.facts.get("creator", ""),
        "company": outline.facts.get("publisher", ""),
        "comments": plain(outline.description),
    }
    write_workbook([about, *kept], output, properties, _date(outline))
    return output.getvalue()


def _date(outline: Outline) -> datetime:
    for name in ("modified", "created"):
        try:
            return datetime.fromisoformat(outline.facts.get(name, "")).replace(tzinfo=None)
        except ValueError:
            continue
    return UNDATED


def _heads(*names: str) -> list[Cell]:
    return [text(name) for name in names]


def _name(entry: Entry) -> Cell:
    return Cell(ox.NamedNode(entry.iri), entry.name or shorten(ox.NamedNode(entry.iri)))


def _entries_of_kind(outline: Outline, kind: str) -> list[Entry]:
    return [entry for entry in outline.entries if entry.kind == kind]


def _about(outline: Outline, sheets: Iterable[Sheet]) -> Iterator[Sequence[Cell]]:
    yield text("Description"), text(plain(outline.description))
    yield text("IRI"), Cell(ox.NamedNode(outline.iri))
    for name, words in _FACTS.items():
        if value := outline.facts.get(name):
            yield text(words), text(value)
    counts = Counter(entry.kind for entry in outline.entries)
    for kind, words in KIND_LABELS.items():
        if kind in counts:
            yield text(f"Entries: {words.lower()}"), Cell(ox.Literal(counts[kind]))
    for sheet in sheets:
        yield text(f"Sheet {sheet.title}"), text(_SHEET_DESCRIPTIONS[sheet.title])


def _requirements(outline: Outline) -> Iterator[Sequence[Cell]]:
    """The parts of each role's areas, and what all roles share; then the areas of no role."""
    common = outline.targets(outline.iri, "foundationalCompetency")
    covered: set[str] = set()
    for role in _entries_of_kind(outline, "role"):
        for area in outline.targets(role.iri, "coversArea"):
            covered.add(area.iri)
            yield from _parts(outline, _name(role), area)
        for competency in common:
            yield _name(role), text("Foundational, in every role"), *_described(competency)
    for area in _entries_of_kind(outline, "area"):
        if area.iri not in covered:
            yield from _parts(outline, text(""), area)


def _parts(outline: Outline, role: Cell, area: Entry) -> Iterator[Sequence[Cell]]:
    for part in chain.from_iterable(outline.targets(area.iri, name) for name in AREA_RELATIONS):
        yield role, _name(area), *_described(part)


def _described(entry: Entry) -> Sequence[Cell]:
    return (
        text(KIND_LABELS[entry.kind]), _name(entry), text(entry.notation),
        text(plain(entry.definition)),
    )  # fmt: skip


def _matrix(outline: Outline) -> Iterator[Sequence[Cell]]:
    roles = _entries_of_kind(outline, "role")
    covers = {(r.iri, area.iri) for r in roles for area in outline.targets(r.iri, "coversArea")}
    for area in _entries_of_kind(outline, "area") if roles else ():
        yield _name(area), *(text(_TICK if (r.iri, area.iri) in covers else "") for r in roles)


def _entries(outline: Outline) -> Iterator[Sequence[Cell]]:
    for entry in outline.entries:
        kind, name, code, definition = _described(entry)
        above = [outline.by_iri[one] for one in outline.parents[entry.iri] if one in outline.by_iri]
        yield (
            name, kind, code, definition,
            text(_SEPARATOR.join(label for label, _ in entry.alt_labels)),
            text(_SEPARATOR.join(example for example, _ in entry.examples)),
            text(_SEPARATOR.join(one.name for one in above)),
        )  # fmt: skip


def _links(outline: Outline) -> Iterator[Sequence[Cell]]:
    for match in outline.matches:
        entry = outline.by_iri[match.subject]
        yield (
            _name(entry), text(KIND_LABELS[entry.kind]), text(_in_words(match)),
            Cell(ox.NamedNode(match.object), match.label or match.object), text(match.notation),
        )  # fmt: skip


def _in_words(match: Match) -> str:
    """The kind of match in words: ``closeMatch`` becomes “close match”."""
    return match.name.removesuffix("Match") + " match"
