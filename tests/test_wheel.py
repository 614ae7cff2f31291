"""The wheel: it ships what git tracks, and works where nothing else is."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from conftest import ROOT

SHIPPED = {name: name for name in ("ontology", "data", "shapes", "queries")} | {
    "docs/rules": "rules"
}
"""Folders of the project, and what they are called in the package."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the working tree as `pip install .` builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT],
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("*.whl")
    return built


def tracked(*folders: str) -> set[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *folders],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    return {name for name in listed.stdout.splitlines() if (ROOT / name).exists()}


def test_it_ships_what_git_tracks_and_nothing_else(wheel: Path) -> None:
    expected = {name.removeprefix("server/"): name for name in tracked("server")}
    for folder, shipped in SHIPPED.items():
        for name in tracked(folder):
            expected[f"competency_graph/_shipped/{shipped}{name.removeprefix(folder)}"] = name
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}
        assert found == set(expected)
        for name, source in sorted(expected.items()):
            assert archive.read(name) == (ROOT / source).read_bytes(), name


def test_the_command_works_from_it_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    """In an environment of its own, which sees the libraries of this one but not this project."""
    home, empty = tmp_path / "env", tmp_path / "empty"
    empty.mkdir()
    venv.create(home, with_pip=False)
    (site,) = home.glob("lib/python3*/site-packages")
    subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", "install", "--no-deps", "--target", site, wheel],
        check=True,
    )
    libraries = Path(pytest.__file__).parents[1]
    (site / "libraries.pth").write_text(f"{libraries}\n")
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(empty),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }

    def run(*arguments: str, code: int = 0) -> str:
        done = subprocess.run(
            [
                home / "bin" / "python",
                "-c",
                "from competency_graph.cli import main; main()",
                *arguments,
            ],
            check=False,
            capture_output=True,
            text=True,
            cwd=empty,
            env=environment,
        )
        assert done.returncode == code, done.stderr
        return done.stdout

    where = subprocess.run(
        [home / "bin" / "python", "-c", "import competency_graph as c; print(c.__file__)"],
        check=True, capture_output=True, text=True, cwd=empty, env=environment,
    ).stdout  # fmt: skip
    assert where.startswith(str(site))
    assert run("stats").splitlines()[0].split() == ["6", "roles"]
    assert len(run("query", "area-roles", "-f", "csv").splitlines()) > 1
    assert run("validate").strip() != ""
    text = "<http://e/r> a <https://w3id.org/competency-graph/ontology#Rolle> ."
    (tmp_path / "mine.ttl").write_text(text)
    report = run("validate", "-f", "html", str(tmp_path / "mine.ttl"), code=1)
    assert "The ontology has a fixed set of classes and properties" in report
    assert list(empty.iterdir()) == []
