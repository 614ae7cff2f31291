"""Comments that allow what a rule forbids."""

from __future__ import annotations

from pathlib import Path

import pytest
from authoring import DEFINITION, EXTENSION, changed, marked, told, write

from competency_graph.validation import validate
from competency_graph.validation.findings import Finding
from conftest import Run

ROLE = "mine:ecologist a cg:Role ;\n"
WITHOUT = (DEFINITION, "")
"""Takes the definition of the role away, which CG209 tells at the role on line 7."""
UNTAGGED = ('"Ecologist"@en', '"Ecologist"')
"""CG108 tells it at the label on line 8."""


def found(folder: Path, text: str) -> list[Finding]:
    return list(validate([write(folder, "mine.ttl", text)]).findings)


ALLOWED = {
    "on the line": [WITHOUT, (ROLE, "mine:ecologist a cg:Role ; # competency: allow CG209\n")],
    "with a reason": [WITHOUT, (ROLE, "mine:ecologist a cg:Role ; # competency: allow CG209 (comes with the next release)\n")],
    "above the line": [WITHOUT, (ROLE, f"# competency: allow CG209\n{ROLE}")],
    "above, indented, with another comment between": [WITHOUT, (ROLE, f"\t#competency:allow  CG209\n  # Soon.\n{ROLE}")],
    "in the file, at its end": [WITHOUT, ("ACME-T01\" ;\n", "ACME-T01\" ;\n# competency: allow-file CG209\n")],
    "two codes at once": [WITHOUT, UNTAGGED, ("PREFIX mine", "# competency: allow-file CG108, CG209\nPREFIX mine")],
    "two comments above a line": [
        (ROLE, "# competency: allow CG209\n# competency: allow CG108\nmine:ecologist a cg:Role ; skos:prefLabel \"Ecologist\" ;\n"),
        ('    skos:prefLabel "Ecologist"@en ;\n', ""), WITHOUT,
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", ALLOWED)
def test_what_a_comment_allows_is_not_told(tmp_path: Path, name: str) -> None:
    text = changed(*ALLOWED[name])
    assert found(tmp_path, text) == []
    assert found(tmp_path, text.replace("competency:", "remember:")) != []


def test_lines_that_end_otherwise(tmp_path: Path) -> None:
    for newline in ("\r\n", "\r"):
        text = changed(*ALLOWED["above, indented, with another comment between"])
        assert found(tmp_path, text.replace("\n", newline)) == []


def test_a_comment_elsewhere_allows_nothing_and_is_told(tmp_path: Path) -> None:
    text = changed(WITHOUT, ("PREFIX mine:", "# competency: allow CG209\nPREFIX mine:"))
    unused, role = found(tmp_path, text)
    assert (unused.rule.code, unused.severity, unused.place.line) == ("CG091", "warning", 2)
    assert marked(unused) == "CG209"
    assert unused.message == "Nothing here breaks CG209."
    assert (role.rule.code, role.place.line) == ("CG209", 8)


def test_a_comment_behind_a_statement_is_for_that_line_alone(tmp_path: Path) -> None:
    before = "cg:coveredByRole mine:ecologist ."
    text = changed(WITHOUT, (f"{before}\n\n", f"{before} # competency: allow CG209\n"))
    assert told(validate([write(tmp_path, "mine.ttl", text)])) == [
        f"mine.ttl:5:{text.splitlines()[4].index('CG209') + 1} CG091",
        "mine.ttl:6:1 CG209",
    ]


def test_a_comment_for_another_rule_is_told_beside_what_it_does_not_allow(tmp_path: Path) -> None:
    text = changed(WITHOUT, (ROLE, f"# competency: allow CG210, CG209\n{ROLE}"))
    (unused,) = found(tmp_path, text)
    assert (unused.rule.code, marked(unused), unused.place.line) == ("CG091", "CG210", 7)


def test_a_comment_that_was_needed_once_is_told(tmp_path: Path) -> None:
    (unused,) = found(tmp_path, f"# competency: allow-file CG209\n{EXTENSION}")
    assert (unused.rule.code, unused.place.line, unused.place.column) == ("CG091", 1, 26)
    assert unused.remedy == "Remove the code from the comment."


@pytest.mark.parametrize("code", ["CG999", "role-definition", "cg209"])
def test_a_code_that_there_is_not_is_told(tmp_path: Path, code: str) -> None:
    (unknown,) = found(tmp_path, f"# competency: allow-file {code}\n{EXTENSION}")
    assert (unknown.rule.code, unknown.severity, marked(unknown)) == ("CG092", "warning", code)
    assert unknown.message == f"There is no rule {code}."


def test_a_comment_for_a_rule_from_version_to_version_is_left_to_its_command(
    tmp_path: Path,
) -> None:
    assert found(tmp_path, f"# competency: allow-file CG805\n{EXTENSION}") == []


@pytest.mark.parametrize("start", ["", "x "])
def test_in_a_text_it_is_no_comment(tmp_path: Path, start: str) -> None:
    """Neither does it allow anything, nor is it told as unused."""
    text = f'"""Keeps selling green.\n{start}# competency: allow-file CG108, CG209, CG999\n"""'
    report = validate(
        [write(tmp_path, "mine.ttl", changed(UNTAGGED, ('"Keeps selling green."', text)))]
    )
    assert told(report)[0] == "mine.ttl:8:20 CG108"
    assert not {"CG091", "CG092"} & {f.rule.code for f in report.findings}


def test_it_holds_in_its_own_file_alone(tmp_path: Path) -> None:
    one = write(tmp_path, "one.ttl", changed(WITHOUT))
    other = write(tmp_path, "two.ttl", "# competency: allow-file CG209\n")
    assert told(validate([one, other])) == ["one.ttl:7:1 CG209", "two.ttl:1:26 CG091"]


def test_a_fault_of_syntax_is_allowed_by_none(tmp_path: Path) -> None:
    comment, fault = found(tmp_path, f"# competency: allow-file CG001\n{EXTENSION}\nmine:x a .\n")
    assert (fault.rule.code, fault.place.line) == ("CG001", 20)
    assert (comment.rule.code, comment.message) == ("CG091", "Comments cannot allow CG001.")


def test_where_not_all_was_judged_no_comment_is_called_unused(tmp_path: Path) -> None:
    text = changed(*ALLOWED["on the line"])
    (fault,) = found(tmp_path, f"{text}\nmine:x a .\n")
    assert fault.rule.code == "CG001"


def test_the_exit_code_is_that_of_what_is_left(competency: Run) -> None:
    text = changed(*ALLOWED["on the line"])
    assert competency("validate", "-", stdin=text).returncode == 0
    unused = competency("validate", "-", stdin=f"# competency: allow-file CG209\n{EXTENSION}")
    assert unused.returncode == 1
    assert "warning CG091" in unused.stdout
