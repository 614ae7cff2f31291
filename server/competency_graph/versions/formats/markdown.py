"""Changes as Markdown, for a changelog or a comment on a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from competency_graph.reports.source_excerpts import visible
from competency_graph.versions.formats import wording
from competency_graph.versions.model import Change, Changes

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&])")
"""The characters that CommonMark (section 2.4) may take for markup within a line."""


def write_markdown(changes: Changes, level: int = 2) -> str:
    """Write the changes by kind, as lists under headings.

    Args:
        changes: the changes.
        level: the level of the headings.
    """
    parts = [_text(wording.summary(changes)), ""]
    for kind, number in changes.counts.items():
        parts += [f"{'#' * level} {wording.heading(kind, number)}", ""]
        for change in changes.of(kind):
            parts += _item(change, changes)
        parts.append("")
    return "\n".join(parts).rstrip("\n") + "\n"


def _item(change: Change, changes: Changes) -> Iterator[str]:
    facts = wording.facts(change.entry)
    yield f"- **{_text(wording.name(change.entry))}**" + (f" ({_text(facts)})" if facts else "")
    for line in wording.lines(change, changes):
        what = _text(line.heading)
        removed, added = ("; ".join(map(_text, each)) for each in (line.removed, line.added))
        if removed and added:
            yield f"  - {what}: ~~{removed}~~ → {added}"
        else:
            yield f"  - {what}: " + (f"~~{removed}~~" if removed else added)


def _text(text: str) -> str:
    """A text on one line, whose characters are not markup."""
    return _SPECIAL.sub(r"\\\1", visible(" ".join(text.split())))
