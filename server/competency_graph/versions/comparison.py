"""Comparing two versions: from different statements to changes of entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pyoxigraph as ox

from competency_graph.versions.blank_nodes import difference
from competency_graph.versions.descriptions import Descriptions
from competency_graph.versions.details import by_kind, details
from competency_graph.versions.model import (
    ADDED,
    GONE,
    KINDS,
    MOVED,
    RESTATED,
    Change,
    Changes,
    Detail,
    Entry,
)
from competency_graph.versions.relations import Link, Relation, link
from competency_graph.versions.sources import Version

_Sides = tuple[set[ox.Quad], set[ox.Quad]]
"""Statements that the new version no longer has, and those that it adds."""


def compare(old: Version, new: Version) -> Changes:
    """Compare two versions of a dictionary.

    Raises:
        UnreadableInputError: a file of either is not RDF or SSSOM.
    """
    found = difference(old.statements, new.statements)
    descriptions = Descriptions(old, new, found)
    rest = set(found.removed), set(found.added)
    changes = list(_between_entries(rest, descriptions))
    by_owner: dict[str, tuple[list[ox.Quad], list[ox.Quad]]] = defaultdict(lambda: ([], []))
    for side, quads in enumerate(rest):
        for quad in sorted(quads, key=str):
            by_owner[descriptions.owner(quad, side)][side].append(quad)
    for owner, (removed, added) in by_owner.items():
        changes += _of_entry(owner, removed, added, descriptions)
    order = list(KINDS)
    changes.sort(key=lambda each: (order.index(each.kind), _rank(each.entry)))
    return Changes(old, new, tuple(changes), found, descriptions)


def _rank(entry: Entry) -> tuple[str, ...]:
    return entry.class_, entry.code, entry.label.casefold(), entry.iri


def _between_entries(rest: _Sides, descriptions: Descriptions) -> Iterator[Change]:
    """The changes in what belongs to what; their statements are taken from ``rest``."""
    links: dict[tuple[str, Relation], tuple[dict[ox.Quad, Link], ...]]
    links = defaultdict(lambda: ({}, {}))
    for side, quads in enumerate(rest):
        for quad in quads:
            if found := link(quad):
                links[found.lower.value, found.relation][side][quad] = found
    for (lower, relation), (lost, gained) in links.items():
        if not lost or not gained or not descriptions.lasting(lower):
            continue
        before, after = ({each.upper for each in side.values()} for side in (lost, gained))
        pairs = [(RESTATED, before & after, before & after)]
        if relation.moving:
            pairs.append((MOVED, before - after, after - before))
        for kind, *uppers in pairs:
            if not all(uppers):
                continue
            moved = [
                tuple(
                    sorted((quad for quad, each in side.items() if each.upper in chosen), key=str)
                )
                for side, chosen in zip((lost, gained), uppers, strict=True)
            ]
            for quads, taken in zip(rest, moved, strict=True):
                quads.difference_update(taken)
            one, other = (tuple(sorted(each, key=str)) for each in uppers)
            detail = Detail(relation.name, one, other)
            yield Change(kind, descriptions.entry(lower), (detail,), *moved)


def _of_entry(
    owner: str, removed: list[ox.Quad], added: list[ox.Quad], descriptions: Descriptions
) -> Iterator[Change]:
    """The changes of one entry."""
    entry = descriptions.entry(owner)
    if not descriptions.lasting(owner):
        kind = GONE if descriptions.described(owner, 0) else ADDED
        yield Change(kind, entry, (), tuple(removed), tuple(added))
        return
    for kind, (lost, gained) in by_kind(removed, added, descriptions).items():
        found = tuple(details(owner, lost, gained, descriptions))
        yield Change(kind, entry, found, tuple(lost), tuple(gained))
