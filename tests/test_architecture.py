"""The layout of the design: each module on its floor, imports to lower floors only."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from pathlib import Path

import pytest

from conftest import ROOT

PACKAGE = ROOT / "server" / "competency_graph"
FLOORS = [
    {"errors", "resources", "writing"},
    {
        "files", "findings", "formats", "frameworks", "keeping", "languages", "naming", "rules",
        "spreadsheets", "tables", "turtle", "vocabulary",
    },
    {
        "bases", "beside", "catalogue", "diagnosis", "dictionary", "inference", "mappings", "mending",
        "places", "reading", "sparql", "streaming",
    },
    {
        "credits", "dataset", "description", "entries", "evaluation", "exporting", "extension", "importing",
        "isolation", "judgement", "linking", "nursery", "publishing", "question", "remote",
        "reports", "search", "slots", "statistics", "tidying", "unknown", "validation",
    },
    {"web"},
    {"command"},
]  # fmt: skip
FLOOR = {name: number for number, names in enumerate(FLOORS) for name in names}


def imports(source: str) -> set[str]:
    """The modules of the package that a source text imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "competency_graph":
                found |= {alias.name for alias in node.names}
            elif node.module.startswith("competency_graph."):
                found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {
                a.name.split(".")[1] for a in node.names if a.name.startswith("competency_graph.")
            }
    return found


def upward(module: str, source: str) -> set[str]:
    return {name for name in imports(source) if FLOOR[name] > FLOOR[module]}


def modules() -> list[Path]:
    return [p for p in sorted(PACKAGE.rglob("*.py")) if p != PACKAGE / "__init__.py"]


def floor_name(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_to_no_higher_floor(path: Path) -> None:
    assert floor_name(path) in FLOOR, "give the module a floor in this file"
    assert upward(floor_name(path), path.read_text()) == set()


def test_modules_of_a_floor_do_not_import_each_other_in_a_circle() -> None:
    edges: dict[str, set[str]] = {}
    for path in modules():
        name = floor_name(path)
        edges.setdefault(name, set()).update(imports(path.read_text()) - {name})
    done: set[str] = set()
    while len(done) < len(edges):
        free = {name for name, targets in edges.items() if name not in done and targets <= done}
        assert free, f"a circle among {sorted(set(edges) - done)}"
        done |= free


@pytest.mark.parametrize(
    "source",
    [
        "from competency_graph.web import app",
        "import competency_graph.command",
        "def f():\n    from competency_graph.evaluation import evaluate",
        "from competency_graph import validation",
    ],
)
def test_an_upward_import_is_seen(source: str) -> None:
    assert upward("catalogue", source)


QUIET = {
    "evaluation", "exporting", "importing", "isolation", "linking", "reports", "statistics",
    "tidying", "validation",
}  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [p for p in modules() if floor_name(p) in QUIET],
    ids=lambda p: str(p.relative_to(PACKAGE)),
)
def test_the_floor_of_the_work_knows_no_web_and_prints_nothing(path: Path) -> None:
    tree = ast.parse(path.read_text())
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    libraries = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names} | {
        str(n.module) for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)
    }
    assert "print" not in names
    assert not {lib for lib in libraries if lib.split(".")[0] in {"flask", "werkzeug", "click"}}


def test_code_and_ontology_know_nothing_of_sales() -> None:
    allowed = {"vocabulary.py", "dictionary.py"}  # the prefix table; an example in a docstring
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
