"""Entries as objects: their attributes are the properties of the ontology and of an extension."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from competency_graph import Dictionary
from competency_graph.errors import BadValueError, UnknownNameError
from conftest import ROOT

ACME = b"""\
PREFIX acme: <https://acme.example/>
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

acme:mine a cg:CompetencyDictionary .
acme:Certificate a owl:Class ; rdfs:subClassOf skos:Concept .
acme:needsCertificate a owl:ObjectProperty .
acme:seats a owl:DatatypeProperty .
acme:baker a cg:Role ; skos:prefLabel "Baker"@en , "B\xc3\xa4cker"@de ;
    acme:needsCertificate acme:hygiene ; acme:seats 3 .
acme:hygiene a acme:Certificate ; skos:prefLabel "Hygiene <b>certificate</b>"@en .
acme:baker-title a cg:JobTitle ; skos:prefLabel "Baker"@en .
"""
TEXT = (ROOT / "data/sales/role-areas.ttl").read_text()
ANALYST = re.findall(r"area:([\w-]+)", TEXT.split("role:analyst")[1].split("role:")[0])
"""The areas of the analyst, found without a parser."""
AREAS = ROOT / "data" / "sales" / "areas"


@pytest.fixture(scope="module")
def acme() -> Dictionary:
    return Dictionary.from_bytes(ACME, "mine.ttl")


@pytest.mark.parametrize("name", ["analyst", "Analyst", "ANALYST", "R5", "role:analyst",
                                  "https://w3id.org/competency-graph/sales/role/analyst"])  # fmt: skip
def test_a_role_by_any_of_its_names(sales: Dictionary, name: str) -> None:
    found = sales.role(name)
    assert (found.label, found.kind, found.notation) == ("Analyst", "role", "R5")
    assert found == sales.entry("role:analyst")
    assert found.definition.startswith("Gathers, combines")


@pytest.mark.parametrize(
    ("kind", "name", "label"),
    [
        ("area", "setting-sales-strategy", "Setting Sales Strategy"),
        ("title", "T01", None),
        ("cluster", "Insight", "Insight"),
        ("competency", "building-a-business-case", "Building a Business Case"),
        ("action", "A03.A4", None),
        ("knowledge", "K017", None),
        ("ability", "B031", None),
        ("output", "O120", None),
    ],
)
def test_each_kind_has_its_method(
    sales: Dictionary, kind: str, name: str, label: str | None
) -> None:
    found = getattr(sales, kind)(name)
    assert found.kind == kind
    assert found.label == label or (label is None and found.notation == name)


def test_properties_are_attributes(sales: Dictionary) -> None:
    analyst = sales.role("analyst")
    assert {area.iri.rpartition("/")[2] for area in analyst.covers_area} == set(ANALYST)
    stated = {
        name
        for area in ANALYST
        for name in re.findall(
            r"cg:requiresKnowledge (knowledge:[\w-]+)", (AREAS / f"{area}.ttl").read_text()
        )
    }
    assert len(analyst.requires.knowledge) == len(stated)
    assert len(analyst.requires.knowledge) + len(analyst.requires.ability) + len(
        analyst.requires.competency
    ) == len(analyst.requires)
    assert analyst.source_page == (79,)
    assert list(analyst.produces_output) == []
    assert {"covers_area", "requires"} <= set(dir(analyst))
    assert {"knowledge", "ability"} <= set(dir(analyst.requires))


def test_an_unknown_name_suggests_the_nearest(sales: Dictionary) -> None:
    analyst = sales.role("analyst")
    for wrong, near in [
        (lambda: analyst.requirs, "Use requires"),
        (lambda: analyst.requires.knowlege, "Use knowledge"),
        (lambda: sales.role("analist"), "Use “Analyst”"),
        (lambda: sales.entries("rolle"), "Use role"),
        (lambda: sales.search("x", kind="rolle"), "Use one of role"),
        (lambda: sales.role("area:setting-sales-strategy"), "no role <https"),
        (lambda: sales.entry("https://a.example/nothing"), "Name it by label or code"),
    ]:
        with pytest.raises(UnknownNameError, match=near):
            wrong()
    assert not hasattr(analyst, "requirs")
    with pytest.raises(AttributeError):
        _ = analyst._ipython_canary


def test_an_extension_has_its_own_names(acme: Dictionary) -> None:
    baker = acme.role("Baker")
    assert baker.needs_certificate.labels == ["Hygiene <b>certificate</b>"]
    assert len(baker.needs_certificate.certificate) == 1
    assert baker.needs_certificate[0].kind == "certificate"
    assert baker.seats == (3,)
    assert acme.entry("hygiene <b>certificate</b>", kind="certificate").seats == ()
    assert baker.text("pref_label", "de") == "Bäcker"
    assert [entry.label for entry in acme.entries("certificate")] == ["Hygiene <b>certificate</b>"]
    with pytest.raises(BadValueError, match="baker-title"):
        acme.entry("Baker")


def test_links_have_their_reason(sales: Dictionary) -> None:
    rows = (ROOT / "data/links/esco.sssom.tsv").read_text().splitlines()
    onet = (ROOT / "data/links/onet.sssom.tsv").read_text().splitlines()
    linked = [
        r for r in (*rows, *onet) if r.startswith("role:analyst\t") and "NoTermFound" not in r
    ]
    assert len(sales.role("analyst").links) == len(linked)
    assert "business analyst" in sales.role("analyst").links.column("targetLabel")


def test_an_entry_is_displayed_escaped(acme: Dictionary, sales: Dictionary) -> None:
    shown = acme.role("Baker")._repr_html_()
    assert "Hygiene &lt;b&gt;certificate&lt;/b&gt;" in shown
    assert "<b>" not in shown
    shown = sales.role("analyst")._repr_html_()
    assert "Gathers, combines" in shown
    assert "and 127 more" in shown  # of 139 requirements, 12 are shown
    assert "Designing Compensation" in sales.role("analyst").covers_area._repr_html_()


# Loading


def test_a_folder_a_file_and_bytes_are_the_same_dictionary(tmp_path: Path) -> None:
    (tmp_path / "mine.ttl").write_bytes(ACME)
    loaded = [
        Dictionary(tmp_path), Dictionary(str(tmp_path / "mine.ttl")),
        Dictionary([tmp_path / "mine.ttl"]), Dictionary.from_bytes(ACME, "mine.ttl"),
    ]  # fmt: skip
    assert len({each.version for each in loaded}) == 1
    assert {each.role("Baker").iri for each in loaded} == {"https://acme.example/baker"}


def test_bytes_need_no_file_and_read_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.ttl").write_bytes(b"broken")
    monkeypatch.chdir(tmp_path)
    dictionary = Dictionary.from_bytes(ACME, "mine.ttl")
    assert dictionary.role("Baker").seats == (3,)
    assert dictionary.export("csv").count(b"https://acme.example/baker") >= 1
    assert dictionary.validate()


# Validation and comparison


def test_findings_are_objects_rows_and_source_lines(acme: Dictionary) -> None:
    report = acme.validate()
    lines = ACME.decode().splitlines()
    undefined = [
        f for f in report if f.focus == "https://acme.example/baker" and "definition" in f.message
    ]
    assert [lines[f.place.line - 1].split()[0] for f in undefined] == ["acme:baker"]
    frame = report.to_frame()
    assert len(frame) == len(report)
    assert str(frame["line"].dtype) == "Int64"
    assert set(frame["file"]) == {"mine.ttl"}
    shown = undefined[0]._repr_html_()
    assert f"mine.ttl:{undefined[0].place.line}" in shown
    assert "<u>acme:baker</u>" in shown
    assert str(len(report)) in repr(report)
    assert "<b>" not in report._repr_html_()


def test_a_complete_dictionary_has_no_findings() -> None:
    assert list(Dictionary(ROOT / "tests/dictionaries/pass/everything.ttl").validate()) == []


def test_a_later_version_is_compared(acme: Dictionary, tmp_path: Path) -> None:
    renamed = Dictionary.from_bytes(ACME.replace(b'"Baker"@en ,', b'"Chef"@en ,'), "mine.ttl")
    changes = renamed.diff(acme)
    assert dict(changes.counts) == {"renamed": 1}
    assert changes.of("renamed")[0].entry.label == "Chef"
    (tmp_path / "mine.ttl").write_bytes(ACME)
    assert not acme.diff(tmp_path / "mine.ttl")


def test_why_takes_labels(sales: Dictionary) -> None:
    found = sales.why(sales.role("analyst"), "requires", "Building a Business Case")
    assert [axiom.kind for axiom in found.axioms] == ["chain"]


def test_search_finds_word_forms(sales: Dictionary) -> None:
    found = sales.search("forecasts", kind="knowledge")
    assert set(found.column("kind")) == {"knowledge"}
    assert any("forecast" in str(label).lower() for label in found.column("entryLabel"))
