"""Pairing the blank nodes of two graphs by the statements that they share."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from itertools import islice
from typing import Final

import pyoxigraph as ox

Pairs = dict[ox.BlankNode, ox.BlankNode]
"""For blank nodes of the new graph, those of the old one that they stand for."""
_Fact = tuple[object, ...]
"""A statement about a node, without that node; or what its surroundings are like."""
_ROUNDS: Final = 8
"""How far the surroundings of a node are compared."""
_MAX_SHARING: Final = 50
"""A fact that more nodes share does not help to pair them."""
_MAX_COMPARISONS: Final = 1_000_000
"""After so many comparisons of nodes, the rest are left without a pair."""


def pairs_by_shared_statements(old: Collection[ox.Quad], new: Collection[ox.Quad]) -> Pairs:
    """Pair blank nodes one to one, those with the most facts in common first.

    A pair is one more fact that its neighbours have in common, so pairs are found outwards from
    what is certain. Nodes that cannot be distinguished are paired in any order.
    """
    old_side, new_side = _Side(old), _Side(new)
    surroundings_compared = False
    pairs: Pairs = {}
    comparisons = 0
    while comparisons < _MAX_COMPARISONS:
        best: dict[ox.BlankNode, list[ox.BlankNode]] = {}
        scores: dict[ox.BlankNode, int] = {}
        wanted_by: Counter[ox.BlankNode] = Counter()
        for node, facts in new_side.facts.items():
            shared = old_side.sharing(facts)
            comparisons += 1 + len(shared)
            if shared:
                scores[node] = max(shared.values())
                best[node] = [each for each in shared if shared[each] == scores[node]]
                wanted_by.update(best[node])
        chosen = {
            node: candidates[0]
            for node, candidates in best.items()
            if len(candidates) == 1 and wanted_by[candidates[0]] == 1
        }
        if not chosen and not surroundings_compared:
            _compare_surroundings((old_side, new_side))
            surroundings_compared = True
            continue
        if not best:
            break
        if not chosen:  # nodes that cannot be distinguished: any pair of them will do
            node = max(best, key=lambda each: (scores[each], each.value))
            chosen = {node: min(best[node], key=lambda each: each.value)}
        for node, other in chosen.items():
            new_side.take_out(node, len(pairs))
            old_side.take_out(other, len(pairs))
            pairs[node] = other
    return pairs


class _Side:
    """The nodes of one graph that have no pair yet, by the facts about them."""

    def __init__(self, quads: Collection[ox.Quad]) -> None:
        self.facts: dict[ox.BlankNode, set[_Fact]] = defaultdict(set)
        self.links: dict[ox.BlankNode, list[tuple[str, str, ox.BlankNode]]] = defaultdict(list)
        self._nodes: dict[_Fact, set[ox.BlankNode]] = defaultdict(set)
        for quad in quads:
            subject, predicate, value = quad.subject, str(quad.predicate), quad.object
            if isinstance(subject, ox.BlankNode) and isinstance(value, ox.BlankNode):
                self.links[subject].append(("from", predicate, value))
                self.links[value].append(("to", predicate, subject))
                self.add(subject, ("to", predicate))
                self.add(value, ("from", predicate))
            elif isinstance(subject, ox.BlankNode):
                self.add(subject, ("to", predicate, str(value)))
            elif isinstance(value, ox.BlankNode):
                self.add(value, ("from", predicate, str(subject)))

    def add(self, node: ox.BlankNode, fact: _Fact) -> None:
        """Add a fact about a node."""
        self.facts[node].add(fact)
        self._nodes[fact].add(node)

    def sharing(self, facts: Iterable[_Fact]) -> Counter[ox.BlankNode]:
        """The nodes that share some facts, with how many they share.

        Of the nodes with the same surroundings, which may be many, only some are considered.
        """
        found: Counter[ox.BlankNode] = Counter()
        for fact in facts:
            nodes = self._nodes.get(fact, ())
            if len(nodes) <= _MAX_SHARING:
                found.update(nodes)
            elif fact[0] == _ROUNDS:
                found.update(islice(nodes, _MAX_SHARING))
        return found

    def take_out(self, node: ox.BlankNode, pair: int) -> None:
        """Take out a node that has a pair, which is a new fact about its neighbours."""
        for fact in self.facts.pop(node):
            self._nodes[fact].discard(node)
        for direction, predicate, other in self.links[node]:
            if other in self.facts:
                self.add(other, (direction, predicate, pair))


def _compare_surroundings(sides: tuple[_Side, _Side]) -> None:
    """Add facts that nodes share if their surroundings are the same, up to some distances.

    The facts are colours as in the Weisfeiler-Leman algorithm: a node's own, then those of its
    neighbours, then those of their neighbours.
    """
    colours: dict[object, int] = {}
    own = [
        {
            node: colours.setdefault(frozenset(facts), len(colours))
            for node, facts in s.facts.items()
        }
        for s in sides
    ]
    for distance in range(1, _ROUNDS + 1):
        for number, side in enumerate(sides):
            before = own[number]
            own[number] = {
                node: colours.setdefault(
                    (
                        before[node],
                        *sorted(
                            (way, by, before[other])
                            for way, by, other in side.links[node]
                            if other in before
                        ),
                    ),
                    len(colours),
                )
                for node in before
            }
            for node, colour in own[number].items():
                side.add(node, (distance, colour))
