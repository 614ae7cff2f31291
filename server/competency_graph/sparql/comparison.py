"""What two or three entries have in common, what only one has, and the way from one to another."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import pyoxigraph as ox

from competency_graph.rdf.rows import Bindings, Rows
from competency_graph.rdf.short_names import shorten, text_of
from competency_graph.rdf.vocabulary import CLASS_OF_KIND, KIND_OF_CLASS, PREFIXES
from competency_graph.sparql.label_language import LABEL_ORDER, in_language

SECTIONS: Final = (
    "role", "area", "knowledge", "ability", "action", "output", "competency", "cluster",
)  # fmt: skip
"""The kinds of parts that are compared, in order; an example title belongs to one role only."""
_HEAD: Final = f"""\
PREFIX cg: <{PREFIXES["cg"]}>
PREFIX skos: <{PREFIXES["skos"]}>
"""
_NAMES: Final = """\
  OPTIONAL { ?part skos:prefLabel ?label }
  OPTIONAL { ?part skos:notation ?code }"""
_ORDER: Final = f"""\
ORDER BY (!BOUND(?code)) STRLEN(?code) ?code {LABEL_ORDER} ?label ?part"""
_ENTRY_QUERY: Final = f"""\
{_HEAD}SELECT ?part ?language ?label ?code WHERE {{
{_NAMES}
}} {_ORDER} LIMIT 1"""
_PARTS_QUERY: Final = f"""\
{_HEAD}SELECT ?entry ?language ?class ?part ?label ?code WHERE {{
  {{
    SELECT DISTINCT ?entry ?part WHERE {{
      {{ ?entry ?property ?part FILTER(STRSTARTS(STR(?property), STR(cg:))) }}
      UNION
      {{ ?part ?property ?entry FILTER(STRSTARTS(STR(?property), STR(cg:))) }}
      UNION
      {{ ?entry cg:coversArea ?area . ?area cg:hasKeyAction|cg:producesOutput ?part }}
    }}
  }}
  ?part a ?class FILTER(?class IN ({", ".join(f"<{CLASS_OF_KIND[kind]}>" for kind in SECTIONS)}))
{_NAMES}
}} {_ORDER}"""
"""The parts of an entry, each once before its names and classes are looked up, which is faster."""
_AREAS_QUERY: Final = f"""\
{_HEAD}SELECT DISTINCT ?entry ?area ?part WHERE {{
  ?entry cg:coversArea ?area .
  ?area cg:requiresKnowledge|cg:requiresAbility|cg:hasKeyAction ?part
}}"""
_ENTRY, _PART = ox.Variable("entry"), ox.Variable("part")


class Entry(NamedTuple):
    """An entry that is compared, or a part of one.

    Args:
        iri: its IRI.
        kind: its kind, of `vocabulary.CLASS_OF_KIND`.
        label: its label, or "".
        code: its code, or "".
    """

    iri: str
    kind: str
    label: str = ""
    code: str = ""

    @property
    def name(self) -> str:
        """Its label, or else a short form of its IRI."""
        return self.label or shorten(ox.NamedNode(self.iri))


class Row(NamedTuple):
    """A part, and which of the compared entries have it.

    Args:
        part: the part.
        presence: for each compared entry, in order, whether it has the part.
    """

    part: Entry
    presence: tuple[bool, ...]


@dataclass(frozen=True)
class Section:
    """The parts of one kind.

    Args:
        kind: the kind of the parts.
        rows: the parts, in the order of their codes.
    """

    kind: str
    rows: Sequence[Row]

    @property
    def shared(self) -> list[Entry]:
        """The parts that all compared entries have."""
        return [row.part for row in self.rows if all(row.presence)]

    @property
    def partly_shared(self) -> list[Row]:
        """The parts that several compared entries have, but not all."""
        return [row for row in self.rows if 1 < sum(row.presence) < len(row.presence)]

    def only(self, place: int) -> list[Entry]:
        """The parts that only one compared entry has.

        Args:
            place: the place of that entry, counted from 0.
        """
        return [row.part for row in self.rows if row.presence[place] and sum(row.presence) == 1]


class Step(NamedTuple):
    """What is to be learned in one area.

    Args:
        area: the area; None for what a role requires directly.
        new_area: whether the role that one comes from does not cover it.
        lessons: the parts that the role that one comes from lacks, by kind.
    """

    area: Entry | None
    new_area: bool
    lessons: dict[str, list[Entry]]


@dataclass(frozen=True)
class Way:
    """What somebody in one role learns to take on another.

    Args:
        start: the role that one comes from.
        goal: the role that one takes on.
        steps: what is to be learned, by area of the second role. A part that several areas need
            is in the first of them.
    """

    start: Entry
    goal: Entry
    steps: Sequence[Step] = ()

    def count(self, kind: str) -> int:
        """The number of parts of a kind to learn."""
        return sum(len(step.lessons.get(kind, ())) for step in self.steps)


@dataclass(frozen=True)
class Comparison:
    """The comparison of two or three entries of a kind.

    Args:
        entries: the entries, in the order in which they were named.
        sections: what they have, by kind; kinds that none has are omitted.
        ways: of two roles, the ways from each to the other.
    """

    entries: Sequence[Entry]
    sections: Sequence[Section]
    ways: Sequence[Way] = ()


@dataclass
class _Facts:
    """What one entry has.

    Args:
        parts: its parts.
        areas: for each area that it covers, what the area has; only for ways.
    """

    parts: dict[str, Entry] = field(default_factory=dict)
    areas: dict[str, set[str]] = field(default_factory=dict)


def compare(
    kind: str, entries: Sequence[ox.NamedNode], rows: Rows, language: str = "en"
) -> Comparison:
    """Compare entries by everything that they have, directly, by inference or through their areas.

    Args:
        kind: the kind of the entries, of `vocabulary.CLASS_OF_KIND`.
        entries: the entries, at least two.
        rows: queries the dictionary.
        language: the language of labels, where they are in several.
    """
    labels = in_language(language)
    named = [_entry(kind, entry, rows, labels) for entry in entries]
    facts = [_facts(entry, rows, labels) for entry in entries]
    ways = []
    if kind == "role" and len(entries) == 2:
        for each, entry in zip(facts, entries, strict=True):
            each.areas = _areas(entry, rows)
        (left, right), (of_left, of_right) = named, facts
        ways = [_way(left, right, of_left, of_right), _way(right, left, of_right, of_left)]
    return Comparison(named, list(_sections(facts)), ways)


def parts_query(entries: Sequence[ox.NamedNode]) -> str:
    """The query for the parts of entries that `compare` compares, as a text to run again."""
    values = f"  VALUES ?entry {{ {' '.join(map(str, entries))} }}\n"
    text = _PARTS_QUERY.replace("?entry ?language", "?entry", 1).replace("{\n", "{\n" + values, 1)
    return text.replace("?language", '"en"')


def _entry(kind: str, entry: ox.NamedNode, rows: Rows, labels: Bindings) -> Entry:
    for label, code in rows(_ENTRY_QUERY, {_PART: entry, **labels}):
        return Entry(entry.value, kind, text_of(label), shorten(code))
    return Entry(entry.value, kind)


def _facts(entry: ox.NamedNode, rows: Rows, labels: Bindings) -> _Facts:
    facts = _Facts()
    for class_, part, label, code in rows(_PARTS_QUERY, {_ENTRY: entry, **labels}):
        of_kind = KIND_OF_CLASS.get(getattr(class_, "value", ""), "")
        if isinstance(part, ox.NamedNode) and of_kind in SECTIONS:
            found = Entry(part.value, of_kind, text_of(label), shorten(code))
            facts.parts.setdefault(part.value, found)
    return facts


def _areas(role: ox.NamedNode, rows: Rows) -> dict[str, set[str]]:
    areas: dict[str, set[str]] = {}
    for area, part in rows(_AREAS_QUERY, {_ENTRY: role}):
        if isinstance(area, ox.NamedNode) and isinstance(part, ox.NamedNode):
            areas.setdefault(area.value, set()).add(part.value)
    return areas


def _sections(facts: Collection[_Facts]) -> Iterator[Section]:
    known: dict[str, Entry] = {}
    for each in facts:
        known = each.parts | known
    in_order = sorted(known.values(), key=_place)
    for kind in SECTIONS:
        rows = [
            Row(part, tuple(part.iri in each.parts for each in facts))
            for part in in_order
            if part.kind == kind
        ]
        if rows:
            yield Section(kind, rows)


def _place(part: Entry) -> tuple[bool, int, str, str, str]:
    """The place of a part in the order of codes, those without a code last."""
    return not part.code, len(part.code), part.code, part.label, part.iri


def _way(start: Entry, goal: Entry, known: _Facts, wanted: _Facts) -> Way:
    new = {
        part.iri: part
        for part in sorted(wanted.parts.values(), key=_place)
        if part.kind in ("knowledge", "ability", "action") and part.iri not in known.parts
    }
    steps = []
    areas = sorted((part for part in wanted.parts.values() if part.kind == "area"), key=_place)
    for area in areas:
        of_area = wanted.areas.get(area.iri, set())
        step = Step(area, area.iri not in known.parts, _by_kind(new, of_area))
        new = {iri: part for iri, part in new.items() if iri not in of_area}
        if step.new_area or step.lessons:
            steps.append(step)
    if new:
        steps.append(Step(None, True, _by_kind(new, new)))
    return Way(start, goal, steps)


def _by_kind(parts: dict[str, Entry], among: Collection[str]) -> dict[str, list[Entry]]:
    by_kind: dict[str, list[Entry]] = {}
    for iri, part in parts.items():
        if iri in among:
            by_kind.setdefault(part.kind, []).append(part)
    return by_kind
