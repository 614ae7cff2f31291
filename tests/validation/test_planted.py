"""Forty extensions with one fault each: what an author is told, and where."""

from __future__ import annotations

from pathlib import Path

import pytest
from planted import MISSED, PLANTED, Planted, plant

from competency_graph.scaffold import create_extension
from competency_graph.validation import gather, read_base, read_shapes, validate_sources

BASE = read_base()
SHAPES = read_shapes()


def test_of_forty_two_may_be_missed() -> None:
    assert len({fault.name for fault in PLANTED}) == len(PLANTED) == 40
    assert len(MISSED) <= 2


def case(fault: Planted) -> object:
    reason = MISSED.get(fault.name)
    marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
    return pytest.param(fault, id=fault.name, marks=marks)


@pytest.mark.parametrize("fault", [case(fault) for fault in PLANTED])
def test_it_is_found_at_its_line_and_little_else(tmp_path: Path, fault: Planted) -> None:
    create_extension("acme", parent=tmp_path)
    folder = tmp_path / "acme"
    plant(folder, fault)
    findings = validate_sources(gather([str(folder)]), BASE, SHAPES).findings
    found = [(f.rule.code, f.place.file, f.place.line) for f in findings]
    assert (fault.code, str(folder / fault.file), fault.line) in found
    assert len(found) <= 2


def test_without_a_fault_nothing_is_found(tmp_path: Path) -> None:
    create_extension("acme", parent=tmp_path)
    assert validate_sources(gather([str(tmp_path / "acme")]), BASE, SHAPES).findings == ()
