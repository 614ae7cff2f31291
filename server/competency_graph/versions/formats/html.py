"""Changes as a self-contained HTML page, to read, send or keep with a release."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

from competency_graph.reports.html import environment
from competency_graph.versions.formats import wording
from competency_graph.versions.model import KINDS, REWORDED, Change, Changes

_FOLDER: Final = Path(__file__).with_name("templates")
_MAX_WORDS: Final = 1_000
"""Longer texts are shown as a whole: comparing them takes quadratic time."""
Passage = tuple[str, str]
"""``equal``, ``removed`` or ``added``, and a text."""


def write_html(changes: Changes) -> str:
    """Render the page: the summary, and the changes by kind with the words that differ marked."""
    return environment(_FOLDER).get_template("changes.html").render(
        changes=changes,
        headings=KINDS,
        summary=wording.summary(changes),
        name=wording.name,
        facts=wording.facts,
        lines=lambda change: lines_with_passages(change, changes),
    )  # fmt: skip


def lines_with_passages(
    change: Change, changes: Changes
) -> list[tuple[wording.Line, Sequence[Passage]]]:
    """The details of a change; where one text replaces another, with the passages that differ."""
    return [
        (line, passages(*line.removed, *line.added) if _is_rewording(change, line) else ())
        for line in wording.lines(change, changes)
    ]


def _is_rewording(change: Change, line: wording.Line) -> bool:
    """Whether one text replaces another."""
    return change.kind == REWORDED and len(line.removed) == len(line.added) == 1


def passages(old: str, new: str) -> list[Passage]:
    """Two texts as one, with the passages that only one of them has."""
    words = [re.findall(r"\s+|\w+|[^\w\s]", text) for text in (old, new)]
    if max(map(len, words)) > _MAX_WORDS:
        return [("removed", old), ("added", new)]
    found: list[Passage] = []
    matcher = SequenceMatcher(None, words[0], words[1], autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            found.append(("equal", "".join(words[0][start:end])))
            continue
        for kind, text in (
            ("removed", "".join(words[0][start:end])),
            ("added", "".join(words[1][new_start:new_end])),
        ):
            if text:
                found.append((kind, text))
    return found
