"""One cause gives one finding: what follows from it is held back, counted, and told once it stands alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from authoring import EXTENSION, HEAD, changed, told, write

from competency_graph.linking.check import check
from competency_graph.reports import write as written
from competency_graph.scaffold import create_extension
from competency_graph.validation import read_base, read_shapes, validate_sources
from competency_graph.validation.findings import Report
from competency_graph.validation.sources.author_files import gather
from conftest import Run

BASE = read_base()
SHAPES = read_shapes()


def judged(path: Path) -> Report:
    return validate_sources(gather([str(path)]), BASE, SHAPES)


ROLE = "mine:ecologist a cg:Role ;"
CAUSES = {
    "a class that there is not": ([(ROLE, ROLE.replace("Role", "Rolle"))], "CG011", 7, 2),
    "no class": ([(ROLE, "mine:ecologist ")], "CG012", 7, 2),
    "a class that there is not, of what a link leads to": (
        [("a cg:JobTitle", "a cg:JobTitel")], "CG011", 14, 1),
    "a property that there is not": ([("cg:exampleTitle", "cg:exampelTitle")], "CG011", 12, 2),
    "a link to a name with a slip in it": (
        [("cg:exampleTitle mine:green-lead", "cg:exampleTitle mine:gren-lead")], "CG306", 12, 1),
    "a link to nothing": (
        [("cg:exampleTitle mine:green-lead", "cg:exampleTitle mine:zzzz")], "CG306", 12, 1),
    "a link to a code": (
        [("cg:exampleTitle mine:green-lead", 'cg:exampleTitle "ACME-T01"')], "CG306", 12, 1),
    "another label for a published entry": (
        [("cg:coveredByRole mine:ecologist .", 'cg:coveredByRole mine:ecologist ; skos:prefLabel "Plan"@en .')],
        "CG014", 5, 1),
    "a second class of a published entry": (
        [("cg:coveredByRole mine:ecologist .", "cg:coveredByRole mine:ecologist ; a cg:Output .")],
        "CG014", 5, 3),
    "a code of the form of another class, that is in use there": (
        [('skos:notation "ACME-T01"', 'skos:notation "ACME-R1"')], "CG403", 16, 2),
    "no label": ([('    skos:prefLabel "Ecologist"@en ;\n', "")], "CG106", 7, 0),
}  # fmt: skip
"""For each cause what is changed, the one finding with its line, and how many more there would be."""


@pytest.mark.parametrize("name", CAUSES)
def test_one_cause_gives_one_finding(tmp_path: Path, name: str) -> None:
    pairs, code, line, more = CAUSES[name]
    report = judged(write(tmp_path, "mine.ttl", changed(*pairs)))
    assert [(f.rule.code, f.place.line) for f in report.findings] == [(code, line)]
    assert len(report.held_back) == more


def test_a_class_in_many_entries_is_told_once(tmp_path: Path) -> None:
    create_extension("acme", parent=tmp_path)
    path = tmp_path / "acme" / "areas" / "selling-sustainably.ttl"
    path.write_text(path.read_text().replace("cg:KeyAction", "cg:KeyAktion"))
    report = judged(tmp_path / "acme")
    assert told(report) == ["selling-sustainably.ttl:31:7 CG011"]
    assert [finding.rule.code for finding in report.held_back] == ["CG314", "CG314"]


def test_a_dictionary_that_is_misspelt_is_told_once_in_a_file(
    tmp_path: Path, competency: Run
) -> None:
    """And is mended in all places at once."""
    create_extension("acme", parent=tmp_path)
    right = {path: path.read_text() for path in (tmp_path / "acme").rglob("*.ttl")}
    for path, text in right.items():
        path.write_text(text.replace("competency-graph/sales>", "competency-graph/sale>"))
    report = judged(tmp_path / "acme")
    assert [finding.rule.code for finding in report.findings] == ["CG016"] * 3
    assert len(report.held_back) > 3
    done = competency("validate", "acme", "--fix")
    assert done.returncode == 0
    assert right == {path: path.read_text() for path in right}


def test_a_prefix_that_is_not_declared_is_told_once_in_a_file(tmp_path: Path) -> None:
    path = write(tmp_path, "mine.ttl", EXTENSION.replace(HEAD.splitlines()[0], ""))
    (finding,) = judged(path).findings
    assert (finding.rule.code, finding.place.line) == ("CG003", 5)


@pytest.mark.parametrize(
    ("pairs", "codes"),
    [
        # The role lacks its definition, whatever its title is linked by.
        ([("cg:exampleTitle", "cg:exampelTitle"), ('    skos:definition "Keeps selling green."@en ;\n', "")],
         ["CG209", "CG011"]),
        # Of the title it is not known what it is; the role lacks its definition.
        ([("a cg:JobTitle", "a cg:JobTitel"), ('    skos:definition "Keeps selling green."@en ;\n', "")],
         ["CG209", "CG011"]),
        # A link that leads to nothing was meant for the title that no role names, and is no other's.
        ([("cg:exampleTitle mine:green-lead .", """cg:exampleTitle mine:zzzz .
