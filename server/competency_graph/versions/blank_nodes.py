"""The difference between two graphs, with their blank nodes matched.

A blank node has another label in each reading of a file. Groups of statements that are the same in
both graphs but for these labels are found by their canonical form. In the groups that differ, nodes
are paired by the statements that they share. Any pairing gives a correct difference; a good one
gives a short difference.
"""

from __future__ import annotations

from collections import Counter
from typing import Final, NamedTuple

import pyoxigraph as ox

from competency_graph.versions.canonical_forms import (
    canonical_form,
    groups,
    nodes,
    renamed,
    with_canonical_labels,
)
from competency_graph.versions.shared_statements import pairs_by_shared_statements

_NEW: Final = "new"
"""What the labels of nodes that only the new graph has begin with."""
_Forms = list[tuple[str, list[ox.Quad]]]
"""Groups of statements with their canonical forms."""


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
    old_blank, new_blank = (
        frozenset(quad for quad in each if any(nodes(quad))) for each in (removed, added)
    )
    if not old_blank and not new_blank:
        return Difference(removed, added)
    old_named = with_canonical_labels(old_blank)
    new_named = with_canonical_labels(new_blank, _NEW)
    old_rest, new_rest = _without_common(
        *(
            [(canonical_form(group), group) for group in groups(quads)]
            for quads in (old_named or old_blank, new_named or new_blank)
        )
    )
    pairs = pairs_by_shared_statements(old_rest, new_rest)
    paired = frozenset(renamed(quad, pairs) for quad in new_rest)
    return Difference(
        (removed - old_blank) | (old_rest - paired),
        (added - new_blank) | (paired - old_rest),
        old_named is not None,
        old_rest,
        paired,
    )


def _without_common(old: _Forms, new: _Forms) -> tuple[frozenset[ox.Quad], frozenset[ox.Quad]]:
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
