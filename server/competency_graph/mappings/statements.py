"""Mappings as RDF, in the form that the standard gives them (SSSOM 1.1, “OWL/RDF”).

Each mapping is a node, an ``owl:Axiom`` about the statement that it justifies, with its metadata;
what a set says of all its mappings is said of each. The statement itself stands beside it, unless
the mapping denies it or found no term.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import OWL, RDF, XSD

from competency_graph import frameworks
from competency_graph.mappings.model import NO_TERM, Mapping, MappingSet, Span, values
from competency_graph.mappings.slots import CHOICES, OF_MAPPING, OF_SET, Slot
from competency_graph.places import Statement
from competency_graph.vocabulary import PREFIXES

_TYPE, _AXIOM = ox.NamedNode(RDF.type), ox.NamedNode(OWL.Axiom)
_SET, _MAPPINGS = (ox.NamedNode(PREFIXES["sssom"] + name) for name in ("MappingSet", "mappings"))
_NO_TERM = ox.NamedNode(PREFIXES["sssom"] + NO_TERM.partition(":")[2])
_DATATYPES: Final = {
    "date": ox.NamedNode(XSD.date),
    "number": ox.NamedNode(XSD.double),
}
Term = ox.NamedNode | ox.Literal
Placed = tuple[ox.Triple, Statement]
"""A statement, and where it stands in the text of its file."""


def statements(mappings: MappingSet) -> Iterator[Placed]:
    """What a set says, and where; in an order that a row's statements keep together.

    Args:
        mappings: a set; where it was read from a text, the places are of that text.
    """
    node = ox.NamedNode(mappings.iri)
    properties = {name: ox.NamedNode(slot.property) for name, slot in (OF_MAPPING | OF_SET).items()}
    start = mappings.spans.get("mapping_set_id", (0, 0))
    yield _placed(node, _TYPE, _SET, start, start)
    for name, slot in OF_SET.items():
        if name == "mapping_set_id":
            continue  # it is the node
        for text in filter(None, mappings.texts(name)):
            where = mappings.spans.get(name, start)
            yield _placed(node, properties[name], _term(slot, text, mappings), where, where)
    common = [
        (slot, text)
        for slot in OF_SET.values()
        if slot.common and slot.name not in mappings.columns
        for text in filter(None, mappings.texts(slot.name))
    ]
    for mapping, name in _named(mappings):
        here = ox.NamedNode(name)
        begins = mapping.spans.get("subject_id", (0, 0))
        yield _placed(node, _MAPPINGS, here, begins, begins)
        if (said := _said(mapping, mappings)) is not None:
            subject, predicate, value = (
                mapping.spans.get(name, begins)
                for name in ("subject_id", "predicate_id", "object_id")
            )
            yield said, Statement(subject[0], predicate[0], *value)
        yield _placed(here, _TYPE, _AXIOM, begins, begins)
        for column, text in mapping.cells.items():
            if column not in OF_MAPPING:
                continue  # an extension, which has no property that the standard knows
            slot = OF_MAPPING[column]
            where = mapping.spans.get(column, begins)
            for each in values(text, slot.many):
                yield _placed(here, properties[column], _term(slot, each, mappings), begins, where)
        for slot, text in common:
            where = mappings.spans.get(slot.name, begins)
            term = _term(slot, text, mappings)
            yield _placed(here, properties[slot.name], term, begins, where)


def triples(mappings: MappingSet) -> Iterator[ox.Triple]:
    """What a set says, and what it tells of the things that it maps to."""
    for triple, _ in statements(mappings):
        yield triple
    for mapping in mappings.mappings:
        if mapping.object_id != NO_TERM:
            iri = mappings.expand(mapping.object_id)
            yield from frameworks.facts(iri, mapping.object_label, mapping.object_category)


def _named(mappings: MappingSet) -> Iterator[tuple[Mapping, str]]:
    """Each mapping and the IRI of its node: its own, else one made of what it maps to what.

    A name stays the same wherever the row stands, and whatever else the row says.
    """
    between = "/" if "#" in mappings.iri else "#"
    seen: Counter[str] = Counter()
    for mapping in mappings.mappings:
        if record := mapping.others.get("record_id"):
            yield mapping, mappings.expand(record)
            continue
        what = (mapping.subject_id, mapping.predicate_id, mapping.object_id)
        key = " ".join([*what, mapping.others.get("predicate_modifier", "")])
        name = hashlib.sha256(key.encode()).hexdigest()[:12]
        seen[name] += 1
        again = f"-{seen[name]}" if seen[name] > 1 else ""
        yield mapping, f"{mappings.iri}{between}{name}{again}"


def _said(mapping: Mapping, mappings: MappingSet) -> ox.Triple | None:
    """The statement that a mapping justifies, if it makes one."""
    subject, predicate, value = (
        ox.NamedNode(mappings.expand(curie))
        for curie in (mapping.subject_id, mapping.predicate_id, mapping.object_id)
    )
    none = mapping.negated or _NO_TERM in (subject, value)
    return None if none else ox.Triple(subject, predicate, value)


def _placed(
    subject: ox.NamedNode, predicate: ox.NamedNode, value: Term, begins: Span, where: Span
) -> Placed:
    return ox.Triple(subject, predicate, value), Statement(begins[0], where[0], *where)


def _term(slot: Slot, text: str, mappings: MappingSet) -> Term:
    match slot.kind:
        case "entity":
            return ox.NamedNode(mappings.expand(text))
        case "address":
            return ox.NamedNode(text)
        case "choice":
            return ox.NamedNode(mappings.expand(CHOICES[text]))
        case "text":
            return ox.Literal(text)
    return ox.Literal(text, datatype=_DATATYPES[slot.kind])
