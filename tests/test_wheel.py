"""The wheel: it ships what git tracks, and works where nothing else is."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from conftest import ROOT

SHIPPED = ("ontology", "data", "shapes", "queries")


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
    expected = {f"competency_graph/_shipped/{name}" for name in tracked(*SHIPPED)}
    expected |= {name.removeprefix("server/") for name in tracked("server")}
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}
        assert found == expected
        for name in sorted(expected):
            source = (
                name.replace("competency_graph/_shipped/", "")
                if "_shipped" in name
                else f"server/{name}"
            )
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

    def run(*arguments: str) -> str:
        return subprocess.run(
            [
                home / "bin" / "python",
                "-c",
                "from competency_graph.command import main; main()",
                *arguments,
            ],
            check=True,
            capture_output=True,
            text=True,
            cwd=empty,
            env=environment,
        ).stdout

    where = subprocess.run(
        [home / "bin" / "python", "-c", "import competency_graph as c; print(c.__file__)"],
        check=True, capture_output=True, text=True, cwd=empty, env=environment,
    ).stdout  # fmt: skip
    assert where.startswith(str(site))
    assert run("stats").splitlines()[0].split() == ["6", "roles"]
    assert len(run("query", "area-roles", "-f", "csv").splitlines()) > 1
    assert run("validate").strip() != ""
    assert list(empty.iterdir()) == []
