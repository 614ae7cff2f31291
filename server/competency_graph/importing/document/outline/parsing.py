"""Recognises the parts of a document in its paragraphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from competency_graph.importing.document.names import normal
from competency_graph.importing.document.outline.accounts import Accounts, Use
from competency_graph.importing.document.outline.habits import (
    CLUSTER,
    MAX_HEADING,
    NUMBERING,
    OTHER_OUTPUTS,
    TITLES_OF,
    Part,
    Section,
    contents_line,
    is_name,
    label,
    section,
)
from competency_graph.importing.document.outline.model import (
    Cluster,
    ContentsEntry,
    Entry,
    Outline,
    Role,
    TitleList,
    Words,
)
from competency_graph.importing.document.outline.paragraphs import Paragraph
from competency_graph.importing.document.outline.role_table import role_table
from competency_graph.importing.document.outline.wording import (
    item_label,
    split_role,
    strip_stop,
)
from competency_graph.importing.document.reading.line import Kind

_USES = {
    Part.ACTIONS: Use.ACTION,
    Part.KNOWLEDGE: Use.KNOWLEDGE,
    Part.ABILITIES: Use.ABILITY,
    Part.OUTPUTS: Use.OUTPUT,
}
_MAX_LISTED_WORDS = 14
_ONLY_AREAS = (Part.SKILLS, Part.KNOWLEDGE, Part.ABILITIES, Part.OUTPUTS)


def outline_of(
    paragraphs: Sequence[Paragraph], accounts: Accounts, own_labels: Mapping[str, Part]
) -> Outline:
    """Recognise the parts of a document.

    Args:
        paragraphs: its paragraphs.
        accounts: receives the use of each line.
        own_labels: the document's own labels, as for `habits.label`.
    """
    reader = _Reader(paragraphs, accounts, own_labels)
    reader.read()
    return reader.outline


class _Reader:
    def __init__(
        self, paragraphs: Sequence[Paragraph], accounts: Accounts, own_labels: Mapping[str, Part]
    ) -> None:
        self.outline = Outline()
        self._accounts, self._own_labels = accounts, own_labels
        self._paragraphs = [each for each in paragraphs if not each.furniture]
        for each in paragraphs:
            if each.furniture:
                accounts.note(each.lines, Use.FURNITURE)
        self._labels = [
            label(each.text, own_labels) if each.kind != Kind.ROW else None
            for each in self._paragraphs
        ]
        self._section = Section.FRONT
        self._begun: set[Section] = set()
        self._part: Part | None = None
        self._entry: Entry | None = None
        self._cluster: Cluster | None = None
        self._titles: TitleList | None = None
        self._known: set[str] = set()
        self._role_names: set[str] = set()
        self._level: int | None = None
        """The indentation of the current list."""
        self._tables: list[Paragraph] = []
        self._previous_unknown = -2

    def read(self) -> None:
        for at, paragraph in enumerate(self._paragraphs):
            self._at = at
            if paragraph.kind != Kind.ITEM:
                self._level = None
            if paragraph.kind == Kind.ROW:
                self._tables.append(paragraph)
            elif self._in_contents(paragraph) or self._announces(paragraph):
                pass
            elif paragraph.kind == Kind.ITEM:
                self._item(paragraph)
            elif not self._heading(paragraph):
                self._text(paragraph)
        self._read_tables()

    # Headings

    def _heading(self, paragraph: Paragraph) -> bool:
        text, words = paragraph.text, Words(paragraph.text, paragraph.number)
        begins = section(text)
        following = self._labels[self._at + 1] if self._at + 1 < len(self._labels) else None
        defined = bool(following and following[0] == Part.DEFINITION) and is_name(text)
        cluster = self._cluster_name(text, defined)
        if cluster:
            self._cluster = Cluster(Words(cluster, paragraph.number))
            self.outline.clusters.append(self._cluster)
            self._section, self._entry = Section.COMPETENCIES, None
        elif begins and begins not in self._begun and not (defined and self._begun):
            self._begun.add(begins)
            self._section, self._entry, self._cluster = begins, None, None
        elif self._section == Section.ROLES and self._heads_titles(words, defined):
            self._part = None
            self._note(paragraph, Use.HEADING)
            return True
        elif defined or self._heads_entry(paragraph, following):
            self._begin_entry(words)
        else:
            return False
        self._part, self._titles = None, None
        self._note(paragraph, Use.HEADING)
        return True

    def _cluster_name(self, text: str, defined: bool) -> str:
        """The name of the cluster that a heading begins, or ""."""
        plain = NUMBERING.sub("", text)
        found = CLUSTER.fullmatch(plain)
        if (
            not is_name(text)
            or not (found or self._is_listed_cluster(plain, defined))
            or self._section in (Section.ROLES, Section.AREAS)
        ):
            return ""
        if section(text) == Section.COMPETENCIES and Section.COMPETENCIES not in self._begun:
            return ""
        if self._section == Section.FRONT and Section.COMPETENCIES not in self._begun:
            return ""
        after = self._labels[self._at + 2 : self._at + 4]
        if defined and any(each and each[0] == Part.ACTIONS for each in after):
            return ""  # a competency with this name
        return found["name"] or found["after"] if found else plain

    def _is_listed_cluster(self, name: str, defined: bool) -> bool:
        return not defined and normal(name) in {
            normal(each.text) for each in self.outline.listed_clusters
        }

    def _heads_titles(self, words: Words, defined: bool) -> bool:
        """Whether a heading in the section of roles begins a list of titles, or a role."""
        if defined:
            self._add_role(Role(words))
            self._titles = None
            return True
        if len(words.text) > MAX_HEADING:
            return False
        found = TITLES_OF.fullmatch(words.text)
        name = (found["of"] or found["role"]) if found else words.text.rstrip(": ")
        if not found and normal(name) not in self._role_names:
            return False
        if found and not is_name(name):
            return False
        self._titles = TitleList(Words(name, words.number))
        self.outline.title_lists.append(self._titles)
        return True

    def _heads_entry(self, paragraph: Paragraph, following: tuple[Part, str] | None) -> bool:
        """Whether a heading without a definition below it begins an entry."""
        if not is_name(paragraph.text):
            return False
        if self._section not in (Section.COMPETENCIES, Section.AREAS):
            return bool(following and paragraph.kind == Kind.HEADING)
        if normal(paragraph.text) in self._known:
            return True
        if paragraph.kind == Kind.HEADING:
            return following is not None
        complete = self._entry is None or (self._part is not None and self._part != Part.DEFINITION)
        return bool(following) and complete

    def _begin_entry(self, name: Words) -> None:
        self._entry = Entry(name)
        if self._is_area():
            self.outline.areas.append(self._entry)
            return
        if self._cluster is None:
            self._cluster = Cluster(None)
            self.outline.clusters.append(self._cluster)
        self._cluster.entries.append(self._entry)

    def _is_area(self) -> bool:
        """Whether the entry that begins here is an area, by its section or else by its parts."""
        if self._section in (Section.COMPETENCIES, Section.AREAS):
            return self._section == Section.AREAS
        for each in self._labels[self._at + 2 :]:
            if each and each[0] == Part.DEFINITION:
                return False
            if each and each[0] in _ONLY_AREAS:
                return True
        return False

    # Labels

    def _announces(self, paragraph: Paragraph) -> bool:
        """Read a label; False if it is none in this place."""
        found = self._labels[self._at]
        if found is None or (self._entry is None and paragraph.kind == Kind.ITEM):
            return False
        part, rest = found
        if part != Part.DEFINITION and self._entry is None:
            return False
        self._part, self._titles = part, None
        if part != Part.DEFINITION or not rest:
            self._note(paragraph, Use.LABEL)
            return True
        return self._define(paragraph, rest)

    def _define(self, paragraph: Paragraph, text: str) -> bool:
        words = Words(text, paragraph.number)
        role = (
            self.outline.roles[-1] if self._section == Section.ROLES and self._role_names else None
        )
        entry = self._entry or role
        if self._entry is None and self._cluster is not None:
            self._cluster.definition.append(words)
        elif entry is None:
            self._unknown(paragraph, "no heading of an entry precedes this definition")
            return True
        elif entry.definition is not None:
            self._unknown(paragraph, "the entry has a definition already")
            return True
        else:
            entry.definition = words
        self._note(paragraph, Use.DEFINITION)
        return True

    # Items

    def _item(self, paragraph: Paragraph) -> None:
        if self._level is None:
            self._level = paragraph.level
        words = Words(paragraph.text, paragraph.number)
        if paragraph.level >= self._level + 2:
            if self._section == Section.FRONT:
                self._note(paragraph, Use.PROSE)
            else:
                self._unknown(paragraph, "it is an item below another item")
        elif self._entry is not None:
            self._item_of_entry(paragraph, words)
        elif self._titles is not None:
            self._titles.titles.append(Words(item_label(words.text), words.number))
            self._note(paragraph, Use.JOB_TITLE)
        elif self._section == Section.ROLES:
            self._role(paragraph, words)
        elif self._section in (Section.COMPETENCIES, Section.AREAS):
            self._listed(paragraph, Words(item_label(words.text), words.number))
        else:
            self._note(paragraph, Use.PROSE)

    def _item_of_entry(self, paragraph: Paragraph, words: Words) -> None:
        entry, part = self._entry, self._part
        assert entry is not None  # noqa: S101
        if part == Part.OUTPUTS and OTHER_OUTPUTS.fullmatch(paragraph.text):
            entry.open_ended = True
            self._note(paragraph, Use.OPEN_ENDED)
            return
        lists = {
            Part.ACTIONS: entry.actions,
            Part.KNOWLEDGE: entry.knowledge,
            Part.ABILITIES: entry.abilities,
            Part.OUTPUTS: entry.outputs,
        }
        if part not in lists:
            self._unknown(paragraph, "no label such as “Knowledge of” precedes this item")
            return
        lists[part].append(words)
        self._note(paragraph, _USES[part])

    def _role(self, paragraph: Paragraph, words: Words) -> None:
        name, definition, _ = split_role(words.text)
        if self.outline.title_lists or not is_name(name):
            self._unknown(paragraph, "it is neither a role nor a job title of one")
            return
        self._add_role(
            Role(
                Words(name, words.number),
                Words(definition, words.number) if definition else None,
            )
        )
        self._note(paragraph, Use.ROLE)

    def _add_role(self, role: Role) -> None:
        self.outline.roles.append(role)
        self._role_names.add(normal(role.name.text))

    def _listed(self, paragraph: Paragraph, words: Words) -> None:
        """A name in the list of clusters, of the competencies in one, or of areas."""
        if len(words.text.split()) > _MAX_LISTED_WORDS:
            self._note(paragraph, Use.PROSE)
            return
        if self._section == Section.AREAS:
            listed = self.outline.listed_areas
        elif self._cluster is not None:
            listed = self._cluster.listed
        else:
            listed = self.outline.listed_clusters
        listed.append(words)
        self._known.add(normal(words.text))
        self._note(paragraph, Use.NAMES)

    # Other text

    def _in_contents(self, paragraph: Paragraph) -> bool:
        """Read a line of the list of contents; False if the list has ended."""
        if self._section != Section.CONTENTS:
            return False
        found = contents_line(paragraph.text)
        first = not self.outline.contents
        repeated = normal(paragraph.text) in self._known
        if not found and ((paragraph.gap and not first) or repeated):
            return False
        name = NUMBERING.sub("", found["name"] if found else paragraph.text, count=1)
        page = int(found["page"]) if found else None
        self.outline.contents.append(ContentsEntry(Words(name, paragraph.number), page))
        self._known.add(normal(name))
        self._note(paragraph, Use.CONTENTS)
        return True

    def _text(self, paragraph: Paragraph) -> None:
        if self._section == Section.CONTENTS:
            self._section = Section.FRONT  # what follows the list
        if self._part == Part.DEFINITION and self._labels[self._at - 1] == (Part.DEFINITION, ""):
            self._define(paragraph, paragraph.text)
        elif self._entry is not None:
            self._unknown(paragraph, "it is neither a heading nor a part of an entry")
        elif self._cluster is not None and not self._cluster.listed:
            self._cluster.definition.append(Words(paragraph.text, paragraph.number))
            self._note(paragraph, Use.DEFINITION)
        elif self._section == Section.FRONT and self._about_the_document(paragraph):
            pass
        else:
            self._titles = None
            self._note(paragraph, Use.PROSE)

    def _about_the_document(self, paragraph: Paragraph) -> bool:
        """Take the title and the first paragraph of a document."""
        words = Words(strip_stop(paragraph.text), paragraph.number)
        if is_name(paragraph.text):
            if Section.CONTENTS in self._begun or self.outline.description:
                return False
            self.outline.title = words
            self._note(paragraph, Use.TITLE)
            return True
        if self.outline.description:
            return False
        self.outline.description = Words(paragraph.text, paragraph.number)
        self._note(paragraph, Use.DESCRIPTION)
        return True

    def _read_tables(self) -> None:
        """Read the tables, once the roles are known."""
        roles = [role.name.text for role in self.outline.roles]
        for paragraph in self._tables:
            table = role_table(paragraph.rows, roles)
            if table is None:
                self._unknown(paragraph, "this table names no role in its first row")
                continue
            self.outline.tables.append(table)
            self._accounts.note(paragraph.lines, Use.TABLE)

    # Accounts

    def _note(self, paragraph: Paragraph, use: Use) -> None:
        self._accounts.note(paragraph.lines, use)

    def _unknown(self, paragraph: Paragraph, reason: str) -> None:
        self._note(paragraph, Use.UNKNOWN)
        found, last = self.outline.unknown, paragraph.number + len(paragraph.lines) - 1
        if found and found[-1][2] == reason and self._previous_unknown == self._at - 1:
            found[-1] = (found[-1][0], last, reason)
        else:
            found.append((paragraph.number, last, reason))
        self._previous_unknown = self._at
