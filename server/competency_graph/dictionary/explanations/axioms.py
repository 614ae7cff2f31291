"""The axioms of an ontology, as rules (OWL 2 Profiles, section 4.3, tables 4 to 7 and 9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import OWL, RDF, RDFS

from competency_graph.dictionary.explanations.explanation import Axiom, Triple
from competency_graph.dictionary.explanations.rule import TYPE, Pattern, Rule
from competency_graph.rdf.short_names import Term

_X, _Y, _Z = (ox.Variable(name) for name in "xyz")
SAME: Final = ox.NamedNode(OWL.sameAs)
SUBCLASS: Final = ox.NamedNode(RDFS.subClassOf)
_FIRST, _REST, _NIL = (ox.NamedNode(term) for term in (RDF.first, RDF.rest, RDF.nil))
_PROPERTY_PAIRS: Final[dict[Term, str]] = {
    ox.NamedNode(RDFS.subPropertyOf): "subproperty",
    ox.NamedNode(OWL.equivalentProperty): "equivalent properties",
    ox.NamedNode(OWL.inverseOf): "inverse",
}
_DOMAIN, _RANGE = ox.NamedNode(RDFS.domain), ox.NamedNode(RDFS.range)
_CHAIN = ox.NamedNode(OWL.propertyChainAxiom)
_CHARACTERISTICS: Final[dict[Term, str]] = {
    ox.NamedNode(OWL.SymmetricProperty): "symmetric",
    ox.NamedNode(OWL.TransitiveProperty): "transitive",
    ox.NamedNode(OWL.FunctionalProperty): "functional",
    ox.NamedNode(OWL.InverseFunctionalProperty): "inverse functional",
}
_CLASS_PAIRS: Final[dict[Term, str]] = {
    SUBCLASS: "subclass",
    ox.NamedNode(OWL.equivalentClass): "equivalent classes",
}
_INTERSECTION, _UNION, _ONE_OF = (
    ox.NamedNode(term) for term in (OWL.intersectionOf, OWL.unionOf, OWL.oneOf)
)
_MEMBERS: Final[dict[Term, str]] = {
    _INTERSECTION: "intersection",
    _UNION: "union",
    _ONE_OF: "enumeration",
}
_ON_PROPERTY, _KEY = ox.NamedNode(OWL.onProperty), ox.NamedNode(OWL.hasKey)
_SOME, _ALL, _VALUE = (
    ox.NamedNode(term) for term in (OWL.someValuesFrom, OWL.allValuesFrom, OWL.hasValue)
)
_AT_MOST, _AT_MOST_OF, _OF_CLASS = (
    ox.NamedNode(term) for term in (OWL.maxCardinality, OWL.maxQualifiedCardinality, OWL.onClass)
)
_THING = ox.NamedNode(OWL.Thing)
AXIOM_PROPERTIES: Final = frozenset(
    (
        *_PROPERTY_PAIRS, *_CLASS_PAIRS, _DOMAIN, _RANGE, _CHAIN, *_MEMBERS,
        _ON_PROPERTY, _SOME, _ALL, _VALUE, _AT_MOST, _FIRST, _REST, _KEY,
        _AT_MOST_OF, _OF_CLASS,
    )
)  # fmt: skip
"""The properties of the statements that express axioms."""
AXIOM_TYPES: Final = frozenset(
    (
        *_CHARACTERISTICS,
        *map(ox.NamedNode, (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property)),
    )
)
"""The types that declare classes and properties, or are axioms about properties."""


def rules_of(statements: Iterable[Triple]) -> list[Rule]:
    """The rules that the axioms among these statements stand for, in a fixed order.

    An axiom that is not covered gives no rule.
    """
    return sorted(_Reader(statements).rules(), key=str)


class _Reader:
    """Reads axioms from statements, among them lists and restrictions."""

    def __init__(self, statements: Iterable[Triple]) -> None:
        self._triples = list(dict.fromkeys(statements))
        self._objects: dict[tuple[Term, Term], list[Term]] = {}
        for subject, property_, value in self._triples:
            self._objects.setdefault((subject, property_), []).append(value)

    def rules(self) -> Iterator[Rule]:
        for triple in self._triples:
            if triple[1] in AXIOM_PROPERTIES or triple[2] in _CHARACTERISTICS:
                yield from self._rules_of_one(triple)

    def _rules_of_one(self, triple: Triple) -> Iterator[Rule]:
        subject, property_, value = triple
        if isinstance(value, ox.NamedNode) and isinstance(subject, ox.NamedNode):
            if property_ in _PROPERTY_PAIRS:
                yield from _pair_of_properties(triple)
            elif property_ == TYPE and value in _CHARACTERISTICS:
                yield _characteristic(triple)
        if property_ in (_DOMAIN, _RANGE):
            kind = "domain" if property_ == _DOMAIN else "range"
            axiom = Axiom(kind, (subject, value), (triple,))
            thing = _X if property_ == _DOMAIN else _Y
            yield Rule(axiom, (thing, TYPE, value), ((_X, subject, _Y),))
        elif property_ in _CLASS_PAIRS and subject != value:
            axiom = Axiom(_CLASS_PAIRS[property_], (subject, value), (triple,))
            yield Rule(axiom, (_X, TYPE, value), ((_X, TYPE, subject),))
            if property_ != SUBCLASS:
                yield Rule(axiom, (_X, TYPE, subject), ((_X, TYPE, value),))
        elif property_ == _KEY:
            yield from self._key(triple)
        elif property_ == _CHAIN:
            yield from self._chain(triple)
        elif property_ in _MEMBERS:
            yield from self._of_members(triple)
        elif property_ in (_SOME, _ALL, _VALUE, _AT_MOST, _AT_MOST_OF):
            yield from self._restriction(triple)

    def _list(self, head: Term) -> tuple[list[Term], list[Triple]]:
        """The members of a list, and the statements that express it; no members if broken."""
        members: list[Term] = []
        statements: list[Triple] = []
        while head != _NIL:
            first, rest = self._objects.get((head, _FIRST)), self._objects.get((head, _REST))
            if not first or not rest or (head, _FIRST, first[0]) in statements:
                return [], []
            members.append(first[0])
            statements += [(head, _FIRST, first[0]), (head, _REST, rest[0])]
            head = rest[0]
        return members, statements

    def _chain(self, triple: Triple) -> Iterator[Rule]:
        members, statements = self._list(triple[2])
        if members:
            axiom = Axiom("chain", (*members, triple[0]), (triple, *statements))
            places = [ox.Variable(f"x{number}") for number in range(len(members) + 1)]
            body = [(places[n], member, places[n + 1]) for n, member in enumerate(members)]
            yield Rule(axiom, (places[0], triple[0], places[-1]), tuple(body))

    def _key(self, triple: Triple) -> Iterator[Rule]:
        members, statements = self._list(triple[2])
        if members:
            axiom = Axiom("key", (triple[0], *members), (triple, *statements))
            body: list[Pattern] = [(_X, TYPE, triple[0]), (_Y, TYPE, triple[0])]
            for number, member in enumerate(members):
                value = ox.Variable(f"v{number}")
                body += [(_X, member, value), (_Y, member, value)]
            yield Rule(axiom, (_X, SAME, _Y), tuple(body))

    def _of_members(self, triple: Triple) -> Iterator[Rule]:
        whole, property_, head = triple
        members, statements = self._list(head)
        kind = _MEMBERS[property_]
        axiom = Axiom(kind, (whole, *members), (triple, *statements))
        if property_ == _INTERSECTION and members:
            yield Rule(axiom, (_X, TYPE, whole), tuple((_X, TYPE, each) for each in members))
        for member in members:
            if property_ == _ONE_OF:
                yield Rule(axiom, (member, TYPE, whole), ())
                continue
            part, all_of_it = (member, whole) if property_ == _INTERSECTION else (whole, member)
            yield Rule(axiom, (_X, TYPE, part), ((_X, TYPE, all_of_it),))
            yield Rule(axiom, (all_of_it, SUBCLASS, part), ())
            for named, names in self._names_of(whole, property_):
                axiom_of_named = Axiom(kind, (named, *members), (*names, triple, *statements))
                lower, upper = (member, named) if property_ == _UNION else (named, member)
                yield Rule(axiom_of_named, (lower, SUBCLASS, upper), ())

    def _names_of(self, whole: Term, property_: Term) -> Iterator[tuple[Term, list[Triple]]]:
        """Yield the named classes that an unnamed one defines, with the statements that say so."""
        for triple in self._triples:
            subject, relation, value = triple
            if (
                value == whole
                and isinstance(subject, ox.NamedNode)
                and relation in _CLASS_PAIRS
                and (relation != SUBCLASS or property_ != _UNION)
            ):
                yield subject, [triple]

    def _restriction(self, triple: Triple) -> Iterator[Rule]:
        restriction, construct, value = triple
        for on in self._objects.get((restriction, _ON_PROPERTY), ()):
            statements = (triple, (restriction, _ON_PROPERTY, on))
            is_one: Pattern = (_X, TYPE, restriction)
            if construct == _SOME:
                axiom = Axiom("some values", (restriction, on, value), statements)
                more = () if value == _THING else ((_Y, TYPE, value),)
                yield Rule(axiom, is_one, ((_X, on, _Y), *more))
            elif construct == _ALL:
                axiom = Axiom("all values", (restriction, on, value), statements)
                yield Rule(axiom, (_Y, TYPE, value), (is_one, (_X, on, _Y)))
            elif construct == _VALUE:
                axiom = Axiom("value", (restriction, on, value), statements)
                yield Rule(axiom, (_X, on, value), (is_one,))
                yield Rule(axiom, is_one, ((_X, on, value),))
            elif isinstance(value, ox.Literal) and value.value == "1":
                yield from self._at_most_one(restriction, on, statements)

    def _at_most_one(
        self, restriction: Term, on: Term, statements: tuple[Triple, ...]
    ) -> Iterator[Rule]:
        both: tuple[Pattern, ...] = ((_X, TYPE, restriction), (_X, on, _Y), (_X, on, _Z))
        if statements[0][1] == _AT_MOST:
            yield Rule(Axiom("at most one", (restriction, on), statements), (_Y, SAME, _Z), both)
            return
        for cls in self._objects.get((restriction, _OF_CLASS), ()):
            axiom = Axiom(
                "at most one", (restriction, on, cls), (*statements, (restriction, _OF_CLASS, cls))
            )
            types = () if cls == _THING else ((_Y, TYPE, cls), (_Z, TYPE, cls))
            yield Rule(axiom, (_Y, SAME, _Z), (*both, *types))


def _pair_of_properties(triple: Triple) -> Iterator[Rule]:
    """The rules of a subproperty, of equivalent properties, or of an inverse."""
    first, property_, second = triple
    kind = _PROPERTY_PAIRS[property_]
    axiom = Axiom(kind, (first, second), (triple,))
    if kind == "inverse":
        yield Rule(axiom, (_X, first, _Y), ((_Y, second, _X),))
        yield Rule(axiom, (_X, second, _Y), ((_Y, first, _X),))
    elif first != second:
        yield Rule(axiom, (_X, second, _Y), ((_X, first, _Y),))
        if kind != "subproperty":
            yield Rule(axiom, (_X, first, _Y), ((_X, second, _Y),))


def _characteristic(triple: Triple) -> Rule:
    """The rule of a symmetric, transitive, functional or inverse functional property."""
    property_, _, characteristic = triple
    kind = _CHARACTERISTICS[characteristic]
    axiom = Axiom(kind, (property_,), (triple,))
    match kind:
        case "symmetric":
            return Rule(axiom, (_Y, property_, _X), ((_X, property_, _Y),))
        case "transitive":
            return Rule(axiom, (_X, property_, _Z), ((_X, property_, _Y), (_Y, property_, _Z)))
        case "functional":
            return Rule(axiom, (_Y, SAME, _Z), ((_X, property_, _Y), (_X, property_, _Z)))
        case _:
            return Rule(axiom, (_X, SAME, _Z), ((_X, property_, _Y), (_Z, property_, _Y)))
