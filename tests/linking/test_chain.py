"""From candidates to links that are served: each command takes what the one before wrote."""

from __future__ import annotations

import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from framework import SKILL, TARGET, dictionary, entry
from sssom.parsers import parse_sssom_table
from test_review import KEPT, NAME, reviewing

from competency_graph.mappings import read
from conftest import Run, serving

VERSION = '<https://w3id.org/competency-graph/graph/esco> owl:versionInfo "v1.1.1" .\n'
ENTRY = "https://example.org/acme/entry/"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A dictionary of one's own, and a framework."""
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "mine.ttl").write_text(
        dictionary(
            entry("haggling", "Ability", "Negotiate contracts"),
            entry("turning", "Ability", "Operate lathes"),
        )
    )
    (tmp_path / "mine.ttl").symlink_to("acme/mine.ttl")
    (tmp_path / "esco.ttl").write_text(TARGET + VERSION)
    return tmp_path


def rows(path: Path) -> list[tuple[str, str, str]]:
    """What sssom-py reads: entry, thing, whether denied."""
    table = parse_sssom_table(path).df.fillna("")
    denied = table["predicate_modifier"] if "predicate_modifier" in table else [""] * len(table)
    return sorted(
        zip(
            table["subject_id"], [o[-2:] for o in table["object_id"]], map(str, denied), strict=True
        )
    )


def test_candidates_become_links_that_are_served(folder: Path, competency: Run) -> None:
    suggest = ("link", "suggest", "acme", "--to", "esco.ttl", "--threshold", "0.1", "--most", "1")
    first = competency(*suggest, "-o", NAME)
    assert first.returncode == 0, first.stderr
    assert rows(folder / NAME) == [("entry:haggling", "01", ""), ("entry:turning", "02", "")]

    with reviewing(folder) as person:
        person.sees("1 of 2")
        person.types("8")
        person.sees("confidence 0.8")
        person.types("c")
        person.sees("2 of 2")
        person.types("xn")
        person.sees("2 of 2 candidates decided.")
    assert rows(folder / KEPT) == [("entry:haggling", "01", ""), ("entry:turning", "02", "Not")]
    linked, denied = read(folder / KEPT).mappings
    assert (linked.predicate_id, linked.confidence, denied.confidence) == (
        "skos:closeMatch",
        "0.8",
        "",
    )

    (folder / KEPT).rename(folder / "acme" / "esco.sssom.tsv")
    checked = competency("link", "check", "acme")
    assert (checked.returncode, checked.stdout.count("\n")) == (0, 1), checked.stdout

    again = competency(*suggest)
    assert "2 are linked or rejected already; --again proposes them too." in again.stderr
    proposed = {
        line.split("\t")[4][-2:] for line in again.stdout.splitlines() if line[:6] == "entry:"
    }
    assert not {"01", "02"} & proposed
    asked = competency(*suggest, "--again")
    assert {
        line.split("\t")[4][-2:] for line in asked.stdout.splitlines() if line[:6] == "entry:"
    } == {"01", "02"}

    written = competency("export", "sssom", "--data", "acme", "--own", "-o", "all.sssom.tsv")
    assert written.returncode == 0, written.stderr
    assert rows(folder / "all.sssom.tsv") == [
        ("entry:haggling", "01", ""),
        ("entry:turning", "02", "Not"),
    ]
    assert competency("link", "check", "acme/mine.ttl", "all.sssom.tsv").returncode == 0

    with serving(folder, "--data", "acme") as server:
        with urllib.request.urlopen(f"{server}/acme/entry/haggling.html", timeout=30) as reply:
            page = reply.read().decode()
        with urllib.request.urlopen(f"{server}/export/sssom?own=true", timeout=30) as reply:
            assert reply.read() == (folder / "all.sssom.tsv").read_bytes()
            assert "sssom.tsv" in reply.headers["Content-Disposition"]
    assert "negotiate contract" in page
    assert f'href="{SKILL}01"' in page
    assert f'href="{SKILL}02"' not in page


