"""The difference between two graphs, with their blank nodes matched.

A blank node has another label in each reading of a file. Groups of statements that are the same in
both graphs but for these labels are found by their canonical form (RDF Dataset Canonicalization,
RDFC-1.0). In the groups that differ, nodes are paired by the statements that they share. Any
pairing gives a correct difference; a good one gives a short difference.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain
from math import factorial
from typing import Final, NamedTuple

import pyoxigraph as ox

from competency_graph.versions.shared_statements import pairs_by_shared_statements

_ALGORITHM: Final = ox.CanonicalizationAlgorithm.RDFC_1_0
_MAX_ORDERS: Final = 100_000
"""How many orders of similar nodes canonicalization may try: its time is exponential at worst."""
_OLD, _NEW = "c14n", "new"
"""The starts of labels: those of the old graph, in RDFC-1.0, and of nodes of the new one only."""


class Difference(NamedTuple):
    """The statements that only one of two graphs has.

    A blank node that is in both has the same label in both sets. Replacing `removed` by `added`
    turns the old graph into one that is isomorphic to the new one.

    Args:
        removed: the statements of the old graph.
        added: the statements of the new graph.
        canonical: whether blank nodes of the old graph have the labels that RDFC-1.0 gives them;
            they do not if the graph is too symmetric to be canonicalized in reasonable time.
        old_groups: all statements of the old graph about blank nodes in changed groups.
        new_groups: those of the new graph.
    """

    removed: frozenset[ox.Quad]
    added: frozenset[ox.Quad]
    canonical: bool = True
    old_groups: frozenset[ox.Quad] = frozenset()
    new_groups: frozenset[ox.Quad] = frozenset()


def difference(old: frozenset[ox.Quad], new: frozenset[ox.Quad]) -> Difference:
    """Compare two graphs whose blank nodes have different labels."""
    removed, added = old - new, new - old
    old_blank, new_blank = (frozenset(filter(_has_blank, each)) for each in (removed, added))
    if not old_blank and not new_blank:
        return Difference(removed, added)
    (old_groups, canonical), (new_groups, _) = (
        _canonical_groups(old_blank, _OLD),
        _canonical_groups(new_blank, _NEW),
    )
    old_rest, new_rest = _without_common(old_groups, new_groups)
    pairs = pairs_by_shared_statements(old_rest, new_rest)
    renamed = frozenset(_renamed(quad, pairs) for quad in new_rest)
    return Difference(
        (removed - old_blank) | (old_rest - renamed),
        (added - new_blank) | (renamed - old_rest),
        canonical,
        old_rest,
        renamed,
    )


def nodes(quad: ox.Quad) -> Iterator[ox.BlankNode]:
    """The blank nodes of a statement."""
    if isinstance(subject := quad.subject, ox.BlankNode):
        yield subject
    if isinstance(value := quad.object, ox.BlankNode):
        yield value


def _has_blank(quad: ox.Quad) -> bool:
    return isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)


def _renamed(quad: ox.Quad, names: Mapping[ox.BlankNode, ox.BlankNode]) -> ox.Quad:
    subject, value = quad.subject, quad.object
    if isinstance(subject, ox.BlankNode):
        subject = names.get(subject, subject)
    if isinstance(value, ox.BlankNode):
        value = names.get(value, value)
    return ox.Quad(subject, quad.predicate, value)


def _canonical_groups(
    quads: Collection[ox.Quad], labels: str
) -> tuple[list[tuple[str, list[ox.Quad]]], bool]:
    """Groups of statements without common blank nodes, each with its canonical form.

    Returns:
        The groups, with "" for a form that would take too long to find; and whether the blank nodes
        have canonical labels.
    """
    groups = _groups(quads)
    hard = [_orders(group) > _MAX_ORDERS for group in groups]
    if any(hard):
        pairs = zip(groups, hard, strict=True)
        return [("" if is_hard else _form(group), group) for group, is_hard in pairs], False
    whole = ox.Dataset(quads)
    whole.canonicalize(_ALGORITHM)
    names = {
        node: ox.BlankNode(labels + node.value.removeprefix(_OLD))
        for node in chain.from_iterable(map(nodes, whole))
    }
    named = [_renamed(quad, names) for quad in whole]
    return [(_form(group), group) for group in _groups(named)], True


def _form(group: list[ox.Quad]) -> str:
    """The canonical form of a group, as N-Quads."""
    whole = ox.Dataset(group)
    whole.canonicalize(_ALGORITHM)
    return "\n".join(sorted(map(str, whole)))


def _groups(quads: Iterable[ox.Quad]) -> list[list[ox.Quad]]:
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
    groups: dict[ox.BlankNode, list[ox.Quad]] = defaultdict(list)
    for quad, first in firsts:
        groups[root(first)].append(quad)
    return list(groups.values())


def _orders(group: list[ox.Quad]) -> int:
    """How many orders of similar nodes RDFC-1.0 (section 4.8) may have to try for a group.

    It tries each order of a node's neighbours that it cannot distinguish by their own statements.
    """
    own: dict[ox.BlankNode, list[str]] = defaultdict(list)
    links: list[tuple[ox.BlankNode, str, ox.BlankNode]] = []
    for quad in group:
        subject, predicate, value = quad.subject, str(quad.predicate), quad.object
        if isinstance(subject, ox.BlankNode):
            own[subject].append(f"{predicate} {'_' if isinstance(value, ox.BlankNode) else value}")
        if isinstance(value, ox.BlankNode):
            own[value].append(
                f"{'_' if isinstance(subject, ox.BlankNode) else subject} {predicate}"
            )
        if isinstance(subject, ox.BlankNode) and isinstance(value, ox.BlankNode):
            links += [(subject, f"{predicate}>", value), (value, f"{predicate}<", subject)]
    similar = {node: "\n".join(sorted(facts)) for node, facts in own.items()}
    orders = 1
    for number in Counter((node, by, similar[other]) for node, by, other in links).values():
        orders *= factorial(min(number, 20))
        if orders > _MAX_ORDERS:
            break
    return orders


def _without_common(
    old: list[tuple[str, list[ox.Quad]]], new: list[tuple[str, list[ox.Quad]]]
) -> tuple[frozenset[ox.Quad], frozenset[ox.Quad]]:
    """The statements of both sides, without the groups that are in both."""
    common = Counter(form for form, _ in old if form) & Counter(form for form, _ in new)
    rests = []
    for side in (old, new):
        left = Counter(common)
        rest: list[ox.Quad] = []
        for form, group in side:
            if left[form]:
                left[form] -= 1
            else:
                rest += group
        rests.append(frozenset(rest))
    return rests[0], rests[1]
