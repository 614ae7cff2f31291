"""`competency import onet`: from the database's files to a compact graph."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyoxigraph as ox
import pytest
from downloads import ONET, about, folder_of, graph_in, tables, written_by_hand, zip_of
from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, SKOS

from conftest import Run

GRAPH = URIRef("https://w3id.org/competency-graph/graph/onet")
TERMS = "https://w3id.org/competency-graph/onet/"
SUMMARY = """\
O*NET 29.2, in en
  3  occupations
  3  alternate titles
  2  intermediate work activities
  2  detailed work activities
 14  elements of the content model
  1  skills
  2  knowledge
  1  work activities
  4  ratings by knowledge
  4  elements that occupations require
  2  ratings by skills
  3  tasks
  1  ratings of tasks
  1  links from tasks to work activities
"""
LEFT_OUT = """\
Left out:
  1  ratings of low precision, as O*NET recommends, as 41-4012.00
  1  levels of things not relevant to an occupation, as 11-1011.03
  2  ratings on other scales than IM and LV, as FT
  1  links from tasks to work activities of things that the files do not describe, as 9999
"""


def workbooks(files: dict[str, bytes]) -> dict[str, bytes]:
    """The Excel edition of the same tables: numbers as numbers, and titles beside codes."""
    made = {}
    for name, content in files.items():
        if name == "Read Me.txt":
            made[name] = content
            continue
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        head, *lines = [line.split("\t") for line in content.decode().splitlines()]
        titled = head[0] == "O*NET-SOC Code" and "Title" not in head
        sheet.append([head[0], *(["Title"] if titled else []), *head[1:]])
        for line in lines:
            sheet.append([line[0], *(["A title"] if titled else []), *map(_cell, line[1:])])
        file = io.BytesIO()
        book.save(file)
        made[name.replace(".txt", ".xlsx")] = file.getvalue()
    return made


def _cell(text: str) -> str | float | None:
    return float(text) if re.fullmatch(r"\d+(\.\d+)?", text) else text or None


def newer(files: dict[str, bytes]) -> dict[str, bytes]:
    """As O*NET 30.3 calls them."""
    tables = {
        "IWA Reference.txt": "GWAs to IWAs.txt",
        "DWA Reference.txt": "GWAs to IWAs to DWAs.txt",
    }
    columns = {b"IWA ID": b"IWA Element ID", b"IWA Title": b"IWA Element Name", b"DWA ID": b"DWA Element ID", b"DWA Title": b"DWA Element Name"}  # fmt: skip
    for old, new in columns.items():
        files = {name: content.replace(old, new) for name, content in files.items()}
    for name in tables:
        files[name] = files[name].replace(b"Element ID\tIWA", b"GWA Element ID\tIWA", 1)
    return {tables.get(name, name): content for name, content in files.items()}


def underscored(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name.replace(" ", "_"): content for name, content in files.items()}


def line_feeds(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content.replace(b"\r\n", b"\n") for name, content in files.items()}


def test_the_graph_is_as_written_by_hand(competency: Run, tmp_path: Path) -> None:
    done = competency("import", "onet", ONET, "-o", "out.nq")

    assert (done.returncode, done.stderr) == (0, "")
    expected = written_by_hand("onet")
    found = graph_in(tmp_path / "out.nq", "onet")
    assert about(found, {subject for subject, _, _ in expected}) == expected


def test_what_was_read_is_told(competency: Run, tmp_path: Path) -> None:
    done = competency("import", "onet", ONET)

    count = len((tmp_path / "onet.nq").read_bytes().splitlines())
    assert done.stdout == f"{SUMMARY}{count}  statements in onet.nq\n{LEFT_OUT}"


@pytest.mark.parametrize("form", [workbooks, newer, underscored, line_feeds])
def test_other_forms_of_the_same_files_are_the_same(
    form: Callable[[dict[str, bytes]], dict[str, bytes]], competency: Run, tmp_path: Path
) -> None:
    files = form(tables(ONET))
    assert files != tables(ONET)
    competency("import", "onet", ONET, "-o", "usual.nq")

    folder = competency("import", "onet", folder_of(tmp_path / "folder", files), "-o", "folder.nq")
    inside = {f"db_29_2/{name}": content for name, content in files.items()}
    archive = competency("import", "onet", zip_of(tmp_path / "db.zip", inside), "-o", "zip.nq")

    assert (folder.returncode, folder.stderr) == (archive.returncode, archive.stderr) == (0, "")
    assert graph_in(tmp_path / "folder.nq") == graph_in(tmp_path / "usual.nq")
    assert graph_in(tmp_path / "zip.nq") == graph_in(tmp_path / "usual.nq")


@pytest.mark.parametrize("name", [name for name in tables(ONET) if "Occupation" not in name])
def test_a_table_that_is_not_there_is_not_missed(
    name: str, competency: Run, tmp_path: Path
) -> None:
    files = {other: content for other, content in tables(ONET).items() if other != name}
    done = competency("import", "onet", folder_of(tmp_path / "folder", files), "-o", "out.nq")
    competency("import", "onet", ONET, "-o", "all.nq")

    assert (done.returncode, done.stderr) == (0, "")
    new = graph_in(tmp_path / "out.nq") - graph_in(tmp_path / "all.nq")
    # Without the intermediate activities, the detailed ones are right below the element.
    assert {p for _, p, _ in new} <= {SKOS.broader, SKOS.narrower}
    assert bool(new) == (name == "IWA Reference.txt")


def test_elements_and_occupations_may_come_alone(competency: Run, tmp_path: Path) -> None:
    competency("import", "onet", ONET / "Content Model Reference.txt", "-o", "out.nq")

    kinds = {str(kind) for _, p, kind in graph_in(tmp_path / "out.nq") if p == RDF.type}
    assert {TERMS + "Skill", TERMS + "Knowledge", TERMS + "WorkActivity"} < kinds


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("Occupation Data.txt", "41-4012.00\t", "sales\t", "1  occupations with an invalid code, as sales"),
        ("Skills.txt", "IM\t4.00", "IM\t40", "1  ratings outside their scale, as IM 40"),
        ("Skills.txt", "IM\t4.00", "IM\tnan", "1  ratings outside their scale, as IM nan"),
        ("Skills.txt", "41-4012.00", "41-9999.00", "1  ratings of things that the files do not describe, as 41-9999.00"),
        ("Content Model Reference.txt", "2.C.4.c", "no/code", "1  elements with an invalid code, as no/code"),
        ("Task Statements.txt", "8121", "eight", "1  tasks with an invalid code, as eight"),
    ],
)  # fmt: skip
def test_what_is_left_out_is_counted_and_told(
    name: str, old: str, new: str, told: str, competency: Run, tmp_path: Path
) -> None:
    files = tables(ONET)
    assert old in files[name].decode()
    files[name] = files[name].decode().replace(old, new, 1).encode()

    done = competency("import", "onet", folder_of(tmp_path / "folder", files))

    assert (done.returncode, done.stderr) == (0, "")
    assert told in done.stdout


def test_a_table_that_comes_twice_is_read_once(competency: Run, tmp_path: Path) -> None:
    twice = tables(ONET) | {"Skills.xlsx": b"never read"}
    done = competency(
        "import", "onet", folder_of(tmp_path / "folder", twice | {"Interests.txt": b""})
    )

    assert done.returncode == 0
    assert "1  files without data to import, as Interests.txt" in done.stdout
    assert "1  files of tables already read from another file, as " in done.stdout


def test_every_term_of_the_graph_is_explained_in_it(competency: Run, tmp_path: Path) -> None:
    competency("import", "onet", ONET)

    found = graph_in(tmp_path / "onet.nq")
    used = {p for _, p, _ in found} | {o for _, p, o in found if p == RDF.type}
    ours = {term for term in used if term.startswith(TERMS)}
    assert len(ours) >= 12
    assert ours <= {subject for subject, p, _ in found if p == SKOS.definition}


def test_the_graph_says_where_it_is_from(competency: Run, tmp_path: Path) -> None:
    competency("import", "onet", ONET)

    told = {p: o for _, p, o in about(graph_in(tmp_path / "onet.nq"), {GRAPH})}
    assert told[OWL.versionInfo] == Literal("29.2")
    assert str(told[DCTERMS.license]) == "https://creativecommons.org/licenses/by/4.0/"
    assert str(told[DCTERMS.source]) == "https://www.onetcenter.org/database.html"
    assert (
        "Used under the CC BY 4.0 license. O*NET® is a trademark of USDOL/ETA."
        in told[DCTERMS.rights]
    )
    assert "has modified all or some of this information" in told[DCTERMS.rights]


@pytest.mark.parametrize(
    ("name", "version"), [("db_30_1_text", "30.1"), ("db_29_2_excel (1)", "29.2")]
)
def test_the_version_is_in_the_archives_name(
    name: str, version: str, competency: Run, tmp_path: Path
) -> None:
    files = {key: content for key, content in tables(ONET).items() if "Read" not in key}

    done = competency("import", "onet", zip_of(tmp_path / f"{name}.zip", files))

    assert done.stdout.startswith(f"O*NET {version}, in en\n")


def test_queries_stay_simple(competency: Run) -> None:
    competency("import", "onet", ONET)
    query = "PREFIX onet: <https://w3id.org/competency-graph/onet/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT ?what { ?o skos:notation '41-4012.00' ; onet:callsFor/skos:prefLabel ?what } ORDER BY ?what"

    assert competency("query", "--with", "onet.nq", "-", "-f", "csv", stdin=query).stdout == (
        "what\r\nActive Listening\r\nSales and Marketing\r\n"
    )
    assert ox.RdfFormat.N_QUADS.file_extension == "nq"
