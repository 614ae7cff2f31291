"""An entry with its texts, its relations and its links."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final, NamedTuple

import pyoxigraph as ox

from competency_graph.rdf.rows import Bindings, Rows
from competency_graph.rdf.short_names import Term, local_name, shorten, text_of
from competency_graph.rdf.vocabulary import GRAPH_INFERRED, KIND_OF_CLASS, PREFIXES
from competency_graph.sparql.label_language import LABEL_ORDER, in_language
from competency_graph.sparql.saved_queries import Catalogue

_ENTRY: Final = ox.Variable("entry")
_STATEMENTS_QUERY: Final = f"""\
PREFIX cg: <{PREFIXES["cg"]}>
PREFIX dcterms: <{PREFIXES["dcterms"]}>
PREFIX esco: <{PREFIXES["esco"]}>
PREFIX onet: <{PREFIXES["onet"]}>
PREFIX foaf: <{PREFIXES["foaf"]}>
PREFIX owl: <{PREFIXES["owl"]}>
PREFIX rdf: <{PREFIXES["rdf"]}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX skos: <{PREFIXES["skos"]}>
SELECT DISTINCT
  ?entry ?language ?forward ?property ?name ?value ?label ?code ?definition ?kind ?inferred
WHERE {{
  {{ ?entry ?property ?value BIND(true AS ?forward)
     BIND(EXISTS {{ GRAPH <{GRAPH_INFERRED}> {{ ?entry ?property ?value }} }} AS ?inferred) }}
  UNION
  {{ ?value ?property ?entry BIND(false AS ?forward)
     BIND(EXISTS {{ GRAPH <{GRAPH_INFERRED}> {{ ?value ?property ?entry }} }} AS ?inferred)
     FILTER(?property IN (cg:requires, cg:requiresKnowledge, cg:requiresAbility,
       cg:foundationalCompetency,
       skos:exactMatch, skos:closeMatch, skos:broadMatch, skos:narrowMatch, skos:relatedMatch)) }}
  FILTER(!isBlank(?value) &&
    (STRSTARTS(STR(?property), STR(cg:)) || STRSTARTS(STR(?property), STR(skos:)) ||
      STRSTARTS(STR(?property), STR(esco:)) || STRSTARTS(STR(?property), STR(onet:)) ||
      ?property IN (rdf:type, rdfs:label, rdfs:comment, owl:deprecated, dcterms:description,
        dcterms:title, dcterms:isReplacedBy, foaf:page)))
  OPTIONAL {{ ?property rdfs:label ?name FILTER(LANGMATCHES(LANG(?name), "en")) }}
  OPTIONAL {{ ?value skos:prefLabel ?label }}
  OPTIONAL {{ ?value skos:notation ?code }}
  OPTIONAL {{ ?value skos:definition ?definition }}
  OPTIONAL {{ ?value a ?kind FILTER(STRSTARTS(STR(?kind), STR(cg:))) }}
}} ORDER BY DESC(?forward) ?property STRLEN(?code) ?code {LABEL_ORDER}
  DESC(LANGMATCHES(LANG(?definition), ?language)) DESC(LANGMATCHES(LANG(?definition), "en"))
  ?label ?value"""
_PARTS_QUERY: Final = f"""\
PREFIX cg: <{PREFIXES["cg"]}>
PREFIX skos: <{PREFIXES["skos"]}>
SELECT ?entry ?language ?area ?property ?part ?label ?code WHERE {{
  ?entry cg:coversArea ?area .
  VALUES ?property {{
    cg:hasKeyAction cg:requiresKnowledge cg:requiresAbility cg:producesOutput
  }}
  ?area ?property ?part .
  OPTIONAL {{ ?part skos:prefLabel ?label }}
  OPTIONAL {{ ?part skos:notation ?code }}
}} ORDER BY STRLEN(?code) ?code {LABEL_ORDER} ?label ?part"""
_SHARED_QUERY: Final = f"""\
PREFIX cg: <{PREFIXES["cg"]}>
PREFIX skos: <{PREFIXES["skos"]}>
SELECT ?entry ?language ?part ?other ?label WHERE {{
  VALUES ?property {{ cg:requiresKnowledge cg:requiresAbility cg:producesOutput }}
  ?entry ?property ?part .
  ?other ?property ?part .
  FILTER(?other != ?entry && EXISTS {{ ?other a cg:AreaOfExpertise }})
  OPTIONAL {{ ?other skos:prefLabel ?label }}
}} ORDER BY {LABEL_ORDER} ?label"""
PARTS: Final = ("hasKeyAction", "requiresKnowledge", "requiresAbility", "producesOutput")
"""The properties of an area's parts."""
MATCHES: Final = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
"""The mapping properties of SKOS (section 10)."""
_MAX_LISTED_PARTS: Final = 400
"""The number of parts of a role's areas up to which its page lists all of them."""


