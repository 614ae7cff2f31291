"""A dictionary of one's own is served, asked, counted and exported as the published one is."""

from __future__ import annotations

import csv
import io
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest

from competency_graph import Dictionary
from competency_graph.scaffold import create_extension
from conftest import Run, serving

ACME = "https://acme.example/competencies/"
CG = "https://w3id.org/competency-graph/ontology#"
SALES = "https://w3id.org/competency-graph/sales"
ROLES = f"SELECT (COUNT(?r) AS ?roles) {{ ?r a <{CG}Role> }}"
REQUIRED = (
    f"ASK {{ <{ACME}sustainability-adviser> <{CG}requires> <{ACME}environmental-reporting-rules> }}"
)
PREFIXES = f"PREFIX cg: <{CG}> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
SCATTERED = (
    PREFIXES
    + """
<https://root.example/links> a cg:Role ; skos:prefLabel "Taken path"@en .
<https://root.example/free> a cg:Role ; skos:prefLabel "Free path"@en .
<https://hash.example/d#one> a cg:Role ; skos:prefLabel "Fragment"@en .
<https://a.example/x/1> a cg:Role ; skos:prefLabel "First host"@en .
<https://b.example/x/1> a cg:Role ; skos:prefLabel "Second host"@en .
<https://u.example/rôle/été> a cg:Role ; skos:prefLabel "Accents"@en .
<urn:x:2> a cg:Role ; skos:prefLabel "No address"@en .
"""
)


class Page(NamedTuple):
    address: str
    text: str


def get(address: str, accept: str = "text/html") -> Page:
    """What an address leads to, redirections followed."""
    asked = urllib.request.Request(address, headers={"Accept": accept})
    with urllib.request.urlopen(asked, timeout=30) as reply:
        return Page(reply.url, reply.read().decode())


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an extension as ``competency new`` makes it."""
    folder = tmp_path_factory.mktemp("own")
    create_extension("acme", ACME, "Selling at Acme", parent=folder)
    return folder / "acme"


@pytest.fixture(scope="module")
def server(acme: Path) -> Iterator[str]:
    """A server of that folder."""
    with serving(acme.parent, "--data", "acme") as address:
        yield address


@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "application/ld+json"])
def test_own_entries_are_at_the_paths_of_their_iris(server: str, accept: str) -> None:
    page = get(f"{server}/competencies/selling-sustainably", accept)
    assert page.address.startswith(f"{server}/competencies/selling-sustainably.")
    assert "Selling Sustainably" in page.text


def test_pages_link_to_own_entries_here(server: str) -> None:
    role = get(f"{server}/competencies/sustainability-adviser").text
    assert '<a href="/competencies/selling-sustainably">' in role
    assert '<a href="/competencies/environmental-reporting-rules">' in role  # inferred
    published = get(f"{server}/sales/role/consultant").text
    assert '<a href="/competencies/selling-sustainably">Read about Selling Sustainably' in published
    assert 'href="https://acme.example' not in role + published


def test_the_extension_itself_has_a_page(server: str) -> None:
    assert "<h1>Selling at Acme</h1>" in get(f"{server}/competencies").text


def test_questions_and_their_choices_include_own_entries(server: str) -> None:
    page = get(f"{server}/queries/role-titles").text
    assert "Sustainability Adviser</option>" in page
    role = urllib.parse.quote(f"{ACME}sustainability-adviser")
    answer = get(f"{server}/queries/role-knowledge?role={role}", "text/csv").text
    assert "Environmental reporting rules" in answer


@pytest.mark.parametrize(("own", "count"), [("", 703), ("?own=true", 8)])
def test_exports_write_own_entries(server: str, own: str, count: int) -> None:
    """695 published entries, and 8 of the template."""
    rows = list(csv.DictReader(io.StringIO(get(f"{server}/export/csv{own}").text)))
    labels = {row["Label (en)"] for row in rows}
    assert {"Selling Sustainably", "Sustainability Adviser"} <= labels
    assert ("Analyst" in labels) == (not own)
    assert len(rows) == count


def test_the_figures_are_own_and_in_all(acme: Path, competency: Run) -> None:
    lines = competency("stats", "--data", acme).stdout.splitlines()
    assert lines[0].split() == ["own", "in", "all"]
    assert ["1", "7", "roles"] in [line.split() for line in lines]


def asked(dictionary: Dictionary, query: str) -> str:
    found = dictionary.store.query(query, use_default_graph_as_union=True)
    return str(bool(found)) if isinstance(found, ox.QueryBoolean) else next(iter(found))[0].value


@pytest.mark.parametrize(("base", "roles"), [("auto", "7"), ("sales", "7"), ("none", "2")])
def test_an_extension_brings_what_it_extends(acme: Path, base: str, roles: str) -> None:
    """Alone it has its own role, and the published one that it adds to by what follows."""
    assert asked(Dictionary([acme], base=base), ROLES) == roles


def test_a_dictionary_that_names_no_other_stands_alone(tmp_path: Path) -> None:
    mine = tmp_path / "mine.ttl"
    mine.write_text(PREFIXES + "<http://e/d> a cg:CompetencyDictionary . <http://e/r> a cg:Role .")
    assert asked(Dictionary([mine]), ROLES) == "1"
    assert asked(Dictionary([mine], base="sales"), ROLES) == "7"
    mine.write_text(
        PREFIXES + f"<http://e/d> a cg:CompetencyDictionary ; cg:hasArea <{SALES}/area/x> ."
    )
    assert asked(Dictionary([mine], inferring=False), ROLES) == "6"


@pytest.mark.parametrize("names", [["acme"], ["acme/roles.ttl", "acme/areas"], ["acme/**/*.ttl"]])
def test_files_folders_and_patterns_are_taken(
    acme: Path, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(acme.parent)
    assert asked(Dictionary(names), REQUIRED) == "True"


def test_requirements_follow_for_a_role_beside_the_dictionary(acme: Path) -> None:
    beside = [acme / "roles.ttl", acme / "areas" / "selling-sustainably.ttl"]
    assert asked(Dictionary(extra_files=beside), REQUIRED) == "True"
    assert asked(Dictionary(extra_files=beside, inferring=False), REQUIRED) == "False"


@pytest.fixture(scope="module")
def scattered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of entries whose IRIs make trouble as addresses."""
    folder = tmp_path_factory.mktemp("scattered")
    (folder / "d.ttl").write_text(SCATTERED)
    with serving(folder, "--data", "d.ttl", "--base", "none") as address:
        yield address


