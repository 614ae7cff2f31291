"""Cycles in relations that order entries."""

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
"""Properties that order entries and must not form cycles: the order that they belong to, and
whether they are the inverse of it."""
_MAX_CYCLES: Final = 20
"""The maximum number of cycles reported per order."""
_MAX_NAMED: Final = 8
"""The maximum number of entries named of a cycle."""
_Order = dict[str, dict[str, Link]]


def cycles(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report each cycle at one of its links."""
    orders: dict[str, _Order] = defaultdict(lambda: defaultdict(dict))
    for link in draft.links():
        if link.predicate in _ORDERS:
            name, against = _ORDERS[link.predicate]
            lower, upper = (link.object, link.subject) if against else (link.subject, link.object)
            orders[name][lower].setdefault(upper, link)
    for name, order in orders.items():
        for _ in range(_MAX_CYCLES):
            cycle = _find_cycle(order)
            if not cycle:
                break
            link = order[cycle[0]].pop(cycle[1])
            yield CheckResult(
                CYCLE,
                link.subject,
                f"{name} leads back to where it began: {_cycle_text(cycle)}",
                "Remove one of these links",
                link.predicate,
                f"<{link.object}>",
            )


def _find_cycle(order: _Order) -> list[str]:
    """A cycle in the direction of the order; empty if there is none."""
    try:
        TopologicalSorter(order).prepare()
    except CycleError as error:
        path: list[str] = error.args[1]
        return path[::-1] if path[1] not in order.get(path[0], ()) else path
    return []


def _cycle_text(cycle: list[str]) -> str:
    names = cycle[:_MAX_NAMED]
    if len(cycle) > _MAX_NAMED + 1:
        names.append(f"… ({len(cycle) - _MAX_NAMED - 1:,} more)")
    return " → ".join(names if len(cycle) <= _MAX_NAMED else [*names, cycle[-1]])
