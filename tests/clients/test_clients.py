"""Other people's tools against the service, each as its own documentation has it used."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import SKOS
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, POSTDIRECTLY, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from competency_graph import Dictionary
from competency_graph.rdf.vocabulary import CG
from conftest import ROOT
from test_readme import run, sessions

TOOLS = (ROOT / "docs" / "tools.md").read_text()

NAMES = ["Administrator", "Analyst", "Consultant", "Developer", "Manager", "Strategist"]
QUERY = f"SELECT ?name {{ ?role a <{CG.Role}> ; <{SKOS.prefLabel}> ?name }} ORDER BY ?name"
CONSTRUCT = (
    f"CONSTRUCT {{ ?r <{SKOS.prefLabel}> ?n }} WHERE {{ ?r a <{CG.Role}> ; <{SKOS.prefLabel}> ?n }}"
)


@pytest.mark.parametrize("post", [False, True])
def test_sparqlwrapper(server: str, post: bool) -> None:
    wrapper = SPARQLWrapper(f"{server}/sparql")
    if post:
        wrapper.setMethod(POST)
        wrapper.setRequestMethod(POSTDIRECTLY)
    wrapper.setQuery(QUERY)
    wrapper.setReturnFormat(JSON)
    found = wrapper.queryAndConvert()
    assert [row["name"]["value"] for row in found["results"]["bindings"]] == NAMES
    wrapper.setReturnFormat(XML)
    xml = wrapper.queryAndConvert()
    assert [node.firstChild.data for node in xml.getElementsByTagName("literal")] == NAMES
    wrapper.setReturnFormat(CSV)
    assert wrapper.queryAndConvert().decode().split() == ["name", *NAMES]
    wrapper.setQuery(CONSTRUCT)
    wrapper.setReturnFormat(TURTLE)
    graph = Graph().parse(data=wrapper.queryAndConvert(), format="turtle")
    assert sorted(map(str, graph.objects())) == NAMES
    wrapper.setQuery("SELECT")
    with pytest.raises(QueryBadFormed):
        wrapper.query()


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_sparqlstore(server: str, sales: Dictionary, method: str) -> None:
    store = SPARQLStore(f"{server}/sparql", method=method)
    graph = Graph(store=store)
    assert [str(row.name) for row in graph.query(QUERY)] == NAMES
    roles = set(graph.subjects(URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), CG.Role))
    assert roles == set(sales.asserted.subjects(None, CG.Role))
    assert graph.query("ASK {}").askAnswer is True
    assert sorted(map(str, graph.query(CONSTRUCT).graph.objects())) == NAMES
    names = {str(name) for name in store.contexts()}
    assert {
        f"https://w3id.org/competency-graph/graph/{n}" for n in ("ontology", "asserted")
    } <= names


def test_curl(server: str) -> None:
    def curl(*arguments: str) -> str:
        done = subprocess.run(
            ["curl", "-sS", "--fail-with-body", *arguments],
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    csv = ["-H", "Accept: text/csv"]
    assert curl(*csv, f"{server}/sparql", "--data-urlencode", f"query={QUERY}").split()[1:] == NAMES
    by_get = curl(*csv, "-G", f"{server}/sparql", "--data-urlencode", f"query={QUERY}")
    assert by_get.split()[1:] == NAMES
    direct = ["-H", "Content-Type: application/sparql-query", "--data-binary", QUERY]
    assert curl(*csv, *direct, f"{server}/sparql").split()[1:] == NAMES
    assert curl("--compressed", *csv, "--http1.0", f"{server}/sparql", *direct).split()[1:] == NAMES


def installed(*parts: str) -> tuple[str, Path]:
    """Node.js, and a file of a package from npm; skips the test if they are not installed."""
    node, place = shutil.which("node"), ROOT.joinpath(".venv", "clients", "node_modules", *parts)
    if node is None or not place.exists():
        pytest.skip(f"{parts[0]} is not installed: it needs Node.js and npm")
    return node, place


def test_comunica(server: str) -> None:
    node, place = installed("@comunica", "query-sparql", "bin")

    def comunica(source: str, query: str, *more: str) -> str:
        done = subprocess.run(
            [node, place / "query.js", source, query, *more],
            capture_output=True, text=True, timeout=120, cwd=Path(place),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    rows = json.loads(comunica(f"sparql@{server}/sparql", QUERY, "-t", "application/json"))
    assert [row["name"] for row in rows] == [f'"{name}"@en' for name in NAMES]
    # Left to itself it reads the service description, and joins on its own side.
    rows = json.loads(comunica(f"{server}/sparql", QUERY, "-t", "application/json"))
    assert [row["name"] for row in rows] == [f'"{name}"@en' for name in NAMES]
    turtle = comunica(f"sparql@{server}/sparql", CONSTRUCT, "-t", "application/n-triples")
    assert sorted(str(name) for name in Graph().parse(data=turtle, format="nt").objects()) == NAMES


def test_r(server: str, tmp_path: Path) -> None:
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("R is not installed: it needs r-cran-sparql")
    ((snippet, shown),) = re.findall(r"```r\n(.*?)```\n\n```text\n(.*?)```", TOOLS, re.DOTALL)
    (tmp_path / "snippet.R").write_text(snippet.replace("http://127.0.0.1:8000", server))
    done = subprocess.run(
        [program, tmp_path / "snippet.R"], capture_output=True, text=True, timeout=60
    )
    assert done.stdout == shown, done.stderr


@pytest.mark.parametrize("program", ["npx", "soffice"])
def test_the_sessions_of_the_documentation(
    server: str, tmp_path: Path, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    folder = tmp_path
    if program == "npx":
        installed("@comunica", "query-sparql", "bin")
        folder = ROOT / ".venv" / "clients"
    monkeypatch.setenv("HOME", str(tmp_path))  # where programs keep their profile
    (session,) = re.findall(rf"```console\n(\$ {program} .*?)```", TOOLS, re.DOTALL)
    assert sessions(session)
    run(session, server, folder)  # asserts that each command prints what is shown


def test_libreoffice_reads_a_table_at_its_address(server: str, tmp_path: Path) -> None:
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice is not installed")
    done = subprocess.run(
        [program, "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to",
         "xlsx", "--outdir", tmp_path, "--infilter=Text - txt - csv (StarCalc):44,34,76,1",
         f"{server}/queries/area-sizes?format=spreadsheet"],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    (book,) = tmp_path.glob("*.xlsx")
    sheet = openpyxl.load_workbook(book).active
    rows = list(sheet.iter_rows(values_only=True))
    assert len(rows) == 1 + 13, done.stderr
    assert rows[1][1:] == ("Managing within the Sales Ecosystem", 22, 9, 7, 19)


@pytest.mark.parametrize(
    ("form", "start", "ending"), [("sqlite", b"SQLite format 3", ".db"), ("parquet", b"PK", ".zip")]
)
def test_databases_are_exported_by_the_server_as_well(
    server: str, form: str, start: bytes, ending: str
) -> None:
    with urllib.request.urlopen(f"{server}/export/{form}?links=true", timeout=60) as reply:
        assert reply.read().startswith(start)
        assert ending in reply.headers["Content-Disposition"]


def test_mcp_inspector(server: str) -> None:
    node, script = installed("@modelcontextprotocol", "inspector", "cli", "build", "cli.js")

    def inspect(*arguments: str) -> dict[str, Any]:
        done = subprocess.run(
            [node, script, "--cli", f"{server}/mcp", "--transport", "http", *arguments],
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    tools = inspect("--method", "tools/list")["tools"]
    assert "ask_question" in {tool["name"] for tool in tools}
    call = ("--method", "tools/call", "--tool-name", "query", "--tool-arg")
    rows = inspect(*call, f"query={QUERY}")["structuredContent"]["rows"]
    assert [name for (name,) in rows] == NAMES
