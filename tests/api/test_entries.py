"""Entries as objects: their attributes are the properties of the ontology and of an extension."""

from __future__ import annotations

import inspect
import multiprocessing
import pickle
import re
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

import competency_graph
from competency_graph import Dictionary
from competency_graph.errors import BadValueError, UnknownNameError
from conftest import ROOT

CG = "https://w3id.org/competency-graph/ontology#"
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


def test_any_property_can_be_read_by_its_name(acme: Dictionary) -> None:
    """Also one that is named like a method, a word of Python, or a property of the ontology."""
    text = b"""
        acme:baker acme:text "x" ; acme:class 1 ; acme:requires 2 ; acme:has-oven true .
    """
    baker = Dictionary.from_bytes(ACME + text).role("baker")
    assert (baker["text"], baker["class"], baker["has_oven"]) == (("x",), (1,), (True,))
    assert list(baker.requires) == []
    assert baker["https://acme.example/requires"] == (2,)
    with pytest.raises(UnknownNameError, match="Use seats"):
        _ = baker["seat"]
    with pytest.raises(TypeError, match="not iterable"):
        list(baker)


def test_entries_are_compared_and_cannot_be_changed(sales: Dictionary) -> None:
    analyst = sales.role("analyst")
    assert sales.role(analyst) == analyst
    assert sales.entries("role") == sales.entries("role")
    assert sales.entries("role") != sales.entries("area")
    with pytest.raises(AttributeError, match="edit the files"):
        analyst.label = "Scientist"
    assert analyst.label == "Analyst"


@pytest.mark.parametrize("name", [None, 5, b"analyst"])
def test_a_name_is_a_text_or_an_entry(sales: Dictionary, name: object) -> None:
    with pytest.raises(TypeError, match="a name is a text or an entry"):
        sales.role(name)


def test_methods_describe_themselves(sales: Dictionary) -> None:
    assert inspect.getdoc(sales.role).startswith("The role")
    assert str(inspect.signature(sales.role)) == "(name: 'Entry | str') -> 'Entry'"
    assert "Dictionary" in dir(competency_graph)


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


def test_a_dictionary_says_what_it_was_loaded_from(tmp_path: Path, acme: Dictionary) -> None:
    assert repr(Dictionary()) == "<Dictionary: published>"
    assert repr(acme) == "<Dictionary: mine.ttl>"
    assert (
        repr(Dictionary([tmp_path / "a.ttl", "b.ttl"])) == f"<Dictionary: {tmp_path}/a.ttl, b.ttl>"
    )
    with pytest.raises(TypeError, match="encode"):
        Dictionary.from_bytes(ACME.decode())


def test_copies_are_read_again(acme: Dictionary, tmp_path: Path) -> None:
    """Reloaded, copied, or sent to another process; one in memory keeps its content."""
    baker = acme.role("Baker")
    for copied in (acme.reloaded().role("Baker"), pickle.loads(pickle.dumps(baker))):
        assert copied == baker
        assert copied.seats == (3,)
    (tmp_path / "mine.ttl").write_bytes(ACME)
    read = Dictionary(tmp_path)
    assert read.role("Baker").label == "Baker"
    (tmp_path / "mine.ttl").write_bytes(ACME.replace(b'"Baker"@en ,', b'"Chef"@en ,'))
    assert read.role("Baker").label == "Baker"
    assert read.reloaded().role("Chef").iri == baker.iri


def test_threads_and_forked_processes_share_it(acme: Dictionary) -> None:
    """Also if nothing has been read yet."""
    fresh = acme.reloaded()
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda kind: _counts(fresh), range(8)))
    assert found == [_counts(acme)] * 8
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as processes:
        assert processes.submit(_counts, fresh).result() == _counts(acme)


def _counts(dictionary: Dictionary) -> tuple[int, int, int]:
    roles = dictionary.query("entries-of-kind", **{"class": "cg:Role"})
    return len(dictionary.search("baker")), len(roles), len(dictionary.entries("role"))


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
    renamed = Dictionary.from_bytes(ACME.replace(b'"Baker"@en ,', b'"Chef <i>"@en ,'), "mine.ttl")
    changes = renamed.diff(acme)
    row = {"kind": "renamed", "entry": "https://acme.example/baker", "label": "Chef <i>",
           "class": f"{CG}Role", "code": None, "what": "label (en)", "removed": "Baker",
           "added": "Chef <i>"}  # fmt: skip
    assert list(changes.to_table()) == [row]
    assert changes.to_frame().iloc[0].dropna().to_dict() == {k: v for k, v in row.items() if v}
    assert repr(changes).startswith("<Changes: 1 change from https://acme.example/mine to")
    shown = changes._repr_html_()
    assert "<del>Baker</del>" in shown
    assert "<ins>Chef &lt;i&gt;</ins>" in shown
    assert "+ Chef <i>" in str(changes)
    assert dict(changes.counts) == {"renamed": 1}
    assert changes.of("renamed")[0].entry.label == "Chef <i>"
    (tmp_path / "mine.ttl").write_bytes(ACME)
    assert not acme.diff(tmp_path / "mine.ttl")


def test_why_takes_labels(sales: Dictionary) -> None:
    found = sales.why(sales.role("analyst"), "requires", "Building a Business Case")
    assert [axiom.kind for axiom in found.axioms] == ["chain"]
    assert str(found).startswith("Analyst covers area ")
    assert repr(found) == f"<Explanation: {str(found).splitlines()[0]}>"
    shown = found._repr_html_()
    assert f'<a href="{sales.role("analyst").iri}">Analyst</a>' in shown
    assert re.sub("<[^>]+>", "", shown).split() == str(found).split()


def test_an_explanation_is_displayed_escaped(acme: Dictionary) -> None:
    shown = acme.why("Hygiene <b>certificate</b>", "a", "skos:Concept")._repr_html_()
    assert "Hygiene &lt;b&gt;certificate&lt;/b&gt;" in shown
    assert "<b>" not in shown


def test_search_finds_word_forms(sales: Dictionary) -> None:
    found = sales.search("forecasts", kind="knowledge")
    assert set(found.column("kind")) == {"knowledge"}
    assert any("forecast" in str(label).lower() for label in found.column("entryLabel"))
