"""What is wrong appears while it is typed: in the file and in others, for each kind of file."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from editor import ACME, Editor, children, editing, wait_until
from lsprotocol import types

from conftest import Run

DEFINITION = (
    'skos:definition "Helps customers choose what serves both their business and the '
    'environment."@en ;\n    '
)


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    with editing(tmp_path_factory.mktemp("acme")) as found:
        found.open("acme.ttl")
        yield found


def span(place: types.Range) -> tuple[int, int, int, int]:
    return place.start.line, place.start.character, place.end.line, place.end.character


def test_a_finding_appears_in_the_unsaved_text_and_goes_away(
    editor: Editor, competency: Run, tmp_path: Path
) -> None:
    editor.write("acme.ttl", ACME.replace(DEFINITION, ""))
    [found] = editor.expect("acme.ttl", ["CG209"])
    assert span(found.range) == (31, 0, 31, len("acme:sustainability-adviser"))
    assert found.severity == types.DiagnosticSeverity.Error
    assert found.code_description is not None
    assert found.code_description.href == "https://w3id.org/competency-graph/rules/CG209"
    assert (editor.folder / "acme.ttl").read_text() == ACME

    (tmp_path / "acme.ttl").write_text(editor.text("acme.ttl"))
    said = competency("validate", "acme.ttl").stdout
    message, remedy = found.message.split("\n")
    assert f"acme.ttl:32:1: violation CG209 {message}" in said
    assert f"help: {remedy}" in said

    editor.write("acme.ttl", ACME)
    editor.expect("acme.ttl", [])


def test_what_is_wrong_in_another_file_appears_there(editor: Editor) -> None:
    editor.type("acme.ttl", '"Sustainability Adviser"@en', '"Green Adviser"@en')
    [found] = editor.expect("acme.sssom.tsv", ["CG051"])
    assert found.range.start.line == 16
    editor.write("acme.ttl", ACME)
    editor.expect("acme.sssom.tsv", [])


def test_columns_are_counted_in_utf_16(editor: Editor) -> None:
    line = '    skos:altLabel "🎂🎂"@en, "B"@en-UK ;\n'
    editor.type(
        "acme.ttl", '    skos:notation "ACME-R1" ;\n', f'{line}    skos:notation "ACME-R1" ;\n'
    )
    [found] = editor.expect("acme.ttl", ["CG021"])
    # 18 characters, a text of two quotation marks and two cakes with tag, comma and space.
    assert span(found.range) == (34, 18 + 2 + 4 + 3 + 2, 34, 18 + 2 + 4 + 3 + 2 + 9)
    editor.write("acme.ttl", ACME)
    editor.expect("acme.ttl", [])


def test_a_syntax_error_has_its_place(editor: Editor) -> None:
    editor.write(
        "acme.ttl",
        ACME.replace("cg:hasArea area:maintaining-accounts ;\n    .", "cg:hasArea [ ;\n    ."),
    )
    [found] = editor.expect("acme.ttl", ["CG001"])
    assert found.range.start.line in (24, 25)
    editor.write("acme.ttl", ACME)
    editor.expect("acme.ttl", [])


def test_mapping_files_are_checked(editor: Editor) -> None:
    editor.open("acme.sssom.tsv")
    editor.type("acme.sssom.tsv", "\tSustainability Adviser\t", "\tGreen Adviser\t")
    [found] = editor.expect("acme.sssom.tsv", ["CG051"])
    assert found.range.start.line == 16
    editor.type("acme.sssom.tsv", "\tGreen Adviser\t", "\tSustainability Adviser\t")
    editor.expect("acme.sssom.tsv", [])


def test_queries_are_checked(editor: Editor) -> None:
    editor.open("roles.rq", "SELECT ?r WHERE {\n  ?r a cg:Roole }\n")
    [found] = editor.expect("roles.rq", [None])
    assert "prefix “cg:” is not declared" in found.message
    assert span(found.range)[:2] == (1, 7)
    [action] = editor.actions("roles.rq", "cg:Roole", "quickfix")
    editor.apply(action.edit)
    assert editor.text("roles.rq").startswith(
        "PREFIX cg: <https://w3id.org/competency-graph/ontology#>\nSELECT"
    )
    editor.wait(lambda: any("no term" in e.message for e in editor.diagnostics("roles.rq")))
    [found] = editor.diagnostics("roles.rq")
    assert found.message == "There is no term cg:Roole; the nearest name is cg:Role."
    assert span(found.range) == (2, 7, 2, 15)
    editor.type("roles.rq", "cg:Roole", "cg:Role")
    editor.expect("roles.rq", [])


@pytest.mark.parametrize(
    "hostile", ["SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "{" * 100_000]
)
def test_a_hostile_query_is_reported_and_fetches_nothing(editor: Editor, hostile: str) -> None:
    editor.open("hostile.rq", hostile)
    editor.expect("hostile.rq", [None])
    editor.write("hostile.rq", "ASK {}")
    editor.expect("hostile.rq", [])


def test_of_many_keystrokes_the_last_counts(editor: Editor) -> None:
    for _ in range(20):
        editor.write("acme.ttl", ACME.replace(DEFINITION, ""))
        editor.write("acme.ttl", ACME.replace('skos:notation "ACME-R1" ;\n    ', ""))
    editor.expect("acme.ttl", ["CG114"])
    editor.write("acme.ttl", ACME)
    editor.expect("acme.ttl", [])


def test_a_crash_of_validation_is_survived(editor: Editor) -> None:
    wait_until(lambda: children(editor.pid) != [])
    [validating] = children(editor.pid)
    os.kill(validating, signal.SIGKILL)
    wait_until(lambda: children(editor.pid) not in ([validating], []))
    editor.write("acme.ttl", ACME.replace(DEFINITION, ""))
    editor.expect("acme.ttl", ["CG209"])
    editor.write("acme.ttl", ACME)
    editor.expect("acme.ttl", [])
