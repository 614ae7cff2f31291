"""The published dictionary: the design's counts, its links, and its layout."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from rdflib import RDF, SKOS, Literal, Namespace, URIRef

from competency_graph import Dictionary
from competency_graph.dictionary.statistics import count
from competency_graph.rdf.turtle_formatter import formatted
from conftest import ROOT

CG = Namespace("https://w3id.org/competency-graph/ontology#")
SALES = URIRef("https://w3id.org/competency-graph/sales")
FILES = sorted((ROOT / "data").rglob("*.ttl"))
SHORT = {path: str(path.relative_to(ROOT)) for path in FILES}

COUNTS = {
    CG.Role: 6,
    CG.JobTitle: 31,
    CG.CompetencyCluster: 4,
    CG.Competency: 29,
    CG.AreaOfExpertise: 13,
    CG.KeyAction: 80 + 82,
    CG.Knowledge: 189,
    CG.Ability: 95,
    CG.Output: 166,
    CG.CompetencyDictionary: 1,
}  # fmt: skip
LINKS = {
    CG.coversArea: 31,
    CG.exampleTitle: 31,
    CG.hasCompetency: 29,
    CG.foundationalCompetency: 29,
    CG.hasKeyAction: 162,
    CG.requiresKnowledge: 194,
    CG.requiresAbility: 95,
    CG.producesOutput: 166,
    CG.areaOf: 13,
}  # fmt: skip
# Table A-1 of the source, read by column: Consultant Strategist Developer Manager Analyst Admin.
TABLE = {
    "creating-and-closing-opportunities": "X...X.",
    "protecting-accounts": "X....X",
    "defining-and-positioning-solutions": "X.....",
    "supporting-indirect-selling": "X..X.X",
    "setting-sales-strategy": "XX....",
    "managing-within-the-sales-ecosystem": "X..X..",
    "developing-sales-force-capability": "X.X.X.",
    "delivering-sales-training": "X.X...",
    "coaching-for-sales-results": "X.XX..",
    "building-sales-infrastructure": "X.X...",
    "designing-compensation": "XX..X.",
    "maintaining-accounts": "X...XX",
    "recruiting-sales-talent": "X..XX.",
}
ROLES = ["consultant", "strategist", "developer", "manager", "analyst", "administrator"]
SHARED_KNOWLEDGE = {
    "business-analysis-methods",
    "business-standards-of-conduct-and-ethical-guidelines",
    "sales-operations-and-fulfillment-processes",
    "learning-management-systems",
    "sales-culture",
}


@pytest.mark.parametrize(("cls", "number"), COUNTS.items(), ids=lambda x: str(x).split("#")[-1])
def test_there_are_as_many_entries_as_the_source_has(
    sales: Dictionary, cls: URIRef, number: int
) -> None:
    assert len(set(sales.asserted.subjects(RDF.type, cls))) == number


@pytest.mark.parametrize(("link", "number"), LINKS.items(), ids=lambda x: str(x).split("#")[-1])
def test_there_are_as_many_links_as_the_source_has(
    sales: Dictionary, link: URIRef, number: int
) -> None:
    assert len(list(sales.asserted.subject_objects(link))) == number


def test_role_area_table_is_the_sources(sales: Dictionary) -> None:
    expected = {
        (role, area)
        for area, row in TABLE.items()
        for role, mark in zip(ROLES, row, strict=True)
        if mark == "X"
    }
    found = {
        (str(role).split("/")[-1], str(area).split("/")[-1])
        for role, area in sales.asserted.subject_objects(CG.coversArea)
    }
    assert found == expected


def test_knowledge_of_two_areas_is_one_entry(sales: Dictionary) -> None:
    owners = Counter(sales.asserted.objects(None, CG.requiresKnowledge))
    assert {str(k).split("/")[-1] for k, n in owners.items() if n > 1} == SHARED_KNOWLEDGE


def test_every_entry_has_the_common_parts(sales: Dictionary) -> None:
    graph = sales.asserted
    for entry in set(graph.subjects(SKOS.notation)):
        assert len(list(graph.objects(entry, SKOS.prefLabel))) == 1, entry
        assert list(graph.objects(entry, SKOS.inScheme)) == [SALES], entry
        assert len(list(graph.objects(entry, SKOS.notation))) == 1, entry
        assert all(79 <= int(str(p)) <= 124 for p in graph.objects(entry, CG.sourcePage)), entry
        assert list(graph.objects(entry, CG.sourcePage)), entry
    assert len(set(graph.subjects(SKOS.notation))) == sum(COUNTS.values()) - 1


def test_notations_run_through_without_gap_or_double(sales: Dictionary) -> None:
    series: dict[str, list[int]] = {}
    for notation in sales.asserted.objects(None, SKOS.notation):
        head, digits = re.fullmatch(r"(.*?)(\d+)", str(notation)).groups()  # type: ignore[union-attr]
        series.setdefault(head, []).append(int(digits))
    assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in series.values())
    assert {h: len(series[h]) for h in ("R", "T", "CL", "C", "A", "K", "B", "O")} == {
        "R": 6, "T": 31, "CL": 4, "C": 29, "A": 13, "K": 189, "B": 95, "O": 166,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "predicate", "value"),
    [
        ("competency/aligning-to-customers", SKOS.altLabel, "Aligning to customers’ needs"),
        ("competency/formalizing-commitment", SKOS.altLabel, "Formalizing Agreements"),
        ("area/protecting-accounts", SKOS.altLabel, "Managing Accounts"),
        ("area/maintaining-accounts", SKOS.prefLabel, "Maintaining Accounts"),
        ("title/training-coordinator", SKOS.prefLabel, "Training coordinator"),
        ("knowledge/industry-research-engines-and-resources", SKOS.example, "Dun and Bradstreet"),
        ("knowledge/formal-and-ad-hoc-research-strategies", SKOS.example, "personal networking"),
        ("knowledge/customer-business-health-indicators", SKOS.example, "ratios"),
        ("action/using-nothing", SKOS.prefLabel, None),
    ],
)
def test_names_and_examples_are_carried_over(
    sales: Dictionary, entry: str, predicate: URIRef, value: str | None
) -> None:
    found = set(sales.asserted.objects(URIRef(f"{SALES}/{entry}"), predicate))
    assert (Literal(value, lang="en") in found) if value else not found


@pytest.mark.parametrize("path", FILES, ids=SHORT.get)
def test_layout_is_the_projects(path: Path) -> None:
    content = path.read_bytes()
    assert content == formatted(content, path), "run `make format`"


def test_every_area_has_its_file_and_every_cluster() -> None:
    assert {p.stem for p in FILES if p.parent.name == "areas"} == set(TABLE)
    assert {p.stem for p in FILES if p.parent.name == "competencies"} == {
        "partnering", "insight", "solution", "effectiveness",
    }  # fmt: skip


def test_an_entry_is_described_in_one_file_only() -> None:
    described = Counter(
        subject
        for path in FILES
        for subject in set(re.findall(r"^(\S+:\S+)\n    a cg:", path.read_text(), re.MULTILINE))
    )
    assert [entry for entry, number in described.items() if number > 1] == []
    assert len(described) == sum(COUNTS.values())


def test_counts_of_the_command_are_the_designs(sales: Dictionary) -> None:
    assert [figure.number for figure in count(sales.asserted)][:12] == [
        6, 31, 31, 4, 29, 80, 13, 82, 194, 189, 95, 166,
    ]  # fmt: skip


def test_no_text_awaits_its_writer() -> None:
    assert [SHORT[p] for p in FILES if re.search(r"RESTATED|TODO|TBD|FIXME", p.read_text())] == []
