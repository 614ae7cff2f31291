"""What an item of a list is: part of an entry, a job title, a role or a name."""

from __future__ import annotations

from competency_graph.importing.document.names import normal
from competency_graph.importing.document.outline.accounts import Use
from competency_graph.importing.document.outline.habits import OTHER_OUTPUTS, Part, Section, is_name
from competency_graph.importing.document.outline.model import Role, Words
from competency_graph.importing.document.outline.paragraphs import Paragraph
from competency_graph.importing.document.outline.state import Reading
from competency_graph.importing.document.outline.wording import item_label, split_role

_USES = {
    Part.ACTIONS: Use.ACTION,
    Part.KNOWLEDGE: Use.KNOWLEDGE,
    Part.ABILITIES: Use.ABILITY,
    Part.OUTPUTS: Use.OUTPUT,
}
_MAX_LISTED_WORDS = 14


def read_item(reading: Reading, paragraph: Paragraph) -> None:
    """Read an item, by the list and the part of the document that it is in."""
    if reading.level is None:
        reading.level = paragraph.level
    words = Words(paragraph.text, paragraph.number)
    if paragraph.level >= reading.level + 2:
        if reading.section == Section.FRONT:
            reading.note(paragraph, Use.PROSE)
        else:
            reading.report(paragraph, "it is an item below another item")
    elif reading.entry is not None:
        _item_of_entry(reading, paragraph, words)
    elif reading.titles is not None:
        reading.titles.titles.append(Words(item_label(words.text), words.number))
        reading.note(paragraph, Use.JOB_TITLE)
    elif reading.section == Section.ROLES:
        _role(reading, paragraph, words)
    elif reading.section in (Section.COMPETENCIES, Section.AREAS):
        _listed(reading, paragraph, Words(item_label(words.text), words.number))
    else:
        reading.note(paragraph, Use.PROSE)


def _item_of_entry(reading: Reading, paragraph: Paragraph, words: Words) -> None:
    entry, part = reading.entry, reading.part
    assert entry is not None  # noqa: S101
    if part == Part.OUTPUTS and OTHER_OUTPUTS.fullmatch(paragraph.text):
        entry.open_ended = True
        reading.note(paragraph, Use.OPEN_ENDED)
        return
    lists = {
        Part.ACTIONS: entry.actions,
        Part.KNOWLEDGE: entry.knowledge,
        Part.ABILITIES: entry.abilities,
        Part.OUTPUTS: entry.outputs,
    }
    if part not in lists:
        reading.report(paragraph, "no label such as “Knowledge of” precedes this item")
        return
    lists[part].append(words)
    reading.note(paragraph, _USES[part])


def _role(reading: Reading, paragraph: Paragraph, words: Words) -> None:
    name, definition, _ = split_role(words.text)
    if reading.outline.title_lists or not is_name(name):
        reading.report(paragraph, "it is neither a role nor a job title of one")
        return
    reading.add_role(
        Role(
            Words(name, words.number),
            Words(definition, words.number) if definition else None,
        )
    )
    reading.note(paragraph, Use.ROLE)


def _listed(reading: Reading, paragraph: Paragraph, words: Words) -> None:
    """A name in the list of clusters, of the competencies in one, or of areas."""
    if len(words.text.split()) > _MAX_LISTED_WORDS:
        reading.note(paragraph, Use.PROSE)
        return
    if reading.section == Section.AREAS:
        listed = reading.outline.listed_areas
    elif reading.cluster is not None:
        listed = reading.cluster.listed
    else:
        listed = reading.outline.listed_clusters
    listed.append(words)
    reading.known.add(normal(words.text))
    reading.note(paragraph, Use.NAMES)
