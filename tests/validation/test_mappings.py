"""Files of mappings are judged row by row, by the shapes that judge everything, beside the links
that are published."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from authoring import EXTENSION, marked, told, write

from competency_graph.linking.check import check
from competency_graph.mappings import Mapping, MappingSet, read, text
from competency_graph.validation import (
    Revalidation,
    gather,
    read_base,
    read_shapes,
    validate,
    validate_sources,
)
from competency_graph.validation.remedies.fixes import fix
from conftest import ROOT, Run

SHAPES = read_shapes()
ESCO = read(ROOT / "data" / "links" / "esco.sssom.tsv")
HEAD = {
    "sssom_version": "1.1",
    "mapping_set_id": "https://example.org/acme/links",
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "object_source_version": "v1.1.1",
    "curie_map": {
        "mine": "https://example.org/acme/",
        "knowledge": "https://w3id.org/competency-graph/sales/knowledge/",
        "title": "https://w3id.org/competency-graph/sales/title/",
        "esco-occupation": "http://data.europa.eu/esco/occupation/",
        "esco-skill": "http://data.europa.eu/esco/skill/",
    },
}
LEAD = Mapping(
    subject_id="mine:green-lead",
    subject_label="Green lead",
    subject_category="cg:JobTitle",
    predicate_id="skos:closeMatch",
    object_id="esco-occupation:2cf2b905-3308-4b5d-8e8d-633fc7a3f3ce",
    object_label="sustainability manager",
    object_category="occupation",
    mapping_justification="semapv:ManualMappingCuration",
    confidence="0.7",
    mapping_date="2026-11-24",
    comment="Both lead what is green.",
)
SKILL = "esco-skill:c81c9ea3-4689-4146-9076-24dd175c69bc"


def links(*mappings: Mapping) -> str:
    return text(MappingSet(HEAD, mappings))


def row(**cells: str) -> Mapping:
    return Mapping.from_cells(LEAD.cells | cells)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A folder with an extension, for its mappings to lead from."""
    write(tmp_path, "mine.ttl", EXTENSION)
    return tmp_path


def test_mappings_are_judged_beside_the_entries_that_they_lead_from(mine: Path) -> None:
    write(mine, "mine.sssom.tsv", links(LEAD))
    report = validate([mine])
    assert report.findings == ()
    assert [Path(name).name for name in report.files] == ["mine.sssom.tsv", "mine.ttl"]


@pytest.mark.parametrize(
    ("cells", "code", "mark"),
    [
        ({"confidence": "high"}, "CG504", "high"),
        ({"mapping_date": "today"}, "CG505", "today"),
        ({"reviewer_agreement": "7"}, "CG506", "7"),
        ({"predicate_id": "skos:broader"}, "CG507", "skos:broader"),
        ({"subject_label": "Green head"}, "CG051", "Green head"),
        ({"subject_id": "mine:gren-lead"}, "CG511", "mine:gren-lead"),
        ({"subject_category": "cg:Role"}, "CG512", "mine:green-lead"),
        (
            {"object_id": "esco-skill:1", "object_category": "skill/competence"},
            "CG521",
            "esco-skill:1",
        ),
        ({"object_id": SKILL, "object_category": "skill/competence"}, "CG522", SKILL),
        ({"object_category": "skill"}, "CG525", "skill"),
    ],
)
def test_a_finding_is_at_the_cell_that_it_is_about(
    mine: Path, cells: dict[str, str], code: str, mark: str
) -> None:
    write(mine, "mine.sssom.tsv", links(row(subject_id="mine:ecologist", subject_label="Ecologist",
          subject_category="cg:Role", object_id="esco-occupation:114e1eff-215e-47df-8e10-45a5b72f8197",
          object_label="renewable energy consultant"), row(**cells)))  # fmt: skip
    found = [f for f in validate([mine]).findings if f.rule.code == code]
    assert [Path(f.place.file).name for f in found] == ["mine.sssom.tsv"]
    assert found[0].place.line == 13
    assert marked(found[0]) == mark
    assert found[0].remedy


