"""Saved queries over HTTP: parameters that are checked, and tables for spreadsheets."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import openpyxl
import pytest

from competency_graph.rdf.vocabulary import GRAPH_ESCO
from conftest import serving


def get(server: str, path: str, accept: str = "*/*", **parameters: str) -> tuple[int, bytes]:
    url = f"{server}{path}?{urllib.parse.urlencode(parameters)}"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": accept})) as r:
            return r.status, r.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("role:nobody", "role:analyst"),
        ("area:protecting-accounts", "role:analyst"),
        ("https://elsewhere.example/x", "role:strategist"),
        ("analist", "Analyst"),
        ("http://[", "role:"),
        ('role:analyst> } INSERT DATA { <x:> <x:> "', "role:"),
    ],
)
def test_an_error_for_an_unknown_entry_suggests_values(
    server: str, value: str, expected: str
) -> None:
    status, body = get(server, "/queries/role-knowledge", role=value)
    assert status == 400
    assert expected in json.loads(body)["remedy"]


@pytest.mark.parametrize(
    "value", ["role:analyst", "https://w3id.org/competency-graph/sales/role/analyst"]
)
def test_an_entry_can_be_named_in_two_ways(server: str, value: str) -> None:
    status, body = get(server, "/queries/role-titles", role=value, format="csv")
    assert status == 200
    assert len(body.splitlines()) > 1


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("role-knowledge", {"language": "e n"}),
        ("page-entries", {"page": "seven"}),
        ("page-entries", {"page": "1.5"}),
        ("role-knowledge", {"roll": "role:analyst"}),
        ("role-knowledge", {"format": "word"}),
    ],
)
def test_a_value_of_another_type_is_rejected(
    server: str, name: str, parameters: dict[str, str]
) -> None:
    status, body = get(server, f"/queries/{name}", **parameters)
    assert status == 400
    assert json.loads(body)["remedy"]


def test_a_text_value_is_not_interpreted(server: str) -> None:
    status, body = get(server, "/queries/text-search", text='") } } # {', format="csv")
    assert (status, len(body.splitlines())) == (200, 1)


def test_a_form_lists_the_entries(server: str) -> None:
    status, body = get(server, "/queries/role-gap", "text/html", present="role:manager")
    assert status == 200
    page = body.decode()
    assert page.count("<select") == 2
    assert '<option value="role:manager" selected>Manager</option>' in page
    assert page.count("<option") == 12


def test_the_catalogue_is_available_as_json(server: str) -> None:
    listed = json.loads(get(server, "/queries", "application/json")[1])
    found = {query["name"]: query for query in listed}
    assert found["role-gap"]["parameters"][0]["type"] == "cg:Role"
    for query in listed:
        assert get(server, query["href"], format="json" if "whole" not in query["name"] else "")[
            0
        ] in (200, 406)


def test_the_catalogue_is_in_groups(server: str) -> None:
    listed = json.loads(get(server, "/queries", "application/json")[1])
    page = get(server, "/queries", "text/html")[1].decode()
    heads = re.findall(r"<h2>(.+?)</h2>", page)
    assert heads == list(dict.fromkeys(query["group"] for query in listed))
    assert heads[0] == "What a role takes"


def test_a_query_can_be_taken_to_the_editor(server: str) -> None:
    status, body = get(server, "/queries/role-titles.rq", role="Analyst")
    assert status == 200
    assert "VALUES ?role { role:analyst }" in body.decode()
    page = get(server, "/queries/role-titles", "text/html", role="Analyst")[1].decode()
    (link,) = re.findall(r'href="(/sparql\?query=[^"]+)"', page)
    (text,) = urllib.parse.parse_qs(urllib.parse.urlsplit(html.unescape(link)).query)["query"]
    assert text == body.decode()
    edited = get(server, "/sparql", "text/csv", query=text)[1].decode()
    saved = get(server, "/queries/role-titles", "text/csv", role="Analyst")[1].decode()
    assert len(edited.splitlines()) == len(saved.splitlines()) > 1
    assert get(server, "/queries/role-titles.rq", role="nobody")[0] == 400
    assert get(server, "/queries/nothing.rq")[0] == 404


def test_questions_name_the_framework_that_they_lack(server: str) -> None:
    listed = json.loads(get(server, "/queries", "application/json")[1])
    missing = {query["name"] for query in listed if not query["available"]}
    assert missing == {query["name"] for query in listed if query["needs"]} != set()
    page = get(server, "/queries", "text/html")[1].decode()
    assert page.count("which this service does not have") == sum(
        len(query["needs"]) for query in listed
    )
    asked = get(server, "/queries/role-esco-occupations", "text/html")[1].decode()
    assert "competency import esco" in asked
    assert "<table>" not in asked


def test_with_the_framework_they_have_answers(tmp_path: Path) -> None:
    esco = tmp_path / "esco.nq"
    esco.write_text(
        "<http://data.europa.eu/esco/skill/x> <http://www.w3.org/2004/02/skos/core#prefLabel> "
        f'"x"@en <{GRAPH_ESCO}> .'
    )
    with serving(tmp_path, "--with", esco) as address:
        listed = json.loads(get(address, "/queries", "application/json")[1])
        asked = get(address, "/queries/role-esco-occupations", "text/html")[1].decode()
    available = {query["name"] for query in listed if query["available"]}
    assert ("role-esco-occupations" in available, "action-onet-tasks" in available) == (True, False)
    assert "<table>" in asked


HOSTILE = [
    "=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x.example","y")', "fine", "a=b",
]  # fmt: skip


def values(texts: list[str]) -> str:
    quoted = " ".join(json.dumps(text) for text in texts)
    return f"SELECT ?v {{ VALUES ?v {{ {quoted} }} }}"


def test_csv_for_a_spreadsheet_contains_no_formulas(server: str) -> None:
    safe = get(server, "/sparql", query=values(HOSTILE), format="spreadsheet")[1].decode()
    found = [row["v"] for row in csv.DictReader(io.StringIO(safe, newline=""))]
    assert found == ["'" + text if text[:1] in "=+-@\t" else text for text in HOSTILE]
    plain = get(server, "/sparql", query=values(HOSTILE), format="csv")[1].decode()
    assert [
        row["v"] for row in csv.DictReader(io.StringIO(plain, newline=""), skipinitialspace=False)
    ] == HOSTILE


def test_a_workbook_holds_text_as_text_and_numbers_as_numbers(server: str) -> None:
    query = (
        "SELECT ?t ?n ?d ?b ?i ?none { VALUES (?t ?n ?d ?b ?i) "
        '{ ("=1+1" 42 -0.5 true <https://x.example/>) ("é"@fr 9007199254740993 1e3 false <urn:x>) } }'
    )
    status, body = get(server, "/sparql", query=query, format="xlsx")
    assert status == 200
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    head, first, second = sheet.iter_rows(values_only=True)
    assert head == ("T", "N", "D", "B", "I", "None")
    assert first == ("=1+1", 42, -0.5, True, "https://x.example/", None)
    assert second == ("é", "9007199254740993", 1000, False, "urn:x", None)
    assert sheet["A2"].data_type == "s"  # a text, not a formula
    assert sheet["E2"].hyperlink.target == "https://x.example/"
    assert sheet["E3"].hyperlink is None  # browsers cannot open a URN


def test_a_saved_query_comes_as_a_workbook(server: str) -> None:
    status, body = get(server, "/queries/role-titles", role="role:analyst", format="xlsx")
    assert status == 200
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    assert "language" not in [cell.value for cell in sheet[1]]  # the parameters are not repeated
