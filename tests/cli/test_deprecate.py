"""``competency deprecate`` on an extension, by the names that people use."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from competency_graph.cli import cli
from competency_graph.errors import BadValueError, UnknownNameError
from competency_graph.scaffold import create_extension


def run(*arguments: str | Path) -> Result:
    done = CliRunner().invoke(cli, list(map(str, arguments)))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    create_extension("acme", "https://acme.example/", parent=tmp_path)
    return tmp_path / "acme"


def contents(folder: Path) -> dict[Path, str]:
    return {path: path.read_text() for path in folder.rglob("*") if path.is_file()}


def deprecate(acme: Path, *arguments: str) -> Result:
    return run("deprecate", *arguments, "--data", acme)


NAMES = ["ACME-R1", "sustainability adviser", "my:sustainability-adviser", "https://acme.example/sustainability-adviser"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_is_found_by_its_names_and_a_dry_run_writes_nothing(acme: Path, name: str) -> None:
    before = contents(acme)
    done = deprecate(acme, name, "--replaced-by", "Consultant", "--dry-run")
    assert f"+++ {acme}/roles.ttl (deprecated)" in done.stdout
    assert "+    dcterms:isReplacedBy role:consultant ;" in done.stdout
    assert "+    owl:deprecated true ;" in done.stdout
    assert [line for line in done.stdout.splitlines() if line.startswith("-")] == [
        f"--- {acme}/roles.ttl"
    ]
    assert contents(acme) == before


def test_references_are_led_to_the_replacement_and_the_result_is_valid(acme: Path) -> None:
    area = acme / "areas" / "selling-sustainably.ttl"
    done = deprecate(acme, "ACME-K001", "--replaced-by", "knowledge:business-analysis-methods")
    assert (done.exit_code, done.stdout) == (0, f"{area}: changed\n")
    assert "cg:requiresKnowledge knowledge:business-analysis-methods ;" in area.read_text()
    assert "cg:requiresKnowledge my:" not in area.read_text()
    assert run("validate", acme).exit_code == 0
    assert run("fmt", "--check", acme).exit_code == 0
    again = deprecate(acme, "ACME-K001", "--replaced-by", "knowledge:business-analysis-methods")
    assert again.exit_code == 0
    assert "marked already" in again.stderr


def test_what_is_left_is_listed_at_its_line(acme: Path) -> None:
    done = deprecate(acme, "ACME-K001")
    assert done.exit_code == 1
    _, left = done.stdout.splitlines()
    file, line, column, message = left.split(":", 3)
    text = Path(file).read_text().splitlines()[int(line) - 1]
    assert text[int(column) - 1 :] == "my:environmental-reporting-rules ;"
    assert "refers to the deprecated entry by cg:requiresKnowledge" in message


@pytest.mark.parametrize(
    ("name", "told"),
    [("Consultant", "do not describe"), ("Sales", "is named"), ("Training", "no entry is named")],
)
def test_entries_of_others_and_unknown_ones_are_refused(acme: Path, name: str, told: str) -> None:
    before = contents(acme)
    with pytest.raises((BadValueError, UnknownNameError), match=told):
        deprecate(acme, name)
    assert contents(acme) == before


def test_a_name_of_several_entries_is_refused_with_their_iris(acme: Path) -> None:
    (acme / "more.ttl").write_text(
        "PREFIX cg: <https://w3id.org/competency-graph/ontology#>\n"
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        "<https://acme.example/x> a cg:Role ; skos:prefLabel 'Consultant'@en .\n"
    )
    with pytest.raises(BadValueError, match="2 things") as caught:
        deprecate(acme, "Consultant")
    assert "https://acme.example/x" in caught.value.remedy
    assert "role:consultant" in caught.value.remedy


def test_the_published_dictionary_is_not_changed() -> None:
    done = run("deprecate", "Consultant")
    assert done.exit_code == 2
    assert "--data" in done.stderr
