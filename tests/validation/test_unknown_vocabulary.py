"""What no known vocabulary has is counted, and makes nothing fail."""

from __future__ import annotations

from pathlib import Path

from authoring import EXTENSION, changed, write

from competency_graph.validation import validate
from competency_graph.validation.findings import Finding
from conftest import Run

OTHERS = (
    EXTENSION
    + """
PREFIX hr: <https://hr.example/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
mine:ecologist hr:grade 12 ; hr:budget 5 .
mine:green-lead hr:grade 11 ; foaf:page <https://acme.example/> .
mine:anna a hr:Person, foaf:Person ; foaf:name "Anna" .
mine:bert a hr:Person .
mine:carl a hr:Person .
"""
)


def told(folder: Path, text: str) -> list[Finding]:
    return list(validate([write(folder, "mine.ttl", text)]).findings)


def test_things_and_statements_are_counted(tmp_path: Path) -> None:
    statements, things = told(tmp_path, OTHERS)
    assert {(f.rule.code, f.severity) for f in (statements, things)} == {("CG017", "info")}
    assert (statements.place.line, things.place.line) == (21, 23)
    assert statements.message == (
        "No rule checks the 3 statements with no known property in this file: hr:grade, hr:budget."
    )
    assert things.message == (
        "No rule checks the 2 things of no known class in this file: hr:Person."
    )


def test_it_does_not_fail(tmp_path: Path, competency: Run) -> None:
    write(tmp_path, "mine.ttl", OTHERS)
    done = competency("validate", "mine.ttl")
    assert (done.returncode, "2 infos" in done.stdout or "2 info" in done.stdout) == (0, True)
    assert competency("validate", "mine.ttl", "--level", "info").returncode == 1


def test_what_the_files_define_is_known(tmp_path: Path) -> None:
    defined = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
hr:grade a owl:DatatypeProperty .
hr:budget a owl:DatatypeProperty .
hr:Person a owl:Class .
"""
    write(
        tmp_path,
        "terms.ttl",
        defined.replace("PREFIX owl", "PREFIX hr: <https://hr.example/terms/>\nPREFIX owl"),
    )
    write(tmp_path, "mine.ttl", OTHERS)
    assert validate([tmp_path]).findings == ()


def test_each_file_is_counted_alone(tmp_path: Path) -> None:
    text = "<http://e/{0}> <http://e/p> 1 .\n"
    write(tmp_path, "a.ttl", changed() + text.format("a"))
    write(tmp_path, "b.ttl", text.format("b") + text.format("c"))
    first, second = validate([tmp_path]).findings
    assert ["1 statement " in first.message, "2 statements " in second.message] == [True, True]
    assert [Path(f.place.file).name for f in (first, second)] == ["a.ttl", "b.ttl"]


def test_what_shapes_of_an_organisation_name_is_known(tmp_path: Path) -> None:
    shapes = write(
        tmp_path,
        "shapes.ttl",
        """PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX hr: <https://hr.example/terms/>
hr:Shape a sh:NodeShape ; sh:targetClass hr:Person ; sh:property [ sh:path hr:budget ] .
""",
    )
    mine = write(tmp_path, "mine.ttl", OTHERS)
    (statements,) = validate([mine], shapes=[shapes]).findings
    assert statements.message == (
        "No rule checks the 2 statements with no known property in this file: hr:grade."
    )
