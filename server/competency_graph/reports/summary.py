"""Summaries of a report: its findings by file, and a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from competency_graph.validation.findings import SEVERITIES, Finding, Report

BLOCKING: Final = frozenset(("CG001", "CG002", "CG003", "CG004"))
"""Rules that prevent the other checks of a file until they are satisfied."""
_MAX_NAMES_SHOWN: Final = 5
"""The number of skipped files named for each reason."""


def by_file(report: Report) -> dict[str, list[Finding]]:
    """The findings of each file, validated files first; "" stands for no file."""
    files: dict[str, list[Finding]] = {file: [] for file in report.files}
    for finding in report.findings:
        files.setdefault(finding.place.file, []).append(finding)
    return files


def counts(report: Report) -> dict[str, int]:
    """The number of findings of each severity, most severe first."""
    return {
        severity: sum(finding.severity == severity for finding in report.findings)
        for severity in SEVERITIES
    }


def summary(report: Report) -> str:
    """Summarise the findings and what was validated."""
    validated = (
        f"{report.entries:,} {'entry' if report.entries == 1 else 'entries'} and "
        f"{_plural(report.statements, 'statement')} checked in {_plural(len(report.files), 'file')}"
    )
    if report.partial:
        end = f"The validation ended early: {report.partial.rstrip('.')}."
        return f"{_totals_sentence(report)}{_held_back_sentence(report)} {end}"
    if not report.findings:
        return f"{validated}; {report.origin.passed}."
    if any(finding.rule.code in BLOCKING for finding in report.findings):
        validated = "Nothing else was checked; it will be once this is fixed"
    return f"{_totals_sentence(report)}{_held_back_sentence(report)} {validated}."


def _held_back_sentence(report: Report) -> str:
    """State how many findings are held back; "" if none are."""
    number = len(report.held_back)
    if not number:
        return ""
    follow = "finding follows" if number == 1 else "findings follow"
    are = "is" if number == 1 else "are"
    return f" {number:,} more {follow} from these and {are} held back until they are fixed."


def focus(report: Report) -> Iterator[str]:
    """State, for each of the user's own shapes, how many focus nodes it validated."""
    for shape, number in report.focus.items():
        named = f"<{shape}>" if not shape.startswith("_:") else "A shape without an IRI"
        yield f"{named} checked {_plural(number, 'focus node')}."


def left_out(report: Report) -> str:
    """State which files of the given folders were not validated, and why; "" if all were."""
    reasons: dict[str, list[str]] = {}
    for name, reason in report.left_out:
        reasons.setdefault(reason, []).append(name)
    parts = []
    for reason, names in reasons.items():
        more = (
            f" and {len(names) - _MAX_NAMES_SHOWN:,} more" if len(names) > _MAX_NAMES_SHOWN else ""
        )
        parts.append(f"{', '.join(names[:_MAX_NAMES_SHOWN])}{more} ({reason})")
    return f"Skipped: {'; '.join(parts)}." if parts else ""


def _totals_sentence(report: Report) -> str:
    if not report.findings:
        return "There are no findings."
    files = {finding.place.file for finding in report.findings} - {""}
    parts = [_plural(number, severity) for severity, number in counts(report).items() if number]
    if files:
        parts.append("in " + _plural(len(files), "file"))
    return f"{_plural(len(report.findings), 'finding')}: {', '.join(parts)}."


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 or noun == 'info' else 's'}"