def test_what_the_head_says_of_all_is_told_where_it_says_it(mine: Path) -> None:
    head = {**HEAD, "mapping_date": "yesterday"}
    columns = ("subject_id", "predicate_id", "object_id", "object_label", "object_category",
               "mapping_justification", "confidence")  # fmt: skip
    write(mine, "mine.sssom.tsv", text(MappingSet(head, (LEAD,), columns)))
    (finding,) = validate([mine]).findings
    assert (finding.rule.code, marked(finding)) == ("CG505", "# mapping_date: yesterday")


def test_faults_of_rows_are_told_at_once(mine: Path) -> None:
    broken = links(row(object_id="nothing"), LEAD, row(subject_id="yours:lead")) + "mine:a\tb\n"
    write(mine, "mine.sssom.tsv", broken)
    report = validate([mine])
    assert told(report) == [f"mine.sssom.tsv:{place} CG001" for place in ("12:56", "14:1", "15:1")]


def test_a_broken_head_is_told(mine: Path) -> None:
    write(mine, "mine.sssom.tsv", "subject_id\tobject_id\n")
    (finding,) = validate([mine]).findings
    assert finding.rule.code == "CG002"
    assert "does not begin with the head" in finding.message


# Beside what is published, and what stands in Turtle

FOUND = next(mapping for mapping in ESCO.mappings if mapping.subject_id.startswith("title:"))
RECRUITER = "<https://w3id.org/competency-graph/sales/title/sales-recruiter>"


def test_a_row_that_contradicts_a_published_link_is_told(mine: Path) -> None:
    """Of one whose broader term is published, it is said to be narrower."""
    published = next(m for m in ESCO.mappings if m.predicate_id == "skos:broadMatch")
    cells = published.cells | {"predicate_id": "skos:narrowMatch"}
    head = {**HEAD, "curie_map": ESCO.metadata["curie_map"]}
    write(mine, "mine.sssom.tsv", text(MappingSet(head, (Mapping.from_cells(cells),))))
    (finding,) = validate([mine]).findings
    assert (finding.rule.code, marked(finding)) == ("CG533", published.object_id)
    assert validate([mine / "mine.sssom.tsv"], base="none").findings[0].rule.code == "CG511"


def test_links_in_turtle_are_judged_alike(mine: Path) -> None:
    target = "<http://data.europa.eu/esco/occupation/2cf2b905-3308-4b5d-8e8d-633fc7a3f3ce>"
    match = "<http://www.w3.org/2004/02/skos/core#exactMatch>"
    write(mine, "links.ttl", f"<https://example.org/acme/green-lead> {match} {target} .\n"
                             f"<https://example.org/acme/ecologist> {match} {target} .\n")  # fmt: skip
    report = validate([mine])
    assert told(report) == ["links.ttl:1:88 CG532", "links.ttl:2:87 CG532"]
    assert {marked(finding) for finding in report.findings} == {target}


def test_a_row_and_a_statement_in_turtle_are_held_against_each_other(mine: Path) -> None:
    write(mine, "mine.sssom.tsv", links(row(predicate_id="skos:exactMatch")))
    write(mine, "links.ttl", "<https://example.org/acme/green-lead>\n"
          "<http://www.w3.org/2004/02/skos/core#relatedMatch>\n"
          "<http://data.europa.eu/esco/occupation/2cf2b905-3308-4b5d-8e8d-633fc7a3f3ce> .")  # fmt: skip
    assert {finding.rule.code for finding in validate([mine]).findings} == {"CG533"}


def test_the_published_file_is_not_held_against_itself(tmp_path: Path) -> None:
    """Whoever changes it judges the change, and not what it was before."""
    related = [
        Mapping.from_cells(each.cells | {"predicate_id": "skos:relatedMatch"})
        if each.object_id != "sssom:NoTermFound" else each
        for each in ESCO.mappings
    ]  # fmt: skip
    write(tmp_path, "changed.sssom.tsv", text(ESCO.with_mappings(related)))
    assert validate([tmp_path]).findings == ()


def test_what_the_base_does_wrong_is_not_the_authors(mine: Path) -> None:
    write(mine, "mine.sssom.tsv", links(LEAD))
    assert validate([mine], inferring=True).findings == ()


# Allowing, mending, other ways to name them


