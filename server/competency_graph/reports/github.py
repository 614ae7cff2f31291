"""A report as workflow commands, which GitHub Actions shows next to the lines concerned.

See https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
"""

from __future__ import annotations

from typing import Final

from competency_graph.reports.source_excerpts import visible
from competency_graph.validation.findings import Finding, Report

_COMMANDS: Final = {"violation": "error", "warning": "warning", "info": "notice"}
_IN_MESSAGE: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY: Final = _IN_MESSAGE | str.maketrans({":": "%3A", ",": "%2C"})


def write_github(report: Report) -> str:
    """Write one command per finding, and one if the validation was cut short."""
    commands = [_finding(finding) for finding in report.findings]
    if report.partial:
        commands.append(_command("error", {"title": "The validation ended early"}, report.partial))
    return "".join(command + "\n" for command in commands)


def _finding(finding: Finding) -> str:
    place = finding.place
    properties: dict[str, object] = {}
    if place.file not in ("", "-"):
        one_line = place.end_line in (0, place.line)  # GitHub rejects columns across lines
        properties = {
            "file": place.file,
            "line": place.line,
            "endLine": place.end_line,
            "col": place.column if one_line else 0,
            "endColumn": place.end_column if one_line else 0,
        }
    properties["title"] = finding.rule.code
    text = "\n".join(filter(None, (finding.message, finding.remedy)))
    return _command(_COMMANDS[finding.severity], properties, text)


def _command(name: str, properties: dict[str, object], text: str) -> str:
    parameters = ",".join(
        f"{key}={str(value).translate(_IN_PROPERTY)}" for key, value in properties.items() if value
    )
    return visible(f"::{name} {parameters}::{text.translate(_IN_MESSAGE)}")
