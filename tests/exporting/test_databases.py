"""SQLite and Parquet hold the whole dictionary, and the tools for them read it."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from competency_graph import Dictionary
from conftest import ROOT, Run

TEXT = "\n".join(path.read_text() for path in sorted((ROOT / "data").rglob("*.ttl")))
CODES = set(re.findall(r'skos:notation "([^"]+)"', TEXT))
LINKS = [
    row
    for path in sorted((ROOT / "data" / "links").glob("*.tsv"))
    for row in path.read_text().splitlines()
    if not row.startswith(("#", "subject_id"))
    and "sssom:NoTermFound" not in row
    and "\tNot\t" not in row
]
"""The published files, read without a parser."""
RELATIONS = {
    "coversArea": 31, "hasArea": 13, "requiresKnowledge": 194, "requiresAbility": 95,
    "hasCompetency": 29, "hasKeyAction": 162,
}  # fmt: skip
"""What the source counts."""
FOREIGN = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
<https://a.example/d> a cg:CompetencyDictionary .
<https://a.example/r> a cg:Role ; skos:notation "R1" ;
    skos:prefLabel "Bäcker'; DROP TABLE entry; --"@de .
"""


@pytest.fixture(scope="module")
def database(sales: Dictionary, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("exported") / "sales.db"
    path.write_bytes(sales.export("sqlite", links=True))
    return path


@pytest.fixture
def sql(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(database)) as connection:
        yield connection


def test_sqlite_has_each_entry_once_and_keys_that_hold(sql: sqlite3.Connection) -> None:
    assert sql.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert sql.execute("PRAGMA foreign_key_check").fetchall() == []
    found = [code for (code,) in sql.execute("SELECT code FROM entry WHERE kind != 'dictionary'")]
    assert sorted(found) == sorted(CODES)
    assert sql.execute("SELECT count(*) FROM role").fetchall() == [(6,)]
    counts = dict(sql.execute("SELECT property, count(*) FROM statement GROUP BY property"))
    assert {name: counts[name] for name in RELATIONS} == RELATIONS
    assert sql.execute("SELECT count(*) FROM link").fetchone() == (len(LINKS),)


def test_a_key_that_leads_nowhere_would_be_found(sql: sqlite3.Connection) -> None:
    sql.execute("INSERT INTO statement VALUES ('x:a', 'coversArea', 'x:b')")
    assert len(sql.execute("PRAGMA foreign_key_check").fetchall()) == 2
    sql.rollback()


def test_texts_are_data_and_never_sql() -> None:
    content = Dictionary.from_bytes(FOREIGN.encode(), base="none").export("sqlite")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(content)
        assert connection.execute("SELECT label FROM role").fetchall() == [
            ("Bäcker'; DROP TABLE entry; --",)
        ]
        assert connection.execute("SELECT language, value FROM text").fetchall() == [
            ("de", "Bäcker'; DROP TABLE entry; --")
        ]


EXTENSION = """\
PREFIX acme: <https://acme.example/>
PREFIX area: <https://w3id.org/competency-graph/sales/area/>
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
acme:baker a cg:Role , acme:Craft ; skos:prefLabel "Baker"@en ; skos:notation "X1" ;
    cg:coversArea area:setting-sales-strategy , acme:planned ;
    acme:seats 3 ; acme:motto "Früh auf"@de ; acme:needs acme:hygiene ; acme:nested [] .
"""


def test_what_an_extension_adds_is_in_a_table_of_its_own() -> None:
    xsd, acme = "xsd:integer", "https://acme.example/"
    expected = {
        ("coversArea", f"{acme}planned", "IRI", None),  # no such entry
        ("motto", "Früh auf", "rdf:langString", "de"),
        ("needs", f"{acme}hygiene", "IRI", None),
        ("seats", "3", xsd, None),
        ("type", f"{acme}Craft", "IRI", None),
    }
    content = Dictionary.from_bytes(EXTENSION.encode()).export("sqlite")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(content)
        found = connection.execute(
            "SELECT property, value, type, language FROM attribute JOIN role ON entry = iri"
            " WHERE code = 'X1'"
        ).fetchall()
        assert sorted(found) == sorted(expected)
        stated = connection.execute("SELECT entry FROM attribute WHERE property_iri LIKE '%Ended'")
        assert len(stated.fetchall()) == TEXT.count("cg:outputsOpenEnded true")


def test_duckdb_reads_parquet_and_csv(
    sales: Dictionary, competency: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert competency("export", "parquet", "--with-links", "-o", ".").returncode == 0
    assert competency("export", "csv", "-o", "sales.csv").returncode == 0
    monkeypatch.chdir(tmp_path)
    query = duckdb.sql
    assert query("SELECT count(*) FROM 'link.parquet'").fetchall() == [(len(LINKS),)]
    counts = dict(
        query("SELECT property, count(*) FROM 'statement.parquet' GROUP BY property").fetchall()
    )
    assert {name: counts[name] for name in RELATIONS} == RELATIONS
    assert query("SELECT count(*) FROM 'knowledge.parquet'").fetchall() == [(189,)]
    types = dict(query("SELECT name, type FROM parquet_schema('entry.parquet')").fetchall())
    assert (types["page"], types["deprecated"]) == ("INT64", "BOOLEAN")
    codes = {
        code for (code,) in query("SELECT Code FROM 'sales.csv' WHERE Code IS NOT NULL").fetchall()
    }
    assert codes == CODES


def test_an_archive_stays_one_file_unless_a_folder_is_named(
    competency: Run, tmp_path: Path
) -> None:
    assert competency("export", "parquet", "-o", "sales.zip").returncode == 0
    assert (tmp_path / "sales.zip").read_bytes().startswith(b"PK")
    assert [path.name for path in tmp_path.iterdir()] == ["sales.zip"]


def test_without_pyarrow_the_extra_is_named(
    sales: Dictionary, monkeypatch: pytest.MonkeyPatch
) -> None:
    from competency_graph.errors import UnavailableError

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UnavailableError, match=r"competency-graph\[arrow\]"):
        sales.export("parquet")


def test_datasette_opens_it(database: Path) -> None:
    def get(address: str) -> dict:
        done = subprocess.run(
            [sys.executable, "-m", "datasette", str(database), "--get", address],
            capture_output=True, text=True, check=True, timeout=60, env=os.environ,
        )  # fmt: skip
        return json.loads(done.stdout)

    tables = {table["name"]: table for table in get("/sales.json")["tables"]}
    assert tables["entry"]["fts_table"] == "entry_search"
    assert {key["other_table"] for key in tables["statement"]["foreign_keys"]["outgoing"]} == {
        "entry"
    }
    found = get("/sales/entry.json?_search=forecasting&_shape=array&kind=knowledge")
    assert {row["label"] for row in found} == {
        "Forecasting and aggregation methods or tools",
        "Sales forecasting and metrics management skills",
    }
