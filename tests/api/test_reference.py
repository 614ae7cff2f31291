"""The reference lists the public names, and its examples are true."""

from __future__ import annotations

import doctest
import re
from importlib import import_module

import pytest

import competency_graph
from conftest import ROOT
from test_public_api import RECORDED

MODULES = sorted(path.stem for path in (ROOT / "server/competency_graph/api").glob("[!_]*.py"))


@pytest.mark.parametrize("name", [*(f"api.{each}" for each in MODULES), "dictionary.model"])
def test_the_examples_of_docstrings(name: str) -> None:
    module = import_module(f"competency_graph.{name}")
    result = doctest.testmod(module)
    assert result.failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder()
    modules = [import_module(f"competency_graph.api.{name}") for name in MODULES]
    assert sum(len(test.examples) for each in modules for test in finder.find(each)) > 20


def test_the_reference_has_every_public_name() -> None:
    listed = (ROOT / "docs/api.md").read_text()
    assert set(re.findall(r"^\.\. auto(?:class|function):: (\w+)", listed, re.MULTILINE)) == set(
        competency_graph.__all__
    )
    listed_members = set(re.findall(r"auto(?:method|property):: (\w+)", listed))
    recorded = re.findall(r"^Dictionary\.([a-z]\w*)", RECORDED.read_text(), re.MULTILINE)
    assert listed_members == set(recorded)


def test_the_navigation_has_every_page() -> None:
    docs = ROOT / "docs"
    pages = {path.relative_to(docs).with_suffix("").as_posix() for path in docs.glob("*.md")}
    pages |= {f"notebooks/{path.stem}" for path in (docs / "notebooks").glob("*.md")}
    assert pages - {"index"} <= set((docs / "index.md").read_text().split("\n"))
