"""``competency diff``: an author compares two versions, and a CI job checks the new one."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from conftest import ROOT, Run

HEAD = """\
PREFIX bakery: <https://example.org/bakery/>
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

"""
BAKER = 'bakery:baker a cg:Role ; skos:prefLabel "Baker"@en ; skos:notation "R1" .\n'
MILLER = 'bakery:miller a cg:Role ; skos:prefLabel "Miller"@en ; skos:notation "R2" .\n'


def commit(folder: Path, text: str, tag: str) -> None:
    file = folder / "data" / "roles.ttl"
    file.parent.mkdir(exist_ok=True)
    file.write_text(HEAD + text)
    for command in (
        ["init", "--quiet"],
        ["add", "data"],
        ["-c", "user.name=B", "-c", "user.email=b@example.org", "commit", "--quiet", "-m", tag],
        ["tag", tag],
    ):
        subprocess.run(["git", *command], cwd=folder, check=True, capture_output=True)


def test_from_one_version_to_the_next(competency: Run, tmp_path: Path) -> None:
    """What changed, what it breaks, the way out, and a patch for those who hold a copy."""
    commit(tmp_path, BAKER + MILLER, "v1")
    file = tmp_path / "data" / "roles.ttl"
    file.write_text(HEAD + BAKER.replace('"Baker"', '"Artisan baker"'))

    done = competency("diff", "v1", "data")
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout
        == """\
Gone (1)
  Miller (role R2, https://example.org/bakery/miller)

Renamed (1)
  Artisan baker (role R1, https://example.org/bakery/baker)
    label (en)
      - Baker
      + Artisan baker

2 changes from v1 to data: 1 gone, 1 renamed.
"""
    )

    done = competency("diff", "v1", "data", "--check")
    assert done.returncode == 1
    assert done.stdout.startswith(
        "v1:data/roles.ttl:7:1: violation CG801 “Miller” is gone, "
        "so references to it lead nowhere.\n"
    )
    done = competency("diff", "v1", "data", "--check", "-f", "sarif")
    (result,) = json.loads(done.stdout)["runs"][0]["results"]
    assert (done.returncode, result["ruleId"]) == (1, "CG801")

    file.write_text(file.read_text() + MILLER + "bakery:miller owl:deprecated true .\n")
    done = competency("diff", "v1", "data", "--check")
    assert (done.returncode, done.stdout) == (
        0, "2 entries and 7 statements checked in 1 file; no change breaks the data of others.\n"
    )  # fmt: skip

    commit(tmp_path, file.read_text().removeprefix(HEAD), "v2")
    done = competency("diff", "v1:data", "v2:data", "-f", "rdf-patch", "-o", "v2.rdfp")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (
        (tmp_path / "v2.rdfp").read_text()
        == """\
TX .
D <https://example.org/bakery/baker> <http://www.w3.org/2004/02/skos/core#prefLabel> "Baker"@en .
A <https://example.org/bakery/baker> <http://www.w3.org/2004/02/skos/core#prefLabel> "Artisan baker"@en .
A <https://example.org/bakery/miller> <http://www.w3.org/2002/07/owl#deprecated> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> .
TC .
"""
    )


def test_the_published_dictionary_with_a_folder_of_the_same_files(
    competency: Run, tmp_path: Path
) -> None:
    """An old and a new folder, with mappings, of which one label differs."""
    new = tmp_path / "new"
    new.mkdir()
    for path in sorted((ROOT / "data").rglob("*.*")):
        text = path.read_text().replace(
            'skos:prefLabel "Consultant"@en', 'skos:prefLabel "Adviser"@en'
        )
        (new / path.name).write_text(text)
    done = competency("diff", ROOT / "data", "new", "-f", "json")
    assert done.returncode == 0
    content = json.loads(done.stdout)
    assert [
        (each["kind"], each["label"], each["code"], each["details"][0]["removed"])
        for each in content["changes"]
    ] == [("renamed", "Adviser", "R1", ['"Consultant"@en'])]


def test_files_that_are_not_compared_are_listed(competency: Run, tmp_path: Path) -> None:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "roles.ttl").write_text(HEAD + BAKER)
    (tmp_path / "new" / "notes.docx").write_text("")
    done = competency("diff", "old", "new")
    assert done.stdout == "No changes from old to new.\n"
    assert done.stderr == ("competency: new: Skipped: new/notes.docx (not an RDF ending: .docx).\n")
    done = competency("diff", "old", "new", "--check")
    assert "Skipped: new/notes.docx" in done.stdout


@pytest.mark.parametrize("form", ["text", "json", "sarif", "junit", "github", "html", "turtle"])
def test_findings_in_each_format_of_validate(competency: Run, tmp_path: Path, form: str) -> None:
    (tmp_path / "old.ttl").write_text(HEAD + BAKER)
    (tmp_path / "new.ttl").write_text(HEAD + BAKER.replace("R1", "R9"))
    done = competency("diff", "old.ttl", "new.ttl", "--check", "-f", form)
    assert (done.returncode, done.stderr) == (1, "")
    assert "CG803" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["old.ttl"], "Missing argument 'NEW'"),
        (["old.ttl", "old.ttl", "-f", "sarif"], "there is no format “sarif”"),
        (["old.ttl", "old.ttl", "--check", "-f", "markdown"], "there is no format “markdown”"),
        (["old.ttl", "broken.ttl"], "broken.ttl:1:"),
        (["old.ttl", "v1"], "there is no file “v1”"),
        (["old.ttl", "-"], "not read from standard input"),
        (["old.ttl", "old.ttl", "-o", "no/file"], "the folder to write this in does not exist"),
    ],
)
def test_wrong_use_is_one_message_and_exit_code_2(
    competency: Run, tmp_path: Path, arguments: list[str], message: str
) -> None:
    (tmp_path / "old.ttl").write_text(HEAD + BAKER)
    (tmp_path / "broken.ttl").write_text("this is not Turtle")
    done = competency("diff", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert "Traceback" not in done.stderr
