"""The classes and properties that dictionaries use, with their axioms, read from the data.

They are those of this project's ontology and those that an extension defines itself. Terms of other
vocabularies appear only where the axioms of these mention them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import pyoxigraph as ox

from competency_graph.rdf.rows import Rows
from competency_graph.rdf.short_names import Term, local_name, shorten, text_of
from competency_graph.rdf.vocabulary import BASE, GRAPH_INFERRED, ONET, PREFIXES

CLASS, OBJECT_PROPERTY, DATATYPE_PROPERTY = "class", "object property", "datatype property"
"""The kinds of terms."""
_KIND_BY_TYPE: Final = {
    "owl:Class": CLASS,
    "rdfs:Class": CLASS,
    "owl:ObjectProperty": OBJECT_PROPERTY,
    "owl:DatatypeProperty": DATATYPE_PROPERTY,
    "rdf:Property": OBJECT_PROPERTY,
}
CHARACTERISTICS: Final = (
    "owl:FunctionalProperty",
    "owl:InverseFunctionalProperty",
    "owl:TransitiveProperty",
    "owl:SymmetricProperty",
    "owl:AsymmetricProperty",
    "owl:ReflexiveProperty",
    "owl:IrreflexiveProperty",
)
"""The types of properties that OWL gives a meaning (OWL 2, section 9.2)."""
_AXIOMS: Final = (
    "rdfs:subClassOf", "rdfs:subPropertyOf", "rdfs:domain", "rdfs:range", "rdf:first", "rdf:rest",
    "owl:equivalentClass", "owl:equivalentProperty", "owl:inverseOf", "owl:disjointWith",
    "owl:members", "owl:unionOf", "owl:intersectionOf", "owl:propertyChainAxiom", "owl:onProperty",
    "owl:someValuesFrom", "owl:allValuesFrom", "owl:hasValue", "owl:cardinality",
    "owl:minCardinality", "owl:maxCardinality", "owl:qualifiedCardinality",
    "owl:minQualifiedCardinality", "owl:maxQualifiedCardinality", "owl:onClass", "owl:onDataRange",
)  # fmt: skip
_ANNOTATIONS: Final = (
    "rdfs:label", "skos:prefLabel", "skos:definition", "rdfs:comment", "skos:altLabel",
    "skos:scopeNote",
)  # fmt: skip
_QUANTITIES: Final = {
    "owl:someValuesFrom": "at least one",
    "owl:allValuesFrom": "only",
    "owl:hasValue": "the value",
    "owl:cardinality": "exactly {}",
    "owl:qualifiedCardinality": "exactly {}",
    "owl:minCardinality": "at least {}",
    "owl:minQualifiedCardinality": "at least {}",
    "owl:maxCardinality": "at most {}",
    "owl:maxQualifiedCardinality": "at most {}",
}
"""The restrictions of OWL in words (OWL 2, sections 8.2 to 8.5)."""
_STATEMENTS_QUERY: Final = f"""\
{"".join(f"PREFIX {name}: <{PREFIXES[name]}>{chr(10)}" for name in ("owl", "rdf", "rdfs", "skos"))}
SELECT DISTINCT ?subject ?property ?value WHERE {{
  {{ VALUES ?property {{ {" ".join(_AXIOMS)} }}
     ?subject ?property ?value }}
  UNION
  {{ VALUES ?value {{ {" ".join((*_KIND_BY_TYPE, *CHARACTERISTICS))} }}
     ?subject a ?value
     BIND(rdf:type AS ?property) }}
  UNION
  {{ VALUES ?type {{ {" ".join(_KIND_BY_TYPE)} }}
     ?subject a ?type
     VALUES ?property {{ {" ".join(_ANNOTATIONS)} }}
     ?subject ?property ?value }}
  FILTER NOT EXISTS {{ GRAPH <{GRAPH_INFERRED}> {{ ?subject ?property ?value }} }}
}}"""


class Restriction(NamedTuple):
    """What a class demands of the values of a property.

    Args:
        property: the property.
        quantity: how many values, in words, such as "at least one".
        values: the alternatives for what the values are; none if they may be anything.
    """

    property: str
    quantity: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class OntologyTerm:
    """A class or a property. Related terms are given by their IRIs.

    Args:
        iri: its IRI.
        kind: `CLASS`, `OBJECT_PROPERTY` or `DATATYPE_PROPERTY`.
        label: its label, in English if there is one, or else its local name.
        definition: its definition, or "".
        other_labels: its alternative labels.
        parents: the superclasses or superproperties.
        equivalents: the classes or properties with the same members.
        disjoint: the classes with which it shares no member.
        restrictions: what it demands of its members, for a class.
        domain: what has the property: any of these, or anything if there are none.
        range: what its values are, likewise.
        inverses: the properties that say the same in the other direction.
        states_inverse: whether its own description names its inverse.
        characteristics: those of `CHARACTERISTICS` that it has.
        chains: the chains of properties from which it follows.
    """

    iri: str
    kind: str
    label: str
    definition: str = ""
    other_labels: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    equivalents: tuple[str, ...] = ()
    disjoint: tuple[str, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    domain: tuple[str, ...] = ()
    range: tuple[str, ...] = ()
    inverses: tuple[str, ...] = ()
    states_inverse: bool = False
    characteristics: tuple[str, ...] = ()
    chains: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Ontology:
    """The classes and properties of the data.

    Args:
        terms: the terms by IRI, first classes, then properties, each by label.
    """

    terms: Mapping[str, OntologyTerm]

    @property
    def classes(self) -> list[OntologyTerm]:
        """The classes."""
        return [term for term in self.terms.values() if term.kind == CLASS]

    @property
    def properties(self) -> list[OntologyTerm]:
        """The properties."""
        return [term for term in self.terms.values() if term.kind != CLASS]

    def label(self, iri: str) -> str:
        """The label of a term, or the local name of one from another vocabulary."""
        term = self.terms.get(iri)
        return term.label if term else local_name(iri)

    def children(self, iri: str) -> list[OntologyTerm]:
        """The terms that have it as superclass or superproperty."""
        return [term for term in self.terms.values() if iri in term.parents]


def read_ontology(rows: Rows, language: str = "en") -> Ontology:
    """Read the classes and properties.

    Args:
        rows: queries the data.
        language: the language of labels and definitions, where they are in several.
    """
    statements = _Statements(rows(_STATEMENTS_QUERY, {}), language)
    inverses: dict[str, dict[str, None]] = defaultdict(dict)
    disjoint: dict[str, dict[str, None]] = defaultdict(dict)
    for one, other in statements.pairs("owl:inverseOf"):
        inverses[one][other] = inverses[other][one] = None
    for one, other in _disjoint_pairs(statements):
        disjoint[one][other] = disjoint[other][one] = None
    found = [
        _term(statements, node, kind, tuple(inverses[node.value]), tuple(disjoint[node.value]))
        for node, kind in statements.kinds()
        if _is_own(node.value)
    ]
    found.sort(key=lambda term: (term.kind != CLASS, term.label.lower(), term.iri))
    return Ontology({term.iri: term for term in found})


class _Statements:
    """Statements by subject and property."""

    def __init__(self, triples: object, language: str) -> None:
        self._language = language
        self._values: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for subject, property_, value in triples:  # type: ignore[attr-defined]
            self._values[subject][shorten(property_)].append(value)

    def kinds(self) -> Iterator[tuple[ox.NamedNode, str]]:
        """The named terms and their kinds."""
        for node, values in list(self._values.items()):
            types = [shorten(value) for value in values.get("rdf:type", [])]
            kinds = [_KIND_BY_TYPE[name] for name in _KIND_BY_TYPE if name in types]
            if isinstance(node, ox.NamedNode) and kinds:
                yield node, kinds[0]

    def of(self, node: Term, name: str) -> list[Term]:
        """The values of a property."""
        return self._values[node].get(name, []) if node in self._values else []

    def iris(self, node: Term, name: str) -> tuple[str, ...]:
        """The values that are IRIs, sorted."""
        return tuple(sorted(v.value for v in self.of(node, name) if isinstance(v, ox.NamedNode)))

    def pairs(self, name: str) -> Iterator[tuple[str, str]]:
        """The pairs of IRIs that a property connects."""
        for node in list(self._values):
            if isinstance(node, ox.NamedNode):
                yield from ((node.value, other) for other in self.iris(node, name))

    def values_of(self, name: str) -> Iterator[Term]:
        """All values of a property."""
        for values in list(self._values.values()):
            yield from values.get(name, [])

    def members(self, head: Term) -> list[Term]:
        """The members of an RDF list; a list that loops ends there."""
        found, seen = [], set()
        while head not in seen and (first := self.of(head, "rdf:first")):
            seen.add(head)
            found.append(first[0])
            head = next(iter(self.of(head, "rdf:rest")), head)
        return found

    def alternatives(self, node: Term) -> tuple[str, ...]:
        """The classes of a class expression: itself, or those whose union it is."""
        if isinstance(node, ox.NamedNode):
            return (node.value,)
        members = [
            member for union in self.of(node, "owl:unionOf") for member in self.members(union)
        ]
        return tuple(member.value for member in members if isinstance(member, ox.NamedNode))

    def text(self, node: Term, *names: str) -> str:
        """The first text of the first property that has any, in the preferred language."""
        for name in names:
            texts = [value for value in self.of(node, name) if isinstance(value, ox.Literal)]
            texts.sort(key=self._preference)
            if texts:
                return text_of(texts[0])
        return ""

    def _preference(self, text: ox.Literal) -> tuple[bool, bool, bool, str, str]:
        language = text.language or ""
        general = language.partition("-")[0]
        return general != self._language, general != "en", language != "", language, text.value


def _is_own(iri: str) -> bool:
    """Whether a term is of this project or of an extension, not of another vocabulary."""
    if iri.startswith(BASE):
        return not iri.startswith(ONET)
    return not any(iri.startswith(namespace) for namespace in PREFIXES.values())


def _disjoint_pairs(statements: _Statements) -> Iterator[tuple[str, str]]:
    yield from statements.pairs("owl:disjointWith")
    for head in statements.values_of("owl:members"):
        members = [m.value for m in statements.members(head) if isinstance(m, ox.NamedNode)]
        yield from ((a, b) for index, a in enumerate(members) for b in members[index + 1 :])


def _term(
    statements: _Statements,
    node: ox.NamedNode,
    kind: str,
    inverses: tuple[str, ...],
    disjoint: tuple[str, ...],
) -> OntologyTerm:
    is_class = kind == CLASS
    types = [shorten(value) for value in statements.of(node, "rdf:type")]
    expressions = [
        value
        for name in ("rdfs:subClassOf", "owl:equivalentClass")
        for value in statements.of(node, name)
        if not isinstance(value, ox.NamedNode)
    ]
    return OntologyTerm(
        node.value,
        kind,
        statements.text(node, "rdfs:label", "skos:prefLabel") or local_name(node.value),
        statements.text(node, "skos:definition", "rdfs:comment"),
        tuple(dict.fromkeys(shorten(v) for v in statements.of(node, "skos:altLabel"))),
        statements.iris(node, "rdfs:subClassOf" if is_class else "rdfs:subPropertyOf"),
        statements.iris(node, "owl:equivalentClass" if is_class else "owl:equivalentProperty"),
        disjoint,
        tuple(r for expression in expressions for r in _restrictions(statements, expression)),
        _classes(statements, statements.of(node, "rdfs:domain")),
        _classes(statements, statements.of(node, "rdfs:range")),
        inverses,
        bool(statements.of(node, "owl:inverseOf")),
        tuple(name for name in CHARACTERISTICS if name in types),
        tuple(
            tuple(m.value for m in statements.members(chain) if isinstance(m, ox.NamedNode))
            for chain in statements.of(node, "owl:propertyChainAxiom")
        ),
    )


def _classes(statements: _Statements, expressions: Sequence[Term]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c for e in expressions for c in statements.alternatives(e)))


def _restrictions(statements: _Statements, expression: Term) -> Iterator[Restriction]:
    """The restrictions of a class expression, also those that it intersects."""
    for parts in statements.of(expression, "owl:intersectionOf"):
        for part in statements.members(parts):
            yield from _restrictions(statements, part)
    for property_ in statements.of(expression, "owl:onProperty"):
        if not isinstance(property_, ox.NamedNode):
            continue
        for name, words in _QUANTITIES.items():
            for value in statements.of(expression, name):
                counted = "{}" in words
                values = (
                    [v for by in ("owl:onClass", "owl:onDataRange")
                     for v in statements.of(expression, by)]
                    if counted
                    else [value]
                )  # fmt: skip
                named = tuple(each for v in values for each in statements.alternatives(v))
                literal = tuple(v.value for v in values if isinstance(v, ox.Literal))
                quantity = words.format(shorten(value))
                yield Restriction(property_.value, quantity, named or literal)
