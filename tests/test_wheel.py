"""The wheel: it ships what git tracks and npm's files, and works where nothing else is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from conftest import ROOT

SHIPPED = {name: name for name in ("ontology", "data", "shapes", "queries")} | {
    "docs/rules": "rules"
}
"""Folders of the project, and what they are called in the package."""


ASSETS = {
    "LICENSES.txt", "built-from.txt", "cytoscape.js", "minisearch.js", "stemmer.js", "yasgui.css",
    "yasgui.js",
}  # fmt: skip
VENDOR = "competency_graph/web/static/vendor/"
"""What npm adds, which git does not track."""


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
    package = "server/competency_graph"
    expected = {name.removeprefix("server/"): name for name in tracked(package)}
    for name in [name for name in expected if name.endswith(".po")]:  # compiled in the wheel
        compiled = Path(name).with_suffix(".mo").as_posix()
        expected[compiled] = f"server/{compiled}"
        del expected[name]
    assert sum(name.endswith(".mo") for name in expected) == 3
    expected |= {VENDOR + name: f"server/{VENDOR}{name}" for name in ASSETS}
    for folder, shipped in SHIPPED.items():
        for name in tracked(folder):
            expected[f"competency_graph/_shipped/{shipped}{name.removeprefix(folder)}"] = name
    with zipfile.ZipFile(wheel) as archive:
        found = {name for name in archive.namelist() if ".dist-info/" not in name}
        assert found == set(expected)
        for name, source in sorted(expected.items()):
            assert archive.read(name) == (ROOT / source).read_bytes(), name


def test_the_assets_are_pinned_without_naming_a_registry() -> None:
    locked = json.loads((ROOT / "server" / "assets" / "package-lock.json").read_text())["packages"]
    assert len(locked) > 2
    for name, package in locked.items():
        if name:
            assert package["integrity"].startswith("sha512-"), name
            assert "resolved" not in package, name
    wanted = json.loads((ROOT / "server" / "assets" / "package.json").read_text())["dependencies"]
    assert {n: locked[f"node_modules/{n}"]["version"] for n in wanted} == wanted


def test_the_licences_of_all_packages_are_included(wheel: Path) -> None:
    locked = json.loads((ROOT / "server" / "assets" / "package-lock.json").read_text())["packages"]
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(f"{VENDOR}LICENSES.txt").decode()
    for name, package in locked.items():
        assert not name or f"{name.removeprefix('node_modules/')} {package['version']}," in text
    assert "Permission is hereby granted" in text


def without_npm() -> dict[str, str]:
    """An environment in which no npm can be found."""
    return os.environ | {"PATH": "/nowhere"}


def build(kind: str, source: Path, folder: Path) -> Path:
    subprocess.run(
        [sys.executable, "-m", "build", kind, "--no-isolation", "--outdir", folder, source],
        check=True,
        capture_output=True,
        env=without_npm(),
    )
    (built,) = folder.iterdir()
    return built


def test_the_sdist_gives_the_same_wheel_without_npm(wheel: Path, tmp_path: Path) -> None:
    sdist = build("--sdist", ROOT, tmp_path / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    assert {path.name for path in (source / "server" / VENDOR).iterdir()} == ASSETS
    with zipfile.ZipFile(build("--wheel", source, tmp_path / "wheel")) as again:
        names = set(again.namelist())
    with zipfile.ZipFile(wheel) as archive:
        assert names == set(archive.namelist())


def test_a_build_that_cannot_have_the_assets_says_so(tmp_path: Path) -> None:
    """Here npm is the one for Python, which is not installed."""
    for name in ("package.json", "package-lock.json", "build_hook.py"):
        path = tmp_path / "server" / "assets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((ROOT / "server" / "assets" / name).read_bytes())
    done = subprocess.run(
        [sys.executable, tmp_path / "server" / "assets" / "build_hook.py"],
        check=False,
        capture_output=True,
        text=True,
        env=without_npm(),
    )
    assert done.returncode == 1
    assert "npm could not fetch the editor" in done.stderr
    assert "npm config set registry" in done.stderr
    assert not (tmp_path / "server" / VENDOR).exists()


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
