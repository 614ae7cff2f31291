"""What may be written at a position."""

from __future__ import annotations

from competency_graph.authoring.candidate import ENTRY, PROPERTY, Candidate, Candidates, select
from competency_graph.authoring.concept_candidates import concept_candidates
from competency_graph.authoring.descriptions import label_of
from competency_graph.authoring.live_store import LiveStore
from competency_graph.authoring.mentions import is_mapping_file
from competency_graph.authoring.spelling import Speller
from competency_graph.authoring.term_candidates import Finder
from competency_graph.mappings import PREDICATES
from competency_graph.rdf.turtle_reading import COMMENT, SUBJECT, Cursor, cursor, resolved


def candidates(
    store: LiveStore, name: str, text: str, offset: int, language: str = "en"
) -> Candidates:
    """The candidates at an offset.

    Args:
        store: the statements.
        name: the name of the file, whose ending says what it is.
        text: its text, which may be broken.
        offset: the offset, counted from 0.
        language: the language of labels, a tag of BCP 47.
    """
    if is_mapping_file(name):
        return _in_mappings(store, name, text, offset, language)
    place = cursor(text, offset)
    if place.role == COMMENT:
        return Candidates(offset, [])
    found = Finder(store, name, text, place, language).found()
    return select(found, place.written, offset)


def _in_mappings(store: LiveStore, name: str, text: str, offset: int, language: str) -> Candidates:
    """The candidates in a cell of a mapping file, by its column."""
    line = text.rfind("\n", 0, offset) + 1
    cells = text[line:offset].split("\t")
    head = next((row for row in text.splitlines() if row and not row.startswith("#")), "")
    columns = head.split("\t")
    if text[line : line + 1] == "#" or len(cells) > len(columns):
        return Candidates(offset, [])
    row = dict(zip(columns, cells, strict=False))
    found = _in_cell(store, name, text, row, columns[len(cells) - 1], language)
    return select(found, cells[-1], offset)


def _in_cell(
    store: LiveStore, name: str, text: str, cells: dict[str, str], column: str, language: str
) -> list[Candidate]:
    """The candidates in a column; the cells are those of the row up to the cursor."""
    speller = Speller(store, name, text)
    if column == "predicate_id":
        return [Candidate(each, each, PROPERTY) for each in PREDICATES]
    if column == "subject_id":
        found = Finder(store, name, text, Cursor(SUBJECT), language).found()
        return [
            each
            for each in found
            if each.kind == ENTRY and not each.inserted.startswith("<") and not each.declaration
        ]
    if column == "object_id":
        return list(concept_candidates(store, speller, cells[column], language, declared_only=True))
    side = column.removesuffix("_label")
    if side in ("subject", "object") and f"{side}_id" in cells:
        iri = resolved(cells[f"{side}_id"], speller.declared)
        if iri in store.known or iri in store.concepts:
            label = label_of(store, iri, language)
            return [Candidate(label, label, ENTRY, iri)]
    return []
