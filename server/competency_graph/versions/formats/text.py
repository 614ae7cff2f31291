"""Changes as text for terminals, grouped by kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from competency_graph.reports.source_excerpts import visible
from competency_graph.versions.formats import wording
from competency_graph.versions.model import Change, Changes

_HEADING, _REMOVED, _ADDED = "1", "31", "32"
"""The codes of ECMA-48, section 8.3.117: bold, red and green."""
_INDENT: Final = "    "


def write_text(changes: Changes, colour: bool = False) -> str:
    """Write the changes by kind, with old values after ``-`` and new ones after ``+``.

    Args:
        changes: the changes.
        colour: whether to use colours, which the caller must determine.
    """

    def paint(text: str, code: str) -> str:
        return f"\x1b[{code}m{visible(text)}\x1b[0m" if colour else visible(text)

    def block(change: Change) -> Iterator[str]:
        facts = wording.facts(change.entry)
        yield visible(f"  {wording.name(change.entry)}" + (f" ({facts})" if facts else ""))
        for line in wording.lines(change, changes):
            yield visible(f"{_INDENT}{line.heading}")
            for sign, code, values in (("-", _REMOVED, line.removed), ("+", _ADDED, line.added)):
                for value in values:
                    yield f"{_INDENT}  " + paint(f"{sign} {value}", code)

    found: list[str] = []
    for kind, number in changes.counts.items():
        found += [paint(wording.heading(kind, number), _HEADING)]
        for change in changes.of(kind):
            found += block(change)
        found.append("")
    return "\n".join([*found, visible(wording.summary(changes)), ""])
