"""The surroundings of an entry: the entries and concepts that statements connect it with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import pyoxigraph as ox

from competency_graph.rdf.rows import Rows
from competency_graph.rdf.short_names import local_name, shorten, text_of
from competency_graph.rdf.vocabulary import GRAPH_INFERRED, KIND_OF_CLASS, PREFIXES
from competency_graph.sparql.label_language import LABEL_ORDER, in_language

_ORDER: Final = (
    "coversArea", "coveredByRole", "inCluster", "keyActionOf", "titleOfRole", "outputOf",
    "requiresKnowledge", "requiresAbility", "hasKeyAction", "producesOutput", "hasCompetency",
    "exampleTitle", "requiresCompetency", "hasArea", "areaOf", "foundationalCompetency",
    "exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch",
)  # fmt: skip
"""The properties in the order of their relations; `_GENERAL` ones follow all others."""
_GENERAL: Final = ("requires",)
"""Properties whose sub-properties state the same more precisely."""
_KIND_ORDER: Final = ("knowledge", "ability", "competency")
"""The kinds in the order of their relations by the same property, before the others."""
_QUERY: Final = f"""\
PREFIX cg: <{PREFIXES["cg"]}>
PREFIX dcterms: <{PREFIXES["dcterms"]}>
PREFIX skos: <{PREFIXES["skos"]}>
SELECT DISTINCT ?entry ?language ?forward ?property ?other ?class ?label ?code ?inferred WHERE {{
  {{ ?entry ?property ?other BIND(true AS ?forward)
     BIND(EXISTS {{ GRAPH <{GRAPH_INFERRED}> {{ ?entry ?property ?other }} }} AS ?inferred) }}
  UNION
  {{ ?other ?property ?entry BIND(false AS ?forward)
     BIND(EXISTS {{ GRAPH <{GRAPH_INFERRED}> {{ ?other ?property ?entry }} }} AS ?inferred) }}
  FILTER(isIRI(?other) && ?other != ?entry && (STRSTARTS(STR(?property), STR(cg:)) || ?property IN (
    skos:exactMatch, skos:closeMatch, skos:broadMatch, skos:narrowMatch, skos:relatedMatch,
    skos:broader, skos:related, dcterms:isReplacedBy)))
  OPTIONAL {{ ?other skos:prefLabel|dcterms:title ?label }}
  OPTIONAL {{ ?other skos:notation ?code }}
  OPTIONAL {{ ?other a ?class FILTER(STRSTARTS(STR(?class), STR(cg:))) }}
}} ORDER BY (!BOUND(?code)) STRLEN(?code) ?code {LABEL_ORDER}
  ?label ?other"""
_NAME_QUERY: Final = f"""\
PREFIX dcterms: <{PREFIXES["dcterms"]}>
PREFIX skos: <{PREFIXES["skos"]}>
SELECT ?entry ?language ?class ?label ?code WHERE {{
  {{ ?entry ?property ?value }} UNION {{ ?value ?property ?entry }}
  OPTIONAL {{ ?entry skos:prefLabel|dcterms:title ?label }}
  OPTIONAL {{ ?entry skos:notation ?code }}
  OPTIONAL {{ ?entry a ?class FILTER(STRSTARTS(STR(?class), "{PREFIXES["cg"]}")) }}
}} ORDER BY {LABEL_ORDER} LIMIT 1"""
_ENTRY: Final = ox.Variable("entry")


class Node(NamedTuple):
    """An entry, or a concept of another framework.

    Args:
        iri: its IRI.
        kind: its kind, of `vocabulary.CLASS_OF_KIND`, or "".
        label: its label, or "".
        code: its code, or "".
        inferred: whether the statement that connects it with the entry is inferred.
    """

    iri: str
    kind: str = ""
    label: str = ""
    code: str = ""
    inferred: bool = False

    @property
    def name(self) -> str:
        """Its label, or else a short form of its IRI."""
        return self.label or shorten(ox.NamedNode(self.iri))


@dataclass(frozen=True)
class Relation:
    """The neighbours of one kind that an entry has by one property.

    Args:
        predicate: the IRI of the property.
        forward: whether the entry is the subject of the statements, or else their object.
        kind: the kind of the neighbours, or "".
        neighbours: the neighbours, in the order of their codes.
    """

    predicate: str
    forward: bool
    kind: str
    neighbours: list[Node] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The local name of the property."""
        return local_name(self.predicate)


class Surroundings(NamedTuple):
    """An entry and its neighbours.

    Args:
        entry: the entry.
        relations: its neighbours, each in the most precise relation that it has.
    """

    entry: Node
    relations: Sequence[Relation]


def surroundings(entry: ox.NamedNode, rows: Rows, language: str = "en") -> Surroundings | None:
    """Query the surroundings of an entry; None if nothing is known about it.

    Args:
        entry: the entry.
        rows: queries the dictionary.
        language: the language of labels, where they are in several.
    """
    given = {_ENTRY: entry, **in_language(language)}
    named = next(iter(rows(_NAME_QUERY, given)), None)
    if named is None:
        return None
    class_, label, code = named
    centre = Node(entry.value, _kind(class_), text_of(label), shorten(code))
    relations: dict[tuple[str, bool, str], Relation] = {}
    for forward, property_, other, of_class, name, notation, inferred in rows(_QUERY, given):
        if not (isinstance(property_, ox.NamedNode) and isinstance(other, ox.NamedNode)):
            continue
        ahead, kind = shorten(forward) == "true", _kind(of_class)
        relation = relations.setdefault(
            (property_.value, ahead, kind), Relation(property_.value, ahead, kind)
        )
        if all(node.iri != other.value for node in relation.neighbours[-9:]):
            relation.neighbours.append(
                Node(
                    other.value, kind, text_of(name), shorten(notation), shorten(inferred) == "true"
                )
            )
    return Surroundings(centre, _without_repetitions(sorted(relations.values(), key=_place)))


def _kind(class_: object) -> str:
    return KIND_OF_CLASS.get(getattr(class_, "value", ""), "")


def _place(relation: Relation) -> tuple[bool, bool, int, str, int, str]:
    known = _ORDER.index(relation.name) if relation.name in _ORDER else len(_ORDER)
    kind = _KIND_ORDER.index(relation.kind) if relation.kind in _KIND_ORDER else len(_KIND_ORDER)
    general = relation.name in _GENERAL
    return general, not relation.forward, known, relation.name, kind, relation.kind


def _without_repetitions(relations: Sequence[Relation]) -> list[Relation]:
    """The relations, each neighbour only in the first of them that it has."""
    seen: set[str] = set()
    kept = []
    for relation in relations:
        nodes = list(
            {n.iri: n for n in reversed(relation.neighbours) if n.iri not in seen}.values()
        )
        nodes.reverse()
        seen |= {node.iri for node in nodes}
        if nodes:
            kept.append(Relation(relation.predicate, relation.forward, relation.kind, nodes))
    return kept