class Item(NamedTuple):
    """A value of a property: another entry, or a text.

    Args:
        term: the value.
        label: its label, or "".
        code: its code, or "".
        definition: its definition, or "".
        kind: its kind, one of `vocabulary.KINDS`, or "".
        inferred: whether the statement is inferred.
    """

    term: Term
    label: str = ""
    code: str = ""
    definition: str = ""
    kind: str = ""
    inferred: bool = False

    @property
    def text(self) -> str:
        """What is shown: the label, or else a short form of the value."""
        return self.label or text_of(self.term)


class Group(NamedTuple):
    """An area that a role covers, with its parts.

    Args:
        area: the area.
        parts: for each of `PARTS`, the values; those that the role requires by inference, because
            the area requires them, are marked as inferred.
    """

    area: Item
    parts: dict[str, list[Item]]

    def inferred(self, name: str) -> list[Item]:
        """The values of one of `PARTS` that the role requires by inference."""
        return [item for item in self.parts[name] if item.inferred]


class Link(NamedTuple):
    """A link to a concept of another framework.

    Args:
        match: what the concept is, one of `MATCHES`, or "".
        target: the concept.
        label: its label, or a short form of its IRI.
        code: its code, or "".
        confidence: how certain it is, from 0 to 1, or "".
        reason: why it was made, or "".
    """

    match: str
    target: Term
    label: str
    code: str
    confidence: str
    reason: str


@dataclass(frozen=True)
class EntryView:
    """What is known about an entry.

    Args:
        iri: its IRI.
        kind: its kind, one of `vocabulary.KINDS`; "" for anything else.
        language: the reader's language, a tag of BCP 47.
        forward: the values by local name of the property.
        backward: the entries that refer to it, by local name of the property.
        names: the labels of the properties, by local name.
        groups: of a role, its areas with their parts.
        shared: of an area, the other areas that have the same part, by part.
        links: its links to other frameworks.
    """

    iri: str
    kind: str
    language: str
    forward: dict[str, list[Item]]
    backward: dict[str, list[Item]]
    names: dict[str, str]
    groups: Sequence[Group] = ()
    shared: dict[Term, list[Item]] = field(default_factory=dict)
    links: Sequence[Link] = ()

    @property
    def title(self) -> str:
        """Its label or title, or else a short form of its IRI."""
        titles = (self.in_one_language(name) for name in ("prefLabel", "title", "label"))
        found = (item.text for items in titles for item in items)
        return next(found, shorten(ox.NamedNode(self.iri)))

    @property
    def listed_parts(self) -> tuple[str, ...]:
        """The `PARTS` of its areas that the page lists: all, or only what is required of a role.

        This keeps the page about a role with very many areas below 100 KB.
        """
        number = sum(len(items) for group in self.groups for items in group.parts.values())
        if number <= _MAX_LISTED_PARTS:
            return PARTS
        return tuple(name for name in PARTS if name.startswith("requires"))

    @property
    def code(self) -> str:
        """Its code, or ""."""
        return ", ".join(item.text for item in self.values("notation"))

    def values(self, name: str) -> list[Item]:
        """The values of a property."""
        return self.forward.get(name, [])

    def in_one_language(self, name: str) -> list[Item]:
        """The values of a property in the reader's language, else in English, else all."""
        items = self.values(name)
        for language in (self.language, "en"):
            of_language = [
                item for item in items if text_of(item.term).language.partition("-")[0] == language
            ]
            if of_language:
                return of_language
        return items

    def users(self, name: str, kind: str = "") -> list[Item]:
        """The entries whose property has it as value, perhaps only those of a kind."""
        return [item for item in self.backward.get(name, []) if kind in ("", item.kind)]

    def others(self, shown: Iterable[str]) -> list[tuple[str, list[Item]]]:
        """The properties that no section of the page shows, with their labels and values."""
        known = frozenset(shown)
        return [
            (self.names[name], items) for name, items in self.forward.items() if name not in known
        ]


