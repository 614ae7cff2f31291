"""A report as JUnit XML, which continuous integration systems show as test results.

There is no standard; this is the subset that Jenkins, GitLab and Azure all read. Violations and
warnings are failed tests, infos skipped ones, because systems hide the output of passed tests.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from competency_graph.reports.source_excerpts import excerpt
from competency_graph.reports.summary import by_file
from competency_graph.validation.findings import Finding, Report

_ILLEGAL_CHARACTERS = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
"""Characters that XML 1.0 (section 2.2) does not allow, not even as references."""
_NO_FILE = "dictionary"


def write_junit(report: Report) -> str:
    """Write a test suite for each file, with a test for each finding, or a passed one if none."""
    root = ET.Element("testsuites", name=report.origin.command)
    for file, findings in by_file(report).items():
        cases = [_finding_case(finding) for finding in findings]
        _suite(root, file or _NO_FILE, cases or [_case(file, report.origin.test)])
    if report.partial:
        case = _case("", "validation was done")
        ET.SubElement(case, "error", message=_replace_illegal(report.partial), type="partial")
        _suite(root, "validation", [case])
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _suite(root: ET.Element, name: str, cases: list[ET.Element]) -> None:
    numbers = {
        plural: str(sum(case.find(kind) is not None for case in cases))
        for kind, plural in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped"))
    }
    suite = ET.SubElement(
        root,
        "testsuite",
        {"name": _replace_illegal(name), "tests": str(len(cases)), **numbers, "time": "0"},
    )
    suite.extend(cases)


def _case(file: str, name: str) -> ET.Element:
    attributes = {"classname": file or _NO_FILE, "name": name, "time": "0"}
    if file:
        attributes["file"] = file
    return ET.Element(
        "testcase", {key: _replace_illegal(value) for key, value in attributes.items()}
    )


def _finding_case(finding: Finding) -> ET.Element:
    place = finding.place
    # Systems track a test across runs by its name, so the name contains no line number.
    entry = finding.label or finding.focus or finding.rule.title
    case = _case(place.file, f"{finding.rule.code} {finding.rule.name}: {entry}")
    if place.line:
        case.set("line", str(place.line))
    kind = "skipped" if finding.severity == "info" else "failure"
    outcome = ET.SubElement(
        case, kind, message=_replace_illegal(finding.message), type=finding.severity
    )
    where = f"{place}: {finding.message}" if place.file else finding.message
    source = "".join(excerpt(place))
    outcome.text = _replace_illegal("\n".join(filter(None, (where, finding.remedy, source))))
    return case


def _replace_illegal(text: str) -> str:
    return re.sub(_ILLEGAL_CHARACTERS, "\N{REPLACEMENT CHARACTER}", text)
