"""A report at a glance: its findings by file, and its sum in a sentence."""

from __future__ import annotations

from competency_graph.findings import SEVERITIES, Finding, Report


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
    """The sum in a sentence, as ``3 findings: 1 violation, 2 warnings, in 2 files``."""
    said = _found(report)
    if report.partial:
        said += f" The validation ended before it was done: {report.partial.rstrip('.')}."
    return said


def _found(report: Report) -> str:
    if not report.findings:
        return "Nothing was found." if report.partial else "Nothing is missing or wrong."
    files = {finding.place.file for finding in report.findings} - {""}
    parts = [_number(number, severity) for severity, number in counts(report).items() if number]
    if files:
        parts.append("in " + _number(len(files), "file"))
    return f"{_number(len(report.findings), 'finding')}: {', '.join(parts)}."


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 or noun == 'info' else 's'}"
