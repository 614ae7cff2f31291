"""Applies automatic remedies to files, changing nothing else; files that were laid out stay so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from competency_graph.rdf.atomic_write import replace
from competency_graph.rdf.input_files import STDIN
from competency_graph.rdf.turtle_formatter import with_layout_of
from competency_graph.validation.findings import Edit, Finding
from competency_graph.validation.sources.author_files import Source

MAX_ROUNDS: Final = 5
"""The maximum number of times that a file is fixed and validated again, as fixes reveal others."""
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Change:
    """An edit that was made.

    Args:
        line: its line in the original file, counted from 1.
        rule: the code of the rule that it satisfies.
        old: the removed text, or "".
        new: the inserted text, or "".
    """

    line: int
    rule: str
    old: str
    new: str


@dataclass(frozen=True)
class Fixed:
    """A file with fixes applied.

    Args:
        name: its name, as the author gave it.
        content: its new content in bytes.
        changes: the edits made, in the order of the file.
    """

    name: str
    content: bytes
    changes: tuple[Change, ...]


def fix(
    sources: Sequence[Source], findings: Iterable[Finding], writing: bool = True
) -> list[Fixed]:
    """Apply the edits of findings to files.

    Standard input is left unchanged, and so is a file that would have more syntax errors than
    before. Of overlapping edits, only the first is made.

    Args:
        sources: the files.
        findings: the findings in them.
        writing: whether to write the files.

    Raises:
        UnavailableError: a file cannot be written; it is unchanged.
    """
    wanted: dict[str, dict[Edit, str]] = defaultdict(dict)
    for finding in findings:
        for edit in finding.edits:
            wanted[edit.file].setdefault(edit, finding.rule.code)
    made = []
    for source in sources:
        if source.name in wanted and source.name != STDIN:
            fixed = _apply(source, wanted[source.name])
            if fixed.changes:
                made.append(fixed)
                if writing:
                    remedy = "Free some disk space, or check its permissions"
                    replace(Path(source.name), fixed.content, remedy=remedy)
    return made


def edited(text: str, edits: Iterable[Edit]) -> tuple[str, list[Edit]]:
    """Make edits in a text.

    Args:
        text: the text that the edits are for.
        edits: the edits, in any order. Of overlapping ones, only the first in the text is made.

    Returns:
        The new text, and the edits that were made, in the order of the text.
    """
    parts, end, made = [], 0, []
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        if edit.start >= end or (edit.start == edit.end == end):
            parts += [text[end : edit.start], edit.text]
            end = edit.end
            made.append(edit)
    return "".join((*parts, text[end:])), made


def _apply(source: Source, edits: dict[Edit, str]) -> Fixed:
    """Apply edits to a file, unless it would then have more syntax errors than before."""
    text, made = edited(source.text, edits)
    mark = _BOM if source.content.startswith(_BOM) else b""
    content = with_layout_of(source.content, mark + text.encode(), Path(source.name))
    if _error_count(Source(source.name, content, form=source.form)) > _error_count(source):
        return Fixed(source.name, source.content, ())
    changes = (
        Change(
            source.lines.place(edit.start)[0],
            edits[edit],
            source.text[edit.start : edit.end],
            edit.text,
        )
        for edit in made
    )
    return Fixed(source.name, content, tuple(changes))


def _error_count(source: Source) -> int:
    return sum(isinstance(item, Exception) for item in source.quads())
