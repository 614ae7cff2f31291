"""Tables for people, and the files that answers are saved in."""

from __future__ import annotations

import csv
import re
import urllib.request
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest

from competency_graph.rdf.tables import Columns, in_words
from conftest import Run


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("role", "Role"), ("areaLabel", "Area"), ("mustKnow", "Must know"), ("sourcePage", "Source page"),
        ("Label", "Label"), ("ISCOGroup", "ISCO group"), ("x", "X"), ("two_words", "Two words"),
        ("größe", "Größe"),
    ],
)  # fmt: skip
def test_a_variable_becomes_words(name: str, words: str) -> None:
    assert in_words(name) == words


def test_an_entry_stands_in_one_column_under_its_label() -> None:
    columns = Columns(["role", "areas", "roleLabel", "otherLabel"])
    assert columns.heads == ["Role", "Areas", "Other"]
    role, areas, label = ox.NamedNode("http://e/r"), ox.Literal(3), ox.Literal("Baker")
    rows = list(columns.rows([[role, areas, label, None], [role, None, None, label]]))
    assert [[cell.text for cell in row] for row in rows] == [
        ["Baker", "3", ""], ["http://e/r", "", "Baker"],
    ]  # fmt: skip
    assert rows[0][0].term == role


FILES = {
    "/queries/role-titles?role=Analyst&format=csv": 'attachment; filename="role-titles-analyst.csv"',
    "/queries/role-area-matrix?format=xlsx": 'attachment; filename="role-area-matrix.xlsx"',
    "/queries/role-titles?format=json": 'inline; filename="role-titles-consultant.srj"',
    "/links?framework=onet&match=broadMatch&format=csv": 'attachment; filename="links-onet-broadMatch.csv"',
    "/sales/role/analyst.ttl": 'inline; filename="analyst.ttl"',
    "/sales.jsonld": 'inline; filename="sales.jsonld"',
    "/ontology?format=turtle": 'inline; filename="ontology.ttl"',
    "/graphs?default&format=ntriples": 'inline; filename="graph.nt"',
    "/sparql?query=ASK%20%7B%7D&format=json": 'inline; filename="answer.srj"',
    "/sparql?query=SELECT%20*%20%7B%7D&format=tsv": 'attachment; filename="answer.tsv"',
}


@pytest.mark.parametrize("path", FILES)
def test_a_download_has_a_telling_name(server: str, path: str) -> None:
    with urllib.request.urlopen(server + path, timeout=30) as reply:
        assert reply.headers["Content-Disposition"] == FILES[path]


def test_a_page_shows_labels_as_links(server: str) -> None:
    asked = urllib.request.Request(
        f"{server}/queries/area-roles?area=Maintaining%20Accounts", headers={"Accept": "text/html"}
    )
    with urllib.request.urlopen(asked, timeout=30) as reply:
        page = reply.read().decode()
    assert '<th scope="col">Role</th>' in page
    assert '<td><a href="/sales/role/analyst">Analyst</a></td>' in page
    assert "roleLabel" not in re.findall(r"<table>.*?</table>", page, re.DOTALL)[0]


@pytest.mark.parametrize("ending", ["csv", "tsv", "xlsx", "json"])
def test_an_answer_is_saved_in_the_format_of_its_ending(
    competency: Run, tmp_path: Path, ending: str
) -> None:
    done = competency("query", "area-roles", "-o", f"roles.{ending}")
    assert (done.returncode, done.stdout) == (0, "")
    path = tmp_path / f"roles.{ending}"
    if ending == "xlsx":
        sheet = openpyxl.load_workbook(path).active
        assert [cell.value for cell in sheet[1]] == ["Role"]
        assert (
            sheet["A2"].hyperlink.target
            == "https://w3id.org/competency-graph/sales/role/consultant"
        )
    elif ending == "csv":
        assert "roleLabel" in next(csv.reader(path.open()))
    else:
        assert "roleLabel" in path.read_text()


@pytest.mark.parametrize("given", [("-o", "roles.txt"), ("-f", "text", "-o", "roles")])
def test_the_table_that_is_shown_is_saved_as_text(
    competency: Run, tmp_path: Path, given: tuple[str, ...]
) -> None:
    shown = competency("query", "area-roles")
    saved = competency("query", "area-roles", *given)
    assert (saved.returncode, saved.stdout, saved.stderr) == (0, "", shown.stderr)
    assert (tmp_path / given[-1]).read_text() == shown.stdout
    assert shown.stdout.startswith("Role\n")


@pytest.mark.parametrize("name", ["roles.doc", "roles", "roles.ttl"])
def test_an_ending_that_tells_no_format_of_the_answer_is_told(
    competency: Run, tmp_path: Path, name: str
) -> None:
    done = competency("query", "area-roles", "-o", name)
    assert done.returncode == 2
    assert f"{name}: the answer is a table" in done.stderr
    assert ".csv, .tsv, .xlsx or .txt" in " ".join(done.stderr.split())
    assert list(tmp_path.iterdir()) == []
