"""The report as JUnit XML, read back by a reader of such."""

from __future__ import annotations

from dataclasses import replace

from junitparser import Error, Failure, JUnitXml, Skipped
from reporting import BARE_ROLE, NO_LANGUAGE, WHOLE, hostile, report

from competency_graph.reports.junit import write_junit


def read(text: str) -> JUnitXml:
    return JUnitXml.fromstring(text.encode())


def test_each_file_is_a_suite_and_each_finding_a_test() -> None:
    suites = read(
        write_junit(report(BARE_ROLE, NO_LANGUAGE, WHOLE, files=("clean.ttl", "bakery.ttl")))
    )
    assert [(s.name, s.tests, s.failures, s.errors, s.skipped) for s in suites] == [
        ("clean.ttl", 1, 0, 0, 0),
        ("bakery.ttl", 1, 1, 0, 0),
        ("my files/b: ä.ttl", 1, 1, 0, 0),
        ("dictionary", 1, 0, 0, 1),
    ]
    clean, bare, other, whole = [case for suite in suites for case in suite]
    assert (clean.name, clean.result) == ("validates", [])
    assert (bare.name, bare.classname) == ("CG201 role-definition: Baker", "bakery.ttl")
    assert isinstance(bare.result[0], Failure)
    assert bare.result[0].message == "The role has no definition."
    assert bare.result[0].type == "violation"
    assert bare.result[0].text == (
        "bakery.ttl:12:1: The role has no definition.\n"
        "Say what people in it do.\n"
        "role:baker a cg:Role ;"
    )
    assert other.result[0].type == "warning"
    assert isinstance(whole.result[0], Skipped)


def test_a_test_keeps_its_name_when_lines_move() -> None:
    moved = replace(BARE_ROLE, place=replace(BARE_ROLE.place, line=99, end_line=99))
    names = {next(iter(next(iter(read(write_junit(report(f))))))).name for f in (BARE_ROLE, moved)}
    assert len(names) == 1


def test_an_early_end_is_an_error() -> None:
    (suite,) = read(write_junit(report(partial="out of time")))
    (case,) = suite
    assert suite.errors == 1
    assert isinstance(case.result[0], Error)
    assert case.result[0].message == "out of time"


def test_hostile_texts_stay_texts() -> None:
    (suite,) = read(write_junit(report(hostile())))
    (case,) = suite
    message = case.result[0].message
    assert "<script>alert(1)</script> & \ufffd[31m%0A, d: é麵\u202e\ufffd\x9b ]]>" in message
    assert message.endswith("\ufffd")
