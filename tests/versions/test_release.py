"""Releases: what a version sets and keeps, and what may not be released."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS, OWL

from competency_graph import Dictionary
from competency_graph.cli import cli
from competency_graph.errors import BadValueError, LimitError, UnreadableInputError
from competency_graph.rdf.input_files import files_named, left_out
from competency_graph.scaffold import create_extension
from competency_graph.validation import validator
from competency_graph.versions.numbers import Number, number, number_or_none
from competency_graph.versions.release import prepare_release
from competency_graph.versions.released import snapshots
from competency_graph.versions.released.archive import Archive
from competency_graph.versions.released.history import read_history
from competency_graph.versions.released.snapshots import snapshot

ACME = URIRef("https://acme.example/c")
TODAY = date(2026, 12, 1)
LINKS = """\
# mapping_set_id: https://acme.example/c/links
# license: https://creativecommons.org/licenses/by/4.0/
# creator_label:
# - Ann
# object_source: graph:esco
# object_source_version: v1.1.1
# curie_map:
#   graph: https://w3id.org/competency-graph/graph/
#   my: https://acme.example/c/
#   esco: http://data.europa.eu/esco/occupation/
subject_id\tpredicate_id\tobject_id\tobject_label\tobject_category\tmapping_justification\tconfidence\tmapping_date\tcomment
my:sustainability-adviser\tskos:closeMatch\tesco:c81c9ea3-4689-4146-9076-24dd175c69bc\tadviser\toccupation\tsemapv:ManualMappingCuration\t0.9\t2026-11-24\tBoth advise.
"""


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An extension of which 1.0.0 is released; not to be changed."""
    parent = tmp_path_factory.mktemp("released")
    create_extension("acme", "https://acme.example/c/", parent=parent)
    done = run("release", "1.0.0", "--data", parent / "acme", "--date", "2026-11-01")
    assert done.exit_code == 0, done.output
    return parent / "acme"


