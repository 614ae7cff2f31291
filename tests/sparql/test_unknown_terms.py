"""What a query names and the data does not have, with the most similar name that it has."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from competency_graph import Dictionary
from competency_graph.rdf.vocabulary import BASE
from competency_graph.sparql.unknown_terms import unknown, warnings

PREFIXES = f"PREFIX cg: <{BASE}ontology#> PREFIX role: <{BASE}sales/role/> "


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("role:analist", "role:analyst"),
        ("role:administrators", "role:administrator"),
        ("cg:analyst", "role:analyst"),  # no name of its namespace is similar
        ("role:coversArea", "cg:coversArea"),
        ("role:x", ""),
        ("role:quartermaster-general", ""),
        ("cg:" + "a" * 400, ""),  # too long to be a misspelling
    ],
)
def test_a_name_that_the_data_lacks_is_reported(sales: Dictionary, name: str, nearest: str) -> None:
    (found,) = warnings(f"{PREFIXES}SELECT * {{ {name} ?p ?o }}", sales.store)
    assert name in found
    assert found.partition("the nearest name is ")[2] == nearest


@pytest.mark.parametrize("name", ["role:analyst", "cg:coversArea", f"<{BASE}sales/role/>"])
def test_nothing_is_reported_about_what_the_data_has(sales: Dictionary, name: str) -> None:
    assert list(warnings(f"{PREFIXES}SELECT * {{ {name} ?p ?o }}", sales.store)) == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o } # role:analist",
        "SELECT * { ?s ?p 'role:analist' }",
        'SELECT * { ?s ?p """\n# role:analist""" }',
        "SELECT ?role { ?role:analist ?p ?o }",
        f"PREFIX r: <{BASE}sales/role/ana> SELECT * {{ r:lyst ?p ?o }}",
        f"BASE <{BASE}sales/nothing> SELECT * {{ ?s ?p ?o }}",
    ],
)
def test_what_only_looks_like_a_name_is_not_reported(sales: Dictionary, query: str) -> None:
    assert list(warnings(PREFIXES + query, sales.store)) == []


def test_the_place_is_that_of_the_first_use(sales: Dictionary) -> None:
    query = f"{PREFIXES}SELECT * {{ # role:analist\n role:analist ?p <{BASE}sales/role/analist> }}"
    (found,) = unknown(query, sales.store)
    assert query[found.start :].startswith("role:analist ?p")
    assert query[found.start : found.end] == "role:analist"


def test_similar_names_are_looked_up_for_the_first_unknown_ones_only(sales: Dictionary) -> None:
    patterns = " . ".join(f"?s{number} cg:coversAria{number} ?o" for number in range(10))
    found = list(warnings(f"{PREFIXES}SELECT * {{ {patterns} }}", sales.store))
    assert len(found) == 10
    assert sum("the nearest name is cg:coversArea" in each for each in found) == 3


def test_terms_are_looked_up_once(sales: Dictionary) -> None:
    analyst, analist = (f"{BASE}sales/role/{name}" for name in ("analyst", "analist"))
    remembered: dict[str, bool] = {}
    query = f"{PREFIXES}SELECT * {{ role:analyst ?p ?o . role:analist ?p ?o }}"
    (found,) = warnings(query, sales.store, remembered)
    assert "role:analist" in found
    assert remembered == {analyst: True, analist: False}
    (again,) = warnings(query, ox.Store(), remembered)
    assert "role:analist" in again
    assert [*warnings(query, ox.Store(), {analyst: True, analist: True})] == []


def test_long_terms_are_not_remembered(sales: Dictionary) -> None:
    remembered: dict[str, bool] = {}
    assert [*warnings(f"ASK {{ <{BASE}{'x' * 200}> ?p ?o }}", sales.store, remembered)]
    assert remembered == {}
