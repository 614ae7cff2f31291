"""Comments that allow violations of a rule, and detection of unnecessary ones.

``# competency: allow CG031`` applies to its own line or, if it is alone on a line, to the next line
without a comment; ``# competency: allow-file CG031`` applies to the whole file. Rules whose
violation makes a file unreadable cannot be allowed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from competency_graph.validation.checks.check_result import BROKEN, UNKNOWN_CODE, UNUSED
from competency_graph.validation.findings import Finding, Rule
from competency_graph.validation.rule_pages import pages
from competency_graph.validation.sources.author_files import Source

_HINT = re.compile(rb"competency:[^\n]*allow")
"""Matches files that may contain such a comment; other files need not be parsed for them."""
_COMMENT = re.compile(r"#\s*competency:\s*allow(?P<file>-file)?\s+(?P<codes>[\w.:, -]*\w)")
_CODE = re.compile(r"[\w.:-]+")
_NEVER_ALLOWED = frozenset(rule.code for rule in BROKEN)


@dataclass
class _AllowComment:
    """A code in such a comment."""

    source: Source
    start: int
    code: str
    line: int
    """The line that it applies to; 0 for all lines."""
    used: bool = False


def without_allowed(
    findings: Iterable[Finding], sources: Iterable[Source], rules: Collection[str], complete: bool
) -> Iterator[Finding]:
    """Yield the findings that no comment allows, and a finding for each unnecessary comment.

    Args:
        findings: the findings.
        sources: the files that may contain such comments.
        rules: the codes of the rules that were checked.
        complete: whether these are all findings, so that unused comments can be recognised.
    """
    comments_by_file: dict[str, list[_AllowComment]] = {
        source.name: list(_allow_comments(source))
        for source in sources
        if _HINT.search(source.content)
    }
    for finding in findings:
        allowing = [
            allow_comment
            for allow_comment in comments_by_file.get(finding.place.file, ())
            if allow_comment.code == finding.rule.code
            and allow_comment.line in (0, finding.place.line)
            and allow_comment.code not in _NEVER_ALLOWED
        ]
        if not allowing:
            yield finding
        for allow_comment in allowing:
            allow_comment.used = True
    for each in comments_by_file.values():
        for allow_comment in each:
            if allow_comment.code not in rules and allow_comment.code in pages():
                continue  # a rule for something else, such as the change from version to version
            if allow_comment.code not in rules:
                yield _finding_about(
                    allow_comment, UNKNOWN_CODE, f"There is no rule {allow_comment.code}"
                )
            elif allow_comment.code in _NEVER_ALLOWED:
                yield _finding_about(
                    allow_comment, UNUSED, f"Comments cannot allow {allow_comment.code}"
                )
            elif complete and not allow_comment.used:
                yield _finding_about(
                    allow_comment, UNUSED, f"Nothing here breaks {allow_comment.code}"
                )


def _finding_about(allow_comment: _AllowComment, rule: Rule, message: str) -> Finding:
    place = allow_comment.source.place(
        allow_comment.start, allow_comment.start + len(allow_comment.code)
    )
    remedy = "Remove the code from the comment."
    if rule == UNKNOWN_CODE:
        remedy = "Correct the code, or remove it from the comment."
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
