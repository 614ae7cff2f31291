"""Rules: if statements match the patterns of the body, the statement of the head holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import RDF

from competency_graph.dictionary.explanations.explanation import Axiom, Triple
from competency_graph.rdf.short_names import Term

Pattern = tuple[Term | ox.Variable, Term | ox.Variable, Term | ox.Variable]
Assignment = dict[ox.Variable, Term]
TYPE: Final = ox.NamedNode(RDF.type)


@dataclass(frozen=True)
class Rule:
    """A rule.

    Args:
        axiom: what the rule comes from.
        head: the pattern of the statements that it gives.
        body: the patterns of the statements that it needs, in reading order.
    """

    axiom: Axiom
    head: Pattern
    body: tuple[Pattern, ...]


class RuleSet:
    """Rules, found by the statement that they are to give."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._by_head: dict[tuple[object, object], list[Rule]] = {}
        for rule in rules:
            _, property_, value = rule.head
            key_value = value if property_ == TYPE and not isinstance(value, ox.Variable) else None
            key_property = None if isinstance(property_, ox.Variable) else property_
            self._by_head.setdefault((key_property, key_value), []).append(rule)

    def giving(self, triple: Triple) -> Iterator[tuple[Rule, Assignment]]:
        """Yield the rules whose head matches a statement, with the terms of its variables."""
        _, property_, value = triple
        for key in dict.fromkeys([(property_, value), (property_, None), (None, None)]):
            for rule in self._by_head.get(key, ()):
                assignment = matched(rule.head, triple, {})
                if assignment is not None:
                    yield rule, assignment


def matched(pattern: Pattern, triple: Triple, known: Assignment) -> Assignment | None:
    """The assignment under which a pattern is a statement; None if there is none.

    Args:
        pattern: the pattern.
        triple: the statement.
        known: the terms of some variables, which the assignment must keep.
    """
    found = dict(known)
    for part, term in zip(pattern, triple, strict=True):
        if isinstance(part, ox.Variable):
            if found.setdefault(part, term) != term:
                return None
        elif part != term:
            return None
    return found


def filled(pattern: Pattern, known: Assignment) -> Pattern:
    """A pattern with the known terms instead of their variables."""
    subject, property_, value = (
        known.get(part, part) if isinstance(part, ox.Variable) else part for part in pattern
    )
    return subject, property_, value
