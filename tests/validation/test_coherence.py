"""Links are checked as a whole: what follows from all of them together must not be absurd."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from competency_graph.linking.check import check
from competency_graph.mappings import match_kinds
from competency_graph.rdf.vocabulary import KINDS
from competency_graph.validation import validate
from competency_graph.validation.findings import Finding
from conftest import ROOT

HEAD = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX k: <https://example.org/bakery/knowledge/>
PREFIX skill: <http://data.europa.eu/esco/skill/00000000-0000-4000-8000-0000000000>
PREFIX onet: <https://w3id.org/competency-graph/onet/element/>
"""
PREFIXES = HEAD.count("\n")
FRAMEWORK = """\
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX esco: <http://data.europa.eu/esco/model#>
PREFIX : <http://data.europa.eu/esco/skill/00000000-0000-4000-8000-0000000000>
:01 a skos:Concept, esco:Skill ; skos:prefLabel "bake rye bread"@en ; skos:broader :02 ;
  esco:skillType <http://data.europa.eu/esco/skill-type/skill> .
:02 a skos:Concept, esco:Skill ; skos:prefLabel "bake bread"@en ; skos:broader :03 ;
  esco:skillType <http://data.europa.eu/esco/skill-type/skill> .
:03 a skos:Concept, esco:Skill ; skos:prefLabel "bake"@en ;
  esco:skillType <http://data.europa.eu/esco/skill-type/skill> .
"""
"""Rye bread is narrower than bread, which is narrower than what is baked."""
WHOLE = ("CG541", "CG542", "CG543", "CG544", "CG545", "CG546")


def found(tmp_path: Path, lines: str, framework: bool = False) -> list[Finding]:
    """The findings about links as a whole, of statements that begin on line 1."""
    path, esco = tmp_path / "links.ttl", tmp_path / "esco.ttl"
    path.write_text(HEAD + lines)
    esco.write_text(FRAMEWORK)
    report = (
        check([path], base="none", frameworks=[esco]) if framework else validate([path], "none")
    )
    return [finding for finding in report.findings if finding.rule.code in WHOLE]


CONTRADICTIONS = {
    "two sets": (
        "k:a skos:broadMatch skill:01 ; skos:narrowMatch onet:2.C.1.a .\n"
        "k:b skos:narrowMatch skill:01 ; skos:broadMatch onet:2.C.1.a .\n",
        False,
        [("CG541", 1)],
    ),
    "broader than a thing, narrower than what is above it": (
        "k:a skos:broadMatch skill:01 ; skos:narrowMatch skill:03 .\n",
        True,
        [("CG541", 1)],
    ),
    "the right way round": (
        "k:a skos:narrowMatch skill:01 ; skos:broadMatch skill:03 .\n",
        True,
        [],
    ),
    "against the dictionary's hierarchy": (
        "k:a skos:broader k:b ; skos:narrowMatch skill:02 .\nk:b skos:broadMatch skill:01 .\n",
        True,
        [("CG541", 1)],
    ),
    "against a cluster": (
        "k:a cg:inCluster k:b ; skos:narrowMatch onet:2.B.1.a .\n"
        "k:b skos:broadMatch onet:2.B.1.a .\n",
        False,
        [("CG541", 1)],
    ),
    "an exact match is broader": (
        "k:a skos:exactMatch skill:01 .\nskill:01 skos:exactMatch onet:2.C.1.a .\n"
        "k:a skos:broadMatch onet:2.C.1.a .\n",
        False,
        [("CG541", 3)],
    ),
    "two cycles": (
        "k:a skos:broadMatch skill:01 ; skos:narrowMatch skill:03 .\n"
        "k:b skos:broadMatch onet:2.C.1.a . k:c skos:narrowMatch onet:2.C.1.a ; skos:broader k:b .\n",
        True,
        [("CG541", 1), ("CG541", 2)],
    ),
    "in the hierarchy alone": ("k:a skos:broader k:b . k:b skos:broader k:a .\n", False, []),
    "related to what is above": (
        "k:a skos:broadMatch skill:01 ; skos:relatedMatch skill:03 .\n",
        True,
        [("CG542", 1)],
    ),
    "related to what is below": (
        "k:a skos:narrowMatch skill:02 .\nk:a skos:relatedMatch skill:01 .\n",
        True,
        [("CG542", 2)],
    ),
    "related to a sibling": (
        "k:a skos:broadMatch skill:02 ; skos:relatedMatch skill:01 .\n",
        True,
        [],
    ),
    "related to an exact match of an exact match": (
        "k:a skos:exactMatch skill:01 .\nskill:01 skos:exactMatch onet:2.C.1.a .\n"
        "k:a skos:relatedMatch onet:2.C.1.a .\n",
        False,
        [("CG542", 3)],
    ),
    "three sets make two entries the same": (
        "k:a skos:exactMatch skill:01 .\nskill:01 skos:exactMatch onet:2.C.1.a .\n"
        "onet:2.C.1.a skos:exactMatch k:b .\nk:a a cg:Knowledge . k:b a cg:Knowledge .\n",
        False,
        [("CG543", 1)],
    ),
    "an exact match in each of three frameworks": (
        "k:a skos:exactMatch skill:01, onet:2.C.1.a, <https://example.org/other/1> .\n",
        False,
        [],
    ),
    "four close matches": (
        "k:a skos:closeMatch skill:01, skill:02, skill:03, skill:04 .\n",
        False,
        [("CG544", 1)],
    ),
    "three close matches": ("k:a skos:closeMatch skill:01, skill:02, skill:03 .\n", False, []),
    "a broader one and what is above it": (
        "k:a skos:broadMatch skill:01 .\nk:a skos:broadMatch skill:03 .\n",
        True,
        [("CG546", 2)],
    ),
    "a narrower one and what is below it": (
        "k:a skos:narrowMatch skill:01 .\nk:a skos:narrowMatch skill:02 .\n",
        True,
        [("CG546", 1)],
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "framework", "expected"), CONTRADICTIONS.values(), ids=CONTRADICTIONS
)
def test_contradictions_are_found_at_a_link(
    tmp_path: Path, lines: str, framework: bool, expected: list[tuple[str, int]]
) -> None:
    findings = found(tmp_path, lines, framework)
    assert [(f.rule.code, f.place.line - PREFIXES) for f in findings] == expected


