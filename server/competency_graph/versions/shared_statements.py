"""Pairing the blank nodes of two graphs by the statements that they share."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Final

import pyoxigraph as ox

Pairs = dict[ox.BlankNode, ox.BlankNode]
"""For blank nodes of the new graph, those of the old one that they stand for."""
_Fact = tuple[str, ...]
"""A statement about a node, without that node."""
_MAX_SHARING: Final = 50
"""A statement that more nodes share does not help to pair them."""
_MAX_COMPARISONS: Final = 3_000_000
"""After so many comparisons of nodes, the rest are left without a pair."""


def pairs_by_shared_statements(old: Collection[ox.Quad], new: Collection[ox.Quad]) -> Pairs:
    """Pair blank nodes one to one, those with the most statements in common first.

    A pair gives its neighbours one more statement in common, so pairs are found outwards from the
    named terms. The result does not depend on the order of the statements, except among nodes that
    cannot be distinguished.
    """
    old_side, new_side = _Side(old), _Side(new)
    pairs: Pairs = {}
    comparisons = 0
    while comparisons < _MAX_COMPARISONS:
        best: dict[ox.BlankNode, list[ox.BlankNode]] = {}
        wanted_by: Counter[ox.BlankNode] = Counter()
        scores: dict[ox.BlankNode, int] = {}
        for node, facts in new_side.facts.items():
            shared: Counter[ox.BlankNode] = Counter()
            for fact in facts:
                candidates = old_side.nodes.get(fact, ())
                comparisons += 1 + len(candidates)
                if len(candidates) <= _MAX_SHARING:
                    shared.update(candidates)
            if shared:
                scores[node] = max(shared.values())
                best[node] = [each for each in shared if shared[each] == scores[node]]
                wanted_by.update(best[node])
        if not best:
            break
        chosen = {
            node: candidates[0]
            for node, candidates in best.items()
            if len(candidates) == 1 and wanted_by[candidates[0]] == 1
        }
        if not chosen:  # nodes that cannot be distinguished: any pair of them will do
            node = max(best, key=lambda each: (scores[each], each.value))
            chosen = {node: min(best[node], key=lambda each: each.value)}
        pairs |= chosen
        for number, (node, other) in enumerate(chosen.items(), len(pairs) - len(chosen)):
            new_side.name(node, f"pair {number}")
            old_side.name(other, f"pair {number}")
    return pairs


class _Side:
    """The nodes of one graph that have no pair yet, by the statements about them."""

    def __init__(self, quads: Collection[ox.Quad]) -> None:
        self.facts: dict[ox.BlankNode, set[_Fact]] = defaultdict(set)
        self.nodes: dict[_Fact, set[ox.BlankNode]] = defaultdict(set)
        self._links: dict[ox.BlankNode, list[tuple[str, str, ox.BlankNode]]] = defaultdict(list)
        for quad in quads:
            subject, predicate, value = quad.subject, str(quad.predicate), quad.object
            if isinstance(subject, ox.BlankNode) and isinstance(value, ox.BlankNode):
                self._links[subject].append(("from", predicate, value))
                self._links[value].append(("to", predicate, subject))
                self._add(subject, ("to", predicate))
                self._add(value, ("from", predicate))
            elif isinstance(subject, ox.BlankNode):
                self._add(subject, ("to", predicate, str(value)))
            elif isinstance(value, ox.BlankNode):
                self._add(value, ("from", predicate, str(subject)))

    def name(self, node: ox.BlankNode, name: str) -> None:
        """Take out a node that has a pair; statements with it help to pair its neighbours."""
        for fact in self.facts.pop(node):
            self.nodes[fact].discard(node)
        for direction, predicate, other in self._links[node]:
            if other in self.facts:
                self._add(other, (direction, predicate, name))

    def _add(self, node: ox.BlankNode, fact: _Fact) -> None:
        self.facts[node].add(fact)
        self.nodes[fact].add(node)