@pytest.mark.parametrize(
    ("iri", "label", "path"),
    [
        ("https://root.example/free", "Free path", "/free.html"),
        ("https://root.example/links", "Taken path", "/entry?iri="),
        ("https://hash.example/d#one", "Fragment", "/entry?iri="),
        ("https://a.example/x/1", "First host", "/x/1.html"),
        ("https://b.example/x/1", "Second host", "/entry?iri="),
        ("https://u.example/rôle/été", "Accents", "/r%C3%B4le/%C3%A9t%C3%A9.html"),
        ("urn:x:2", "No address", "/entry?iri="),
    ],
)
def test_every_iri_has_one_page(scattered: str, iri: str, label: str, path: str) -> None:
    page = get(f"{scattered}/entry?{urllib.parse.urlencode({'iri': iri})}")
    assert f"<h1>{label}</h1>" in page.text
    assert page.address.removeprefix(scattered).startswith(path)
    listed = get(
        f"{scattered}/sparql?"
        + urllib.parse.urlencode({"query": f"SELECT ?r {{ ?r a <{CG}Role> }}"})
    )
    assert f'href="{path.removesuffix(".html")}' in listed.text


@pytest.mark.parametrize(
    ("path", "status"),
    [("/entry", 400), ("/entry?iri=https://root.example/none", 404), ("/none", 404)],
)
def test_what_is_not_known_is_told(scattered: str, path: str, status: int) -> None:
    with pytest.raises(urllib.error.HTTPError) as told:
        get(scattered + path, "application/json")
    assert told.value.code == status
    assert json.loads(told.value.read())["remedy"]


TRIG = "<http://x/a> <http://x/b> <http://x/c> . <http://x/g> { <http://x/d> <http://x/e> <http://x/f> }"


def test_files_are_taken_as_they_are(competency: Run, tmp_path: Path) -> None:
    (tmp_path / "d.trig").write_text(TRIG)
    ask = ("query", "-", "-f", "csv", "--data", "d.trig", "--as-is")
    whole = competency(*ask, stdin="SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    named = competency(*ask, stdin="SELECT ?g ?s { GRAPH ?g { ?s ?p ?o } }")
    assert whole.stdout.split() == ["n", "2"]
    assert named.stdout.split() == ["g,s", "http://x/g,http://x/d"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["stats", "--data", "d.trig"], "named graph <http://x/g>"),
        (["stats", "--data", "-"], "not read from standard input"),
        (["query", "role-titles", "--as-is"], "name the files with --data"),
        (["export", "case", "--data", "lost.ttl", "--base", "none"], "a cg:CompetencyDictionary"),
    ],
)
def test_what_cannot_be_taken_is_told(
    arguments: list[str], said: str, competency: Run, tmp_path: Path
) -> None:
    (tmp_path / "d.trig").write_text(TRIG)
    (tmp_path / "lost.ttl").write_text(f"<http://e/r> a <{CG}Role> .")
    done = competency(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
