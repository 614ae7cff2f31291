"""A dictionary as tables of a relational database, whose keys are IRIs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from competency_graph.exporting.outline import Outline, plain
from competency_graph.rdf.vocabulary import KINDS

Cell = str | int | bool | None
DICTIONARY: Final = "dictionary"
"""The kind of the row that stands for the dictionary itself."""
PER_KIND: Final = ("iri", "code", "label", "definition", "page", "deprecated")
"""The columns of a kind of entries."""


@dataclass(frozen=True)
class Column:
    """A column.

    Args:
        name: its name.
        type: the type of its values.
        required: whether each row has a value.
        key: whether its values identify the rows.
        references: the table whose key it holds, or "".
    """

    name: str
    type: type[str] | type[int] | type[bool] = str
    required: bool = True
    key: bool = False
    references: str = ""


@dataclass(frozen=True)
class Table:
    """A table.

    Args:
        name: its name.
        columns: its columns.
        rows: its rows.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def tables(outline: Outline) -> list[Table]:
    """The tables, each after those that it references.

    ``entry`` has a row for each entry and one for the dictionary, ``text`` all texts in all
    languages, ``statement`` what entries have to do with each other, ``link`` their counterparts in
    other frameworks, ``about`` the facts about the dictionary.
    """
    return [
        Table("entry", _ENTRY, list(_entries(outline))),
        Table("text", _TEXT, list(_texts(outline))),
        Table("statement", _STATEMENT, [(r.subject, r.name, r.object) for r in outline.relations]),
        Table("link", _LINK, [
            (m.subject, m.name, m.object, m.label or None, m.notation or None, m.page or None)
            for m in outline.matches
        ]),
        Table("about", _ABOUT, sorted(outline.facts.items())),
    ]  # fmt: skip


def kinds(outline: Outline) -> list[str]:
    """The kinds of entries that the dictionary has, in their usual order."""
    found = {entry.kind for entry in outline.entries}
    return [kind for kind in KINDS if kind in found]


_IRI: Final = Column("iri", key=True)
_ENTRY: Final = (
    _IRI, Column("kind"), Column("code", required=False), Column("label", required=False),
    Column("definition", required=False), Column("page", int, required=False),
    Column("deprecated", bool),
)  # fmt: skip
_TEXT: Final = (
    Column("entry", references="entry"), Column("property"), Column("language", required=False),
    Column("value"),
)  # fmt: skip
_STATEMENT: Final = (
    Column("subject", references="entry"), Column("property"), Column("object", references="entry"),
)  # fmt: skip
_LINK: Final = (
    Column("entry", references="entry"), Column("match"), Column("concept"),
    Column("label", required=False), Column("code", required=False), Column("page", required=False),
)  # fmt: skip
_ABOUT: Final = (Column("name", key=True), Column("value"))


def _entries(outline: Outline) -> Iterator[Sequence[Cell]]:
    title, description = plain(outline.title) or None, plain(outline.description) or None
    yield outline.iri, DICTIONARY, None, title, description, None, False
    for each in outline.entries:
        if each.iri != outline.iri:
            yield (
                each.iri, each.kind, each.notation or None, each.name or None,
                plain(each.definition) or None, each.page or None, each.deprecated,
            )  # fmt: skip


def _texts(outline: Outline) -> Iterator[Sequence[Cell]]:
    for each in outline.entries:
        found = (
            *(("prefLabel", language, text) for language, text in each.label.items()),
            *(("altLabel", language, text) for text, language in each.alt_labels),
            *(("definition", language, text) for language, text in each.definition.items()),
            *(("example", language, text) for text, language in each.examples),
        )
        for property_, language, text in found:
            yield each.iri, property_, language or None, text
