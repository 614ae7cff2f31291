"""Each rule of the import has a page: the wrong example breaks it, and the right one does not."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from competency_graph.importing.document import RULES, Settings, import_text, read_corrections
from competency_graph.importing.document.reading.plain_text import text_of
from competency_graph.validation.findings import Rule
from conftest import ROOT

PAGES = ROOT / "docs" / "rules"
BAKERY = (PAGES / "bakery.txt").read_text()
CORRECTIONS = (PAGES / "bakery.yaml").read_text()
PAGE = re.compile(
    r"# (?P<code>CG\d{3}) (?P<name>\S+)\n\nSeverity: (?P<severity>\w+)\. .+\n\n(?P<why>(?:.+\n)+)\n"
    r"## Wrong\n\n```(?P<kind>text|yaml)\n(?P<wrong>[^`]*)```\n\n"
    r"## Right\n\n```(?P=kind)\n(?P<right>[^`]*)```\n\n"
    r"## Remedy\n\n(?P<remedy>(?:.+\n)+)\n`--fix` leaves this to you(?:: .+)?\.\n"
)
ALSO = {"CG608": {"CG606": "warning"}}
"""What a wrong example breaks besides, as its page says."""


def codes(text: str, corrections: str, folder: Path) -> dict[str, str]:
    file = folder / "corrections.yaml"
    file.write_text(corrections)
    settings = Settings("https://example.org/bakery/")
    imported = import_text(
        text_of(text.encode(), "bakery.txt"), "bakery.txt", settings, read_corrections(file)
    )
    return {finding.rule.code: finding.severity for finding in imported.report.findings}


@cache
def page(code: str) -> re.Match[str]:
    found = PAGE.fullmatch((PAGES / f"{code}.md").read_text())
    assert found, "it does not have the form of a page"
    return found


@pytest.fixture(params=RULES, ids=lambda rule: rule.code)
def rule(request: pytest.FixtureRequest) -> Rule:
    return request.param


def test_the_page_names_the_rule(rule: Rule) -> None:
    found = page(rule.code)
    assert (found["code"], found["name"], found["severity"]) == (
        rule.code,
        rule.name,
        rule.severity,
    )


def test_the_right_example_breaks_no_rule(rule: Rule, tmp_path: Path) -> None:
    right = page(rule.code)["right"]
    if page(rule.code)["kind"] == "text":
        assert right in BAKERY  # which has no finding
    else:
        joined = CORRECTIONS if right in CORRECTIONS else CORRECTIONS + right
        assert rule.code not in codes(BAKERY, joined, tmp_path)


def test_the_wrong_example_breaks_it(rule: Rule, tmp_path: Path) -> None:
    found = page(rule.code)
    text, corrections = BAKERY, CORRECTIONS
    if found["kind"] == "text":
        text = numbered_alike(found["right"], found["wrong"])
        corrections = moved(CORRECTIONS, found["right"], found["wrong"])
    elif found["right"] in CORRECTIONS:
        corrections = CORRECTIONS.replace(found["right"], found["wrong"])
    else:
        corrections += found["wrong"]
    also = {
        code: severity
        for code, severity in ALSO.get(rule.code, {}).items()
        if f"[{code}]({code}.md)" in found["why"]
    }
    assert codes(text, corrections, tmp_path) == {rule.code: rule.severity} | also


def numbered_alike(right: str, wrong: str) -> str:
    assert BAKERY.count(right) == 1
    return BAKERY.replace(right, wrong)


def moved(corrections: str, right: str, wrong: str) -> str:
    """The corrections with the numbers of the lines below the example as they are now."""
    at = BAKERY.count("\n", 0, BAKERY.index(right)) + 1
    by = wrong.count("\n") - right.count("\n")

    def number(found: re.Match[str]) -> str:
        return str(int(found[0]) + by) if int(found[0]) > at else found[0]

    return re.sub(r"(?<=^  )\d+(?=:)|(?<=ignore: \[)\d+", number, corrections, flags=re.MULTILINE)


def test_the_example_has_no_finding(tmp_path: Path) -> None:
    assert codes(BAKERY, CORRECTIONS, tmp_path) == {}


def test_without_the_corrections_it_has_one_of_each_kind(tmp_path: Path) -> None:
    assert codes(BAKERY, "", tmp_path) == {
        "CG601": "warning", "CG603": "info", "CG606": "violation", "CG607": "violation",
        "CG610": "warning",
    }  # fmt: skip
