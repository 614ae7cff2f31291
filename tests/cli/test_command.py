"""The command line: answers on standard output, one message for an error, exit codes."""

from __future__ import annotations

import csv
import io
import json
import os
import socket
import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from competency_graph.cli import cli
from conftest import COMMAND, ROOT, Run

ROLES = "SELECT ?role { ?role a <https://w3id.org/competency-graph/ontology#Role> } ORDER BY ?role"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["stats"],
        ["query", "role-titles", "-p", "role=Analyst"],
        ["search", "forecst"],
        ["validate", "nothing.ttl"],
        ["nonsense"],
    ],
    ids=" ".join,
)
def test_the_installed_command_does_what_the_forked_one_does(
    tmp_path: Path, competency: Run, arguments: list[str]
) -> None:
    """The other tests run the command in forks of one process, see forking.py."""
    installed = subprocess.run(
        [COMMAND, *arguments],
        capture_output=True, text=True, cwd=tmp_path, stdin=subprocess.DEVNULL,
        env=os.environ | {"COLUMNS": "100"}, check=False,
    )  # fmt: skip
    forked = competency(*arguments)
    assert (forked.returncode, forked.stdout, forked.stderr) == (
        installed.returncode, installed.stdout, installed.stderr,
    )  # fmt: skip


def test_stats_counts_the_dictionary(competency: Run) -> None:
    done = competency("stats")
    assert done.returncode == 0
    figures = [line.split(maxsplit=1) for line in done.stdout.splitlines()]
    assert figures[:12] == [
        ["6", "roles"],
        ["31", "example job titles"],
        ["31", "role-area links"],
        ["4", "clusters"],
        ["29", "foundational competencies"],
        ["80", "their key actions"],
        ["13", "areas of expertise"],
        ["82", "their key actions"],
        ["194", "knowledge entries of areas"],
        ["189", "distinct knowledge entries"],
        ["95", "abilities"],
        ["166", "outputs"],
    ]


def test_a_query_by_name_with_a_parameter(competency: Run) -> None:
    done = competency("query", "role-knowledge", "-p", "role=role:strategist", "-f", "csv")
    assert done.returncode == 0
    assert (
        len(rows(done.stdout)) == 30
    )  # 18 of Setting Sales Strategy, 12 of Designing Compensation


def test_a_query_from_a_file_and_from_standard_input(competency: Run, tmp_path: Path) -> None:
    (tmp_path / "roles.rq").write_text(ROLES)
    by_file = competency("query", "roles.rq", "-f", "json")
    by_input = competency("query", "-", "-f", "json", stdin=ROLES)
    assert by_file.stdout == by_input.stdout
    assert len(json.loads(by_file.stdout)["results"]["bindings"]) == 6


def test_a_text_table_is_aligned_and_short(competency: Run) -> None:
    lines = competency("query", "-", stdin=ROLES).stdout.splitlines()
    assert lines[0] == "Role"
    assert lines[2:] == [
        f"role:{name}"
        for name in ("administrator", "analyst", "consultant", "developer", "manager", "strategist")
    ]


def test_a_graph_comes_as_turtle(competency: Run) -> None:
    query = "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c FILTER(?c = <https://w3id.org/competency-graph/ontology#Role>) }"
    done = competency("query", "-", stdin=query)
    assert done.stdout.count("a cg:Role") == 6


def test_without_a_name_the_saved_queries_are_listed(competency: Run) -> None:
    done = competency("query")
    lines = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
    groups = [line.removeprefix("# ") for line in lines if line.startswith("# ")]
    assert groups == (ROOT / "queries" / "groups.txt").read_text().splitlines()
    names = {line.split()[0] for line in lines if not line.startswith("#")}
    assert names == {path.stem for path in (ROOT / "queries").glob("*.rq")}
    assert len(names) >= 20


def test_another_dictionary_can_be_queried(competency: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.ttl").write_text(
        "<http://e/r> a <https://w3id.org/competency-graph/ontology#Role> ."
    )
    done = competency(
        "query", "-", "--data", "mine.ttl", "--base", "none", "-f", "csv", stdin=ROLES
    )
    assert done.stdout.splitlines() == ["role", "http://e/r"]


