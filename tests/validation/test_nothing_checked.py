"""A validation that checks nothing does not say that all is well: it reports what it could not check."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from competency_graph.linking.check import check
from competency_graph.scaffold import create_extension
from competency_graph.validation import validate
from competency_graph.validation.checks.near_namespaces import nearest
from competency_graph.validation.findings import Finding
from conftest import Run

CG = "https://w3id.org/competency-graph/ontology#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SALES = "https://w3id.org/competency-graph/sales"


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    create_extension("acme", parent=tmp_path)
    return tmp_path / "acme"


def change(folder: Path, old: str, new: str) -> set[tuple[str, int]]:
    """Change all files of an extension; the files and lines at which they changed."""
    places = set()
    for path in folder.rglob("*.ttl"):
        lines = path.read_text().splitlines(keepends=True)
        for number, line in enumerate(lines):
            if old in line:
                lines[number] = line.replace(old, new)
                places.add((path.name, number + 1))
        path.write_text("".join(lines))
    return places


def found(findings: tuple[Finding, ...], code: str) -> set[tuple[str, int]]:
    assert {finding.rule.code for finding in findings} == {code}
    return {(Path(f.place.file).name, f.place.line) for f in findings}


NEAR = {
    "http for https": (f"<{CG}>", f"<{CG.replace('https', 'http')}>"),
    "https for http": (f"<{SKOS}>", f"<{SKOS.replace('http', 'https')}>"),
    "without hyphen": (f"<{CG}>", f"<{CG.replace('competency-graph', 'competencygraph')}>"),
    "/ for #": (f"<{SKOS}>", f"<{SKOS[:-1]}/>"),
    "without its end": (f"<{CG}>", f"<{CG[:-1]}>"),
    "a doubled separator": (f"<{SALES}/role/>", f"<{SALES}//role/>"),
    "capitals": (f"<{CG}>", f"<{CG.replace('ontology', 'Ontology')}>"),
    "a slip of the pen": (f"<{CG}>", f"<{CG.replace('ontology', 'ontolgy')}>"),
    "an old version": (f"<{SKOS}>", "<http://www.w3.org/2008/05/skos#>"),
}


@pytest.mark.parametrize("name", NEAR)
def test_a_namespace_that_is_nearly_known_is_found_where_it_is_declared(
    acme: Path, name: str
) -> None:
    places = change(acme, *NEAR[name])
    assert places
    report = validate([acme])
    assert found(report.findings, "CG004") == places
    wrong, right = NEAR[name][1].strip("<>"), NEAR[name][0].strip("<>")
    for finding in report.findings:
        assert (wrong in finding.message, right in finding.remedy) == (True, True)
        assert [edit.text for edit in finding.edits] == [right]


@pytest.mark.parametrize(
    "namespace",
    [
        CG, SKOS, "http://purl.org/dc/elements/1.1/", "http://schema.org/", "https://schema.org/",
        "https://w3id.org/competency-graph/acme/", "https://example.org/acme/",
        "https://acme.example/ontology#", "http://e/", "urn:x:", "https://w3id.org/acme/sales/",
        "http://data.europa.eu/snb/model/", "http://www.w3.org/ns/dcat#",
    ],
)  # fmt: skip
def test_a_namespace_of_its_own_is_none_of_these(namespace: str) -> None:
    assert nearest(namespace) == ""


def test_iris_in_full_are_looked_at_too(tmp_path: Path) -> None:
    path = tmp_path / "mine.ttl"
    path.write_text(f"<http://e/r>\n  a <{CG.replace('https', 'http')}Role> .\n")
    assert found(validate([path]).findings, "CG004") == {("mine.ttl", 2)}


@pytest.mark.parametrize("built_on", [f"{SALES}/", SALES.replace("https", "http"), f"{SALES}s"])
def test_what_is_nearly_the_dictionary_is_found(acme: Path, built_on: str) -> None:
    places = change(acme, f"owl:imports <{SALES}>", f"owl:imports <{built_on}>")
    assert found(validate([acme]).findings, "CG016") == places


PLACEHOLDERS = ["TODO", "tbd", "Lorem ipsum dolor sit amet", "xxx", "…", "???", "To be defined.",
                "TODO: say what they do", "n/a", "Lorem ipsum " * 30]  # fmt: skip


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_placeholders_are_found(acme: Path, text: str) -> None:
    path = acme / "areas" / "selling-sustainably.ttl"
    before = path.read_text()
    path.write_text(
        re.sub(r'skos:definition "Finds out[^"]*"', f'skos:definition "{text}"', before)
    )
    assert path.read_text() != before
    codes = {finding.rule.code for finding in validate([acme]).findings}
    assert "CG033" in codes


@pytest.mark.parametrize(
    "text",
    ["Todos los clientes", "Adds up what is to be done", "Dummy variables in regression models",
     "Handles TODO lists", "Extra extra large"],
)  # fmt: skip
def test_a_text_that_only_begins_like_one_is_none(acme: Path, text: str) -> None:
    change(acme, '"Backs claims with evidence"', f'"{text}"')
    assert validate([acme]).findings == ()


def test_nothing_judged_is_a_finding(tmp_path: Path, competency: Run) -> None:
    (tmp_path / "other.ttl").write_text("<http://e/a> <http://e/b> <http://e/c> .")
    done = competency("validate", "other.ttl")
    assert done.returncode == 1
    assert "CG005" in done.stdout
    allowed = competency("validate", "other.ttl", "--allow-empty")
    assert allowed.returncode == 0
    assert allowed.stdout.endswith(
        "1 finding: 1 info, in 1 file. 0 entries and 1 statement checked in 1 file.\n"
    )


def test_what_was_judged_and_what_was_left_out_is_said(acme: Path, competency: Run) -> None:
    (acme / "notes.xml").write_text("<x/>")
    done = competency("validate", ".", cwd=acme)
    *_, left, judged = done.stdout.splitlines()
    assert left == (
        "Skipped: .github, .pre-commit-config.yaml (hidden); README.md (not an RDF ending: .md); "
        "notes.xml (not an RDF ending: .xml)."
    )
    # Eight entries of its own, and the published role that it lets cover its area.
    assert judged == "9 entries and 54 statements checked in 3 files; nothing is missing or wrong."


def test_links_are_looked_at_in_the_same_way(tmp_path: Path) -> None:
    table = tmp_path / "links.sssom.tsv"
    table.write_text(
        "# mapping_set_id: https://example.org/links\n"
        "# license: https://creativecommons.org/licenses/by/4.0/\n"
        "# curie_map:\n"
        "#   role: http://w3id.org/competency-graph/sales/role/\n"
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
        "role:analyst\tskos:closeMatch\trole:manager\tsemapv:ManualMappingCuration\n"
    )
    assert found(check([table]).findings, "CG004") == {("links.sssom.tsv", 4)}
