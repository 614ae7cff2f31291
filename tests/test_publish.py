"""`competency publish`, and serving what it made."""

from __future__ import annotations

import csv
import io
import urllib.parse
import urllib.request
from pathlib import Path

import pyoxigraph as ox
import pytest

import engines
from competency_graph import Dictionary
from conftest import Run, serving

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
    with engines.oxigraph(folder) as server:
        done = competency("publish", "--endpoint", server.graphs)
        assert (done.returncode, done.stdout) == (
            0, f"{whole(sales):,} statements sent to {server.graphs}\n",
        )  # fmt: skip
        with serving(tmp_path, "--endpoint", server.queries) as url:
            assert ask(url, "/sparql", query=KNOWLEDGE) == [{"n": "189"}]
            assert len(ask(url, "/queries/role-titles", role="role:analyst")) > 1
            assert "CG021" in judge(url)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "name one place"),
        (["--store", "a", "--endpoint", "http://127.0.0.1:1/"], "name one place"),
        (["--endpoint", "http://127.0.0.1:1/store"], "cannot be reached"),
        (["--store", "full"], "is no store"),
        (["--store", "full/file"], "is no store"),
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
