"""Validating files that extend the published dictionary, as an author does."""

from __future__ import annotations

from pathlib import Path

import pytest

from competency_graph.errors import UnreadableInputError
from competency_graph.validation import validate_files
from conftest import Run

EXTENSION = """
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX mine: <https://example.org/acme/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

<https://w3id.org/competency-graph/sales/area/setting-sales-strategy> cg:coveredByRole mine:ecologist .

mine:ecologist a cg:Role ;
  skos:prefLabel "Ecologist"@en ;
  skos:notation "ACME-R1" ;
  skos:definition "Keeps selling green."@en ;
  skos:inScheme <https://w3id.org/competency-graph/sales> ;
  cg:exampleTitle mine:green-lead .

mine:green-lead a cg:JobTitle ;
  skos:prefLabel "Green lead"@en ;
  skos:notation "ACME-T01" ;
  skos:inScheme <https://w3id.org/competency-graph/sales> .
"""


def rules(path: Path) -> list[tuple[str, str]]:
    return [(f.shape, f.focus.rpartition("/")[2]) for f in validate_files([path])]


def test_a_complete_extension_passes(tmp_path: Path, competency: Run) -> None:
    path = tmp_path / "mine.ttl"
    path.write_text(EXTENSION)
    assert rules(path) == []
    done = competency("validate", "mine.ttl")
    assert (done.returncode, done.stdout) == (0, "Nothing is missing or wrong.\n")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("cg:coveredByRole mine:ecologist .", "skos:altLabel 'Planning'@en .", [("shape:role-area", "ecologist")]),
        ('"ACME-R1"', '"R1"', [("shape:notation-unique", "ecologist")]),
        ("mine:ecologist .", 'mine:ecologist ; skos:prefLabel "Strategy"@en .', [("shape:entry-label-languages", "setting-sales-strategy")]),
        ("mine:ecologist .", "mine:ecologist, mine:nobody .", [("shape:coveredByRole-to", "nobody")]),
    ],
)  # fmt: skip
def test_findings_are_about_what_the_file_says(
    tmp_path: Path, old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    path = tmp_path / "mine.ttl"
    path.write_text(EXTENSION.replace(old, new, 1))
    assert rules(path) == expected


def test_a_dictionary_of_its_own_can_stand_alone(tmp_path: Path) -> None:
    smallest = Path(__file__).parents[1] / "dictionaries" / "pass" / "smallest.ttl"
    assert validate_files([smallest], base=False) == []


def test_the_command_prints_findings_and_exits_1(tmp_path: Path, competency: Run) -> None:
    (tmp_path / "mine.ttl").write_text(
        EXTENSION.replace('  skos:definition "Keeps selling green."@en ;\n', "")
    )
    done = competency("validate", "mine.ttl")
    assert done.returncode == 1
    assert done.stdout == (
        "violation: “Ecologist” <https://example.org/acme/ecologist>: The role has no definition. "
        "Say in a skos:definition what people in it are responsible for. [shape:role-definition]\n"
    )
    assert done.stderr == "1 finding.\n"


def test_a_mere_hint_does_not_fail(tmp_path: Path, competency: Run) -> None:
    (tmp_path / "mine.ttl").write_text(
        "PREFIX cg: <https://w3id.org/competency-graph/ontology#>\n"
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        "PREFIX area: <https://w3id.org/competency-graph/sales/area/>\n"
        "PREFIX sales: <https://w3id.org/competency-graph/sales/>\n"
        "PREFIX mine: <https://example.org/acme/>\n"
        'mine:greening a cg:AreaOfExpertise ; skos:prefLabel "Greening"@en ; skos:notation "ACME-A01" ;\n'
        '  skos:definition "Makes selling green."@en ; skos:inScheme <https://w3id.org/competency-graph/sales> ;\n'
        "  cg:areaOf <https://w3id.org/competency-graph/sales> ;\n"
        "  cg:coveredByRole <https://w3id.org/competency-graph/sales/role/analyst> ;\n"
        "  cg:requiresKnowledge <https://w3id.org/competency-graph/sales/knowledge/sales-culture> ;\n"
        "  cg:requiresAbility <https://w3id.org/competency-graph/sales/ability/assess-performance-objectively> ;\n"
        "  cg:producesOutput <https://w3id.org/competency-graph/sales/output/capture-plan> ;\n"
        "  cg:hasKeyAction mine:plants-trees .\n"
        'mine:plants-trees a cg:KeyAction ; skos:prefLabel "Plants trees"@en ; skos:notation "ACME-A01.A1" ;\n'
        '  skos:definition "Plants a tree for each sale."@en ; skos:inScheme <https://w3id.org/competency-graph/sales> .\n'
    )
    done = competency("validate", "mine.ttl")
    assert "info: “Greening”" in done.stdout
    assert "[shape:area-open-ended]" in done.stdout
    assert done.returncode == 0


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError, match="no such file"):
        validate_files([tmp_path / "nosuch.ttl"])
