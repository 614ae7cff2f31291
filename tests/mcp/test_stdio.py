"""``competency mcp``: an own dictionary, with a framework, over standard input and output."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from assistant import Assistant, connected
from mcp.client.stdio import StdioServerParameters, stdio_client

import sparql_servers
from competency_graph import Dictionary
from competency_graph.cli.mcp import command
from competency_graph.engines.publishing import to_endpoint
from competency_graph.errors import UnavailableError
from conftest import COMMAND, ROOT, Run, forking_command
from forking import Running
from linking.framework import JOB, SKILL, TARGET, dictionary, entry

MINE = "https://example.org/acme/entry/"
OWN = dictionary(
    "mine:acme a cg:CompetencyDictionary .\n",
    entry("seller", "Role", "Vendeur", "; cg:coversArea mine:deals "),
    entry("buyer", "Role", "Buyer", "; cg:coversArea mine:deals, mine:books "),
    entry(
        "deals",
        "AreaOfExpertise",
        "Making deals",
        '; cg:requiresKnowledge mine:crm ; skos:notation "A01" ',
    ),
    entry(
        "books",
        "AreaOfExpertise",
        "Keeping books",
        '; cg:requiresKnowledge mine:ledgers ; skos:notation "A02" ',
    ),
    entry("crm", "Knowledge", "CRM", '; skos:notation "K001" '),
    entry("ledgers", "Knowledge", "Bookkeeping", '; skos:notation "K002" '),
)


def framework() -> str:
    """The made-up concepts, in the graph of ESCO."""
    head, _, body = TARGET.partition("\n\n")
    return f"{head}\n\nGRAPH <https://w3id.org/competency-graph/graph/esco> {{\n{body}\n}}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("acme")
    (found / "acme.ttl").write_text(OWN)
    (found / "esco.trig").write_text(framework())
    return found


@pytest.fixture(scope="module")
def assistant(folder: Path) -> Iterator[Assistant]:
    started = StdioServerParameters(
        command=str(COMMAND),
        args=["mcp", "--data", "acme.ttl", "--with", "esco.trig"],
        env=dict(os.environ),
        cwd=folder,
    )
    with connected(stdio_client(started)) as found:
        yield found


def test_own_entries_are_found(assistant: Assistant) -> None:
    found = assistant.call("find_entries", words="vendeurs")
    assert found["entries"] == [{"iri": f"{MINE}seller", "label": "Vendeur", "kind": "role"}]


def test_an_own_entry_is_looked_up(assistant: Assistant) -> None:
    found = assistant.call("get_entry", entry="buyer")
    relations = {each["property"]: each for each in found["relations"]}
    assert {each["label"] for each in relations["cg:coversArea"]["entries"]} == {
        "Making deals",
        "Keeping books",
    }
    assert {each["iri"] for each in relations["cg:requires"]["entries"]} == {
        f"{MINE}crm",
        f"{MINE}ledgers",
    }


def test_own_roles_are_compared(assistant: Assistant) -> None:
    found = assistant.call("compare_entries", entries=["Vendeur", "Buyer"])
    knowledge = next(each for each in found["sections"] if each["kind"] == "knowledge")
    assert (knowledge["shared"], knowledge["only"]) == (1, [0, 1])


def test_a_statement_about_own_entries_is_explained(assistant: Assistant) -> None:
    found = assistant.call(
        "explain_statement", subject="Vendeur", property="requires", object="CRM"
    )
    assert {each["text"] for each in found["facts"]} == {
        "Vendeur covers area Making deals",
        "Making deals requires knowledge CRM",
    }


def test_questions_have_own_entries_as_defaults(assistant: Assistant) -> None:
    found = assistant.call("ask_question", question="role-knowledge")
    assert found["parameters"]["role"].startswith(MINE)
    assert f"{MINE}crm" in found["rows"][0]


def test_a_text_is_validated(assistant: Assistant) -> None:
    found = assistant.call("validate", text="mine:x a 1 .", base="none")
    assert found["findings"][0]["line"] == 1


def test_links_are_suggested_for_entries_and_other_names(assistant: Assistant) -> None:
    found = assistant.call(
        "suggest_links", texts=["Bookkeeping", f"{MINE}crm", "Gardening"], kind="knowledge"
    )
    best = [[each["iri"] for each in one["candidates"]][:1] for one in found["suggestions"]]
    assert [one["text"] for one in found["suggestions"]] == [
        "Bookkeeping",
        f"{MINE}crm",
        "Gardening",
    ]
    assert best == [[f"{SKILL}06"], [f"{SKILL}03"], []]
    roles = assistant.call("suggest_links", texts=["Contract negotiator"], kind="role")
    candidate = roles["suggestions"][0]["candidates"][0]
    assert (candidate["iri"], candidate["kind"]) == (f"{JOB}20", "occupation")
    assert "the same as" in candidate["reason"]
    assert 0 < float(candidate["confidence"]) <= 1


def message(**members: object) -> str:
    return json.dumps({"jsonrpc": "2.0", **members}) + "\n"


@contextlib.contextmanager
def started(folder: Path, *arguments: str) -> Iterator[tuple[Running, IO[str], IO[str], IO[str]]]:
    """The command in a process, with its standard input, output and error output."""
    (inner_in, to_it), (from_it, inner_out) = os.pipe(), os.pipe()
    with tempfile.TemporaryFile("w+") as errors:
        process = forking_command().start(
            ["mcp", *(arguments or ("--data", "acme.ttl"))],
            (inner_in, inner_out, errors.fileno()),
            folder,
            os.environ,
        )
        os.close(inner_in)
        os.close(inner_out)
        with os.fdopen(to_it, "w") as stdin, os.fdopen(from_it) as stdout:
            client = {"name": "test", "version": "1"}
            hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client}
            stdin.write(message(id=1, method="initialize", params=hello))
            stdin.flush()
            first = json.loads(stdout.readline())
            assert first["result"]["protocolVersion"] == "2025-06-18"
            yield process, stdin, stdout, errors


def test_standard_output_has_only_messages_and_broken_input_ends_nothing(folder: Path) -> None:
    with started(folder) as (process, stdin, stdout, errors):
        stdin.write("this is no JSON\n" + message(method="notifications/initialized"))
        stdin.write("[" * 50_000 + "\n" + message(id=2, method="tools/list"))
        call = {"name": "find_entries", "arguments": 1}
        stdin.write(message(id=3, method="tools/call", params=call))
        stdin.flush()
        answers: dict[int, Any] = {}
        while not {2, 3} <= set(answers):
            answer = json.loads(stdout.readline())
            answers[answer.get("id")] = answer
        stdin.close()
        assert stdout.read() == ""
        assert process.wait(30) == 0
        errors.seek(0)
        assert errors.read() == ""
    assert len(answers[2]["result"]["tools"]) == 9
    assert answers[3]["error"]["code"] == -32602


@pytest.fixture(scope="module")
def store(folder: Path) -> str:
    arguments = ["publish", "--data", "acme.ttl", "--store", "published"]
    done = forking_command().run(arguments, b"", folder, os.environ, seconds=60)
    assert done.returncode == 0, done.stderr
    return "published"


def answered(folder: Path, arguments: tuple[str, ...], tool: str, **given: object) -> Any:
    """The result of a tool of a server that is started with some arguments."""
    with started(folder, *arguments) as (_, stdin, stdout, _):
        stdin.write(message(method="notifications/initialized"))
        stdin.write(message(id=2, method="tools/call", params={"name": tool, "arguments": given}))
        stdin.flush()
        return json.loads(stdout.readline())["result"]


def test_a_store_on_disk_is_served(folder: Path, store: str) -> None:
    found = answered(folder, ("--store", store), "find_entries", words="vendeurs")
    assert [each["iri"] for each in found["structuredContent"]["entries"]] == [f"{MINE}seller"]


def test_the_data_of_another_server_is_served(folder: Path, tmp_path: Path) -> None:
    with sparql_servers.oxigraph(tmp_path) as other:
        to_endpoint(Dictionary(folder / "acme.ttl"), other.graphs)
        found = answered(folder, ("--endpoint", other.queries), "get_entry", entry="Vendeur")
    assert found["structuredContent"]["iri"] == f"{MINE}seller"


def test_a_server_that_does_not_answer_is_an_error_of_each_call(folder: Path) -> None:
    found = answered(folder, ("--endpoint", "http://127.0.0.1:1/"), "get_entry", entry="Analyst")
    assert found["isError"]
    assert "cannot be reached (ConnectionRefusedError). Try again" in found["content"][0]["text"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--store", "nowhere"), "Create one with “competency publish --store”"),
        (("--store", "x", "--endpoint", "http://127.0.0.1:1/"), "use only one of them"),
        (("--endpoint", "nowhere"), "Write it in full, as in https://HOST/sparql"),
    ],
)
def test_a_wrong_store_or_address_is_an_error_of_the_command(
    competency: Run, arguments: tuple[str, ...], expected: str
) -> None:
    done = competency("mcp", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert expected in " ".join(done.stderr.split())


def test_a_client_that_is_gone_ends_it_quietly(folder: Path) -> None:
    with started(folder) as (process, stdin, stdout, errors):
        stdout.close()
        stdin.write(message(id=2, method="tools/list") * 3)
        stdin.close()
        assert process.wait(30) in (0, 128 + signal.SIGPIPE)
        errors.seek(0)
        assert errors.read() == ""


def test_an_interrupt_ends_it(folder: Path) -> None:
    with started(folder) as (process, *_, errors):
        process.signal(signal.SIGINT)
        assert process.wait(30) == -signal.SIGINT
        errors.seek(0)
        assert errors.read() == ""


def test_a_dictionary_that_cannot_be_read_is_an_error(competency: Run) -> None:
    done = competency("mcp", "--data", "nowhere.ttl")
    assert (done.returncode, done.stdout) == (2, "")
    assert "nowhere.ttl" in done.stderr


def test_without_the_library_it_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, sales: Dictionary
) -> None:
    monkeypatch.setitem(sys.modules, "competency_graph.mcp.stdio", None)
    with pytest.raises(UnavailableError, match=r"pip install 'competency-graph\[mcp\]'"):
        command.callback(10.0, 1024, None, None, sales)
    assert "mcp = [" in (ROOT / "pyproject.toml").read_text()
