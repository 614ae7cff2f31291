"""Applying the remedies that can be worked out, so that a file keeps all the rest as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from competency_graph.files import STDIN
from competency_graph.findings import Edit, Finding
from competency_graph.validation.sources import Source
from competency_graph.writing import replace

_MARK = b"\xef\xbb\xbf"


def fix(sources: Sequence[Source], findings: Iterable[Finding]) -> dict[str, int]:
    """Change the files as the findings' edits say.

    A file that would get more faults of syntax than it has is left as it is, and so is standard
    input. Of edits that overlap, the first one is made.

    Returns:
        How many edits were made, for each file that changed.

    Raises:
        UnavailableError: a file cannot be written; it is as it was.
    """
    wanted: dict[str, dict[Edit, None]] = defaultdict(dict)
    for finding in findings:
        for edit in finding.edits:
            wanted[edit.file][edit] = None
    made = {}
    for source in sources:
        if source.name in wanted and source.name != STDIN:
            number = _fixed(source, list(wanted[source.name]))
            if number:
                made[source.name] = number
    return made


def _fixed(source: Source, edits: list[Edit]) -> int:
    """How many edits were made of one file."""
    text, end, made = [], 0, 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        if edit.start >= end or (edit.start == edit.end == end):
            text += [source.text[end : edit.start], edit.text]
            end, made = edit.end, made + 1
    text.append(source.text[end:])
    mark = _MARK if source.content.startswith(_MARK) else b""
    content = mark + "".join(text).encode()
    if _faults(Source(source.name, content, form=source.form)) > _faults(source):
        return 0
    replace(Path(source.name), content, remedy="Make room, or check its permissions")
    return made


def _faults(source: Source) -> int:
    return sum(isinstance(item, Exception) for item in source.quads())
