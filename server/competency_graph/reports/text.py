"""A report for terminals, in the style of rustc."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from competency_graph.reports.source_excerpts import excerpt, visible
from competency_graph.reports.summary import focus, left_out, summary
from competency_graph.validation.findings import Finding, Report

_COLOURS: Final = {"violation": "1;31", "warning": "1;33", "info": "1;36", "gutter": "34"}
"""The codes of ECMA-48, section 8.3.117, which every terminal supports."""


def write_text(report: Report, colour: bool = False) -> str:
    """Write each finding with its source line and remedy, then a summary.

    Args:
        report: the report.
        colour: whether to use colours, which the caller must determine.
    """
    blocks = ["\n".join(_finding_lines(finding, colour)) + "\n" for finding in report.findings]
    end = "\n".join(
        filter(
            None,
            (*map(visible, focus(report)), visible(left_out(report)), visible(summary(report))),
        )
    )
    return "\n".join([*blocks, end + "\n"])


def _finding_lines(finding: Finding, colour: bool) -> Iterator[str]:
    def paint(text: str, name: str) -> str:
        return f"\x1b[{_COLOURS[name]}m{text}\x1b[0m" if colour else text

    place = finding.place
    where = f"{visible(str(place))}: " if place.file else ""
    severity = paint(f"{finding.severity} {finding.rule.code}", finding.severity)
    yield f"{where}{severity} {visible(finding.message)}"
    margin = " " * len(str(place.line))
    if place.line and place.text:
        from wcwidth import wcswidth  # not needed if there is nothing to show

        shown = excerpt(place)
        indent = " " * wcswidth(shown.before)
        carets = paint("^" * max(1, wcswidth(shown.marked)), finding.severity)
        bar = paint("|", "gutter")
        yield f"{margin} {bar}"
        yield f"{paint(f'{place.line} |', 'gutter')} {''.join(shown)}".rstrip()
        yield f"{margin} {bar} {indent}{carets}"
    equals = f"{margin} {paint('=', 'gutter')}"
    if finding.focus and not place.line:
        label = f"“{finding.label}” " if finding.label else ""
        yield f"{equals} entry: {visible(label + finding.focus)}"
    if finding.remedy:
        yield f"{equals} help: {visible(finding.remedy)}"
    if finding.patch:
        yield f"{equals} patch:"
        for line in finding.patch.strip("\n").split("\n"):
            yield f"{margin}   {visible(line.expandtabs(4))}".rstrip()
