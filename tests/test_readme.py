"""Every command and snippet of the documentation does what it says."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from conftest import COMMAND, ROOT, serving

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHOWN = [
    ROOT / ".pre-commit-hooks.yaml",
    ROOT / "docs" / "rules" / "bakery.txt",
    ROOT / "docs" / "rules" / "bakery.yaml",
    *sorted((ROOT / "server/competency_graph/scaffold/template").rglob("*.y*ml")),
    *sorted((ROOT / "docs" / "spreadsheets").glob("*.yaml")),
]  # the files that a snippet may show
WALKS = {
    ROOT / "docs" / "extending.md": [],
    ROOT / "docs" / "importing-documents.md": ["bakery.txt", "bakery.yaml"],
    ROOT / "docs" / "spreadsheets.md": [],
    ROOT / "docs" / "tools.md": [],
    ROOT / "docs" / "versions.md": [],
}
"""Documents whose commands are one way, walked from an empty folder or one with a few examples."""
SNIPPETS = [
    pytest.param(language, body, id=f"{path.name}-{number}")
    for path in DOCUMENTS
    for number, (language, body) in enumerate(FENCE.findall(path.read_text()))
    if (path.parent.name != "rules" or language not in ("turtle", "tsv", "text", "yaml", "csv"))
    and path not in WALKS
    if path.name not in ("CONTRIBUTING.md", "assistants.md")
    and language not in ("mermaid", "lua", "lisp")
]
"""The examples of rules, the picture, CONTRIBUTING.md, assistants.md and Neovim's settings have tests
of their own; the settings of Emacs are not run."""


def sessions(body: str) -> list[tuple[str, str]]:
    """The commands of a console snippet, each with the output shown below it.

    A command goes on over the next lines while a quote is open or a line ends in a backslash.
    """
    found: list[tuple[str, str]] = []
    for line in body.splitlines(keepends=True):
        if line.startswith("$ "):
            found.append((line[2:], ""))
        elif found[-1][0].count("'") % 2 or found[-1][0].endswith("\\\n"):
            found[-1] = (found[-1][0] + line, "")
        else:
            found[-1] = (found[-1][0], found[-1][1] + line)
    return found


def run(body: str, server: str, folder: Path) -> None:
    """Run a console snippet in a folder; each command prints what is shown below it."""
    environment = os.environ | {"PATH": f"{COMMAND.parent}:{os.environ['PATH']}"}
    for command, shown in sessions(body):
        done = subprocess.run(
            ["bash", "-c", command.replace("http://127.0.0.1:8000", server)],
            capture_output=True, text=True, cwd=folder, env=environment, check=False, timeout=60,
        )  # fmt: skip
        assert done.stdout.replace("\r\n", "\n") == shown, done.stderr


def run_python(body: str, server: str, folder: Path) -> str:
    """Run a Python snippet in a folder, and return what it prints."""
    printed = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(printed):
        exec(compile(body.replace("http://127.0.0.1:8000", server), "snippet", "exec"), {})
    return printed.getvalue()


@pytest.mark.parametrize("walk", WALKS, ids=lambda path: path.stem)
def test_a_way_is_walked_from_its_beginning(
    walk: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Make or import, validate, serve and ask, each on what the one before made.

    A document that starts no server is about one of the published dictionary.
    """
    for name in WALKS[walk]:
        (tmp_path / name).write_bytes((ROOT / "docs" / "rules" / name).read_bytes())
    with contextlib.ExitStack() as stack:
        snippets = FENCE.findall(walk.read_text())
        starts = any(language == "sh" for language, _ in snippets)
        server, walked = "" if starts else request.getfixturevalue("server"), []
        printed: str | None = None
        for language, body in snippets:
            walked.append(language)
            if language == "r" or body.startswith(("$ npx", "$ soffice")):
                printed = None  # tests/clients runs it
            elif language == "text" and walk.name == "tools.md":
                assert printed in (None, body)
            elif language == "console":
                run(body, server, tmp_path)
            elif language == "sh":
                command, *options = shlex.split(body)
                assert (command, options.pop(0)) == ("competency", "serve")
                server = stack.enter_context(serving(tmp_path, *options))
            elif language == "python":
                printed = run_python(body, server, tmp_path)
            else:
                assert any(body in path.read_text() for path in SHOWN), "it is in none of the files"
        assert len(walked) >= 4
        assert server


@pytest.mark.parametrize(("language", "body"), SNIPPETS)
def test_a_snippet_does_what_it_says(language: str, body: str, server: str, tmp_path: Path) -> None:
    if language == "console":
        run(body, server, tmp_path)
    elif language == "python":
        run_python(body, server, tmp_path)
    elif language in ("toml", "json"):
        assert {"toml": tomllib.loads, "json": json.loads}[language](body)
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
    text = (ROOT / "server/competency_graph/cli/serve.py").read_text()
    assert "default=8000" in text
    assert 'default="127.0.0.1"' in text