def test_a_rule_is_allowed_in_the_head(mine: Path) -> None:
    content = links(row(confidence="8"))
    write(mine, "mine.sssom.tsv", "## competency: allow-file CG504\n" + content)
    assert validate([mine]).findings == ()
    write(mine, "mine.sssom.tsv", "## competency: allow-file CG505\n" + content)
    assert told(validate([mine])) == ["mine.sssom.tsv:1:27 CG091", "mine.sssom.tsv:13:175 CG504"]


def test_a_slip_of_the_pen_is_mended_and_the_rest_stays(mine: Path) -> None:
    path = write(mine, "mine.sssom.tsv", links(row(subject_id="mine:gren-lead")))
    sources = gather([str(mine)])
    report = validate_sources(sources, read_base(), SHAPES)
    assert [(f.name, len(f.changes)) for f in fix(sources, report.findings)] == [(str(path), 1)]
    assert path.read_text("utf-8") == links(LEAD)


def test_no_cell_gets_an_iri_in_angle_brackets(mine: Path) -> None:
    """Where no prefix of the file fits what was meant, the author is left to it."""
    head = {**HEAD, "curie_map": HEAD["curie_map"] | {"m": "https://example.org/acme/gren-"}}
    path = write(mine, "mine.sssom.tsv", text(MappingSet(head, (row(subject_id="m:lead"),))))
    sources = gather([str(mine)])
    assert fix(sources, validate_sources(sources, read_base(), SHAPES).findings) == []
    assert "m:lead" in path.read_text("utf-8")


def test_standard_input_and_other_endings_are_named(mine: Path, competency: Run) -> None:
    content = links(row(confidence="8"))
    done = competency("validate", "--input-format", "sssom", "-", stdin=content, cwd=mine)
    assert (done.returncode, "CG504" in done.stdout) == (1, True)
    write(mine, "mine.tsv", content)
    assert "CG504" in competency("validate", "--input-format", "sssom", "mine.tsv", cwd=mine).stdout
    assert "Traceback" not in competency("validate", "mine.tsv", cwd=mine).stderr


# Checking


def test_checking_takes_tables_folders_and_the_dictionary_beside_them(mine: Path) -> None:
    write(mine, "more/mine.sssom.tsv", links(LEAD))
    write(mine, "mine.tsv", links(row(confidence="8")))
    assert check([mine / "mine.ttl", mine / "more"]).findings == ()
    alone = check([mine / "more"])
    assert {finding.rule.code for finding in alone.findings} == {"CG511"}
    report = check([mine / "mine.tsv", mine / "mine.ttl"])
    assert told(report) == ["mine.tsv:12:175 CG504"]


def test_checking_nothing_checks_what_is_published() -> None:
    report = check()
    assert report.findings == ()
    assert [Path(name).name for name in report.files] == ["esco.sssom.tsv", "onet.sssom.tsv"]


def test_judged_again_after_a_change_they_have_the_findings_of_the_whole(mine: Path) -> None:
    whole = read_base().with_links_for([], always=True)
    base = replace(whole, links=(whole.links or ())[:100])
    again, before = None, []
    for change in ({"confidence": "8"}, {"predicate_id": "skos:exactMatch"}, None):
        if change is None:
            (mine / "mine.sssom.tsv").unlink()
        else:
            write(mine, "mine.sssom.tsv", links(row(**change), row(**change)))
        before = gather([str(mine)], "", before)
        again = again or Revalidation(base.statements, SHAPES)
        report = validate_sources(before, base, SHAPES, again=again)
        assert told(report) == told(validate([mine]))
        assert bool(report.findings) == (change is not None)


def test_entries_without_a_name_are_found_by_rules_that_are_asked_at_once(tmp_path: Path) -> None:
    """Whether two abilities are exactly one thing (CG532) is asked of all entries by one query."""
    (tmp_path / "mine.ttl").write_text(
        "PREFIX cg: <https://w3id.org/competency-graph/ontology#>\n"
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        + "[] a cg:Ability ; skos:exactMatch <http://data.europa.eu/esco/skill/1> .\n"
        * 2
    )
    found = validate([tmp_path / "mine.ttl"]).findings
    assert [each.place.line for each in found if each.rule.code == "CG532"] == [3, 4]
