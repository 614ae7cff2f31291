"""A parameter of a saved query takes what a person calls an entry."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest

from competency_graph import Dictionary
from competency_graph.errors import BadValueError
from competency_graph.rdf.rows import Rows
from competency_graph.rdf.vocabulary import GRAPH_ASSERTED, GRAPH_ONTOLOGY
from competency_graph.sparql.evaluator import evaluate
from competency_graph.sparql.parameters import bind, warnings
from competency_graph.sparql.saved_queries import Catalogue
from conftest import ROOT, Run

SALES = "https://w3id.org/competency-graph/sales/"


def rows_of(dictionary: Dictionary) -> Rows:
    def rows(text: str, terms: Mapping[ox.Variable, ox.NamedNode | ox.Literal]) -> Iterator:
        return evaluate(dictionary.store, text, terms).rows()

    return rows


def bound(dictionary: Dictionary, query: str, name: str, value: str) -> str:
    return bind(Catalogue()[query], {name: value}, rows_of(dictionary))[ox.Variable(name)].value


@pytest.mark.parametrize(
    ("query", "name", "value", "meant"),
    [
        ("role-titles", "role", "Analyst", "role/analyst"),
        ("role-titles", "role", " aNALYST ", "role/analyst"),
        ("role-titles", "role", "R5", "role/analyst"),
        ("role-titles", "role", "r5", "role/analyst"),
        ("role-titles", "role", "role:analyst", "role/analyst"),
        ("role-titles", "role", f"<{SALES}role/analyst>", "role/analyst"),
        ("area-roles", "area", "Maintaining Accounts", "area/maintaining-accounts"),
        ("title-role", "title", "Policy analyst", "title/policy-analyst"),
    ],
)
def test_an_entry_is_named_by_label_code_or_iri(
    sales: Dictionary, query: str, name: str, value: str, meant: str
) -> None:
    assert bound(sales, query, name, value) == SALES + meant


@pytest.mark.parametrize("value", ["Analyst", "R5", "role:analyst"])
def test_a_role_is_a_concept_without_inference_too(value: str) -> None:
    """A class of the ontology whose superclass the parameter takes."""
    stated = Dictionary(inferring=False)
    assert bound(stated, "entry-links", "entry", value) == f"{SALES}role/analyst"
    with pytest.raises(BadValueError, match="the dictionary has no such entry"):
        bound(stated, "entry-links", "entry", f"<{SALES[:-1]}>")


WRONG = {
    "a slip": ("Analist", "Use “Analyst”, if you mean that"),
    "unlike any": ("Astronaut", "Use one of “Administrator”, “Analyst”, “Consultant”"),
    "of another class": ("Maintaining Accounts", "no entry has this name"),
    "an IRI of another class": ("area:maintaining-accounts", "the dictionary has no such entry"),
    "empty": ("", "the parameter “role” is empty"),
    "spaces": ("  ", "omit it to use role:consultant"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_names_no_entry_is_refused_with_what_would(sales: Dictionary, case: str) -> None:
    value, said = WRONG[case]
    with pytest.raises(BadValueError) as told:
        bound(sales, "role-titles", "role", value)
    assert said in str(told.value)


def test_a_label_of_several_entries_is_refused_with_all_of_them(tmp_path: Path) -> None:
    (tmp_path / "two.ttl").write_text(
        "PREFIX cg: <https://w3id.org/competency-graph/ontology#>\n"
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        '<http://e/1> a cg:Role ; skos:prefLabel "Baker"@en ; skos:notation "R1" .\n'
        '<http://e/2> a cg:Role ; skos:prefLabel "baker"@en ; skos:notation "R2" .\n'
        '<http://e/3> a cg:Role ; skos:prefLabel "Cook"@en ; skos:altLabel "Baker"@en .\n'
    )
    two = Dictionary([tmp_path / "two.ttl"], base="none")
    with pytest.raises(BadValueError) as told:
        bound(two, "role-titles", "role", "Baker")
    assert "2 entries have this name" in str(told.value)
    assert "Baker, R1, http://e/1; baker, R2, http://e/2" in str(told.value)
    assert bound(two, "role-titles", "role", "R2") == "http://e/2"


def test_another_label_is_taken_where_no_entry_is_called_so(sales: Dictionary) -> None:
    found = next(
        (entry.value, label.value)
        for entry, label in sales.store.query(
            "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT ?e ?l { ?e a "
            "<https://w3id.org/competency-graph/ontology#AreaOfExpertise> ; skos:altLabel ?l }",
            use_default_graph_as_union=True,
        )
    )
    assert bound(sales, "area-roles", "area", found[1]) == found[0]


@pytest.mark.parametrize("text", ["", " ", "\t\n"])
def test_an_empty_text_is_refused(sales: Dictionary, text: str) -> None:
    with pytest.raises(BadValueError, match="the parameter “text” is empty"):
        bound(sales, "text-search", "text", text)


def test_where_many_are_near_to_nothing_those_with_the_word_are_named(sales: Dictionary) -> None:
    """Each in its quotes, as some labels have commas; a label of the whole word comes first."""
    with pytest.raises(BadValueError) as told:
        bound(sales, "knowledge-roles", "knowledge", "Sales")
    remedy = told.value.remedy
    named = re.findall("“([^”]+)”", remedy)
    assert 1 < len(named) <= 20
    assert all("sales" in label.casefold() for label in named)
    assert (
        remedy
        == f"Use {', '.join(f'“{n}”' for n in named[:-1])} or “{named[-1]}”, if you mean one of them"
    )
    with pytest.raises(BadValueError) as told:
        bound(sales, "knowledge-roles", "knowledge", "Xylophone")
    assert re.fullmatch("Use one such as “[^”]+”(, “[^”]+”){4}", told.value.remedy)


SMALLEST = str(ROOT / "tests" / "dictionaries" / "pass" / "smallest.ttl")


@pytest.mark.parametrize("name", Catalogue())
def test_each_question_is_answered_of_a_dictionary_that_stands_alone(name: str) -> None:
    """What a question asks about where nobody names it is an entry that there is."""
    alone = Dictionary([Path(SMALLEST)], base="none")
    rows = rows_of(alone)
    query = Catalogue()[name]
    for parameter in query.parameters:
        value = bind(query, {}, rows)[ox.Variable(parameter.name)]
        kind, _, _ = parameter.type.partition(":")
        if kind == "cg" and "has no entry" not in " ".join(warnings(query, {}, rows)):
            assert value.value.startswith("https://example.org/"), parameter


def test_a_question_about_a_class_that_has_no_entry_says_so(
    competency: Run, tmp_path: Path
) -> None:
    (tmp_path / "one.ttl").write_text(
        "PREFIX cg: <https://w3id.org/competency-graph/ontology#>\n"
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        '<https://e.example/r> a cg:Role ; skos:prefLabel "Baker"@en ; skos:notation "R1" .\n'
    )
    done = competency("query", "area-roles", "--data", "one.ttl", "--base", "none", "-f", "csv")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 1)
    assert done.stderr == (
        "competency: the dictionary has no entry of the class cg:AreaOfExpertise.\n"
    )
    done = competency("query", "role-outputs", "--data", "one.ttl", "--base", "none")
    assert (done.returncode, done.stderr) == (0, "(0 rows)\n")
    given = competency(
        "query", "area-roles", "--data", "one.ttl", "--base", "none", "-p", "area=Baking"
    )
    assert given.returncode == 2
    assert "The dictionary has none" in given.stderr


def test_two_parameters_of_a_class_have_two_entries(tmp_path: Path) -> None:
    (tmp_path / "two.ttl").write_text(
        "PREFIX cg: <https://w3id.org/competency-graph/ontology#>\n"
        "<https://e.example/1> a cg:Role . <https://e.example/2> a cg:Role .\n"
    )
    two = Dictionary([tmp_path / "two.ttl"], base="none")
    found = bind(Catalogue()["role-gap"], {}, rows_of(two))
    assert {found[ox.Variable("present")].value, found[ox.Variable("target")].value} == {
        "https://e.example/1",
        "https://e.example/2",
    }


def test_a_parameter_has_one_value(competency: Run, server: str) -> None:
    done = competency("query", "role-titles", "-p", "role=Analyst", "-p", "role=Manager")
    assert (done.returncode, done.stdout) == (2, "")
    assert "the parameter “role” is given twice" in done.stderr
    for path in (
        "/queries/role-titles?role=Analyst&role=Manager",
        "/links?framework=esco&framework=onet",
        "/export/csv?own=true&own=false",
        "/sparql?query=ASK{}&format=json&format=xml",
        "/role/analyst?format=ttl&format=nt",
    ):
        status, text, _ = get(f"{server}{path}", "application/json")
        assert status == 400, path
        assert "is given 2 times" in json.loads(text)["detail"]
    both = "&".join(f"default-graph-uri={each}" for each in (GRAPH_ASSERTED, GRAPH_ONTOLOGY))
    assert get(f"{server}/sparql?query=ASK%7B%7D&{both}", "application/json")[0] == 200


@pytest.mark.parametrize(
    ("path", "near"),
    [("/links?framewrk=onet", "framework"), ("/export/csv?aera=x", "area")],
)
def test_a_mistyped_parameter_is_refused_with_the_nearest(
    server: str, path: str, near: str
) -> None:
    status, text, _ = get(f"{server}{path}", "application/json")
    assert (status, json.loads(text)["remedy"]) == (400, f"Use {near}, if you mean that")


def test_a_language_that_no_label_is_in_is_told(sales: Dictionary) -> None:
    query, rows = Catalogue()["role-titles"], rows_of(sales)
    assert list(warnings(query, {"language": "xx"}, rows)) == [
        "no label is in “xx”; there are labels in en"
    ]
    assert list(warnings(query, {"language": "EN"}, rows)) == []
    assert list(warnings(query, {}, rows)) == []


def test_the_command_says_so(competency: Run) -> None:
    done = competency(
        "query", "role-titles", "-p", "role=Analyst", "-p", "language=xx", "-f", "csv"
    )
    assert done.returncode == 0
    assert done.stderr == "competency: no label is in “xx”; there are labels in en.\n"
    assert len(done.stdout.splitlines()) > 1


def get(address: str, accept: str) -> tuple[int, str, Mapping[str, str]]:
    asked = urllib.request.Request(address, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(asked, timeout=30) as reply:
            return reply.status, reply.read().decode(), reply.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers


def test_over_http_too(server: str) -> None:
    path = f"{server}/queries/role-titles"
    status, text, _ = get(f"{path}?role=Analyst", "text/csv")
    assert (status, "title/policy-analyst" in text) == (200, True)
    status, text, _ = get(f"{path}?role=Analyst", "text/html")
    assert '<option value="role:analyst" selected>Analyst</option>' in text
    status, text, _ = get(f"{path}?role=", "application/json")
    assert status == 400
    assert "is empty" in json.loads(text)["detail"]
    status, text, headers = get(f"{path}?language=xx", "text/csv")
    assert "no label is in" in urllib.parse.unquote(headers["X-Query-Warning"])
    assert "No label is in “xx”" in get(f"{path}?language=xx", "text/html")[1]
