"""A document becomes a dictionary, is edited in a workbook, released, and served."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from conftest import ROOT, Run, serving
from site_client import fetch

RULES = ROOT / "docs" / "rules"
OWN = ("--data", "bakery", "--base", "none")


def edit(path: Path) -> None:
    """A new name, an area ticked for a second role, and knowledge that an area requires."""
    book = openpyxl.load_workbook(path)
    book["Role"]["C2"] = "Master baker"
    book["Matrix"]["C2"] = "x"
    sheet = book["Knowledge"]
    heads = [cell.value for cell in sheet[1]]
    row = next(r for r in range(2, 99) if sheet.cell(r, 1).value is None)
    for head, value in (
        ("Label (en)", "Sourdough starters"),
        ("Area of expertise that requires knowledge", "Making Dough"),
    ):
        sheet.cell(row, heads.index(head) + 1).value = value
    book.save(path)


def graph(folder: Path) -> Graph:
    found = Graph()
    for path in folder.rglob("*.ttl"):
        if "versions" not in path.parts:
            found.parse(path)
    return found


@pytest.fixture
def bakery(competency: Run, tmp_path: Path) -> Path:
    def run(*arguments: str | Path) -> str:
        done = competency(*arguments)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
        return done.stdout

    run(
        "import", "text", RULES / "bakery.txt", "--corrections", RULES / "bakery.yaml",
        "--namespace", "https://example.org/bakery/", "--output", "bakery",
    )  # fmt: skip
    assert "nothing is missing or wrong" in run("validate", "--base", "none", "bakery")
    run("export", "xlsx", *OWN, "-o", "bakery.xlsx")
    imported = graph(tmp_path / "bakery")
    assert run("import", "xlsx", "bakery.xlsx", *OWN).startswith("Nothing changes")
    assert isomorphic(graph(tmp_path / "bakery"), imported)
    edit(tmp_path / "bakery.xlsx")
    assert "7 statements added and 1 removed" in run("import", "xlsx", "bakery.xlsx", *OWN)
    run("fmt", "--check", "bakery")
    run("release", "1.0.0", *OWN)
    run("deprecate", "Proving times", "--replaced-by", "Sourdough starters", *OWN)
    run("fmt", "--check", "bakery")
    assert "Deprecated (1)\n  Proving times" in competency("diff", "1.0.0", "bakery").stdout
    run("release", "1.1.0", *OWN)
    run("fmt", "--check", "bakery")
    run("export", "xlsx", *OWN, "-o", "again.xlsx")
    assert run("import", "xlsx", "again.xlsx", *OWN).startswith("Nothing changes")
    return tmp_path / "bakery"


def test_from_a_document_to_a_second_release(bakery: Path) -> None:
    text = (bakery / "areas" / "making-dough.ttl").read_text()
    assert text.startswith("# Imported from a document")
    assert "dcterms:isReplacedBy knowledge:sourdough-starters ;\n" in text
    assert "cg:requiresKnowledge knowledge:proving-times" not in text
    assert "## 1.1.0" in (bakery / "CHANGES.md").read_text()
    with serving(bakery.parent, *OWN) as address:
        page = fetch(address, "/bakery/role/baker", "text/html").text
        history = fetch(address, "/changes", "text/html").text
    assert "Master baker" in page
    assert "Sourdough starters" in page
    assert "1.1.0" in history
