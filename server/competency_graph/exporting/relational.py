"""A dictionary as tables of a relational database, whose keys are IRIs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
from rdflib import Literal, URIRef
from rdflib.namespace import OWL, RDF, SKOS, XSD
from rdflib.term import Node

from competency_graph.exporting.outline import MATCHES, RELATIONS, Outline, plain
from competency_graph.rdf.short_names import local_name, shorten
from competency_graph.rdf.vocabulary import CG, KINDS

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
    languages, ``statement`` what entries have to do with each other, ``attribute`` what else is
    stated about them, ``link`` their counterparts in other frameworks, ``about`` the facts about
    the dictionary.
    """
    return [
        Table("entry", _ENTRY, list(_entries(outline))),
        Table("text", _TEXT, list(_texts(outline))),
        Table("statement", _STATEMENT, [(r.subject, r.name, r.object) for r in outline.relations]),
        Table("attribute", _ATTRIBUTE, sorted(_attributes(outline), key=str)),
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
_ATTRIBUTE: Final = (
    Column("entry", references="entry"), Column("property"), Column("value"), Column("type"),
    Column("language", required=False), Column("property_iri"),
)  # fmt: skip
_LINK: Final = (
    Column("entry", references="entry"), Column("match"), Column("concept"),
    Column("label", required=False), Column("code", required=False), Column("page", required=False),
)  # fmt: skip
_ABOUT: Final = (Column("name", key=True), Column("value"))


_ELSEWHERE: Final = frozenset(
    (SKOS.prefLabel, SKOS.altLabel, SKOS.definition, SKOS.example, SKOS.notation, CG.sourcePage,
     OWL.deprecated, *(SKOS[name] for name in MATCHES))
)  # fmt: skip
"""The properties that the other tables have."""
_RELATIONS: Final = frozenset(CG[name] for pair in RELATIONS.items() for name in pair if name)
_STATED_BY_KIND: Final = frozenset((*KINDS.values(), SKOS.Concept))


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


def _attributes(outline: Outline) -> Iterator[Sequence[Cell]]:
    """The statements about entries that no other table has: an extension's properties, and others.

    Values without an IRI are left out.
    """
    known = {outline.iri, *outline.by_iri}
    for entry in outline.by_iri:
        for property_, value in outline.said.predicate_objects(URIRef(entry)):
            row = entry, local_name(str(property_)), str(value)
            if isinstance(value, Literal):
                if property_ not in _ELSEWHERE:
                    default = RDF.langString if value.language else XSD.string
                    type_ = shorten(ox.NamedNode(value.datatype or default))
                    yield *row, type_, value.language, str(property_)
            elif isinstance(value, URIRef) and not _is_elsewhere(property_, value, known):
                yield *row, "IRI", None, str(property_)


def _is_elsewhere(property_: Node, value: URIRef, known: Collection[str]) -> bool:
    """Whether a statement that leads to an IRI is in another table, or in the kind of the entry."""
    if property_ == RDF.type:
        return value in _STATED_BY_KIND
    linking = property_ in _RELATIONS or property_ == SKOS.inScheme
    return property_ in _ELSEWHERE or (linking and str(value) in known)
