"""Comparisons over HTTP: as JSON, as tables, as a page, and what is refused."""

from __future__ import annotations

import csv
import io
import re
import urllib.parse
from collections.abc import Iterator

import pytest

from conftest import serving
from site_client import fetch, iri, label, values

ANALYST, MANAGER = iri("role/analyst"), iri("role/manager")
PATH = f"/compare?kind=role&entry={ANALYST}&entry={MANAGER}"


def test_the_json_has_what_the_files_state(server: str) -> None:
    found = fetch(server, PATH).json
    left, right = values(ANALYST, "coversArea"), values(MANAGER, "coversArea")
    area = next(section for section in found["sections"] if section["kind"] == "area")
    assert {part["iri"]: part["in"] for part in area["parts"]} == {
        str(each): [each in left, each in right] for each in left | right
    }
    assert (area["shared"], area["only"]) == (
        len(left & right), [len(left - right), len(right - left)]
    )  # fmt: skip
    assert found["summary"].startswith(
        "Analyst and Manager share 1 area, 16 knowledge entries, 7 abilities"
    )
    assert [way["from"] for way in found["ways"]] == [str(ANALYST), str(MANAGER)]
    assert {step["area"]["label"] for step in found["ways"][0]["steps"]} == {
        label(each) for each in right - left
    }


@pytest.mark.parametrize("names", [("R5", "R4"), ("analyst", "MANAGER"), ("role:analyst", "R4")])
def test_entries_are_named_by_label_code_or_iri(server: str, names: tuple[str, str]) -> None:
    given = urllib.parse.urlencode([("kind", "role"), *(("entry", name) for name in names)])
    found = fetch(server, f"/compare?{given}").json
    assert [entry["iri"] for entry in found["entries"]] == [str(ANALYST), str(MANAGER)]


def test_the_table_has_a_row_for_each_part(server: str) -> None:
    parts = [p for section in fetch(server, PATH).json["sections"] for p in section["parts"]]
    table = list(csv.DictReader(io.StringIO(fetch(server, f"{PATH}&format=csv").text)))
    assert [(row["entry"], row["has_analyst"], row["has_manager"]) for row in table] == [
        (part["iri"], *(str(has).lower() for has in part["in"])) for part in parts
    ]
    tsv = fetch(server, PATH, "text/tab-separated-values").text
    assert len(tsv.splitlines()) == len(table) + 1


def test_the_page_links_to_every_part(server: str) -> None:
    page = fetch(server, PATH, "text/html").text
    for role in (ANALYST, MANAGER):
        for area in values(role, "coversArea"):
            for part in values(area, "requiresKnowledge", "requiresAbility", "hasKeyAction"):
                assert f'href="{part.removeprefix("https://w3id.org/competency-graph")}"' in page
    assert len(page) < 100_000


def test_three_entries_make_a_table_and_no_way(server: str) -> None:
    path = f"{PATH}&entry=R1"
    assert fetch(server, path).json["ways"] == []
    page = fetch(server, path, "text/html").text
    assert page.count('<th scope="col">') == 3 * 5  # the competencies are all shared
    assert len(page) < 100_000


@pytest.mark.parametrize(
    "kind", ["title", "cluster", "competency", "action", "knowledge", "output"]
)
def test_entries_of_every_kind_are_compared(server: str, kind: str) -> None:
    first, second = fetch(server, f"/entries/{kind}").json[:2]
    entries = urllib.parse.urlencode([("entry", first["iri"]), ("entry", second["iri"])])
    assert fetch(server, f"/compare?kind={kind}&{entries}").json["sections"]
    assert fetch(server, f"/compare?kind={kind}&{entries}", "text/html").status == 200


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("kind=skill", "Use one of role"),
        ("kind=role&entry=Analyst&entry=Managre", "Use “Manager”"),
        ("kind=role&entry=Analyst&entry=A01", "Use"),
        ("kind=area&entry=R5&entry=R4", "Use"),
        ("kind=role&entry=R1&entry=R2&entry=R3&entry=R4", "at most 3"),
        ("kind=role&entry=R1", "two or three"),
        ("kind=role&entry=R1&entry=R1", "two or three"),
        ("kind=role&entry=http://e.example/x&entry=R1", "Use one of"),
        ("kind=role&kind=area", "one value"),
        ("kind=role&entries=R1", "Use entry"),
        ("kind=role&entry=R1&entry=R2&format=pdf", "Use one of html, json, csv"),
    ],
)
def test_what_cannot_be_compared_is_explained(server: str, query: str, said: str) -> None:
    reply = fetch(server, f"/compare?{query}")
    assert reply.status == 400
    assert said in reply.json["remedy"]


