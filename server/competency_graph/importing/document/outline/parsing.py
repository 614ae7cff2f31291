"""Recognises the parts of a document in its paragraphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from competency_graph.importing.document.names import normal
from competency_graph.importing.document.outline.accounts import Accounts, Use
from competency_graph.importing.document.outline.habits import (
    NUMBERING,
    Part,
    Section,
    contents_line,
    is_name,
)
from competency_graph.importing.document.outline.headings import read_heading
from competency_graph.importing.document.outline.items import read_item
from competency_graph.importing.document.outline.model import ContentsEntry, Outline, Words
from competency_graph.importing.document.outline.paragraphs import Paragraph
from competency_graph.importing.document.outline.role_table import role_table
from competency_graph.importing.document.outline.state import Reading
from competency_graph.importing.document.outline.wording import strip_stop
from competency_graph.importing.document.reading.line import Kind


def outline_of(
    paragraphs: Sequence[Paragraph], accounts: Accounts, own_labels: Mapping[str, Part]
) -> Outline:
    """Recognise the parts of a document.

    Args:
        paragraphs: its paragraphs.
        accounts: receives the use of each line.
        own_labels: the document's own labels, as for `habits.label`.
    """
    reading = Reading(paragraphs, accounts, own_labels)
    tables = []
    for at, paragraph in enumerate(reading.paragraphs):
        reading.at = at
        if paragraph.kind != Kind.ITEM:
            reading.level = None
        if paragraph.kind == Kind.ROW:
            tables.append(paragraph)
        elif _in_contents(reading, paragraph) or _announces(reading, paragraph):
            pass
        elif paragraph.kind == Kind.ITEM:
            read_item(reading, paragraph)
        elif not read_heading(reading, paragraph):
            _text(reading, paragraph)
    _read_tables(reading, tables)
    return reading.outline


def _announces(reading: Reading, paragraph: Paragraph) -> bool:
    """Read a label; False if it is none in this place."""
    found = reading.labels[reading.at]
    if found is None or (reading.entry is None and paragraph.kind == Kind.ITEM):
        return False
    part, rest = found
    if part != Part.DEFINITION and reading.entry is None:
        return False
    reading.part, reading.titles = part, None
    if part != Part.DEFINITION or not rest:
        reading.note(paragraph, Use.LABEL)
        return True
    return _define(reading, paragraph, rest)


def _define(reading: Reading, paragraph: Paragraph, text: str) -> bool:
    words = Words(text, paragraph.number)
    role = (
        reading.outline.roles[-1]
        if reading.section == Section.ROLES and reading.role_names
        else None
    )
    entry = reading.entry or role
    if reading.entry is None and reading.cluster is not None:
        reading.cluster.definition.append(words)
    elif entry is None:
        reading.report(paragraph, "no heading of an entry precedes this definition")
        return True
    elif entry.definition is not None:
        reading.report(paragraph, "the entry has a definition already")
        return True
    else:
        entry.definition = words
    reading.note(paragraph, Use.DEFINITION)
    return True


def _in_contents(reading: Reading, paragraph: Paragraph) -> bool:
    """Read a line of the list of contents; False if the list has ended."""
    if reading.section != Section.CONTENTS:
        return False
    found = contents_line(paragraph.text)
    first = not reading.outline.contents
    repeated = normal(paragraph.text) in reading.known
    if not found and ((paragraph.gap and not first) or repeated):
        return False
    name = NUMBERING.sub("", found["name"] if found else paragraph.text, count=1)
    page = int(found["page"]) if found else None
    reading.outline.contents.append(ContentsEntry(Words(name, paragraph.number), page))
    reading.known.add(normal(name))
    reading.note(paragraph, Use.CONTENTS)
    return True


def _text(reading: Reading, paragraph: Paragraph) -> None:
    if reading.section == Section.CONTENTS:
        reading.section = Section.FRONT  # what follows the list
    if reading.part == Part.DEFINITION and reading.labels[reading.at - 1] == (Part.DEFINITION, ""):
        _define(reading, paragraph, paragraph.text)
    elif reading.entry is not None:
        reading.report(paragraph, "it is neither a heading nor a part of an entry")
    elif reading.cluster is not None and not reading.cluster.listed:
        reading.cluster.definition.append(Words(paragraph.text, paragraph.number))
        reading.note(paragraph, Use.DEFINITION)
    elif reading.section == Section.FRONT and _about_the_document(reading, paragraph):
        pass
    else:
        reading.titles = None
        reading.note(paragraph, Use.PROSE)


def _about_the_document(reading: Reading, paragraph: Paragraph) -> bool:
    """Take the title and the first paragraph of a document."""
    words = Words(strip_stop(paragraph.text), paragraph.number)
    if is_name(paragraph.text):
        if Section.CONTENTS in reading.begun or reading.outline.description:
            return False
        reading.outline.title = words
        reading.note(paragraph, Use.TITLE)
        return True
    if reading.outline.description:
        return False
    reading.outline.description = Words(paragraph.text, paragraph.number)
    reading.note(paragraph, Use.DESCRIPTION)
    return True


def _read_tables(reading: Reading, tables: Sequence[Paragraph]) -> None:
    """Read the tables, once the roles are known."""
    roles = [role.name.text for role in reading.outline.roles]
    for paragraph in tables:
        table = role_table(paragraph.rows, roles)
        if table is None:
            reading.report(paragraph, "this table names no role in its first row")
            continue
        reading.outline.tables.append(table)
        reading.accounts.note(paragraph.lines, Use.TABLE)
