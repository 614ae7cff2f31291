"""What follows from mappings and hierarchies by the rules of SKOS, with the statements behind it.

``skos:broadMatch`` and ``narrowMatch`` are kinds of ``broader`` and ``narrower`` (SKOS Reference,
S41), which are inverse to each other (S25, S43) and imply the transitive ``broaderTransitive``
(S22, S24). ``skos:exactMatch`` is symmetric and transitive (S44, S45). ``skos:closeMatch`` is not
transitive, so nothing follows from it. SKOS does not state that what is broader than a thing is
broader than its exact matches as well (section 10.6.7); that is added here, as exact matches are
meant to replace each other everywhere.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Final, NamedTuple

from rdflib.namespace import SKOS

from competency_graph.rdf.vocabulary import CG

EXACT, CLOSE, BROAD, NARROW, RELATED = (
    str(SKOS[f"{kind}Match"]) for kind in ("exact", "close", "broad", "narrow", "related")
)
BROADER: Final = str(SKOS.broader)
_UP: Final = frozenset((BROAD, BROADER, str(SKOS.broaderTransitive), str(CG.inCluster)))
"""Properties whose object is broader; the ontology makes ``cg:inCluster`` one of them."""
_DOWN: Final = frozenset(
    (NARROW, str(SKOS.narrower), str(SKOS.narrowerTransitive), str(CG.hasCompetency))
)
"""Properties whose object is narrower."""
HIERARCHICAL: Final = _UP | _DOWN
"""The properties that state that one thing is broader than another."""


class Relation(NamedTuple):
    """A statement: subject, predicate and object, as IRIs."""

    subject: str
    predicate: str
    object: str

    @property
    def upward(self) -> tuple[str, str]:
        """The narrower and the broader thing of a hierarchical statement."""
        if self.predicate in _DOWN:
            return self.object, self.subject
        return self.subject, self.object


Chain = tuple[Relation, ...]
"""Statements that lead from one thing to another, in order."""


class SkosGraph:
    """Statements from which hierarchical and exact relations follow; others are ignored."""

    def __init__(self, relations: Iterable[Relation] = ()) -> None:
        self._steps: dict[str, dict[str, Relation]] = defaultdict(dict)
        """From each thing to what is broader than it, or exactly the same."""
        for relation in relations:
            self.add(relation)

    def add(self, relation: Relation) -> None:
        """Add a statement; the first of several that relate two things in the same way is used."""
        if relation.predicate in HIERARCHICAL:
            low, high = relation.upward
            self._steps[low].setdefault(high, relation)
        elif relation.predicate == EXACT:
            self._steps[relation.subject].setdefault(relation.object, relation)
            self._steps[relation.object].setdefault(relation.subject, relation)

    def remove(self, relation: Relation) -> None:
        """Remove a hierarchical statement."""
        low, high = relation.upward
        if self._steps[low].get(high) == relation:
            del self._steps[low][high]

    def chain(self, start: str, end: str) -> Chain | None:
        """The shortest chain that makes ``end`` broader than ``start``, or exactly the same.

        None if there is none.
        """
        if start == end:
            return ()
        came_from: _CameFrom = {}
        for thing in self._reached(start, came_from):
            if thing == end:
                return _chain(came_from, thing)
        return None

    def is_top(self, thing: str) -> bool:
        """Whether nothing is broader than a thing, or exactly the same."""
        return not self._steps.get(thing)

    def above(self, start: str) -> Iterator[tuple[str, Chain]]:
        """Yield what is broader than a thing or exactly the same, nearest first, with its chain."""
        came_from: _CameFrom = {}
        for thing in self._reached(start, came_from):
            yield thing, _chain(came_from, thing)

    def _reached(self, start: str, came_from: _CameFrom) -> Iterator[str]:
        waiting = deque([start])
        while waiting:
            thing = waiting.popleft()
            for following, relation in self._steps.get(thing, {}).items():
                if following == start or following in came_from:
                    continue
                came_from[following] = thing, relation
                waiting.append(following)
                yield following

    def cycle(self) -> Chain:
        """Hierarchical statements that lead from a thing to itself, through exact matches as well.

        Of each step of the cycle, it has one such statement; it is empty if there is no cycle.
        """
        whole = self._classes()
        order: dict[str, dict[str, Relation]] = defaultdict(dict)
        for low, steps in self._steps.items():
            for high, relation in steps.items():
                if relation.predicate != EXACT:
                    order[whole.get(low, low)].setdefault(whole.get(high, high), relation)
        try:
            TopologicalSorter(order).prepare()
        except CycleError as error:
            path: list[str] = error.args[1]
            if path[1] not in order.get(path[0], ()):
                path.reverse()
            return tuple(order[low][high] for low, high in pairwise(path))
        return ()

    def _classes(self) -> dict[str, str]:
        """For each thing with an exact match, one of the things that are exactly the same."""
        found: dict[str, str] = {}
        for start in self._steps:
            if start in found:
                continue
            waiting = [start]
            while waiting:
                thing = waiting.pop()
                for other, relation in self._steps.get(thing, {}).items():
                    if relation.predicate == EXACT and other not in found:
                        found[other] = start
                        waiting.append(other)
        return found


_CameFrom = dict[str, tuple[str, Relation]]
"""The thing before each thing on the shortest chain, and the statement that leads on."""


def _chain(came_from: _CameFrom, thing: str) -> Chain:
    found = []
    while thing in came_from:
        thing, relation = came_from[thing]
        found.append(relation)
    return tuple(reversed(found))


def is_exact(chain: Chain) -> bool:
    """Whether a chain consists of exact matches, so that all its things are the same."""
    return all(relation.predicate == EXACT for relation in chain)


def exact_chains(
    relations: Iterable[Relation], starts: Iterable[str]
) -> Iterator[tuple[str, str, Chain]]:
    """Yield each pair of things that exact matches make the same, with the shortest chain.

    Args:
        relations: statements.
        starts: the things to start from.
    """
    graph = SkosGraph(each for each in relations if each.predicate == EXACT)
    seen: set[frozenset[str]] = set()
    for start in starts:
        for thing, chain in graph.above(start):
            pair = frozenset((start, thing))
            if pair not in seen:
                seen.add(pair)
                yield start, thing, chain
