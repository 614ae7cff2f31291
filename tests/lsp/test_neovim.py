"""The language server in a real editor."""

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

SCRIPT = Path(__file__).with_name("in_neovim.lua")


@pytest.mark.skipif(not shutil.which("nvim"), reason="Neovim is not installed")
def test_an_author_sees_a_finding_fixes_it_and_saves(tmp_path: Path) -> None:
    file, result = tmp_path / "acme.ttl", tmp_path / "result.json"
    shown = re.search(r"```lua\n(.*?)```", (ROOT / "docs/editors.md").read_text(), re.DOTALL)
    assert shown
    (tmp_path / "init.lua").write_text(shown[1])
    file.write_text(ACME.replace("cg:coversArea acme:", "cg:coversAria acme:", 1))
    subprocess.run(
        ["nvim", "--headless", "-u", "init.lua", "-i", "NONE", "-n", "acme.ttl", "-S", SCRIPT],
        cwd=tmp_path, timeout=150, check=True, capture_output=True,
        env=os.environ | {
            "PATH": f"{COMMAND.parent}:{os.environ['PATH']}", "RESULT": str(result),
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
