"""The versions in a git repository, read without a checkout."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from competency_graph.errors import (
    BadValueError,
    CompetencyError,
    LimitError,
    UnavailableError,
    UnreadableInputError,
)
from competency_graph.versions import git_files, read_version
from versions.bakery import BAKER, FLOUR, HEAD

GIT = ["git", "-c", "user.name=Baker", "-c", "user.email=baker@example.org"]


def git(*arguments: str) -> None:
    subprocess.run([*GIT, *arguments], check=True, capture_output=True)


def commit(*tags: str) -> None:
    git("add", "--all", "--force")
    git("commit", "--quiet", "--message", "A version")
    for tag in tags:
        git("tag", tag)


@pytest.fixture
def bakery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, as working folder: v1 has a role in ``data``, v2 knowledge as well."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    git("init", "--quiet")
    data = tmp_path / "data"
    data.mkdir()
    (data / "roles.ttl").write_text(HEAD + BAKER)
    (tmp_path / "notes.ttl").write_text(HEAD + "bakery:x bakery:y 1 .")
    commit("v1")
    (data / "flour 1.ttl").write_text(HEAD + FLOUR)
    (data / ".draft.ttl").write_text("not Turtle")
    (data / "README").write_text("Bread.")
    (data / "link.ttl").symlink_to("roles.ttl")
    commit("v2")
    (data / "roles.ttl").write_text("not Turtle")  # the working copy is not read
    return tmp_path


@pytest.mark.parametrize(
    ("name", "counterpart", "files"),
    [
        ("v1:data", "", ["v1:data/roles.ttl"]),
        ("v1:data/", "", ["v1:data/roles.ttl"]),
        ("v1:data/roles.ttl", "", ["v1:data/roles.ttl"]),
        ("v1:./data", "", ["v1:./data/roles.ttl"]),
        ("v2:data", "", ["v2:data/flour 1.ttl", "v2:data/roles.ttl"]),
        ("HEAD~1", "data", ["HEAD~1:data/roles.ttl"]),
        ("HEAD~1", "v2:data", ["HEAD~1:data/roles.ttl"]),
        ("v1", "v2", ["v1:data/roles.ttl", "v1:notes.ttl"]),
        ("v1", "data/roles.ttl", ["v1:data/roles.ttl"]),
    ],
)
def test_the_files_of_a_revision(
    bakery: Path, name: str, counterpart: str, files: list[str]
) -> None:
    found = read_version(name, counterpart)
    assert list(found.files) == files
    assert found.files[files[-1]].startswith(HEAD.encode())


def test_what_is_left_out_is_listed(bakery: Path) -> None:
    assert read_version("v2:data").skipped == (
        ("v2:data/README", "not an RDF ending"),
        ("v2:data/link.ttl", "a link, not a file"),
    )


def test_released_versions_in_the_folder_are_left_out(bakery: Path) -> None:
    released = bakery / "data" / "versions" / "1.0.0"
    released.mkdir(parents=True)
    (released / "SHA256SUMS").write_text("")
    (released / "roles.ttl").write_text(HEAD + BAKER)
    commit("v3")
    found = read_version("v3:data")
    assert list(found.files) == ["v3:data/flour 1.ttl", "v3:data/roles.ttl"]
    assert ("v3:data/versions/1.0.0/roles.ttl", "a released version") in found.skipped
    assert list(read_version("v3:data/versions/1.0.0").files) == [
        "v3:data/versions/1.0.0/roles.ttl"
    ]


def test_a_path_below_the_working_folder(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(bakery / "data")
    assert list(read_version("v1:./roles.ttl").files) == ["v1:./roles.ttl"]
    assert list(read_version("v1", "roles.ttl").files) == ["v1:data/roles.ttl"]


def test_a_file_comes_before_a_revision(bakery: Path) -> None:
    (bakery / "v1").write_text("")
    (bakery / "v1.ttl").write_text(HEAD + FLOUR)
    git("tag", "v1.ttl")
    assert list(read_version("v1.ttl").files) == ["v1.ttl"]


@pytest.mark.parametrize(
    ("name", "counterpart", "error", "message"),
    [
        (
            "v7:data",
            "",
            UnreadableInputError,
            "there is no file “v7:data”, and no such git revision",
        ),
        ("v1:bread", "", UnreadableInputError, "the revision “v1” has no path “bread”"),
        ("v1:../../etc", "", UnreadableInputError, "no path"),
        ("--output=x", "", UnreadableInputError, "no such git revision"),
        ("--help", "data", UnreadableInputError, "no such git revision"),
        ("v1", "/usr", UnreadableInputError, "/usr: this is outside the git repository"),
        ("HEAD:data/README", "", UnreadableInputError, "ending"),
        ("-", "", BadValueError, "standard input"),
    ],
)
def test_what_does_not_exist_is_an_error(
    bakery: Path, name: str, counterpart: str, error: type[CompetencyError], message: str
) -> None:
    before = sorted(bakery.rglob("*"))
    with pytest.raises(error, match=message):
        _ = read_version(name, counterpart).statements
    assert sorted(bakery.rglob("*")) == before


def test_a_folder_without_rdf_is_an_error(bakery: Path) -> None:
    (bakery / "empty").mkdir()
    (bakery / "empty" / "notes.txt").write_text("Bread.")
    commit()
    with pytest.raises(UnreadableInputError, match="no RDF file in “empty”"):
        read_version("HEAD:empty")


def test_outside_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UnreadableInputError, match="the working folder is not in a git repository"):
        read_version("HEAD~1", "data")


def test_a_repository_that_git_does_not_trust(
    bakery: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(UnreadableInputError, match="git reports: detected dubious ownership"):
        read_version("v1:data")


def test_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnavailableError, match="git is not installed"):
        read_version("HEAD~1", "data")


def test_a_revision_that_is_too_large(bakery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_files, "_MAX_BYTES", len(HEAD + BAKER))
    assert read_version("v1:data").files
    for name in ("v2:data", "v2"):
        with pytest.raises(LimitError, match="Name a smaller file or folder"):
            read_version(name)
    monkeypatch.setattr(git_files, "_MAX_BYTES", len(HEAD))
    with pytest.raises(LimitError, match="Name a smaller file or folder"):
        read_version("v1:data/roles.ttl")


def test_nothing_of_the_repository_is_run(bakery: Path) -> None:
    trace = bakery / "ran"
    git("config", "diff.turtle.textconv", f"touch {trace} #")
    git("config", "filter.turtle.smudge", f"touch {trace} #")
    git("config", "core.fsmonitor", f"touch {trace} #")
    (bakery / ".gitattributes").write_text("*.ttl diff=turtle filter=turtle export-subst\n")
    trace.unlink(missing_ok=True)
    assert read_version("v2:data").statements
    assert not trace.exists()