@pytest.fixture
def acme(released: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    subprocess.run(["cp", "-r", str(released), str(tmp_path)], check=True)
    return tmp_path / "acme"


def run(*arguments: str | Path) -> Result:
    done = CliRunner().invoke(cli, list(map(str, arguments)))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def edit(folder: Path, old: str, new: str) -> None:
    (path,) = (p for p in files_named(str(folder)) if old in Path(p).read_text())
    Path(path).write_text(Path(path).read_text().replace(old, new))


def rename(folder: Path) -> None:
    edit(folder, '"Sustainability Adviser"@en', '"Green Adviser"@en')


def test_the_first_release_sets_version_and_date_and_keeps_the_files(released: Path) -> None:
    facts = Graph().parse(released / "extension.ttl")
    assert str(facts.value(ACME, OWL.versionInfo)) == "1.0.0"
    assert facts.value(ACME, OWL.versionIRI) == URIRef("https://acme.example/c/1.0.0")
    assert facts.value(ACME, OWL.priorVersion) is None
    for property_ in (DCTERMS.issued, DCTERMS.modified):
        assert str(facts.value(ACME, property_)) == "2026-11-01"
    folder = released / "versions" / "1.0.0"
    for name in ("extension.ttl", "roles.ttl", "areas/selling-sustainably.ttl"):
        assert (folder / name).read_bytes() == (released / name).read_bytes()
    assert (
        released / "CHANGES.md"
    ).read_text() == "# Changes\n\n## 1.0.0 (2026-11-01)\n\nFirst release.\n"


def test_the_checksums_are_those_of_sha256sum(released: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=released / "versions" / "1.0.0", check=False, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0


def test_a_released_version_is_no_part_of_the_current_one_but_can_be_named(released: Path) -> None:
    assert not any("versions" in name for name in files_named(str(released)))
    assert (str(released / "versions" / "1.0.0"), "a released version") in left_out(str(released))
    assert len(files_named(str(released / "versions" / "1.0.0"))) == 3
    assert len(Dictionary([released]).own_files) == 3
    assert run("validate", released).exit_code == 0


def test_the_next_release_says_what_changed_and_changes_few_lines(acme: Path) -> None:
    rename(acme)
    before = contents(acme)
    done = run("release", "1.1.0", "--data", acme, "--date", "2026-12-01")
    assert done.exit_code == 0
    assert "https://acme.example/c/1.1.0" in done.stdout
    after = contents(acme)
    assert {n for n in before if before[n] != after[n]} == {"CHANGES.md", "extension.ttl"}
    added = set(after["extension.ttl"].splitlines()) - set(before["extension.ttl"].splitlines())
    assert sorted(line.decode().split()[0] for line in added) == [
        "dcterms:issued", "dcterms:modified", "owl:priorVersion", "owl:versionIRI", "owl:versionInfo"
    ]  # fmt: skip
    notes = (acme / "CHANGES.md").read_text()
    assert notes.startswith("# Changes\n\n## 1.1.0 (2026-12-01)\n\n")
    assert "~~Sustainability Adviser~~ → Green Adviser\n" in notes
    assert notes.index("Green Adviser") < notes.index("## 1.0.0")
    assert [str(n) for n in Archive.of(acme).numbers()] == ["1.0.0", "1.1.0"]
    assert run("fmt", "--check", acme).exit_code == 0


def test_ctrl_c_while_it_validates_is_no_finding(
    acme: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(self: object) -> None:
        raise KeyboardInterrupt

    rename(acme)
    before = contents(acme)
    monkeypatch.setattr(validator._Validation, "run", interrupted)
    done = run("release", "1.1.0", "--data", acme)
    assert (done.exit_code, done.stdout) == (130, "")
    assert contents(acme) == before


def test_a_set_of_mappings_has_the_version_too(acme: Path) -> None:
    links = acme / "links.sssom.tsv"
    links.write_text(LINKS)
    for version in ("1.1.0", "1.2.0"):
        rename(acme) if version == "1.1.0" else edit(acme, "Green Adviser", "Eco Adviser")
        done = run("release", version, "--data", acme)
        assert done.exit_code == 0, done.output
        assert links.read_text() == LINKS.replace(
            "# license", f"# mapping_set_version: {version}\n# license"
        )
        assert (acme / "versions" / version / links.name).read_bytes() == links.read_bytes()
    (last, *_) = read_history(Archive.of(acme)).steps
    assert {change.entry for change in last.changes} == {f"{ACME}/sustainability-adviser"}


def test_the_archive_stays_where_it_is_when_a_folder_goes(acme: Path) -> None:
    below = acme / "areas" / "more"
    below.mkdir()
    for path in ("extension.ttl", "roles.ttl"):
        (acme / path).rename(below / path)
    rename(acme)
    assert run("release", "1.1.0", "--data", acme).exit_code == 0
    assert list(map(str, Archive.of(acme).numbers())) == ["1.0.0", "1.1.0"]
    assert (acme / "versions/1.1.0/areas/more/roles.ttl").is_file()


@pytest.mark.parametrize(
    ("names", "folder"),
    [(["."], "."), (["areas"], "areas"), (["roles.ttl"], "."), (["roles.ttl", "areas"], "."), (["areas/*.ttl"], "areas")],
)  # fmt: skip
def test_the_folder_of_a_dictionary_is_the_one_that_is_named(
    released: Path, names: list[str], folder: str
) -> None:
    found = Dictionary([str(released / name) for name in names]).folder
    assert found == (released / folder).resolve()


def test_a_dry_run_shows_the_changes_and_writes_nothing(acme: Path) -> None:
    rename(acme)
    before = contents(acme)
    done = run("release", "1.1.0", "--data", acme, "--dry-run")
    assert '+    owl:versionInfo "1.1.0" ;' in done.stdout
    assert contents(acme) == before


def spoil(folder: Path) -> None:
    edit(folder, 'skos:prefLabel "Sustainability Adviser"@en ;\n    ', "")


def break_(folder: Path) -> None:
    edit(folder, 'skos:notation "ACME-R1"', 'skos:notation "ACME-R7"')


@pytest.mark.parametrize(
    ("change", "version", "told"),
    [(spoil, "2.0.0", "CG106"), (break_, "1.1.0", "CG803"), (break_, "1.0.1", "release 2.0.0")],
)
def test_findings_and_breaking_changes_stop_it_and_are_shown(
    acme: Path, change: Callable[[Path], None], version: str, told: str
) -> None:
    change(acme)
    before = contents(acme)
    done = run("release", version, "--data", acme)
    assert done.exit_code == 1
    assert told in done.output
    assert "was not released" in done.stderr
    assert contents(acme) == before


def test_a_major_version_may_break_data(acme: Path) -> None:
    break_(acme)
    assert run("release", "2.0.0", "--data", acme).exit_code == 0


@pytest.mark.parametrize(
    ("version", "told"),
    [("1.0.0", "not higher"), ("0.9.0", "not higher"), ("1.1", "three numbers")],
)
def test_a_number_that_does_not_follow_is_refused(acme: Path, version: str, told: str) -> None:
    rename(acme)
    before = contents(acme)
    with pytest.raises(BadValueError, match=told):
        run("release", version, "--data", acme)
    assert contents(acme) == before


def test_nothing_new_is_not_released(released: Path) -> None:
    with pytest.raises(BadValueError, match="nothing has changed"):
        prepare_release(Dictionary([released]), Number(1, 0, 1), TODAY)


def test_a_released_version_that_was_changed_is_noticed(acme: Path) -> None:
    rename(acme)
    with (acme / "versions/1.0.0/roles.ttl").open("a") as file:
        file.write("# later\n")
    with pytest.raises(UnreadableInputError, match="was changed") as caught:
        run("release", "1.1.0", "--data", acme)
    assert caught.value.where.endswith("versions/1.0.0/roles.ttl")


def test_files_that_describe_no_dictionary_or_two_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.ttl"
    for text, told in [
        ("<a:b> <a:p> 1 .", "no dictionary"),
        ("<a:b> a <http://www.w3.org/2002/07/owl#Ontology> . <a:c> a <http://www.w3.org/2002/07/owl#Ontology> .", "2 dictionaries"),
    ]:  # fmt: skip
        path.write_text(text)
        with pytest.raises(BadValueError, match=told):
            prepare_release(Dictionary([path]), Number(1, 0, 0), TODAY)


def test_the_published_dictionary_needs_no_changes_to_be_released() -> None:
    done = run("release", "1.0.0")
    assert done.exit_code == 2
    assert "--data" in done.stderr


@pytest.mark.parametrize("line", ["x", f"{'0' * 64}  ../../secret.ttl", f"{'0' * 64}  /etc/passwd"])
def test_checksums_of_files_elsewhere_are_not_followed(tmp_path: Path, line: str) -> None:
    folder = tmp_path / "1.0.0"
    folder.mkdir()
    (folder / "SHA256SUMS").write_text(line + "\n")
    with pytest.raises(UnreadableInputError, match="checksums is invalid"):
        Archive(tmp_path).read(Number(1, 0, 0))


def test_a_version_that_is_too_large_is_not_read(
    released: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "MAX_BYTES", 1_000)
    with pytest.raises(LimitError, match="larger than"):
        Archive.of(released).read(Number(1, 0, 0))


def test_other_folders_are_no_versions(tmp_path: Path) -> None:
    for name in ("1.0.0", "1.2", "01.0.0", "drafts", "1.10.0", "1.9.0"):
        (tmp_path / name).mkdir()
        for file, content in snapshot({"a.ttl": b""}).items():
            (tmp_path / name / file).write_bytes(content)
    (tmp_path / "2.0.0").mkdir()
    assert list(map(str, Archive(tmp_path).numbers())) == ["1.0.0", "1.9.0", "1.10.0"]
    assert Archive(tmp_path / "none").numbers() == []


@pytest.mark.parametrize(
    ("last", "new", "may", "least"),
    [("1.2.3", "2.0.0", True, "2.0.0"), ("1.2.3", "1.3.0", False, "2.0.0"), ("0.2.3", "0.3.0", True, "0.3.0"),
     ("0.2.3", "0.2.4", False, "0.3.0"), ("0.2.3", "1.0.0", True, "0.3.0")],
)  # fmt: skip
def test_which_version_may_break_data(last: str, new: str, may: bool, least: str) -> None:
    assert number(new).may_break(number(last)) is may
    assert str(number(last).next_breaking()) == least
    assert number_or_none(f"v{new}") is None


def test_a_release_whose_process_was_killed_is_undone_by_the_next_one(
    acme: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename(acme)
    before = contents(acme)
    replace = os.replace

    def replace_and_die(new: Path, target: Path) -> None:
        replace(new, target)
        if target.name == "CHANGES.md":
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if not child:
        monkeypatch.setattr(os, "replace", replace_and_die)
        run("release", "1.1.0", "--data", acme)
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert "## 1.1.0" in (acme / "CHANGES.md").read_text()
    break_(acme)  # so that the next one is refused, too
    done = run("release", "1.1.0", "--data", acme)
    assert "has been undone" in done.stderr
    edit(acme, 'skos:notation "ACME-R7"', 'skos:notation "ACME-R1"')
    assert contents(acme) == before
