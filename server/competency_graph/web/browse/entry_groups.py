"""The entries of a kind as their list shows them: in groups, with their parts and users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final, NamedTuple

import pyoxigraph as ox

from competency_graph.rdf.short_names import Term, shorten, text_of
from competency_graph.rdf.vocabulary import CG, KIND_OF_CLASS, KINDS, PREFIXES
from competency_graph.sparql.entry_view import Item
from competency_graph.sparql.label_language import LABEL_ORDER, in_language
from competency_graph.web.browse.kinds import contents
from competency_graph.web.browse.paging import Page, page_in, page_of, paged
from competency_graph.web.http.kept import kept, kept_by_language
from competency_graph.web.http.responses import query_rows
from competency_graph.web.languages.texts import current_language

_PAGE_SIZES: Final = {"role": 150, "area": 150, "cluster": 150}
_PAGE_SIZE: Final = 400
"""The numbers of entries on a page, which keep it below 100 KB."""
_MAX_KEPT: Final = 30_000
"""The number of entries of a kind up to which they are queried once and kept, in some 60 MB."""
GROUPED_BY: Final = {
    "title": "exampleTitle",
    "competency": "hasCompetency",
    "action": "hasKeyAction",
    "knowledge": "requiresKnowledge",
    "ability": "requiresAbility",
    "output": "producesOutput",
}
"""The property whose subjects group the entries of a kind."""
_CLASS, _PROPERTY = ox.Variable("class"), ox.Variable("property")
_HEAD: Final = f"""\
PREFIX cg: <{PREFIXES["cg"]}>
PREFIX skos: <{PREFIXES["skos"]}>
"""
_ENTRY_COLUMNS: Final = """\
  ?entry (COALESCE(MIN(?own), MIN(?english), MIN(?any)) AS ?label) (MIN(?notation) AS ?code)
  (COALESCE(MIN(?ownDefinition), MIN(?englishDefinition), MIN(?anyDefinition)) AS ?definition)"""
_ENTRY_PATTERN: Final = """\
  ?entry a ?class .
  OPTIONAL { ?entry skos:notation ?notation }
  OPTIONAL { ?entry skos:prefLabel ?any }
  OPTIONAL { ?entry skos:prefLabel ?english FILTER(LANGMATCHES(LANG(?english), "en")) }
  OPTIONAL { ?entry skos:prefLabel ?own FILTER(LANGMATCHES(LANG(?own), ?language)) }
  OPTIONAL { ?entry skos:definition ?anyDefinition }
  OPTIONAL { ?entry skos:definition ?englishDefinition
    FILTER(LANGMATCHES(LANG(?englishDefinition), "en")) }
  OPTIONAL { ?entry skos:definition ?ownDefinition
    FILTER(LANGMATCHES(LANG(?ownDefinition), ?language)) }"""
_PLAIN_QUERY: Final = f"""\
{_HEAD}SELECT ?class ?language
{_ENTRY_COLUMNS}
WHERE {{
{_ENTRY_PATTERN}
}} GROUP BY ?class ?language ?entry
ORDER BY (!BOUND(?code)) STRLEN(?code) ?code ?label ?entry"""
_GROUPED_QUERY: Final = f"""\
{_HEAD}SELECT ?class ?property ?language
{_ENTRY_COLUMNS}
  ?group (COALESCE(MIN(?ownName), MIN(?englishName), MIN(?anyName)) AS ?groupLabel)
  (MIN(?groupNotation) AS ?groupCode) (MIN(?groupClass) AS ?groupKind)
