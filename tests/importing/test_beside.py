"""`--with FILE`: graphs beside the dictionary, in every place that is asked."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import sparql_servers
from competency_graph import Dictionary
from competency_graph.engines.publishing import to_endpoint
from conftest import Run, serving

GRAPH = "https://w3id.org/competency-graph/graph/"
COUNT = "SELECT (COUNT(*) AS ?n) {}"
CG = "https://w3id.org/competency-graph/ontology#"
ONE = '<https://a.example/1> <https://a.example/says> "one" .\n'
TWO = '<https://a.example/2> <https://a.example/says> "two" <https://a.example/graph> .\n'
SAID = "SELECT ?what %s { ?s <https://a.example/says> ?what } ORDER BY ?what"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """A file that names no graph and one that does."""
    (tmp_path / "my links.nt").write_text(ONE)
    (tmp_path / "other.nq").write_text(TWO)
    return ["--with", "my links.nt", "--with", "other.nq"]


def said(competency: Run, query: str, *options: str) -> list[str]:
    done = competency("query", "-", "-f", "csv", *options, stdin=query)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()[1:]


def test_a_query_sees_them_with_the_dictionary(files: list[str], competency: Run) -> None:
    assert said(competency, SAID % "", *files) == ["one", "two"]
    together = f"SELECT (COUNT(*) AS ?n) {{ ?r a <{CG}Role> . ?s <https://a.example/says> ?what }}"
    assert said(competency, together, *files) == ["12"]


@pytest.mark.parametrize(
    ("graph", "expected"),
    [(GRAPH + "my-links", ["one"]), ("https://a.example/graph", ["two"]), (GRAPH + "asserted", [])],
)
def test_each_is_in_a_graph_of_its_own(
    graph: str, expected: list[str], files: list[str], competency: Run
) -> None:
    assert said(competency, SAID % f"FROM <{graph}>", *files) == expected
    query = f"SELECT ?what {{ GRAPH <{graph}> {{ ?s <https://a.example/says> ?what }} }}"
    assert said(competency, query, *files) == expected


def test_a_graph_that_is_not_there_is_refused_as_before(competency: Run) -> None:
    done = competency("query", "-", stdin=SAID % "FROM <https://a.example/graph>")

    assert done.returncode == 2
    assert "which is not a graph of this service" in done.stderr


@pytest.mark.parametrize("ending", ["ttl", "jsonld", "rdf", "trig", "nt", "nq"])
def test_every_format_is_read(ending: str, competency: Run, tmp_path: Path) -> None:
    form = ox.RdfFormat.from_extension(ending)
    triples = [quad.triple for quad in ox.parse(ONE, format=ox.RdfFormat.N_TRIPLES)]
    (tmp_path / f"x.{ending}").write_bytes(ox.serialize(triples, format=form) or b"")

    assert said(competency, SAID % f"FROM <{GRAPH}x>", "--with", f"x.{ending}") == ["one"]


def test_blank_nodes_of_two_files_stay_apart(competency: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.nt").write_text('_:x <https://a.example/says> "same" .\n')

    query = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s <https://a.example/says> ?what }"
    assert said(competency, query, "--with", "a.nt", "--with", "b.nt") == ["2"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("none.nt", None, "none.nt: there is no such file. Check the path."),
        ("table.csv", "a,b\n", "table.csv: the ending “.csv” is not that of a known RDF format"),
        ("broken.nt", "<a", "broken.nt:1:"),
        ("latin.nt", b"<http://a> <http://b> '\xe9' .", "latin.nt:1:"),
        ("utf16.ttl", ONE.encode("utf-16"), "utf16.ttl: the file is in UTF-16"),
        ("bomb.rdf", '<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><r/>', "bomb.rdf:1: this XML declares an entity"),
        ("asserted.nt", ONE, f"asserted.nt: the file's name gives the graph <{GRAPH}asserted>, which is reserved for the dictionary"),
        ("graph.nq", ONE.replace(" .", f" <{GRAPH}inferred> ."), f"graph.nq: the file puts statements in <{GRAPH}inferred>"),
        ("twelve.ttl", "<http://a> <http://b> <<( <http://a> <http://b> 1 )>> .", "twelve.ttl: a statement about a statement"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_an_error(
    name: str, content: str | bytes | None, told: str, competency: Run, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)

    done = competency("query", "role-titles", "--with", name)

    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_and_a_pipe_are_no_files(competency: Run, tmp_path: Path) -> None:
    (tmp_path / "folder.nt").mkdir()

    assert (
        "this is a directory, not a file"
        in competency("query", "role-titles", "--with", "folder.nt").stderr
    )


def test_the_version_changes_with_them_and_what_follows_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "x.nt"
    path.write_text(ONE)
    alone, beside = Dictionary(), Dictionary(extra_files=[path])
    first = beside.version
    assert alone.version != first
    path.write_text(ONE.replace("one", "another"))

    again = beside.reloaded()

    assert again.version not in (alone.version, first)
    inferred = ox.NamedNode(GRAPH + "inferred")
    assert {q for q in again.store if q.graph_name == inferred} == {
        q for q in alone.store if q.graph_name == inferred
    }


@pytest.fixture
def address(files: list[str], tmp_path: Path) -> Iterator[str]:
    with serving(tmp_path, *files) as url:
        yield url


def fetch(address: str, path: str, accept: str = "text/csv", **parameters: str) -> str:
    query = urllib.parse.urlencode(parameters)
    request = urllib.request.Request(f"{address}{path}?{query}", headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=30) as reply:
        return reply.read().decode()


def check(address: str) -> None:
    """What a server with both files answers."""
    assert fetch(address, "/sparql", query=SAID % "").split() == ["what", "one", "two"]
    named = fetch(address, "/sparql", query=SAID % "FROM <https://a.example/graph>")
    assert named.split() == ["what", "two"]
    asked = {"default-graph-uri": GRAPH + "my-links"}
    assert fetch(address, "/sparql", query=SAID % "", **asked).split() == ["what", "one"]
    assert fetch(address, "/graphs", "application/n-triples", graph=GRAPH + "my-links") == ONE
    whole = fetch(address, "/graphs", "application/n-triples", default="")
    assert ONE in whole
    assert f"<{CG}Role>" in whole
    described = fetch(address, "/sparql", "text/turtle")
    assert f"<{GRAPH}my-links>" in described or "graph:my-links" in described
    assert "<https://a.example/graph>" in described
    api = json.loads(fetch(address, "/openapi.json", "application/json"))
    schema = next(
        p["schema"] for p in api["paths"]["/graphs"]["get"]["parameters"] if p["name"] == "graph"
    )
    assert {GRAPH + "asserted", GRAPH + "my-links", "https://a.example/graph"} <= set(
        schema["enum"]
    )


def test_a_server_has_them_in_every_place(address: str) -> None:
    check(address)
    with pytest.raises(urllib.error.HTTPError) as caught:
        fetch(address, "/graphs", graph=GRAPH + "nothing")
    assert caught.value.code == 404


def test_a_server_only_reads_them(address: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        fetch(
            address,
            "/sparql",
            query="DELETE WHERE { GRAPH <https://a.example/graph> { ?s ?p ?o } }",
        )

    assert caught.value.code == 403
    assert fetch(address, "/sparql", query=SAID % "").split() == ["what", "one", "two"]


def test_a_store_on_disk_has_them(files: list[str], competency: Run, tmp_path: Path) -> None:
    alone = competency("publish", "--store", "alone").stdout
    done = competency("publish", "--store", "store", *files)
    count, other = (int(text.split()[0].replace(",", "")) for text in (done.stdout, alone))
    assert (done.returncode, count) == (0, other + 2)

    with serving(tmp_path, "--store", "store") as address:
        check(address)


def test_a_server_elsewhere_is_given_them(tmp_path: Path) -> None:
    """Graphs whose statements come by turns are given whole, and what is known is served."""
    onet, mine = GRAPH + "onet", "https://a.example/graph"
    lines = [
        f'<https://a.example/{n}> <https://a.example/says> "{n}" <{mine if n % 2 else onet}> .\n'
        for n in range(6)
    ]
    (tmp_path / "turns.nq").write_text("".join(lines))
    folder = tmp_path / "oxigraph"
    folder.mkdir()

    with sparql_servers.oxigraph(folder) as server:
        to_endpoint(Dictionary(extra_files=[tmp_path / "turns.nq"]), server.graphs)
        for name, expected in ((mine, ["1", "3", "5"]), (onet, ["0", "2", "4"])):
            text = fetch(server.queries, "", query=SAID % f"FROM <{name}>")
            assert text.split()[1:] == expected
        with serving(tmp_path, "--endpoint", server.queries) as address:
            assert fetch(address, "/sparql", query=SAID % "").split()[1:] == ["0", "2", "4"]
            assert fetch(address, "/sparql", query=SAID % f"FROM <{onet}>").split()[1:] == [
                "0",
                "2",
                "4",
            ]