WRONG = {
    "unknown command": (["nosuch"], "No such command"),
    "unknown query": (["query", "role-knowlege"], "Use role-knowledge"),
    "missing file": (["query", "nosuch.rq"], "nosuch.rq: there is no such file"),
    "a directory": (["query", "folder/"], "is a directory"),
    "not UTF-8": (["query", "latin.rq"], "latin.rq: the file is not UTF-8"),
    "broken query": (["query", "broken.rq"], "1:18"),
    "an update": (["query", "update.rq"], "this is an update"),
    "unknown parameter": (["query", "role-knowledge", "-p", "x=1"], "no parameter “x”"),
    "ill-typed parameter": (["query", "role-knowledge", "-p", "role=7"], "“7” is not a valid value"),
    "no parameter": (["query", "role-knowledge", "-p", "role"], "NAME=VALUE"),
    "unknown format": (["query", "role-knowledge", "-f", "doc"], "Use one of json, xml, csv, tsv"),
    "format of another kind": (["query", "area-whole", "-f", "csv"], "Use one of turtle"),
    "missing data": (["stats", "--data", "nosuch.ttl"], "nosuch.ttl: there is no such file"),
    "broken data": (["stats", "--data", "broken.ttl"], "broken.ttl:2:"),
    "data in no RDF format": (["stats", "--data", "sheet.xlsx"], "known RDF format"),
    "data is a directory": (["stats", "--data", "folder.ttl"], "contains no RDF file"),
    "validate a missing file": (["validate", "nosuch.ttl"], "nosuch.ttl: there is no such file"),
    "serve a broken file": (["serve", "--port", "0", "--data", "broken.ttl"], "broken.ttl:2:"),
    "an impossible port": (["serve", "--port", "70000"], "70000"),
    "a foreign address": (["serve", "--host", "192.0.2.1", "--port", "0"], "cannot listen on this address"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_an_error_is_one_message_and_exit_code_2(
    competency: Run, tmp_path: Path, name: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder.ttl").mkdir()
    (tmp_path / "latin.rq").write_bytes("ASK {} # café".encode("latin-1"))
    (tmp_path / "broken.rq").write_text("SELECT * { ?s ?p }")
    (tmp_path / "update.rq").write_text("CLEAR ALL")
    (tmp_path / "broken.ttl").write_text("<http://e/s> a\n <http://e/c> oops .\n")
    (tmp_path / "sheet.xlsx").write_bytes(b"PK\x03\x04")
    before = sorted(tmp_path.rglob("*"))
    arguments, message = WRONG[name]
    done = competency(*arguments)
    assert done.returncode == 2, done
    assert message in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        (
            "broken.ttl",
            b"<http://e/s> a\n <http://e/c> oops .\n",
            "broken.ttl:2:15: violation CG001",
        ),
        ("latin.ttl", "<http://e/café> a 1 .".encode("latin-1"), "latin.ttl:1:14: violation CG002"),
        ("sheet.xlsx", b"PK\x03\x04", "sheet.xlsx: violation CG002"),
    ],
)
def test_an_unreadable_file_is_a_finding_and_exit_code_2(
    competency: Run, tmp_path: Path, name: str, content: bytes, place: str
) -> None:
    (tmp_path / name).write_bytes(content)
    done = competency("validate", name)
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout.startswith(place)


def test_a_port_in_use_is_an_error(competency: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = competency("serve", "--port", taken.getsockname()[1])
    assert done.returncode == 2
    assert "Choose another port with --port" in done.stderr


def test_a_reader_that_exits_early_is_not_an_error(tmp_path: Path) -> None:
    line = f"'{COMMAND}' query links -p framework=esco -p match=relatedMatch | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", line],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.stderr.replace("\n", "") == "" or "row" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", cli.list_commands(click.Context(cli)))
def test_ctrl_c_is_no_finding(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Click would exit with 1, which means findings; shells expect 128 + SIGINT."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    monkeypatch.setattr(command, "make_context", interrupted)
    done = CliRunner().invoke(cli, [name])
    assert (done.exit_code, done.stdout) == (130, "")
    assert done.stderr == "\ncompetency: interrupted\n"


def test_help_lists_every_command(competency: Run) -> None:
    text = competency("--help").stdout
    for name in ("new", "query", "serve", "stats", "validate"):
        assert f"\n  {name} " in text
        assert competency(name, "--help").returncode == 0
