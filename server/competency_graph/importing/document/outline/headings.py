"""What a heading begins: a section, a cluster, a list of titles, a role or an entry."""

from __future__ import annotations

from competency_graph.importing.document.names import normal
from competency_graph.importing.document.outline.accounts import Use
from competency_graph.importing.document.outline.habits import (
    CLUSTER,
    MAX_HEADING,
    NUMBERING,
    TITLES_OF,
    Part,
    Section,
    is_name,
    section,
)
from competency_graph.importing.document.outline.model import Cluster, Entry, Role, TitleList, Words
from competency_graph.importing.document.outline.paragraphs import Paragraph
from competency_graph.importing.document.outline.state import Reading
from competency_graph.importing.document.reading.line import Kind

_ONLY_AREAS = (Part.SKILLS, Part.KNOWLEDGE, Part.ABILITIES, Part.OUTPUTS)


def read_heading(reading: Reading, paragraph: Paragraph) -> bool:
    """Read a heading; false if the paragraph is none."""
    text, words = paragraph.text, Words(paragraph.text, paragraph.number)
    begins = section(text)
    following = reading.labels[reading.at + 1] if reading.at + 1 < len(reading.labels) else None
    defined = bool(following and following[0] == Part.DEFINITION) and is_name(text)
    cluster = _cluster_name(reading, text, defined)
    if cluster:
        reading.cluster = Cluster(Words(cluster, paragraph.number))
        reading.outline.clusters.append(reading.cluster)
        reading.section, reading.entry = Section.COMPETENCIES, None
    elif begins and begins not in reading.begun and not (defined and reading.begun):
        reading.begun.add(begins)
        reading.section, reading.entry, reading.cluster = begins, None, None
    elif reading.section == Section.ROLES and _heads_titles(reading, words, defined):
        reading.part = None
        reading.note(paragraph, Use.HEADING)
        return True
    elif defined or _heads_entry(reading, paragraph, following):
        _begin_entry(reading, words)
    else:
        return False
    reading.part, reading.titles = None, None
    reading.note(paragraph, Use.HEADING)
    return True


def _cluster_name(reading: Reading, text: str, defined: bool) -> str:
    """The name of the cluster that a heading begins, or ""."""
    plain = NUMBERING.sub("", text)
    found = CLUSTER.fullmatch(plain)
    if (
        not is_name(text)
        or not (found or _is_listed_cluster(reading, plain, defined))
        or reading.section in (Section.ROLES, Section.AREAS)
    ):
        return ""
    if section(text) == Section.COMPETENCIES and Section.COMPETENCIES not in reading.begun:
        return ""
    if reading.section == Section.FRONT and Section.COMPETENCIES not in reading.begun:
        return ""
    after = reading.labels[reading.at + 2 : reading.at + 4]
    if defined and any(each and each[0] == Part.ACTIONS for each in after):
        return ""  # a competency with this name
    return found["name"] or found["after"] if found else plain


def _is_listed_cluster(reading: Reading, name: str, defined: bool) -> bool:
    return not defined and normal(name) in {
        normal(each.text) for each in reading.outline.listed_clusters
    }


def _heads_titles(reading: Reading, words: Words, defined: bool) -> bool:
    """Whether a heading in the section of roles begins a list of titles, or a role."""
    if defined:
        reading.add_role(Role(words))
        reading.titles = None
        return True
    if len(words.text) > MAX_HEADING:
        return False
    found = TITLES_OF.fullmatch(words.text)
    name = (found["of"] or found["role"]) if found else words.text.rstrip(": ")
    if not found and normal(name) not in reading.role_names:
        return False
    if found and not is_name(name):
        return False
    reading.titles = TitleList(Words(name, words.number))
    reading.outline.title_lists.append(reading.titles)
    return True


def _heads_entry(
    reading: Reading, paragraph: Paragraph, following: tuple[Part, str] | None
) -> bool:
    """Whether a heading without a definition below it begins an entry."""
    if not is_name(paragraph.text):
        return False
    if reading.section not in (Section.COMPETENCIES, Section.AREAS):
        return bool(following and paragraph.kind == Kind.HEADING)
    if normal(paragraph.text) in reading.known:
        return True
    if paragraph.kind == Kind.HEADING:
        return following is not None
    complete = reading.entry is None or (
        reading.part is not None and reading.part != Part.DEFINITION
    )
    return bool(following) and complete


def _begin_entry(reading: Reading, name: Words) -> None:
    reading.entry = Entry(name)
    if _is_area(reading):
        reading.outline.areas.append(reading.entry)
        return
    if reading.cluster is None:
        reading.cluster = Cluster(None)
        reading.outline.clusters.append(reading.cluster)
    reading.cluster.entries.append(reading.entry)


def _is_area(reading: Reading) -> bool:
    """Whether the entry that begins here is an area, by its section or else by its parts."""
    if reading.section in (Section.COMPETENCIES, Section.AREAS):
        return reading.section == Section.AREAS
    for each in reading.labels[reading.at + 2 :]:
        if each and each[0] == Part.DEFINITION:
            return False
        if each and each[0] in _ONLY_AREAS:
            return True
    return False
