"""Comments that allow what a rule forbids, and whether they are needed.

``# competency: allow CG031`` allows it on its own line, or, alone on a line, on the next line that
is no comment; ``# competency: allow-file CG031`` in the whole file. What keeps a file from being
read is allowed by none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from competency_graph.validation.checks.check_result import BROKEN, UNKNOWN_CODE, UNUSED
from competency_graph.validation.findings import Finding, Rule
from competency_graph.validation.sources.author_files import Source

_HINT = re.compile(rb"competency:[^\n]*allow")
"""What a file with such a comment holds, so that others need not be taken apart."""
_COMMENT = re.compile(r"#\s*competency:\s*allow(?P<file>-file)?\s+(?P<codes>[\w.:, -]*\w)")
_CODE = re.compile(r"[\w.:-]+")
_NEVER = frozenset(rule.code for rule in BROKEN)


@dataclass
class _AllowComment:
    """One code in one such comment."""

    source: Source
    start: int
    code: str
    line: int
    """The line on which it allows the rule; 0 for all."""
    used: bool = False


def without_allowed(
    findings: Iterable[Finding], sources: Iterable[Source], rules: Collection[str], all_told: bool
) -> Iterator[Finding]:
    """The findings that no comment allows, and one for each comment that is not needed.

    Args:
        findings: what was found.
        sources: the files that may have such comments.
        rules: the codes that there are.
        all_told: whether that is all there is to find, so that it tells what is not needed.
    """
    silences: dict[str, list[_AllowComment]] = {
        source.name: list(_allow_comments(source))
        for source in sources
        if _HINT.search(source.content)
    }
    for finding in findings:
        allowing = [
            silence
            for silence in silences.get(finding.place.file, ())
            if silence.code == finding.rule.code
            and silence.line in (0, finding.place.line)
            and silence.code not in _NEVER
        ]
        if not allowing:
            yield finding
        for silence in allowing:
            silence.used = True
    for each in silences.values():
        for silence in each:
            if silence.code not in rules:
                yield _told(silence, UNKNOWN_CODE, f"There is no rule {silence.code}")
            elif silence.code in _NEVER:
                yield _told(silence, UNUSED, f"No comment can allow {silence.code}")
            elif all_told and not silence.used:
                yield _told(silence, UNUSED, f"Nothing here breaks {silence.code}")


def _told(silence: _AllowComment, rule: Rule, message: str) -> Finding:
    place = silence.source.stretch(silence.start, silence.start + len(silence.code))
    remedy = "Take the code out of the comment."
    if rule == UNKNOWN_CODE:
        remedy = "Correct the code, or take it out of the comment."
    return Finding(rule, rule.severity, f"{message}.", remedy, place)


def _allow_comments(source: Source) -> Iterator[_AllowComment]:
    lines = source.lines
    following = 0
    for offset, comment in source.comments:
        match = _COMMENT.match(comment)
        if match is None:
            continue
        line, column = lines.place(offset)
        if match["file"]:
            line = 0
        elif not lines.line(line)[: column - 1].strip():
            following = max(following, line + 1)
            while lines.line(following).lstrip().startswith("#"):
                following += 1
            line = following
        for code in _CODE.finditer(match["codes"]):
            yield _AllowComment(source, offset + match.start("codes") + code.start(), code[0], line)
