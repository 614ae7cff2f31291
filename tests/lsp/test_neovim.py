"""The language server in a real editor."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import COMMAND
from editor import ACME

SCRIPT = Path(__file__).with_name("in_neovim.lua")


@pytest.mark.skipif(not shutil.which("nvim"), reason="Neovim is not installed")
def test_an_author_sees_a_finding_fixes_it_and_saves(tmp_path: Path) -> None:
    file, result = tmp_path / "acme.ttl", tmp_path / "result.json"
    file.write_text(ACME.replace("cg:coversArea acme:", "cg:coversAria acme:", 1))
    subprocess.run(
        ["nvim", "--headless", "-u", "NONE", "-i", "NONE", "-n", "acme.ttl", "-S", SCRIPT],
        cwd=tmp_path, timeout=150, check=True, capture_output=True,
        env=os.environ | {
            "COMPETENCY": str(COMMAND), "RESULT": str(result),
            "XDG_STATE_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path),
            "XDG_CACHE_HOME": str(tmp_path),
        },
    )  # fmt: skip
    assert json.loads(result.read_text()) == {
        "code": "CG011",
        "line": 37,
        "column": 4,
        "shown": "The ontology has no property cg:coversAria.\nWrite cg:coversArea.",
        "title": "CG011: replace cg:coversAria by cg:coversArea",
        "fixed": True,
    }
    assert file.read_text() == ACME
