"""Applying the remedies that can be worked out, so that a file keeps all the rest as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from competency_graph.rdf.atomic_write import replace
from competency_graph.rdf.input_files import STDIN
from competency_graph.validation.findings import Edit, Finding
from competency_graph.validation.sources.author_files import Source

_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Change:
    """One edit that was made.

    Args:
        line: the line of the file as it was, counted from 1.
        rule: the code of the rule that it mends.
        old: the text that goes, or "".
        new: the text that comes in its place, or "".
    """

    line: int
    rule: str
    old: str
    new: str


@dataclass(frozen=True)
class Fixed:
    """A file in which something was mended.

    Args:
        name: as the author named it.
        content: its bytes as they are now to be.
        changes: what was changed, in the order of the file.
    """

    name: str
    content: bytes
    changes: tuple[Change, ...]


def fix(
    sources: Sequence[Source], findings: Iterable[Finding], writing: bool = True
) -> list[Fixed]:
    """Change the files as the findings' edits say.

    A file that would get more faults of syntax than it has is left as it is, and so is standard
    input. Of edits that overlap, the first one is made.

    Args:
        sources: the files.
        findings: what was found in them.
        writing: whether the files are written.

    Raises:
        UnavailableError: a file cannot be written; it is as it was.
    """
    wanted: dict[str, dict[Edit, str]] = defaultdict(dict)
    for finding in findings:
        for edit in finding.edits:
            wanted[edit.file].setdefault(edit, finding.rule.code)
    made = []
    for source in sources:
        if source.name in wanted and source.name != STDIN:
            fixed = _fixed(source, wanted[source.name])
            if fixed.changes:
                made.append(fixed)
                if writing:
                    remedy = "Make room, or check its permissions"
                    replace(Path(source.name), fixed.content, remedy=remedy)
    return made


def _fixed(source: Source, edits: dict[Edit, str]) -> Fixed:
    """One file with the edits made; without any where it would have more faults than before."""
    text, end, changes = [], 0, []
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        if edit.start >= end or (edit.start == edit.end == end):
            text += [source.text[end : edit.start], edit.text]
            end = edit.end
            line, _ = source.lines.place(edit.start)
            changes.append(Change(line, edits[edit], source.text[edit.start : edit.end], edit.text))
    text.append(source.text[end:])
    mark = _MARK if source.content.startswith(_MARK) else b""
    content = mark + "".join(text).encode()
    if _faults(Source(source.name, content, form=source.form)) > _faults(source):
        return Fixed(source.name, source.content, ())
    return Fixed(source.name, content, tuple(changes))


def _faults(source: Source) -> int:
    return sum(isinstance(item, Exception) for item in source.quads())
