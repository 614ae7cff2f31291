"""The shortest derivation of a statement, by backward chaining.

First, all rules that can give the statement, and then its premises, are collected. Then, from the
stated statements upwards, the shortest derivation of each statement is found, by Knuth's
generalization of Dijkstra's algorithm, which does not go round in circles as inverse properties do.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, cast

import pyoxigraph as ox

from competency_graph.dictionary.explanations.explanation import Axiom, Explanation, Triple
from competency_graph.dictionary.explanations.general_rules import SCHEMA_PROPERTIES
from competency_graph.dictionary.explanations.rule import (
    Assignment,
    Pattern,
    Rule,
    RuleSet,
    filled,
    matched,
)
from competency_graph.dictionary.explanations.statements import Statements

_MAX_STATEMENTS: Final = 5_000
"""How many statements a search considers."""


@dataclass(frozen=True, eq=False)
class _Step:
    """One way to derive a statement."""

    conclusion: Triple
    axiom: Axiom
    premises: tuple[Triple, ...]


def derive(goal: Triple, rules: RuleSet, statements: Statements) -> Explanation | None:
    """The shortest derivation of a statement from stated ones; None if none is found."""
    if statements.is_stated(goal):
        return Explanation(goal)
    stated, steps = _explore(goal, rules, statements)
    best: dict[Triple, _Step | None] = {}
    cost: dict[Triple, int] = {}
    waiting: dict[Triple, list[_Step]] = {}
    missing = {}
    heap: list[tuple[int, str, int, Triple, _Step | None]] = []
    for number, triple in enumerate(stated):
        heap.append((1, "", number, triple, None))
    for step in steps:
        premises = set(step.premises)
        missing[step] = len(premises)
        for premise in premises:
            waiting.setdefault(premise, []).append(step)
        if not premises:
            heap.append((1, str(step.axiom), len(heap), step.conclusion, step))
    heapq.heapify(heap)
    order = len(heap)
    while heap and goal not in best:
        total, _, _, triple, found = heapq.heappop(heap)
        if triple in best:
            continue
        best[triple], cost[triple] = found, total
        for step in waiting.get(triple, ()):
            missing[step] -= 1
            if not missing[step] and step.conclusion not in best:
                order += 1
                length = 1 + sum(cost[premise] for premise in step.premises)
                entry = (length, str(step.premises), order, step.conclusion, step)
                heapq.heappush(heap, entry)
    return _tree(goal, best) if goal in best else None


def _tree(triple: Triple, best: dict[Triple, _Step | None]) -> Explanation:
    step = best[triple]
    if step is None:
        return Explanation(triple)
    return Explanation(triple, (step.axiom,), tuple(_tree(each, best) for each in step.premises))


def _explore(
    goal: Triple, rules: RuleSet, statements: Statements
) -> tuple[list[Triple], list[_Step]]:
    """The stated statements and the steps from which a statement may be derived."""
    seen, queue = {goal}, [goal]
    stated, steps = [], []
    for triple in queue:  # which grows
        if statements.is_stated(triple):
            stated.append(triple)
            continue
        for rule, assignment in rules.giving(triple):
            for complete in _solutions(rule, rule.body, assignment, statements):
                premises = tuple(cast("Triple", filled(each, complete)) for each in rule.body)
                if triple in premises:
                    continue
                steps.append(_Step(triple, rule.axiom, premises))
                for premise in premises:
                    if premise not in seen and len(seen) < _MAX_STATEMENTS:
                        seen.add(premise)
                        queue.append(premise)
    return stated, steps


def _solutions(
    rule: Rule, body: tuple[Pattern, ...], known: Assignment, statements: Statements
) -> Iterator[Assignment]:
    """Yield the assignments under which all patterns of a rule's body may hold."""
    if not body:
        yield known
        return
    place = max(range(len(body)), key=lambda n: _boundness(filled(body[n], known)))
    rest = body[:place] + body[place + 1 :]
    pattern = filled(body[place], known)
    subject, property_, value = (
        None if isinstance(part, ox.Variable) else part for part in pattern
    )
    if subject is not None and property_ is not None and value is not None:
        triple = subject, property_, value
        if _may_be_unlisted(triple) or any(True for _ in statements.match(*triple)):
            yield from _solutions(rule, rest, known, statements)
        return
    for triple in statements.match(subject, property_, value):
        extended = matched(pattern, triple, known)
        if extended is not None:
            yield from _solutions(rule, rest, extended, statements)


def _boundness(pattern: Pattern) -> int:
    """How selective a pattern is: the more terms it has, the fewer statements match.

    Statements with a blank node as object are not listed if they are inferred, so such a pattern
    comes last.
    """
    if isinstance(pattern[2], ox.BlankNode) and isinstance(pattern[0], ox.Variable):
        return 0
    weights = (4, 1, 2)
    return sum(
        weight
        for weight, part in zip(weights, pattern, strict=True)
        if not isinstance(part, ox.Variable)
    )


def _may_be_unlisted(triple: Triple) -> bool:
    """Whether a statement may hold although it is not among those known to hold.

    Statements with blank nodes and literals, and about an ontology's terms, are not kept when they
    are inferred.
    """
    subject, property_, value = triple
    return (
        not isinstance(value, ox.NamedNode)
        or isinstance(subject, ox.BlankNode)
        or property_ in SCHEMA_PROPERTIES
    )
