"""The report as commands of GitHub Actions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from reporting import BARE_ROLE, NO_LANGUAGE, WHOLE, hostile, report

from competency_graph.reports.github import write_github
from competency_graph.validation.findings import Finding, Place


@pytest.mark.parametrize(
    ("finding", "command"),
    [
        (
            BARE_ROLE,
            "::error file=bakery.ttl,line=12,endLine=12,col=1,endColumn=11,title=CG201"
            "::The role has no definition.%0ASay what people in it do.",
        ),
        (
            NO_LANGUAGE,
            "::warning file=my files/b%3A ä.ttl,line=3,endLine=3,col=5,endColumn=13,title=CG302"
            "::The text has no language.%0AWrite it as “Bäcker”@de.",
        ),
        (WHOLE, "::notice title=CG201::There are few roles."),
        (
            replace(WHOLE, place=Place("100%,a:b.ttl", 2, 3, 4, 5), message="50%: a, b\r\nc"),
            "::notice file=100%25%2Ca%3Ab.ttl,line=2,endLine=4,title=CG201::50%25: a, b%0D%0Ac",
        ),
        (replace(WHOLE, place=Place("-", 2)), "::notice title=CG201::There are few roles."),
    ],
)
def test_a_finding_is_a_command(finding: Finding, command: str) -> None:
    assert write_github(report(finding)) == command + "\n"


def test_no_text_makes_a_second_command() -> None:
    forged = replace(hostile(), message="x\n::set-env name=PATH::/evil\r::stop-commands::x")
    lines = write_github(report(forged)).splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("::error file=a\"b'c%0D%0A<script>")
    assert "\x1b" not in lines[0]


def test_an_early_end_is_an_error() -> None:
    assert write_github(report(partial="out of time")) == (
        "::error title=The validation ended early::out of time\n"
    )


def test_nothing_found_is_nothing_said() -> None:
    assert write_github(report(files=("a.ttl",))) == ""
