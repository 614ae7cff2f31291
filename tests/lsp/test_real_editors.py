"""The language server in real editors, with the settings that the documentation shows."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from editor import ACME

from conftest import COMMAND, ROOT

HERE = Path(__file__).parent
MESSAGE = "The ontology has no property cg:coversAria.\nWrite cg:coversArea."
FIX = "CG011: replace cg:coversAria by cg:coversArea"
HAS_EGLOT = "(progn (package-initialize) (kill-emacs (if (require 'eglot nil t) 0 1)))"


def author_in(folder: Path, language: str, settings: str, *command: str | Path) -> str:
    """Start an editor on Acme's dictionary with a misspelt property; what it prints."""
    shown = re.search(
        rf"```{language}\n(.*?)```", (ROOT / "docs/editors.md").read_text(), re.DOTALL
    )
    assert shown
    (folder / settings).write_text(shown[1])
    (folder / "acme.ttl").write_text(ACME.replace("cg:coversArea acme:", "cg:coversAria acme:", 1))
    done = subprocess.run(
        command, cwd=folder, timeout=150, check=False, capture_output=True, text=True,
        env=os.environ | {
            "PATH": f"{COMMAND.parent}:{os.environ['PATH']}", "HOME": str(folder),
            "XDG_STATE_HOME": str(folder), "XDG_DATA_HOME": str(folder),
            "XDG_CACHE_HOME": str(folder),
        },
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def fixed_and_renamed(text: str) -> bool:
    """Whether the property was corrected, and the role renamed with the old name kept."""
    corrected = text.startswith(ACME[: ACME.index("acme:sustainability-adviser\n")])
    kept = "    dcterms:isReplacedBy acme:green-adviser ;\n    owl:deprecated true ;\n"
    return corrected and "cg:coversAria" not in text and text.count(kept) == 2


@pytest.mark.skipif(not shutil.which("nvim"), reason="Neovim is not installed")
def test_neovim(tmp_path: Path) -> None:
    script = HERE / "in_neovim.lua"
    author_in(
        tmp_path, "lua", "init.lua",
        "nvim", "--headless", "-u", "init.lua", "-i", "NONE", "-n", "acme.ttl", "-S", script,
    )  # fmt: skip
    found = json.loads((tmp_path / "result.json").read_text())
    offer = "\n".join(found.pop("offer"))
    assert "Others may use the old name of this entry" in offer
    assert "Keep the old name, deprecated and replaced by the new one" in offer
    assert found == {
        "code": "CG011",
        "line": 37,
        "column": 4,
        "shown": MESSAGE,
        "title": FIX,
        "fixed": True,
        "renamed": True,
    }
    assert fixed_and_renamed((tmp_path / "acme.ttl").read_text())


@pytest.mark.skipif(not shutil.which("emacs"), reason="Emacs is not installed")
def test_emacs(tmp_path: Path) -> None:
    if subprocess.run(["emacs", "--batch", "--eval", HAS_EGLOT], capture_output=True).returncode:
        pytest.skip("this Emacs has no Eglot")
    author_in(tmp_path, "lisp", "init.el", "emacs", "--batch", "-l", HERE / "in_emacs.el")
    shown, (_, fixes), (question, answers) = json.loads((tmp_path / "result.json").read_text())
    assert shown == f"competency [CG011]: {MESSAGE}"
    assert fixes == [FIX, "CG011: allow it here, by a comment"]
    assert "Others may use the old name of this entry" in question
    assert answers == [
        "Rename everywhere",
        "Keep the old name, deprecated and replaced by the new one",
    ]
    assert fixed_and_renamed((tmp_path / "acme.ttl").read_text())
