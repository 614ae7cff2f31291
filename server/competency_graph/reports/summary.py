"""A report at a glance: its findings by file, and its sum in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from competency_graph.validation.findings import SEVERITIES, Finding, Report

UNJUDGED: Final = frozenset(("CG001", "CG002", "CG003", "CG004"))
"""Rules that a file breaks of which the rest cannot be judged before it is mended."""
_SHOWN: Final = 5
"""Files left out for one reason that are named."""


def by_file(report: Report) -> dict[str, list[Finding]]:
    """The findings of every file, first of those that were validated, "" for no file."""
    files: dict[str, list[Finding]] = {file: [] for file in report.files}
    for finding in report.findings:
        files.setdefault(finding.place.file, []).append(finding)
    return files


def counts(report: Report) -> dict[str, int]:
    """How many findings there are of each severity, gravest first."""
    return {
        severity: sum(finding.severity == severity for finding in report.findings)
        for severity in SEVERITIES
    }


def summary(report: Report) -> str:
    """The sum in a sentence, and what was judged."""
    judged = (
        f"{report.entries:,} {'entry' if report.entries == 1 else 'entries'} and "
        f"{_number(report.statements, 'statement')} judged in {_number(len(report.files), 'file')}"
    )
    if report.partial:
        end = f"The validation ended before it was done: {report.partial.rstrip('.')}."
        return f"{_found(report)}{_more(report)} {end}"
    if not report.findings:
        return f"{judged}; nothing is missing or wrong."
    if any(finding.rule.code in UNJUDGED for finding in report.findings):
        judged = "Nothing else was judged; it will be once this is mended"
    return f"{_found(report)}{_more(report)} {judged}."


def _more(report: Report) -> str:
    """How many findings follow from those of a report; "" where none do."""
    number = len(report.held_back)
    if not number:
        return ""
    follow = "finding follows" if number == 1 else "findings follow"
    are = "is" if number == 1 else "are"
    return f" {number:,} more {follow} from these and {are} held back until they are mended."


def focus(report: Report) -> Iterator[str]:
    """What each shape of an organisation's own judged, in a sentence each."""
    for shape, number in report.focus.items():
        named = f"<{shape}>" if not shape.startswith("_:") else "A shape without a name"
        yield f"{named} judged {_number(number, 'focus node')}."


def left_out(report: Report) -> str:
    """Which files of the folders named were not validated, and why; "" where all were."""
    reasons: dict[str, list[str]] = {}
    for name, reason in report.left_out:
        reasons.setdefault(reason, []).append(name)
    parts = []
    for reason, names in reasons.items():
        more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
        parts.append(f"{', '.join(names[:_SHOWN])}{more} ({reason})")
    return f"Left out: {'; '.join(parts)}." if parts else ""


def _found(report: Report) -> str:
    if not report.findings:
        return "Nothing was found."
    files = {finding.place.file for finding in report.findings} - {""}
    parts = [_number(number, severity) for severity, number in counts(report).items() if number]
    if files:
        parts.append("in " + _number(len(files), "file"))
    return f"{_number(len(report.findings), 'finding')}: {', '.join(parts)}."


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 or noun == 'info' else 's'}"
