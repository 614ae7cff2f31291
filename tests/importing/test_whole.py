"""The whole official downloads, where there are any: all of each is taken over.

They may not be part of this repository. `COMPETENCY_ESCO` names a folder with ESCO's CSV files or
zip archives in English, `COMPETENCY_ONET` one with O*NET's Excel files.
"""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from downloads import graph_in
from rdflib import URIRef
from rdflib.namespace import RDF, SKOS

from competency_graph import Dictionary
from competency_graph.importing import Tally, import_esco, write
from competency_graph.rdf.formats import GRAPH_FORMATS, format_named
from competency_graph.sparql.evaluator import evaluate
from competency_graph.sparql.saved_queries import Catalogue
from conftest import Run

MODEL = "http://data.europa.eu/esco/model#"
TERMS = "https://w3id.org/competency-graph/onet/"


def folder(variable: str) -> Path:
    named = os.environ.get(variable)
    if not named:
        pytest.skip(f"{variable} names no folder with the official download")
    return Path(named)


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """The CSV files of a folder and of the archives in it."""
    for path in sorted(folder.rglob("*.csv")):
        yield path.name, path.read_text("utf-8-sig")
    for path in sorted(folder.rglob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield name.split("/")[-1], archive.read(name).decode("utf-8-sig")


def test_the_whole_of_esco(competency: Run, tmp_path: Path) -> None:
    source = folder("COMPETENCY_ESCO")
    csv.field_size_limit(10_000_000)
    rows = {
        name.removesuffix(".csv").removesuffix("_en"): list(csv.DictReader(io.StringIO(text, newline="")))
        for name, text in texts(source)
    }  # fmt: skip

    done = competency("import", "esco", source, "-o", "out.nq")

    assert (done.returncode, done.stderr) == (0, "")
    found = graph_in(tmp_path / "out.nq", "esco")
    for table, kind in (("occupations", "Occupation"), ("skills", "Skill")):
        ours = {str(s) for s, p, o in found if p == RDF.type and o == URIRef(MODEL + kind)}
        assert ours == {row["conceptUri"] for row in rows[table]}
    for table in ("occupations", "skills", "skillGroups", "ISCOGroups"):
        labels = {(row["conceptUri"], row["preferredLabel"].strip()) for row in rows[table]}
        assert labels <= {(str(s), str(o)) for s, p, o in found if p == SKOS.prefLabel}
    known = {
        row["conceptUri"]
        for table in ("occupations", "skills", "skillGroups", "ISCOGroups")
        for row in rows[table]
    }
    for table, start, end in (
        ("occupationSkillRelations", "occupationUri", "skillUri"),
        ("skillSkillRelations", "originalSkillUri", "relatedSkillUri"),
    ):
        for relation in ("essential", "optional"):
            expected = {
                (row[start], row[end]) for row in rows[table]
                if row["relationType"] == relation and {row[start], row[end]} <= known
            }  # fmt: skip
            name = URIRef(f"{MODEL}related{relation.title()}Skill")
            back = URIRef(f"{MODEL}is{relation.title()}SkillFor")
            assert expected <= {(str(s), str(o)) for s, p, o in found if p == name}
            assert expected <= {(str(o), str(s)) for s, p, o in found if p == back}
    broader = {(str(s), str(o)) for s, p, o in found if p == SKOS.broader}
    assert broader == {
        (row["conceptUri"], row["broaderUri"])
        for table in ("broaderRelationsOccPillar", "broaderRelationsSkillPillar")
        for row in rows[table]
        if {row["conceptUri"], row["broaderUri"]} <= known
    }


def test_the_whole_of_onet(competency: Run, tmp_path: Path) -> None:
    source = folder("COMPETENCY_ONET")

    done = competency("import", "onet", source, "-o", "out.nq")

    assert (done.returncode, done.stderr) == (0, "")
    found = graph_in(tmp_path / "out.nq", "onet")

    def sheet(name: str) -> list[dict[str, object]]:
        book = openpyxl.load_workbook(source / f"{name}.xlsx", read_only=True)
        head, *rest = book.worksheets[0].iter_rows(values_only=True)
        return [dict(zip(map(str, head), row, strict=True)) for row in rest]

    def iri(kind: str, code: object) -> str:
        return f"{TERMS}{kind}/{code}"

    labels = {(str(s), str(o)) for s, p, o in found if p == SKOS.prefLabel}
    for name, kind, code, label in (
        ("Occupation Data", "occupation", "O*NET-SOC Code", "Title"),
        ("Content Model Reference", "element", "Element ID", "Element Name"),
        ("DWA Reference", "activity", "DWA ID", "DWA Title"),
        ("IWA Reference", "activity", "IWA ID", "IWA Title"),
        ("Task Statements", "task", "Task ID", "Task"),
    ):
        assert {(iri(kind, r[code]), str(r[label]).strip()) for r in sheet(name)} <= labels
    ratings: dict[tuple[str, str], dict[str, float]] = {}
    for name in ("Skills", "Knowledge"):
        for row in sheet(name):
            if row["Recommend Suppress"] != "Y" and row["Not Relevant"] != "Y":
                key = (str(row["O*NET-SOC Code"]), str(row["Element ID"]))
                ratings.setdefault(key, {})[str(row["Scale ID"])] = float(str(row["Data Value"]))
    for property_, scale in (("importance", "IM"), ("level", "LV")):
        of_ratings = {
            str(s): float(str(o)) for s, p, o in found
            if p == URIRef(TERMS + property_) and "/rating/" in str(s)
        }  # fmt: skip
        assert of_ratings == {
            iri("rating", f"{code}/{number}"): values[scale]
            for (code, number), values in ratings.items()
            if scale in values
        }
    assert {(str(s), str(o)) for s, p, o in found if p == URIRef(TERMS + "callsFor")} == {
        (iri("occupation", code), iri("element", number))
        for (code, number), values in ratings.items()
        if values.get("IM", 0) >= 3
    }


FIRST = {
    "administrator": ({"sales processor", "sales support assistant"}, 2),
    "analyst": ({"business analyst", "data analyst", "market research analyst"}, 5),
    "consultant": ({"commercial sales representative", "sales account manager"}, 5),
    "developer": ({"e-learning developer", "instructional designer"}, 5),
    "manager": ({"sales manager"}, 1),
    "strategist": ({"strategic planning manager"}, 1),
}
"""Occupations that a person who knows sales expects among the first of a role."""
FIRST_OF_TITLES = {
    "account-manager": ({"sales account manager"}, 1),
    "sales-analyst": ({"data analyst", "market research analyst"}, 5),
    "sales-coach": ({"business coach", "corporate trainer"}, 5),
    "sales-recruiter": ({"recruitment consultant"}, 1),
    "solution-architect": ({"ICT system architect", "software architect"}, 5),
}
"""The same of job titles."""
FAR = {"door to door seller", "corporate training manager", "medical practice manager"}
"""What ranked high by the number of skills alone."""


def test_the_first_occupations_of_a_role_or_title_are_sensible(tmp_path: Path) -> None:
    source = folder("COMPETENCY_ESCO")
    with (tmp_path / "esco.nq").open("wb") as file:
        write(import_esco([source], Tally()), format_named("nquads", GRAPH_FORMATS), file, Tally())
    store = Dictionary(extra_files=[tmp_path / "esco.nq"]).store
    wanted = [("role", *each) for each in FIRST.items()]
    wanted += [("title", *each) for each in FIRST_OF_TITLES.items()]
    for kind, thing, (expected, among) in wanted:
        query = Catalogue()[f"{kind}-esco-occupations"]
        answer = evaluate(store, query.text, query.bind({kind: f"{kind}:{thing}"}))
        found = [
            r["occupationLabel"]
            for r in csv.DictReader(answer.serialize("csv").decode().splitlines())
        ]
        assert expected <= set(found[:among]), (thing, found[:5])
        if thing == "analyst":
            assert not FAR & set(found[:5])