mine:other a cg:Role ; skos:prefLabel "Other"@en ; skos:notation "ACME-R2" ;
  skos:definition "Sells what is not green."@en ;
  skos:inScheme <https://w3id.org/competency-graph/sales> ;
  cg:coversArea <https://w3id.org/competency-graph/sales/area/setting-sales-strategy> .""")],
         ["CG210", "CG306"]),
        # A code that another entry has is no matter of class.
        ([(ROLE, ROLE.replace("Role", "Rolle")), ('"ACME-R1"', '"R1"')], ["CG011", "CG401"]),
        ([(ROLE, ROLE.replace("Role", "Rolle")), ('"Ecologist"@en', '"Ecologist"@ger')], ["CG011", "CG021"]),
    ],
)  # fmt: skip
def test_what_does_not_follow_is_told(
    tmp_path: Path, pairs: list[tuple[str, str]], codes: list[str]
) -> None:
    report = judged(write(tmp_path, "mine.ttl", changed(*pairs)))
    assert sorted(f.rule.code for f in report.findings) == sorted(codes)


def test_what_follows_from_a_cause_that_is_allowed_is_told(tmp_path: Path) -> None:
    allowed = (ROLE, ROLE.replace("Role ;", "Rolle ; # competency: allow CG011"))
    report = judged(write(tmp_path, "mine.ttl", changed(allowed)))
    assert {finding.rule.code for finding in report.findings} == {"CG304", "CG305"}
    assert report.held_back == ()


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("no class", "1 finding: 1 violation, in 1 file. 2 more findings follow from these and are "
         "held back until they are fixed. 2 entries and 10 statements checked in 1 file.\n"),
        ("a link to a name with a slip in it", "1 finding: 1 violation, in 1 file. 1 more finding "
         "follows from these and is held back until they are fixed. 3 entries and 11 statements "
         "checked in 1 file.\n"),
    ],
)  # fmt: skip
def test_reports_say_how_many_are_held_back(tmp_path: Path, name: str, end: str) -> None:
    report = judged(write(tmp_path, "mine.ttl", changed(*CAUSES[name][0])))
    assert written(report, "text").endswith(f"\n{end}")
    assert end.strip() in written(report, "html")
    assert json.loads(written(report, "json"))["held_back"] == CAUSES[name][3]


def test_checking_links_tells_what_follows_from_what_is_no_link(tmp_path: Path) -> None:
    write(tmp_path, "mine.ttl", changed((ROLE, ROLE.replace("Role", "Rolle"))))
    (tmp_path / "links.sssom.tsv").write_text(
        "# mapping_set_id: https://example.org/links\n"
        "# license: https://creativecommons.org/licenses/by/4.0/\n"
        "# curie_map:\n"
        "#   mine: https://example.org/acme/\n"
        "#   esco-occupation: http://data.europa.eu/esco/occupation/\n"
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
        "mine:ecologist\tskos:closeMatch\tesco-occupation:00000000-0000-4000-8000-000000000000"
        "\tsemapv:ManualMappingCuration\n"
    )
    report = judged(tmp_path)
    links = {f.rule.code for f in (*report.findings, *report.held_back) if f.rule.code > "CG5"}
    assert {f.rule.code for f in check([tmp_path]).findings} == links != set()
