"""Mappings as RDF, in the standard's serialization (SSSOM 1.1, “OWL/RDF”).

Each mapping is a node, an ``owl:Axiom`` about the statement that it justifies, with its metadata;
values that a set states for all its mappings are repeated for each. The justified statement is
included as well, unless the mapping negates it or found no term.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import pyoxigraph as ox

from competency_graph.mappings import frameworks
from competency_graph.mappings.model import NO_TERM, Mapping, MappingSet, Span, values
from competency_graph.mappings.slots import CHOICES, MAPPING_SLOTS, SET_SLOTS
from competency_graph.rdf.source_positions import Statement
from competency_graph.rdf.vocabulary import PREFIXES

_TYPE, _AXIOM = ox.NamedNode(PREFIXES["rdf"] + "type"), ox.NamedNode(PREFIXES["owl"] + "Axiom")
_SET, _MAPPINGS = (ox.NamedNode(PREFIXES["sssom"] + name) for name in ("MappingSet", "mappings"))
_DATATYPES: Final = {
    "date": ox.NamedNode(PREFIXES["xsd"] + "date"),
    "number": ox.NamedNode(PREFIXES["xsd"] + "double"),
}
_PROPERTIES: Final = {
    name: ox.NamedNode(slot.property) for name, slot in (MAPPING_SLOTS | SET_SLOTS).items()
}
Term = ox.NamedNode | ox.Literal
Placed = tuple[ox.Quad, Statement]
"""A statement without a named graph, and its position in the text of the file."""


def statements(mappings: MappingSet) -> Iterator[Placed]:
    """Yield a set's statements with their positions; those of a row stay together.

    Args:
        mappings: the set; positions refer to the text that it was read from, if any.
    """
    node = ox.NamedNode(mappings.iri)
    terms = _TermCache(mappings)
    start = mappings.spans.get("mapping_set_id", (0, 0))
    yield _placed(node, _TYPE, _SET, start, start)
    common = []
    for name, slot in SET_SLOTS.items():
        if name == "mapping_set_id":
            continue  # the IRI of the node
        for text in filter(None, mappings.texts(name)):
            where = mappings.spans.get(name, start)
            value = terms[slot.kind, text]
            yield _placed(node, _PROPERTIES[name], value, where, where)
            if slot.common and name not in mappings.columns:
                common.append((_PROPERTIES[name], value, where))
    for mapping, name in _with_node_iris(mappings):
        mapping_node = ox.NamedNode(name)
        begins = mapping.spans.get("subject_id", (0, 0))
        yield _placed(node, _MAPPINGS, mapping_node, begins, begins)
        if not mapping.negated and NO_TERM not in (mapping.subject_id, mapping.object_id):
            yield _mapped_statement(mapping, terms)
        yield _placed(mapping_node, _TYPE, _AXIOM, begins, begins)
        for column, text in mapping.cells.items():
            if column not in MAPPING_SLOTS:
                continue  # an extension, for which the standard has no property
            slot = MAPPING_SLOTS[column]
            where = mapping.spans.get(column, begins)
            for each in values(text, slot.many):
                yield _placed(
                    mapping_node, _PROPERTIES[column], terms[slot.kind, each], begins, where
                )
        for property, value, where in common:
            yield _placed(mapping_node, property, value, begins, where)


def triples(mappings: MappingSet) -> Iterator[ox.Triple]:
    """Yield a set's statements, and those that describe the concepts mapped to."""
    for quad, _ in statements(mappings):
        yield quad.triple
    for mapping in mappings.mappings:
        if mapping.object_id != NO_TERM:
            iri = mappings.expand(mapping.object_id)
            yield from frameworks.facts(iri, mapping.object_label, mapping.object_category)


def _with_node_iris(mappings: MappingSet) -> Iterator[tuple[Mapping, str]]:
    """Yield each mapping with the IRI of its node: its own, else one derived from its terms.

    The derived IRI does not depend on the row's position or on its other cells.
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


def _mapped_statement(mapping: Mapping, terms: _TermCache) -> Placed:
    """The statement that a mapping justifies, with its position."""
    begins = mapping.spans.get("subject_id", (0, 0))
    predicate = mapping.spans.get("predicate_id", begins)
    value = mapping.spans.get("object_id", begins)
    return ox.Quad(
        terms["entity", mapping.subject_id],
        terms["entity", mapping.predicate_id],
        terms["entity", mapping.object_id],
    ), Statement(begins[0], predicate[0], *value)


def _placed(
    subject: ox.NamedNode, predicate: ox.NamedNode, value: Term, begins: Span, where: Span
) -> Placed:
    return ox.Quad(subject, predicate, value), Statement(begins[0], where[0], *where)


class _TermCache(dict[tuple[str, str], Any]):
    """The terms of a set's values, by kind of slot and value; each is created once."""

    def __init__(self, mappings: MappingSet) -> None:
        super().__init__()
        self._mappings = mappings

    def __missing__(self, key: tuple[str, str]) -> Term:
        kind, text = key
        term: Term
        match kind:
            case "entity":
                term = ox.NamedNode(self._mappings.expand(text))
            case "address":
                term = ox.NamedNode(text)
            case "choice":
                term = ox.NamedNode(self._mappings.expand(CHOICES[text]))
            case "text":
                term = ox.Literal(text)
            case _:
                term = ox.Literal(text, datatype=_DATATYPES[kind])
        self[key] = term
        return term