WHERE {{
{_ENTRY_PATTERN}
  OPTIONAL {{
    ?group ?property ?entry .
    OPTIONAL {{ ?group skos:notation ?groupNotation }}
    OPTIONAL {{ ?group skos:prefLabel ?anyName }}
    OPTIONAL {{ ?group skos:prefLabel ?englishName FILTER(LANGMATCHES(LANG(?englishName), "en")) }}
    OPTIONAL {{ ?group skos:prefLabel ?ownName FILTER(LANGMATCHES(LANG(?ownName), ?language)) }}
    OPTIONAL {{ ?group a ?groupClass FILTER(STRSTARTS(STR(?groupClass), STR(cg:))) }}
  }}
}} GROUP BY ?class ?property ?language ?group ?entry
ORDER BY (!BOUND(?group)) ?groupKind (!BOUND(?groupCode)) STRLEN(?groupCode) ?groupCode ?group
  (!BOUND(?code)) STRLEN(?code) ?code ?label ?entry"""
_COVERED_QUERY: Final = f"""\
{_HEAD}SELECT ?language ?area ?role ?label ?code WHERE {{
  ?role cg:coversArea ?area .
  OPTIONAL {{ ?role skos:prefLabel ?label }}
  OPTIONAL {{ ?role skos:notation ?code }}
}} ORDER BY STRLEN(?code) ?code ?role {LABEL_ORDER}"""
_PARTS_QUERY: Final = f"""\
{_HEAD}SELECT ?class ?entry ?kind (COUNT(DISTINCT ?part) AS ?parts) WHERE {{
  VALUES (?property ?kind) {{
    (cg:coversArea cg:AreaOfExpertise)
    (cg:requires cg:Knowledge) (cg:requires cg:Ability)
    (cg:hasKeyAction cg:KeyAction) (cg:producesOutput cg:Output)
    (cg:hasCompetency cg:Competency)
  }}
  ?entry a ?class .
  ?entry ?property ?part .
  ?part a ?kind .
}} GROUP BY ?class ?entry ?kind"""


@dataclass(frozen=True)
class Group:
    """Entries that belong to the same entry.

    Args:
        head: the entry that they belong to; None for those that belong to no entry.
        entries: the entries.
        begun: whether the previous page has more of them.
        continued: whether the next page has more of them.
    """

    head: Item | None
    entries: list[Item] = field(default_factory=list)
    begun: bool = False
    continued: bool = False


Pair = tuple[Item | None, Item]
"""The entry that another entry belongs to, if any, and this other entry."""


class Members(NamedTuple):
    """The entries of a kind on one page.

    Args:
        groups: the entries in groups; those of a kind without groups are in one without head.
        page: their page.
        shared: the entries that belong to several others, each with these.
    """

    groups: list[Group]
    page: Page[Item]
    shared: Mapping[Term, Sequence[Item]]


def read_members(kind: str, number: int) -> Members:
    """The entries of a kind on one page, in the order of their groups and codes.

    Labels and definitions are in the language of the page, where they are in several. If there are
    very many entries, `Members.shared` has only what is on the same page.
    """
    size = _PAGE_SIZES.get(kind, _PAGE_SIZE)
    query = _GROUPED_QUERY if kind in GROUPED_BY else _PLAIN_QUERY
    if contents().count(kind) <= _MAX_KEPT:
        pairs, shared = kept_by_language(
            f"members of {kind}", lambda: _with_shared(_pairs(kind, query))
        )
        found = page_in(pairs, number, size)
    else:
        found = page_of(_pairs(kind, paged(query, number, size)), number, size)
        shared = _with_shared(found.rows)[1]
    groups = [
        Group(head, [item for _, item in members])
        for head, members in groupby(found.rows, key=lambda pair: pair[0])
    ]
    return Members(groups, Page(number, [item for _, item in found.rows], found.more), shared)


def _pairs(kind: str, text: str) -> list[Pair]:
    """The entries of a kind that a query returns, each with the head of its group."""
    bindings = {_CLASS: ox.NamedNode(str(KINDS[kind])), **in_language(current_language())}
    if kind in GROUPED_BY:
        bindings[_PROPERTY] = ox.NamedNode(CG + GROUPED_BY[kind])
    heads: dict[Term | None, Item | None] = {None: None}
    pairs: list[Pair] = []
    for row in query_rows(text, bindings):
        entry, label, code, definition, *head = row
        if entry is None:
            continue
        item = Item(entry, text_of(label), shorten(code), text_of(definition), kind)
        if head and head[0] not in heads:
            heads[head[0]] = _head(*head)
        pairs.append((heads[head[0]] if head else None, item))
    return pairs


def _with_shared(pairs: list[Pair]) -> tuple[list[Pair], dict[Term, list[Item]]]:
    """The pairs, and the entries that are in several of them, each with those it belongs to."""
    groups: dict[Term, list[Item]] = {}
    for head, item in pairs:
        if head is not None:
            groups.setdefault(item.term, []).append(head)
    return pairs, {term: heads for term, heads in groups.items() if len(heads) > 1}


def read_choices(kind: str, most: int) -> list[Item]:
    """The entries of a kind in the order of their codes; none if there are more than ``most``."""
    bindings = {_CLASS: ox.NamedNode(str(KINDS[kind])), **in_language(current_language())}
    rows = list(query_rows(paged(_PLAIN_QUERY, 1, most), bindings))
    if len(rows) > most:
        return []
    return [
        Item(entry, text_of(label), shorten(code), kind=kind)
        for entry, label, code, _ in rows
        if entry is not None
    ]


def _head(
    term: Term | None, label: Term | None, code: Term | None, class_: Term | None
) -> Item | None:
    if term is None:
        return None
    kind = KIND_OF_CLASS.get(getattr(class_, "value", ""), "")
    return Item(term, text_of(label), shorten(code), kind=kind)


def roles_of_areas() -> dict[Term, list[Item]]:
    """The areas that roles cover, each with these roles in the order of their codes."""
    return kept_by_language("roles of areas", _roles_of_areas)


def _roles_of_areas() -> dict[Term, list[Item]]:
    roles: dict[Term, list[Item]] = {}
    for area, role, label, code in query_rows(_COVERED_QUERY, in_language(current_language())):
        if area is not None and role is not None:
            covering = roles.setdefault(area, [])
            if all(item.term != role for item in covering):
                covering.append(Item(role, text_of(label), shorten(code), kind="role"))
    return roles


def part_counts(kind: str) -> dict[Term, dict[str, int]]:
    """For each entry of a kind that has parts, how many of each kind."""
    return kept(f"parts of {kind}", lambda: _part_counts(kind))


def _part_counts(kind: str) -> dict[Term, dict[str, int]]:
    counts: dict[Term, dict[str, int]] = {}
    for entry, class_, number in query_rows(_PARTS_QUERY, {_CLASS: ox.NamedNode(str(KINDS[kind]))}):
        if entry is not None:
            of_kind = KIND_OF_CLASS[str(getattr(class_, "value", ""))]
            counts.setdefault(entry, {})[of_kind] = int(shorten(number))
    return counts
