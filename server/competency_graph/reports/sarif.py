"""A report in SARIF 2.1.0, the OASIS standard that code scanning tools and editors read."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from competency_graph.rdf.vocabulary import BASE
from competency_graph.validation.findings import Finding, Place, Report, Rule

_LEVELS: Final = {"violation": "error", "warning": "warning", "info": "note"}
_SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def write_sarif(report: Report) -> str:
    """Write a run with all applied rules and all findings."""
    applied = {**report.rules, **{f.rule.code: f.rule for f in report.findings}}
    rules = [applied[code] for code in sorted(applied)]
    indices = {rule.code: index for index, rule in enumerate(rules)}
    anchor = Place(next(iter(report.files), ""))
    seen: Counter[str] = Counter()
    run = {
        "tool": {
            "driver": {
                "name": "competency-graph",
                "version": _version(),
                "informationUri": BASE,
                "rules": [_rule(rule, report.page(rule)) for rule in rules],
            }
        },
        # Code scanning keeps the results of each category apart; it ends with the slash.
        "automationDetails": {"id": f"{report.origin.command}/"},
        "invocations": [_invocation(report)],
        "columnKind": "unicodeCodePoints",
        "results": [_result(f, indices[f.rule.code], anchor, seen) for f in report.findings],
    }
    whole = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


@cache
def _version() -> str:
    return version("competency-graph")


def address(file: str) -> str:
    """The URI of a file: relative if it is below the working folder, else absolute."""
    path = Path(os.path.normpath(Path.cwd() / file))
    if path.is_relative_to(Path.cwd()):
        return quote(os.fsencode(path.relative_to(Path.cwd()).as_posix()))
    return path.as_uri()


def _rule(rule: Rule, page: str) -> dict[str, Any]:
    message = {"text": f"{rule.title}."}
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": message,
        "fullDescription": message,
        "help": message,
        "helpUri": page,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _invocation(report: Report) -> dict[str, Any]:
    if not report.partial:
        return {"executionSuccessful": True}
    message = {"level": "error", "message": {"text": report.partial}}
    return {"executionSuccessful": False, "toolExecutionNotifications": [message]}


def _result(finding: Finding, index: int, anchor: Place, seen: Counter[str]) -> dict[str, Any]:
    mark = _fingerprint(finding)
    seen[mark] += 1
    # GitHub rejects the whole report if one result has no file (github/codeql-action#2459).
    place = finding.place if finding.place.file else anchor
    result = {
        "ruleId": finding.rule.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": " ".join(filter(None, (finding.message, finding.remedy)))},
        "locations": [_location(place)] if place.file else [],
        "partialFingerprints": {"finding/v1": f"{mark}:{seen[mark]}"},
    }
    if finding.edits:
        result["fixes"] = [_fix(finding)]
    return result


def _fingerprint(finding: Finding) -> str:
    """A hash that does not change when lines move, so it excludes blank node labels."""
    focus, value = ("" if n.startswith("_:") else n for n in (finding.focus, finding.value))
    line = "" if focus else finding.place.text.strip()
    file = address(finding.place.file)
    parts = (finding.rule.code, file, focus, finding.path, value, finding.shape, line)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _location(place: Place) -> dict[str, Any]:
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }
    known = {key: number for key, number in region.items() if number}
    physical: dict[str, Any] = {"artifactLocation": {"uri": address(place.file)}}
    if place.line:
        physical["region"] = known
    return {"physicalLocation": physical}


def _fix(finding: Finding) -> dict[str, Any]:
    changes: dict[str, list[dict[str, Any]]] = {}
    for edit in finding.edits:
        deleted = {"charOffset": edit.start, "charLength": edit.end - edit.start}
        replacement = {"deletedRegion": deleted, "insertedContent": {"text": edit.text}}
        changes.setdefault(edit.file, []).append(replacement)
    return {
        "description": {"text": finding.remedy or finding.rule.title},
        "artifactChanges": [
            {"artifactLocation": {"uri": address(file)}, "replacements": replacements}
            for file, replacements in changes.items()
        ],
    }
