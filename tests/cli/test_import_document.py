"""``competency import text``: from a document to a valid dictionary."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conftest import ROOT, Run

RULES = ROOT / "docs" / "rules"
IMPORT = ("import", "text", RULES / "bakery.txt", "--namespace", "https://example.org/bakery/")
FILES = [
    "areas/making-dough.ttl", "areas/running-the-oven.ttl", "competencies/teamwork.ttl", "dictionary.ttl",
    "role-areas.ttl", "roles.ttl", "shared-knowledge.ttl",
]  # fmt: skip


def files(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def test_from_a_document_to_a_valid_dictionary(competency: Run, tmp_path: Path) -> None:
    first = competency(*IMPORT, "--output", "bakery")
    assert (first.returncode, first.stderr) == (1, "")
    assert "bakery.txt:87:32: warning CG601" in first.stdout
    assert "  1  not understood: line 120\n" in first.stdout
    assert files(tmp_path / "bakery") == FILES
    again = competency(*IMPORT, "--output", "bakery", "--corrections", RULES / "bakery.yaml")
    assert again.returncode == 2
    assert "Add --replace to replace it" in again.stderr
    done = competency(
        *IMPORT, "--output", "bakery", "--corrections", RULES / "bakery.yaml", "--replace"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "26 entries and 188 statements checked in 1 file; nothing is missing"
    )
    valid = competency("validate", "--base", "none", "bakery")
    assert valid.returncode == 0, valid.stdout
    asked = competency("query", "-", "--data", "bakery", "--base", "none", "-f", "csv", stdin="""\
        PREFIX cg: <https://w3id.org/competency-graph/ontology#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?code ?label ?text { ?area cg:producesOutput ?entry ; cg:sourcePage 4 .
          ?entry skos:notation ?code ; skos:prefLabel ?label OPTIONAL { ?area skos:definition ?text } }
        ORDER BY ?code""")  # fmt: skip
    definition = '"Turns flour, water and yeast into dough that rises as planned."'
    assert asked.stdout.splitlines() == [
        "code,label,text", f"O001,Shaped loaves,{definition}", f"O002,Dough log,{definition}",
    ]  # fmt: skip


def test_an_import_is_the_same_each_time(competency: Run, tmp_path: Path) -> None:
    for name in ("one", "two"):
        competency(*IMPORT, "-o", name)
    assert files(tmp_path / "one") == files(tmp_path / "two") == FILES
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_the_report_is_available_as_json(competency: Run) -> None:
    done = competency(
        *IMPORT,
        "-o",
        "bakery",
        "--report",
        "json",
        "--license",
        "https://example.org/l",
        "--creator",
        "I",
    )
    report = json.loads(done.stdout)
    assert (done.returncode, report["summary"]) == (1, {"violation": 2, "warning": 1, "info": 1})
    assert "not understood" in done.stderr
    place = report["findings"][-1]["place"]
    assert (place["line"], place["text"]) == (120, "Printed from the shared folder")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--namespace", "https://example.org/bakery"), "does not end in /"),
        (
            ("--namespace", "https://w3id.org/competency-graph/sales/"),
            "belongs to the published dictionary",
        ),
        (("--namespace", "bakery/"), "is not an absolute http or https IRI"),
        (("--license", "CC BY"), "is not an absolute http or https IRI"),
        (("--language", "english-"), "is not a language"),
        (("--report", "pdf"), "pdf"),
        (("--corrections", "none.yaml"), "the corrections cannot be read"),
        (("--output", "none/bakery"), "the folder to write this in does not exist"),
    ],
)
def test_wrong_options_write_nothing(
    options: tuple[str, ...], message: str, competency: Run, tmp_path: Path
) -> None:
    done = competency(*IMPORT, "--output", "bakery", *options)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert files(tmp_path) == []


def test_other_files_are_never_replaced(competency: Run, tmp_path: Path) -> None:
    (tmp_path / "bakery").mkdir()
    (tmp_path / "bakery" / "notes.txt").write_text("mine")
    done = competency(*IMPORT, "--output", "bakery", "--replace")
    assert done.returncode == 2
    assert "this folder holds another file, notes.txt" in done.stderr
    assert files(tmp_path) == ["bakery/notes.txt"]
    (tmp_path / "file").write_text("mine")
    assert competency(*IMPORT, "--output", "file", "--replace").returncode == 2
    assert (tmp_path / "file").read_text() == "mine"


def test_a_document_without_entries_is_refused(competency: Run, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear reader,\n\nthis is a letter.\n")
    done = competency(
        "import", "text", "letter.txt", "--namespace", "https://example.org/a/", "-o", "out"
    )
    assert done.returncode == 2
    assert "letter.txt: no role, competency or area of expertise was recognised" in done.stderr
    assert not (tmp_path / "out").exists()
