"""The worked examples of CONTRIBUTING.md do what it says, on a copy of the project."""

from __future__ import annotations

import re
import shutil
import subprocess
from contextlib import nullcontext
from pathlib import Path

import pytest

from conftest import ROOT, serving_from_the_shell
from test_readme import run

TEXT = (ROOT / "CONTRIBUTING.md").read_text()
SECTIONS = dict(re.findall(r"^## (Add .+?)\n(.*?)(?=^## Add |\Z)", TEXT, re.M | re.S))
STEP = re.compile(
    r"(?:^(?P<how>New file|At the end of|In) `(?P<path>[^`]+)`(?:, after `(?P<line>[^`]+)`)?:\n\n)?"
    r"^(?P<fence>```+)(?P<language>\w+)\n(?P<body>.*?)^(?P=fence)$",
    re.M | re.S,
)


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what git tracks, which the command runs from."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if name.split("/")[0] in ("server", "ontology", "data", "shapes", "queries", "docs"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "server"))
    return tmp_path


def follow(step: re.Match[str], folder: Path) -> None:
    path, body = folder / step["path"], step["body"]
    if step["how"] == "New file":
        assert not path.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body)
        return
    text = path.read_text()
    if step["how"] == "At the end of":
        path.write_text(text + body)
        return
    line = f"{step['line']}\n"
    assert text.count(line) == 1, line
    path.write_text(text.replace(line, line + body))


@pytest.mark.parametrize("title", SECTIONS)
def test_an_example_does_what_it_says(title: str, copy: Path) -> None:
    steps = list(STEP.finditer(SECTIONS[title]))
    assert len(steps) >= 2
    for step in steps:
        if step["how"]:
            follow(step, copy)
    shown = [step["body"] for step in steps if step["language"] == "console"]
    assert shown
    served = any("http://" in body for body in shown)
    with serving_from_the_shell(copy) if served else nullcontext("") as server:
        for body in shown:
            run(body, server, copy)
