"""The extension for Visual Studio Code, as far as it can be checked without building it."""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib

import pytest

from competency_graph.authoring.mentions import is_mapping_file, is_query, is_turtle
from conftest import ROOT

FOLDER = ROOT / "deploy" / "vscode"
PACKAGE = json.loads((FOLDER / "package.json").read_text())


def test_it_names_files_that_exist() -> None:
    languages = PACKAGE["contributes"]["languages"]
    for file in (PACKAGE["main"], *(each["configuration"] for each in languages)):
        assert (FOLDER / file).is_file()
    for each in languages:
        json.loads((FOLDER / each["configuration"]).read_text())


def test_its_languages_are_those_that_the_server_reads() -> None:
    endings = [end for each in PACKAGE["contributes"]["languages"] for end in each["extensions"]]
    assert all(is_turtle(end) or is_query(end) or is_mapping_file(end) for end in endings)
    assert sorted(endings) == [".rq", ".sssom.tsv", ".ttl"]
    script = (FOLDER / "extension.js").read_text()
    for each in PACKAGE["contributes"]["languages"]:
        assert f'"{each["id"]}"' in script


def test_a_workspace_that_is_not_trusted_does_not_choose_what_runs() -> None:
    properties = PACKAGE["contributes"]["configuration"]["properties"]
    assert properties["competency.command"]["scope"] == "machine"
    restricted = PACKAGE["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"]
    assert restricted == ["competency.arguments"]


def test_its_versions_are_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert PACKAGE["version"] == project["version"]
    lock = json.loads((FOLDER / "package-lock.json").read_text())["packages"]
    assert lock[""]["dependencies"] == PACKAGE["dependencies"]
    for name, each in lock.items():
        assert not name or each["integrity"].startswith("sha512-")
        assert "resolved" not in each


@pytest.mark.skipif(not shutil.which("node"), reason="Node is not installed")
def test_its_script_can_be_parsed() -> None:
    done = subprocess.run(
        ["node", "--check", FOLDER / "extension.js"], capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