def test_frameworks_are_needed_for_what_only_they_say(tmp_path: Path) -> None:
    lines = "k:a skos:broadMatch skill:01 ; skos:relatedMatch skill:03 .\n"
    assert found(tmp_path, lines) == []
    assert len(found(tmp_path, lines, framework=True)) == 1


def test_a_finding_tells_the_chain_with_labels(tmp_path: Path) -> None:
    lines = "k:a skos:broadMatch skill:01 ; skos:relatedMatch skill:03 .\n"
    [finding] = found(tmp_path, lines, framework=True)
    assert finding.message == (
        "k:a and “bake” are related by skos:relatedMatch, which excludes that the former "
        "(SKOS, S27) is narrower than “bake rye bread”, which is narrower than “bake bread”, "
        "which is narrower than “bake”."
    )


def test_what_the_base_says_alone_is_not_reported(tmp_path: Path) -> None:
    """Two published links that contradict each other are not the fault of an extension."""
    (tmp_path / "mine.ttl").write_text(
        HEAD + "k:a skos:exactMatch skill:01 .\n"
        "<https://w3id.org/competency-graph/sales/knowledge/a> skos:note 'a' .\n"
    )
    report = validate([tmp_path / "mine.ttl"], "sales")
    assert [f for f in report.findings if f.rule.code in WHOLE] == []


# Kinds

KIND_CASES = [
    ("Knowledge", "skill:01", "closeMatch", 1),
    ("Knowledge", "skill:01", "relatedMatch", 0),
    ("Ability", "skill:01", "broadMatch", 0),
    ("Ability", "onet:2.C.1.a", "narrowMatch", 1),
    ("Output", "skill:01", "exactMatch", 1),
    ("Output", "onet:2.C.1.a", "closeMatch", 1),
    ("Output", "skill:01", "relatedMatch", 0),
    ("Output", "<https://w3id.org/competency-graph/onet/occupation/11-2022.00>", "relatedMatch", 1),
    # Other rules tell these: CG523, and CG526.
    ("Ability", "<https://w3id.org/competency-graph/onet/occupation/11-2022.00>", "closeMatch", 0),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "concept", "predicate", "number"), KIND_CASES)
def test_kinds_that_do_not_fit_are_found(
    tmp_path: Path, kind: str, concept: str, predicate: str, number: int
) -> None:
    """The kinds of the skills are known from the framework alone."""
    lines = f"k:a a cg:{kind} ; skos:{predicate} {concept} .\n"
    assert [f.rule.code for f in found(tmp_path, lines, True)] == ["CG545"] * number


def test_the_table_has_every_class_of_entries() -> None:
    classes = {f"cg:{str(kind).rpartition('#')[2]}" for kind in KINDS.values()}
    assert {entry for entry, _ in match_kinds.TABLE} == classes
    assert set(match_kinds.TABLE.values()) == {"any", "related", "none"}


def test_the_documentation_has_the_same_table() -> None:
    text = (ROOT / "docs" / "linking.md").read_text()
    head, *lines = re.findall(r"^\| (.+) \|$", text.partition("## Kinds that")[2].partition("\n## ")[0], re.MULTILINE)  # fmt: skip
    names = {"role": "Role", "job title": "JobTitle", "area": "AreaOfExpertise", "cluster": "CompetencyCluster", "competency": "Competency", "key action": "KeyAction", "ability": "Ability", "knowledge": "Knowledge", "output": "Output"}  # fmt: skip
    columns = [[f"cg:{names[name]}" for name in cell.split(", ")] for cell in head.split(" | ")[1:]]
    told = {
        (entry, concept): cell
        for line in lines
        for concepts, *cells in [line.split(" | ")]
        for concept in concepts.split(", ")
        for entries, cell in zip(columns, cells, strict=True)
        for entry in entries
    }
    assert told == dict(match_kinds.TABLE)
