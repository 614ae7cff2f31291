"""Canonical forms of statements with blank nodes: RDF Dataset Canonicalization (RDFC-1.0).

Its time is exponential at worst, so how long it may take is estimated first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from math import factorial
from typing import Final

import pyoxigraph as ox

from competency_graph.versions.lists import with_lists_as_nodes

_ALGORITHM: Final = ox.CanonicalizationAlgorithm.RDFC_1_0
_LABELS: Final = "c14n"
"""What its labels begin with (RDFC-1.0, section 4.4)."""
_MAX_ORDERS: Final = 100_000
"""How many orders of similar nodes it may try."""
_MAX_STEPS: Final = 30_000_000
"""How many steps it may take from one similar node to another; about two seconds."""


def nodes(quad: ox.Quad) -> Iterator[ox.BlankNode]:
    """The blank nodes of a statement."""
    if isinstance(subject := quad.subject, ox.BlankNode):
        yield subject
    if isinstance(value := quad.object, ox.BlankNode):
        yield value


def renamed(quad: ox.Quad, names: Mapping[ox.BlankNode, ox.BlankNode]) -> ox.Quad:
    """The same statement about other blank nodes."""
    subject, value = quad.subject, quad.object
    if isinstance(subject, ox.BlankNode):
        subject = names.get(subject, subject)
    if isinstance(value, ox.BlankNode):
        value = names.get(value, value)
    return ox.Quad(subject, quad.predicate, value)


def with_canonical_labels(quads: Collection[ox.Quad], start: str = _LABELS) -> list[ox.Quad] | None:
    """The statements with canonical labels; None if that would take too long.

    Args:
        quads: the statements of a graph with blank nodes; others do not change the labels.
        start: what the labels begin with instead of ``c14n``.
    """
    if _takes_long(groups(quads)):
        return None
    whole = ox.Dataset(quads)
    whole.canonicalize(_ALGORITHM)
    names = {
        node: ox.BlankNode(start + node.value.removeprefix(_LABELS))
        for node in chain.from_iterable(map(nodes, whole))
    }
    return [renamed(quad, names) for quad in whole]


def canonical_form(group: list[ox.Quad]) -> str:
    """A text that is the same for the same statements with other labels.

    "" if finding it would take too long.
    """
    shorter = with_lists_as_nodes(group)
    if _takes_long([shorter]):
        return ""
    whole = ox.Dataset(shorter)
    whole.canonicalize(_ALGORITHM)
    return "\n".join(sorted(map(str, whole)))


def groups(quads: Iterable[ox.Quad]) -> list[list[ox.Quad]]:
    """The statements, grouped so that no blank node is in two groups."""
    parents: dict[ox.BlankNode, ox.BlankNode] = {}

    def root(node: ox.BlankNode) -> ox.BlankNode:
        while (parent := parents.setdefault(node, node)) != node:
            parents[node] = parents[parent]
            node = parent
        return node

    firsts = []
    for quad in quads:
        first, *others = nodes(quad)
        for other in others:
            parents[root(other)] = root(first)
        firsts.append((quad, first))
    found: dict[ox.BlankNode, list[ox.Quad]] = defaultdict(list)
    for quad, first in firsts:
        found[root(first)].append(quad)
    return list(found.values())


def _takes_long(together: list[list[ox.Quad]]) -> bool:
    """Whether canonicalizing some groups together may take too long.

    Nodes that differ in their own statements are labelled at once. From each other node, the
    algorithm (section 4.8) visits the similar nodes of its group, and it tries each order of
    neighbours that are similar.
    """
    described = [_own_statements(group) for group in together]
    numbers = Counter(own for group in described for own in group.values())
    steps = sum(sum(numbers[own] > 1 for own in group.values()) ** 3 for group in described)
    return steps > _MAX_STEPS or any(
        _orders(group, own) > _MAX_ORDERS for group, own in zip(together, described, strict=True)
    )


def _own_statements(group: list[ox.Quad]) -> dict[ox.BlankNode, str]:
    """The statements about each node, without the labels of others (section 4.6)."""
    found: dict[ox.BlankNode, list[str]] = defaultdict(list)
    for quad in group:
        subject, predicate, value = quad.subject, str(quad.predicate), quad.object
        if isinstance(subject, ox.BlankNode):
            other = "_" if isinstance(value, ox.BlankNode) else str(value)
            found[subject].append(f"{predicate} {other}")
        if isinstance(value, ox.BlankNode):
            other = "_" if isinstance(subject, ox.BlankNode) else str(subject)
            found[value].append(f"{other} {predicate}")
    return {node: "\n".join(sorted(statements)) for node, statements in found.items()}


def _orders(group: list[ox.Quad], own: Mapping[ox.BlankNode, str]) -> int:
    """How many orders of similar neighbours there are; a large number stands for any larger one."""
    similar: Counter[tuple[ox.BlankNode, str, str]] = Counter()
    for quad in group:
        subject, predicate, value = quad.subject, str(quad.predicate), quad.object
        if isinstance(subject, ox.BlankNode) and isinstance(value, ox.BlankNode):
            similar[subject, f"{predicate}>", own[value]] += 1
            similar[value, f"{predicate}<", own[subject]] += 1
    orders = 1
    for number in similar.values():
        orders *= factorial(min(number, 20))
        if orders > _MAX_ORDERS:
            break
    return orders
