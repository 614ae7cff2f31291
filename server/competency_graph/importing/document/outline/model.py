"""What a document says, in its own order: the outline that a dictionary is built from."""

from __future__ import annotations

from dataclasses import dataclass, field

from competency_graph.importing.document.outline.role_table import RoleTable


@dataclass(frozen=True)
class Words:
    """A text with the line that it begins in.

    Args:
        text: the text.
        number: the number of its line.
    """

    text: str
    number: int


@dataclass
class Entry:
    """An area of expertise or a competency.

    Args:
        name: its heading.
        definition: its definition, if it has one.
        actions: the items of its list of key actions.
        knowledge: those of its list of knowledge.
        abilities: those of its list of abilities.
        outputs: those of its list of outputs.
        open_ended: whether its outputs end in “other outputs”.
    """

    name: Words
    definition: Words | None = None
    actions: list[Words] = field(default_factory=list)
    knowledge: list[Words] = field(default_factory=list)
    abilities: list[Words] = field(default_factory=list)
    outputs: list[Words] = field(default_factory=list)
    open_ended: bool = False


@dataclass
class Cluster:
    """A cluster of competencies.

    Args:
        name: its heading; None for competencies without a cluster.
        definition: the paragraphs below the heading.
        listed: the competencies that its list names.
        entries: its competencies.
    """

    name: Words | None
    definition: list[Words] = field(default_factory=list)
    listed: list[Words] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)


@dataclass
class Role:
    """A role.

    Args:
        name: its name.
        definition: what it is, if the document says so.
        titles: its example job titles.
    """

    name: Words
    definition: Words | None = None
    titles: list[Words] = field(default_factory=list)


@dataclass
class TitleList:
    """A list of job titles under the name of a role.

    Args:
        role: the role, as the heading of the list names it.
        titles: the titles.
    """

    role: Words
    titles: list[Words] = field(default_factory=list)


@dataclass(frozen=True)
class ContentsEntry:
    """A line of the list of contents.

    Args:
        name: its text without the page.
        page: the page that it refers to; None if it has none.
    """

    name: Words
    page: int | None


@dataclass
class Outline:
    """A document, recognised.

    Args:
        title: the document's title.
        description: its first paragraph.
        contents: its list of contents.
        roles: its roles.
        title_lists: its lists of job titles.
        tables: its tables of roles and areas.
        listed_clusters: the clusters that the list of clusters names.
        clusters: its clusters with their competencies.
        listed_areas: the areas that the list of areas names.
        areas: its areas of expertise.
        unknown: runs of lines that were not understood: the first and last number, and a reason.
    """

    title: Words | None = None
    description: Words | None = None
    contents: list[ContentsEntry] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    title_lists: list[TitleList] = field(default_factory=list)
    tables: list[RoleTable] = field(default_factory=list)
    listed_clusters: list[Words] = field(default_factory=list)
    clusters: list[Cluster] = field(default_factory=list)
    listed_areas: list[Words] = field(default_factory=list)
    areas: list[Entry] = field(default_factory=list)
    unknown: list[tuple[int, int, str]] = field(default_factory=list)
