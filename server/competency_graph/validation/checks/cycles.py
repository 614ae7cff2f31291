"""Entries that come before themselves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Final

from rdflib.namespace import SKOS

from competency_graph.validation.checks.author_statements import REPLACED, AuthorStatements, Link
from competency_graph.validation.checks.check_result import CYCLE, CheckResult

_ORDERS: Final = {
    REPLACED: (REPLACED, False),
    str(SKOS.broader): (str(SKOS.broader), False),
    str(SKOS.narrower): (str(SKOS.broader), True),
}
"""Properties that put entries in an order, so that no way along them may lead back: the order, and
whether the property goes against it."""
_MOST: Final = 20
"""Cycles that are told of each order."""
_LONGEST: Final = 8
"""Entries of a cycle that are named."""
_Order = dict[str, dict[str, Link]]


def cycles(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Each way along such properties that leads back to where it began, at one of its links."""
    orders: dict[str, _Order] = defaultdict(lambda: defaultdict(dict))
    for link in draft.links():
        if link.predicate in _ORDERS:
            name, against = _ORDERS[link.predicate]
            lower, upper = (link.object, link.subject) if against else (link.subject, link.object)
            orders[name][lower].setdefault(upper, link)
    for name, order in orders.items():
        for _ in range(_MOST):
            cycle = _cycle(order)
            if not cycle:
                break
            link = order[cycle[0]].pop(cycle[1])
            yield CheckResult(
                CYCLE,
                link.subject,
                f"{name} leads back to where it began: {_way(cycle)}",
                "Remove one of these links",
                link.predicate,
                f"<{link.object}>",
            )


def _cycle(order: _Order) -> list[str]:
    """A way that ends where it begins, along the order's direction; empty where there is none."""
    try:
        TopologicalSorter(order).prepare()
    except CycleError as error:
        way: list[str] = error.args[1]
        return way[::-1] if way[1] not in order.get(way[0], ()) else way
    return []


def _way(cycle: list[str]) -> str:
    names = cycle[:_LONGEST]
    if len(cycle) > _LONGEST + 1:
        names.append(f"… ({len(cycle) - _LONGEST - 1:,} more)")
    return " → ".join(names if len(cycle) <= _LONGEST else [*names, cycle[-1]])
