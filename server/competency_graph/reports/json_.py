"""A report as a JSON object, for programs."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from itertools import islice
from typing import Final

from competency_graph.reports.summary import counts, summary
from competency_graph.validation.findings import Finding, Report

VERSION: Final = 1
"""The version of this format, incremented when a field is removed or changes its meaning."""
_MAX_FINDINGS_SHOWN: Final = 500
"""The maximum number of findings that a page shows."""


def write_json(report: Report) -> str:
    """Write the report with all fields, named as in `findings`, in a stable order.

    ``version`` (of this format), ``command`` (what made the report), ``partial``, ``statements``,
    ``entries``, ``focus``, ``left_out``, ``held_back`` (the number of findings that follow from
    these), ``files``, ``summary`` (the number of findings by severity) and ``findings``: the fields
    of `Finding`, with those of `Rule` and its ``page`` under ``rule``, of `Place` under ``place``
    and of each `Edit` in ``edits``.
    Lines and columns count from 1, and 0 means unknown; "" is an unknown text.
    """
    return json.dumps(_content(report), ensure_ascii=False, indent=2) + "\n"


def write_part(report: Report) -> str:
    """Write the report for a page that has the text itself.

    It is as that of `write_json`, but without the text of lines, and with only as many findings as
    browsers can handle. ``sentence`` is the summary in words, and ``shown`` the number of findings
    if some are omitted, else 0.
    """
    omitting = len(report.findings) > _MAX_FINDINGS_SHOWN
    kept = (replace(f, place=replace(f.place, text="")) for f in report.findings)
    shown = replace(report, findings=tuple(islice(kept, _MAX_FINDINGS_SHOWN)))
    more = {
        "sentence": summary(report),
        "shown": _MAX_FINDINGS_SHOWN if omitting else 0,
        "summary": counts(report),
    }
    return json.dumps(_content(shown) | more, ensure_ascii=False)


def _content(report: Report) -> dict[str, object]:
    return {
        "version": VERSION,
        "command": report.origin.command,
        "partial": report.partial,
        "statements": report.statements,
        "entries": report.entries,
        "focus": dict(report.focus),
        "left_out": [{"file": name, "reason": why} for name, why in report.left_out],
        "held_back": len(report.held_back),
        "files": report.files,
        "summary": counts(report),
        "findings": [_finding(finding, report) for finding in report.findings],
    }


def _finding(finding: Finding, report: Report) -> dict[str, object]:
    rule = asdict(finding.rule) | {"page": report.page(finding.rule)}
    return asdict(finding) | {"rule": rule}
