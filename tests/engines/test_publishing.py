"""`competency publish`, and serving what it made."""

from __future__ import annotations

import csv
import http.server
import io
import json
import subprocess
import threading
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from click.testing import CliRunner

import sparql_servers
from competency_graph import Dictionary
from competency_graph.cli import cli
from competency_graph.engines.remote import unavailability
from competency_graph.errors import BadValueError
from conftest import COMMAND, Run, first_match, serving

KNOWLEDGE = (
    "SELECT (COUNT(*) AS ?n) { ?k a <https://w3id.org/competency-graph/ontology#Knowledge> }"
)


def ask(url: str, path: str, **parameters: str) -> list[dict[str, str]]:
    whole = f"{url}{path}?{urllib.parse.urlencode(parameters | {'format': 'csv'})}"
    with urllib.request.urlopen(whole, timeout=20) as reply:
        return list(csv.DictReader(io.StringIO(reply.read().decode(), newline="")))


def judge(url: str) -> str:
    """The report on a text whose judging needs files that no evaluator can open."""
    text = b"<x:a> <http://www.w3.org/2004/02/skos/core#prefLabel> 'A'@en-UK ."
    asked = urllib.request.Request(f"{url}/validate", text, {"Content-Type": "text/turtle"})
    with urllib.request.urlopen(asked, timeout=20) as reply:
        return reply.read().decode()


def health(url: str) -> tuple[int, dict[str, str]]:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=20) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def whole(sales: Dictionary) -> int:
    """The statements of the ontology and the dictionary, with what follows, and those of links."""
    links = ox.NamedNode("https://w3id.org/competency-graph/graph/links")
    return 8_257 + sum(1 for _ in sales.store.quads_for_pattern(None, None, None, links))


def test_a_store_is_made_replaced_and_served(
    competency: Run, tmp_path: Path, sales: Dictionary
) -> None:
    store = tmp_path / "store"
    for _ in range(2):
        done = competency("publish", "--store", store)
        assert (done.returncode, done.stdout) == (0, f"{whole(sales):,} statements in {store}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["store"]  # nothing is left beside it
    with serving(tmp_path, "--store", store) as url:
        assert ask(url, "/sparql", query=KNOWLEDGE) == [{"n": "189"}]
        assert len(ask(url, "/queries/role-titles", role="role:analyst")) > 1
        assert "CG021" in judge(url)
        graph = "https://w3id.org/competency-graph/graph/asserted"
        with urllib.request.urlopen(f"{url}/graphs?graph={graph}&format=ntriples") as reply:
            assert len(reply.read().splitlines()) > 4_000


def test_a_server_elsewhere_is_given_the_dictionary_and_served(
    competency: Run, tmp_path: Path, sales: Dictionary
) -> None:
    folder = tmp_path / "oxigraph"
    folder.mkdir()
    with sparql_servers.oxigraph(folder) as server:
        done = competency("publish", "--endpoint", server.graphs)
        assert (done.returncode, done.stdout) == (
            0, f"{whole(sales):,} statements sent to {server.graphs}\n",
        )  # fmt: skip
        with serving(tmp_path, "--endpoint", server.queries) as url:
            assert ask(url, "/sparql", query=KNOWLEDGE) == [{"n": "189"}]
            assert len(ask(url, "/queries/role-titles", role="role:analyst")) > 1
            assert "CG021" in judge(url)
            relative = ask(url, "/sparql", query="SELECT (STR(<s>) AS ?iri) {}")
            assert relative == [{"iri": f"{url}/s"}]
            assert health(url) == (200, {"status": "ok", "version": None})


@pytest.mark.parametrize(("seconds", "second"), [("600", "0"), ("0", "1")])
def test_answers_of_a_server_elsewhere_are_as_old_as_is_allowed(
    tmp_path: Path, seconds: str, second: str
) -> None:
    graph = {"graph": "https://w3id.org/competency-graph/graph/asserted"}
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    with (
        sparql_servers.oxigraph(tmp_path) as server,
        serving(tmp_path, "--endpoint", server.queries, "--endpoint-freshness", seconds) as url,
    ):
        assert ask(url, "/sparql", query=count) == [{"n": "0"}]
        headers = {"Content-Type": "text/turtle"}
        sent = httpx.put(server.graphs, params=graph, content="<x:s> <x:p> 1 .", headers=headers)
        assert sent.is_success
        assert ask(url, "/sparql", query=count) == [{"n": second}]


@pytest.mark.parametrize(
    "address",
    ["notaurl", "", "ftp://h/", "http://", "http://[", "http://h:x/", "localhost:1/query"],
)
@pytest.mark.parametrize("command", ["serve", "publish"])
def test_an_address_that_is_none_is_refused_at_once(command: str, address: str) -> None:
    done = CliRunner().invoke(cli, [command, "--endpoint", address])
    assert isinstance(done.exception, BadValueError)  # which ends the command with 2
    assert f"“{address}” is not an address" in done.exception.what
    assert "Serving" not in done.output


def test_a_wrong_address_ends_the_command_with_2(competency: Run) -> None:
    done = competency("serve", "--port", "0", "--endpoint", "notaurl")
    assert (done.returncode, done.stdout) == (2, "")
    assert "“notaurl” is not an address of a server. Write it in full" in done.stderr


def test_a_server_elsewhere_that_does_not_answer_is_told_of(tmp_path: Path) -> None:
    """When it is served, in the log, and whenever it is asked whether all is well."""
    nobody = f"http://127.0.0.1:{sparql_servers.free_port()}/query"
    process = subprocess.Popen(
        [COMMAND, "serve", "--port", "0", "--log", "off", "--endpoint", nobody],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    try:
        assert process.stdout is not None
        status, told = health(first_match(r"(http://[\d.]+:\d+)", process.stdout))
        assert (status, told["status"], told["endpoint"]) == (503, "unavailable", "unreachable")
    finally:
        process.terminate()
        _, said = process.communicate(timeout=30)
    assert process.returncode == 0
    assert f"the server at {nobody} does not answer: it cannot be reached" in said


@pytest.mark.parametrize(
    ("status", "said"),
    [(200, ""), (404, "it answers 404 to a query"), (503, "it answers 503 to a query")],
)
def test_what_answers_otherwise_than_a_sparql_server_is_told(status: int, said: str) -> None:
    class Answering(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with http.server.HTTPServer(("127.0.0.1", 0), Answering) as other:
        thread = threading.Thread(target=other.handle_request)
        thread.start()
        assert unavailability(f"http://127.0.0.1:{other.server_port}/query") == said
        thread.join()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name one destination"),
        (["--store", "a", "--endpoint", "http://127.0.0.1:1/"], "name one destination"),
        (["--endpoint", "http://127.0.0.1:1/store"], "cannot be reached"),
        (["--store", "full"], "is not a store"),
        (["--store", "full/file"], "is not a store"),
        (["--store", "new", "--data", "missing.ttl"], "there is no such file"),
    ],
)
def test_what_cannot_be_published_is_told(
    competency: Run, tmp_path: Path, arguments: list[str], said: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("mine")
    done = competency("publish", *arguments)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "full" / "file").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["full"]


def test_serving_what_is_no_store_is_told(competency: Run, tmp_path: Path) -> None:
    done = competency("serve", "--port", "0", "--store", tmp_path / "nothing")
    assert done.returncode == 2
    assert "competency publish --store" in done.stderr
