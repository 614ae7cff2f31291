"""Findings as diagnostics of the protocol."""

from __future__ import annotations

from typing import Final

from lsprotocol import types

from competency_graph.errors import CompetencyError
from competency_graph.lsp.positions import Positions
from competency_graph.sparql.unknown_terms import UnknownTerm
from competency_graph.validation.checks.check_result import DEPRECATED
from competency_graph.validation.findings import Finding, Place, Report
from competency_graph.validation.rule_pages import pages

SOURCE: Final = "competency"
_SEVERITIES: Final = {
    "violation": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
}


def of_finding(finding: Finding, report: Report, at: Positions) -> types.Diagnostic:
    """A finding with the code of its rule, which links to the rule's page."""
    has_page = finding.rule.code in pages()  # an organisation's shapes have none
    return types.Diagnostic(
        at.range(*extent(finding.place, at)),
        f"{finding.message}\n{finding.remedy}",
        severity=_SEVERITIES[finding.severity],
        code=finding.rule.code,
        code_description=types.CodeDescription(report.page(finding.rule)) if has_page else None,
        source=SOURCE,
        tags=[types.DiagnosticTag.Deprecated] if finding.rule == DEPRECATED else None,
    )


def of_query_error(error: CompetencyError, at: Positions) -> types.Diagnostic:
    """The error of a query, from its place to the end of the line."""
    start, end = at.line_range((error.line or 1) - 1)
    if error.column:
        start = at.at(error.line or 1, error.column)
    return types.Diagnostic(
        at.range(min(start, end), max(start, end)),
        _sentences(error.what, error.remedy),
        severity=types.DiagnosticSeverity.Error,
        source=SOURCE,
    )


def of_unknown_term(term: UnknownTerm, at: Positions) -> types.Diagnostic:
    """A term in a query that occurs nowhere in the data."""
    return types.Diagnostic(
        at.range(term.start, term.end),
        _sentences(term.message),
        severity=types.DiagnosticSeverity.Warning,
        source=SOURCE,
    )


def extent(place: Place, at: Positions) -> tuple[int, int]:
    """The offsets of a place; the text of its line if its columns are unknown."""
    if not place.line:
        return 0, 0
    if not place.column:
        return at.line_range(place.line - 1)
    start = at.at(place.line, place.column)
    if place.end_line:
        return start, max(start, at.at(place.end_line, place.end_column))
    return start, max(start, at.line_range(place.line - 1)[1])


def _sentences(*texts: str) -> str:
    return "\n".join(f"{text[:1].upper()}{text[1:].rstrip('.')}." for text in texts if text)
