"""Every command and snippet of the documentation does what it says."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from conftest import COMMAND, ROOT

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHOWN = [
    ROOT / ".pre-commit-hooks.yaml",
    *sorted((ROOT / "server/competency_graph/extension/template").rglob("*.y*ml")),
]  # the files that a YAML snippet may show
SNIPPETS = [
    pytest.param(language, body, id=f"{path.name}-{number}")
    for path in DOCUMENTS
    for number, (language, body) in enumerate(FENCE.findall(path.read_text()))
    if path.parent.name != "rules" or language not in ("turtle", "tsv")
]  # the examples of rules are held by tests/validation/test_rules.py


def sessions(body: str) -> list[tuple[str, str]]:
    """The commands of a console snippet, each with the output shown below it.

    A command goes on over the next lines while a quote is open.
    """
    found: list[tuple[str, str]] = []
    for line in body.splitlines(keepends=True):
        if line.startswith("$ "):
            found.append((line[2:], ""))
        elif found[-1][0].count("'") % 2:
            found[-1] = (found[-1][0] + line, "")
        else:
            found[-1] = (found[-1][0], found[-1][1] + line)
    return found


@pytest.mark.parametrize(("language", "body"), SNIPPETS)
def test_a_snippet_does_what_it_says(language: str, body: str, server: str, tmp_path: Path) -> None:
    environment = os.environ | {"PATH": f"{COMMAND.parent}:{os.environ['PATH']}"}
    if language == "console":
        for command, shown in sessions(body):
            done = subprocess.run(
                ["bash", "-c", command.replace("http://127.0.0.1:8000", server)],
                capture_output=True, text=True, cwd=tmp_path, env=environment, check=False, timeout=60,
            )  # fmt: skip
            assert done.stdout.replace("\r\n", "\n") == shown, done.stderr
    elif language == "python":
        exec(compile(body, "snippet", "exec"), {})
    elif language == "yaml":
        assert yaml.safe_load(body)
        assert any(body in path.read_text() for path in SHOWN), "it is in none of the files"
    else:
        assert language == "sh"
        targets = (ROOT / "Makefile").read_text()
        for name in re.findall(r"^make (\w+)", body, re.MULTILINE):
            assert f"\n{name}:" in targets


def test_links_lead_somewhere() -> None:
    for path in DOCUMENTS:
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_the_address_that_make_serve_tells_is_the_readmes(server: str) -> None:
    assert "http://127.0.0.1:8000/" in (ROOT / "README.md").read_text()
    text = (ROOT / "server/competency_graph/command/serve.py").read_text()
    assert "default=8000" in text
    assert 'default="127.0.0.1"' in text
