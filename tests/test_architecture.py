"""The layout of the design: each module on its floor, imports to lower floors only."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from conftest import ROOT
from floors import FLOOR, FLOORS, PACKAGE, PAGE, PICTURE, imports, modules, picture, room, uses


def upward(module: str, source: str) -> set[str]:
    return {name for name in imports(source) if FLOOR[name] > FLOOR[module]}


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_to_no_higher_floor(path: Path) -> None:
    assert room(path) in FLOOR, "give the room a floor in docs/floors.toml"
    assert upward(room(path), path.read_text()) == set()


def test_rooms_do_not_import_each_other_in_a_circle() -> None:
    edges = uses()
    done: set[str] = set()
    while len(done) < len(edges):
        free = {name for name, targets in edges.items() if name not in done and targets <= done}
        assert free, f"a circle among {sorted(set(edges) - done)}"
        done |= free


@pytest.mark.parametrize(
    "source",
    [
        "from competency_graph.web import app",
        "import competency_graph.cli",
        "def f():\n    from competency_graph.sparql.evaluator import evaluate",
        "from competency_graph import validation",
    ],
)
def test_an_upward_import_is_seen(source: str) -> None:
    assert upward("dictionary", source)


def test_the_picture_is_the_one_of_the_code() -> None:
    found = PICTURE.search(PAGE.read_text())
    assert found is not None
    assert found[0] == picture(), "draw it again: make picture"


def test_what_the_page_names_is_there() -> None:
    text = PICTURE.sub("", PAGE.read_text())
    tree = re.findall(r"^  ([\w.]+/?)  ", text, re.MULTILINE)
    assert {name.rstrip("/").removesuffix(".py") for name in tree} == set(FLOOR)
    named = re.findall(r"`([a-z_]+/[\w./-]*)`", text)
    assert len(named) > 20
    assert [n for n in named if not (PACKAGE / n).exists() and not (ROOT / n).exists()] == []


@pytest.mark.parametrize(
    "package", [p.parent for p in modules() if p.name == "__init__.py"], ids=str
)
def test_each_room_says_what_is_inside(package: Path) -> None:
    text = ast.get_docstring(ast.parse((package / "__init__.py").read_text()))
    assert text, f"{package} says nothing"
    assert sum(each.name != "__pycache__" for each in package.iterdir()) < 25, (
        "a room of this many things is no room"
    )


QUIET = {name for floor in FLOORS[:-2] for name in floor["rooms"]}


@pytest.mark.parametrize(
    "path",
    [p for p in modules() if room(p) in QUIET],
    ids=lambda p: str(p.relative_to(PACKAGE)),
)
def test_the_work_knows_no_web_and_prints_nothing(path: Path) -> None:
    tree = ast.parse(path.read_text())
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    libraries = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names} | {
        str(n.module) for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)
    }
    assert "print" not in names
    assert not {lib for lib in libraries if lib.split(".")[0] in {"flask", "werkzeug", "click"}}


def test_code_and_ontology_know_nothing_of_sales() -> None:
    allowed = {"vocabulary.py", "model.py"}  # the prefix table; an example in a docstring
    texts = [
        *modules(),
        *sorted((ROOT / "ontology").glob("*.ttl")),
        *sorted((ROOT / "shapes").glob("*.ttl")),
    ]
    knowing = {
        path.name
        for path in texts
        if path.name not in allowed and "competency-graph/sales" in path.read_text()
    }
    assert knowing == set()


def test_source_root_and_data_folders_are_no_packages() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout.splitlines()
    roots = ("server/__init__.py", "ontology/", "data/", "shapes/", "queries/")
    assert [f for f in tracked if f.startswith(roots) and f.endswith("__init__.py")] == []


def test_version_is_told_once() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text()


def test_nothing_generated_is_tracked() -> None:
    """What .gitignore names was made by a tool, and its like are in no commit."""
    listed = ["git", "ls-files", "--cached", "--ignored", "--exclude-standard"]
    tracked = subprocess.run(listed, capture_output=True, text=True, cwd=ROOT, check=True).stdout
    assert tracked == ""
    ignored = (ROOT / ".gitignore").read_text().split()
    assert {".venv/", ".schemathesis/", ".hypothesis/", "__pycache__/"} <= set(ignored)