def read_entry(iri: str, rows: Rows, language: str = "en") -> EntryView:
    """Query everything that is known about an entry.

    Args:
        iri: its IRI.
        rows: queries the dictionary.
        language: the reader's language, a tag of BCP 47, for texts that are in several.
    """
    bindings = {_ENTRY: ox.NamedNode(iri), **in_language(language)}
    forward: dict[str, list[Item]] = {}
    backward: dict[str, list[Item]] = {}
    names: dict[str, str] = {}
    kind = ""
    seen: set[tuple[bool, str, Term]] = set()  # a value with several labels has several rows
    for ahead, property_, name, value, label, code, definition, class_, inferred in rows(
        _STATEMENTS_QUERY, bindings
    ):
        if property_ is None or value is None:
            continue
        local = local_name(shorten(property_).replace(":", "/"))
        if local == "type":
            kind = kind or KIND_OF_CLASS.get(getattr(value, "value", ""), "")
            continue
        names.setdefault(local, shorten(name) or local)
        as_subject = shorten(ahead) == "true"
        if (as_subject, local, value) not in seen:
            seen.add((as_subject, local, value))
            (forward if as_subject else backward).setdefault(local, []).append(
                Item(
                    value, text_of(label), shorten(code), text_of(definition),
                    KIND_OF_CLASS.get(getattr(class_, "value", ""), ""),
                    shorten(inferred) == "true",
                )
            )  # fmt: skip
    implied = {item.term for item in forward.get("requires", []) if item.inferred}
    return EntryView(
        iri, kind, language, forward, backward, names,
        _groups(rows, bindings, forward.get("coversArea", []), implied) if kind == "role" else (),
        _shared(rows, bindings) if kind == "area" else {},
        _links(rows, iri),
    )  # fmt: skip


def _groups(
    rows: Rows, bindings: Bindings, areas: Iterable[Item], inferred: Collection[Term]
) -> list[Group]:
    """The areas that a role covers.

    Args:
        rows: queries the dictionary.
        bindings: the role, and the language of labels.
        areas: the areas.
        inferred: what it requires by inference.
    """
    groups = {area.term: Group(area, {name: [] for name in PARTS}) for area in areas}
    seen: set[tuple[Term, str, Term]] = set()
    for area, property_, part, label, code in rows(_PARTS_QUERY, bindings):
        if area is not None and area in groups and part is not None and property_ is not None:
            name = local_name(str(getattr(property_, "value", "")))
            if (area, name, part) not in seen:
                seen.add((area, name, part))
                item = Item(part, text_of(label), shorten(code), inferred=part in inferred)
                groups[area].parts[name].append(item)
    return list(groups.values())


def _shared(rows: Rows, bindings: Bindings) -> dict[Term, list[Item]]:
    shared: dict[Term, list[Item]] = {}
    for part, other, label in rows(_SHARED_QUERY, bindings):
        if part is not None and other is not None:
            others = shared.setdefault(part, [])
            if all(item.term != other for item in others):
                others.append(Item(other, text_of(label)))
    return shared


def _links(rows: Rows, iri: str) -> list[Link]:
    found = rows(_links_query(), {_ENTRY: ox.NamedNode(iri)})
    return [
        Link(
            _match(match), target,
            text_of(label) or shorten(target), shorten(code), shorten(confidence),
            text_of(comment),
        )
        for match, target, label, code, confidence, comment, *_ in found
        if target is not None
    ]  # fmt: skip


@cache
def _links_query() -> str:
    return Catalogue()["entry-links"].text


def _match(property_: Term | None) -> str:
    name = local_name(shorten(property_).replace(":", "/"))
    return name if name in MATCHES else ""
