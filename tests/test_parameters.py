"""A parameter of a saved query takes what a person calls an entry."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest

from competency_graph import Dictionary
from competency_graph.catalogue import Catalogue
from competency_graph.entries import Rows, bind, languages
from competency_graph.errors import BadValueError
from competency_graph.evaluation import evaluate
from conftest import Run

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


WRONG = {
    "a slip": ("Analist", "Did you mean Analyst"),
    "unlike any": ("Astronaut", "Use one of Administrator, Analyst, Consultant"),
    "of another class": ("Maintaining Accounts", "no entry is called so"),
    "an IRI of another class": ("area:maintaining-accounts", "the dictionary has no such entry"),
    "empty": ("", "the parameter “role” is empty"),
    "spaces": ("  ", "leave it out to have role:consultant"),
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
    assert "2 entries are called so" in str(told.value)
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


def test_an_empty_text_is_a_text(sales: Dictionary) -> None:
    assert bound(sales, "text-search", "text", "") == ""


def test_a_language_that_no_label_is_in_is_told(sales: Dictionary) -> None:
    query, rows = Catalogue()["role-titles"], rows_of(sales)
    assert list(languages(query, {"language": "xx"}, rows)) == [
        "no label is in “xx”; there are labels in en"
    ]
    assert list(languages(query, {"language": "EN"}, rows)) == []
    assert list(languages(query, {}, rows)) == []


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
    assert "no label is in “xx”" in get(f"{path}?language=xx", "text/html")[1]
