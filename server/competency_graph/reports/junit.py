"""A report as JUnit XML, which every continuous integration system shows as tests.

There is no standard; this keeps to what Jenkins, GitLab and Azure all read. A violation or
warning is a failed test, an info a skipped one, as systems hide what passed tests say.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from competency_graph.reports.source_excerpts import excerpt
from competency_graph.reports.summary import by_file
from competency_graph.validation.findings import Finding, Report

_ILLEGAL = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
"""What is no character of XML 1.0 (section 2.2), not even as a reference."""
_NO_FILE = "dictionary"


def write_junit(report: Report) -> str:
    """A test suite for each file, a test for each finding, and a passed test where none is."""
    root = ET.Element("testsuites", name="competency validate")
    for file, findings in by_file(report).items():
        cases = [_finding(finding) for finding in findings]
        _suite(root, file or _NO_FILE, cases or [_case(file, "validates")])
    if report.partial:
        case = _case("", "validation was done")
        ET.SubElement(case, "error", message=_legal(report.partial), type="partial")
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
        root, "testsuite", {"name": _legal(name), "tests": str(len(cases)), **numbers, "time": "0"}
    )
    suite.extend(cases)


def _case(file: str, name: str) -> ET.Element:
    attributes = {"classname": file or _NO_FILE, "name": name, "time": "0"}
    if file:
        attributes["file"] = file
    return ET.Element("testcase", {key: _legal(value) for key, value in attributes.items()})


def _finding(finding: Finding) -> ET.Element:
    place = finding.place
    # Systems follow a test from run to run by its name, so it holds no line number.
    entry = finding.label or finding.focus or finding.rule.title
    case = _case(place.file, f"{finding.rule.code} {finding.rule.name}: {entry}")
    if place.line:
        case.set("line", str(place.line))
    kind = "skipped" if finding.severity == "info" else "failure"
    told = ET.SubElement(case, kind, message=_legal(finding.message), type=finding.severity)
    where = f"{place}: {finding.message}" if place.file else finding.message
    source = "".join(excerpt(place))
    told.text = _legal("\n".join(filter(None, (where, finding.remedy, source))))
    return case


def _legal(text: str) -> str:
    return re.sub(_ILLEGAL, "\N{REPLACEMENT CHARACTER}", text)