TABLE = (
    "# mapping_set_id: https://example.org/acme/links\n"
    "# curie_map:\n"
    f"#   mine: {ENTRY}\n"
    f"#   to: {SKILL}\n"
    "# object_source_version: v1.1.1\n"
    "subject_id\tpredicate_id\tobject_id\tobject_label\tobject_category\tmapping_justification\n"
    "mine:haggling\tskos:closeMatch\tto:01\tnegotiate contract\tskill/competence\tsemapv:ManualMappingCuration\n"
)


def test_a_folder_without_links_is_refused_with_what_to_do(folder: Path, competency: Run) -> None:
    done = competency("link", "check", "acme")
    assert (done.returncode, done.stdout) == (2, "")
    assert "acme: the folder contains no mapping file" in done.stderr
    assert "competency validate" in done.stderr


def test_a_folder_beside_a_table_needs_none(folder: Path, competency: Run) -> None:
    """The table names an entry that only the folder describes."""
    (folder / "links.sssom.tsv").write_text(TABLE)
    assert competency("link", "check", "links.sssom.tsv").returncode == 1
    done = competency("link", "check", "links.sssom.tsv", "acme")
    codes = {word for line in done.stdout.splitlines() for word in line.split() if word[:2] == "CG"}
    assert codes == {"CG501", "CG513", "CG514"}
    assert "links.sssom.tsv" in done.stdout


def test_only_faults_of_links_are_told(folder: Path, competency: Run) -> None:
    """The entries lack nearly everything, which ``competency validate`` says."""
    (folder / "acme" / "links.sssom.tsv").write_text(TABLE)
    done = competency("link", "check", "acme")
    codes = {word for line in done.stdout.splitlines() for word in line.split() if word[:2] == "CG"}
    assert (done.returncode, codes) == (1, {"CG501", "CG513", "CG514"})
    assert "warning CG513" in done.stdout
    assert "warning CG514" in done.stdout
    assert (
        "CG204" in competency("validate", "acme").stdout
        or "CG1" in competency("validate", "acme").stdout
    )


@pytest.mark.parametrize("said", ["skos:closeMatch", "skos:relatedMatch"])
def test_links_in_turtle_are_decided_on_as_well(folder: Path, competency: Run, said: str) -> None:
    path = folder / "acme" / "mine.ttl"
    path.write_text(path.read_text() + f"mine:haggling {said} <{SKILL}01> .\n")
    done = competency("link", "suggest", "acme", "--to", "esco.ttl", "--threshold", "0.1")
    assert "1 are linked or rejected already" in done.stderr
    assert (
        "mine:haggling\tNegotiate contracts\tcg:Ability\tskos:closeMatch\tesco-skill:00000000-0000-0000-0000-000000000001"
        not in done.stdout
    )


@pytest.mark.parametrize("extends", [True, False])
def test_published_links_tell_where_the_entries_of_an_extension_belong(
    folder: Path, competency: Run, extends: bool
) -> None:
    esco = "http://data.europa.eu/esco/"
    (folder / "esco.ttl").write_text(
        f"{TARGET}<{esco}occupation/d9612966-e295-4d81-ba2b-9f36bad0b392>"
        ' a skos:Concept, esco:Occupation ; skos:prefLabel "business coach"@en .\n'
    )
    coach = entry("coach", "JobTitle", "Coach of sellers")
    role = "; cg:titleOfRole <https://w3id.org/competency-graph/sales/role/consultant> "
    (folder / "acme" / "mine.ttl").write_text(
        dictionary(entry("coach", "JobTitle", "Coach of sellers", role) if extends else coach)
    )
    suggest = ("link", "suggest", "acme", "--to", "esco.ttl", "--threshold", "0", "-o", NAME)
    assert competency(*suggest).returncode == 0
    best = read(folder / NAME).mappings[0]
    assert best.object_label == "business coach"
    assert ("The similar entry “Sales coach” is linked to it." in best.comment) is extends
