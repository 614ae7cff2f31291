"""The sum of a report, in a sentence."""

from __future__ import annotations

import pytest
from reporting import BARE_ROLE, NO_LANGUAGE, WHOLE, report

from competency_graph.reports.summary import by_file, counts, summary
from competency_graph.validation.findings import Report


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (report(), "0 entries and 55 statements checked in 0 files; nothing is missing or wrong."),
        (
            report(BARE_ROLE),
            "1 finding: 1 violation, in 1 file. 0 entries and 55 statements checked in 0 files.",
        ),
        (report(WHOLE), "1 finding: 1 info. 0 entries and 55 statements checked in 0 files."),
        (
            report(BARE_ROLE, BARE_ROLE, NO_LANGUAGE, WHOLE, WHOLE),
            "5 findings: 2 violations, 1 warning, 2 info, in 2 files. 0 entries and 55 statements checked in 0 files.",
        ),
        (
            report(partial="it met the limit of 60 seconds."),
            "There are no findings. The validation ended early: it met the limit of 60 seconds.",
        ),
        (
            report(BARE_ROLE, partial="the disk is full"),
            "1 finding: 1 violation, in 1 file. The validation ended early: the disk is full.",
        ),
        (
            report(*[BARE_ROLE] * 1200),
            "1,200 findings: 1,200 violations, in 1 file. 0 entries and 55 statements checked in 0 files.",
        ),
    ],
)
def test_the_sum_is_said(given: Report, said: str) -> None:
    assert summary(given) == said


def test_counts_name_every_severity_gravest_first() -> None:
    assert list(counts(report(WHOLE, NO_LANGUAGE, WHOLE)).items()) == [
        ("violation", 0), ("warning", 1), ("info", 2),
    ]  # fmt: skip


def test_a_file_without_findings_is_kept_and_one_that_was_not_named_is_added() -> None:
    grouped = by_file(report(BARE_ROLE, WHOLE, files=("clean.ttl", "bakery.ttl")))
    assert grouped == {"clean.ttl": [], "bakery.ttl": [BARE_ROLE], "": [WHOLE]}