def test_a_reader_who_chose_one_entry_twice_chooses_again(server: str) -> None:
    page = fetch(server, "/compare?kind=role&entry=R1&entry=R1&entry=", "text/html").text
    assert "Choose two different entries" in page


def test_an_entry_is_repeated_at_this_path_only(server: str) -> None:
    assert fetch(server, "/queries/role-titles?role=R1&role=R2").status == 400
    assert fetch(server, "/queries/role-requires?entry=K001&entry=K002").status == 400


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of a dictionary with one role and two areas, without codes."""
    folder = tmp_path_factory.mktemp("single")
    (folder / "d.ttl").write_text("""
        PREFIX cg: <https://w3id.org/competency-graph/ontology#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        PREFIX d: <https://bakery.example/>
        d:baker a cg:Role ; skos:prefLabel "Baker"@en ; cg:coversArea d:baking .
        d:baking a cg:AreaOfExpertise ; skos:prefLabel "Baking"@en ; cg:requiresKnowledge d:flour .
        d:selling a cg:AreaOfExpertise ; cg:requiresKnowledge d:flour, d:prices .
        d:flour a cg:Knowledge ; skos:prefLabel "Flour"@en, "Mehl"@de .
        d:prices a cg:Knowledge ; skos:prefLabel "Prices"@en .
    """)
    with serving(folder, "--data", "d.ttl", "--base", "none") as address:
        yield address


def test_a_dictionary_with_one_role_compares_its_areas(single: str) -> None:
    form = fetch(single, "/compare", "text/html").text
    assert "/compare?kind=area" in form
    assert "/compare?kind=role" not in form.partition("<main")[2]
    assert "fewer than two roles" in fetch(single, "/compare?kind=role", "text/html").text
    path = "/compare?kind=area&entry=Baking&entry=https://bakery.example/selling"
    found = fetch(single, path).json
    assert found["summary"] == (
        "Baking and https://bakery.example/selling share 1 knowledge entry. Only Baking has 1 role. "
        "Only https://bakery.example/selling has 1 knowledge entry."
    )
    assert "Flour" in fetch(single, path, "text/html").text


def test_a_reader_walks_through_a_dictionary_with_one_role(single: str) -> None:
    """Every page that the first one leads to is there, and so is every page of the lists."""
    home = fetch(single, "/", "text/html").text.partition("<main")[2]
    assert '<table class="matrix">' in home
    assert "/compare?kind=role" not in home
    assert "Compare with" not in fetch(single, "/baker", "text/html").text
    lists = set(re.findall(r'href="(/entries/[a-z]+)"', home))
    assert lists == {"/entries/role", "/entries/area", "/entries/knowledge"}
    pages = lists | {"/entries", "/matrix", "/compare", "/compare?kind=role&entry=Baker"}
    for path in pages:
        reply = fetch(single, path, "text/html")
        assert reply.status == 200, path
        assert "Sales" not in reply.text
    listed = [item["iri"] for path in lists for item in fetch(single, path).json]
    assert len(set(listed)) == 5
    for entry in listed:
        reply = fetch(single, f"/graph?{urllib.parse.urlencode({'entry': entry})}", "text/html")
        assert reply.status == 200, entry
        assert "/graph?entry=https%3A//bakery.example" in reply.text
    assert "shared by" not in fetch(single, "/entries/role", "text/html").text
