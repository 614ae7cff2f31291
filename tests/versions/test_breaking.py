"""Changes that break others' data are found and located; compatible ones are not."""

from __future__ import annotations

import pytest

from competency_graph import reports
from competency_graph.validation.findings import Report
from competency_graph.versions import breaking_changes
from versions.bakery import BAKER, FLOUR, HEAD, changes

HEAD_LINES = HEAD.count("\n")
MILLER = 'bakery:miller a cg:Role ; skos:prefLabel "Miller"@en ; skos:notation "R2" .\n'
IN = "{} skos:inScheme bakery:{} .\n"
DEPRECATED = "bakery:miller owl:deprecated true .\n"
EXACT = "bakery:baker skos:exactMatch esco:1 .\n"
SERVES = "bakery:serves a owl:ObjectProperty .\n"
TRADE = "bakery:Pastry a owl:Class ; rdfs:subClassOf cg:Role .\n"


def report(old: str, new: str) -> Report:
    return breaking_changes(changes(old, new))


def codes(old: str, new: str) -> list[str]:
    return [finding.rule.code for finding in report(old, new).findings]


@pytest.mark.parametrize(
    ("old", "breaking", "compatible", "code"),
    [
        pytest.param(BAKER + MILLER, BAKER, BAKER + MILLER + DEPRECATED, "CG801", id="gone"),
        pytest.param(
            BAKER + MILLER, BAKER, BAKER + MILLER.replace("Miller", "Mill hand"), "CG801",
            id="gone, renamed",
        ),
        pytest.param(
            SERVES + TRADE, TRADE, SERVES + TRADE + "bakery:serves owl:deprecated true .", "CG801",
            id="property gone",
        ),
        pytest.param(
            BAKER, BAKER.replace("cg:Role", "cg:JobTitle"), BAKER + "bakery:baker a skos:Concept .",
            "CG802", id="class",
        ),
        pytest.param(
            SERVES, SERVES.replace("Object", "Datatype"), SERVES + 'bakery:serves rdfs:label "x" .',
            "CG802", id="sort of property",
        ),
        pytest.param(
            BAKER, BAKER.replace("R1", "R3"), BAKER.replace("Baker", "Master baker"), "CG803",
            id="code",
        ),
        pytest.param(
            BAKER, BAKER.replace(' ; skos:notation "R1"', ""), BAKER, "CG803", id="code removed"
        ),
        pytest.param(
            MILLER + DEPRECATED, BAKER.replace("R1", "R2"), BAKER, "CG804", id="code of another"
        ),
        pytest.param(
            MILLER + DEPRECATED + IN.format("bakery:miller", "one"),
            BAKER.replace("R1", "R2") + IN.format("bakery:baker", "one"),
            BAKER.replace("R1", "R2") + IN.format("bakery:baker", "two"),
            "CG804", id="code in the same dictionary",
        ),
        pytest.param(
            BAKER + EXACT, BAKER + EXACT.replace("exact", "close"), BAKER + EXACT, "CG805",
            id="exact to close",
        ),
        pytest.param(
            BAKER + EXACT.replace("exact", "close"), BAKER + EXACT + "bakery:x a cg:Role .",
            BAKER + EXACT, "", id="close to exact",
        ),
        pytest.param(
            BAKER + EXACT, BAKER + EXACT.replace("esco:1", "esco:2"),
            BAKER + EXACT + "bakery:baker skos:broadMatch esco:2 .", "CG805", id="target",
        ),
        pytest.param(BAKER + EXACT, BAKER, BAKER + EXACT, "CG805", id="exact to none"),
        pytest.param(
            SERVES, SERVES + "bakery:serves rdfs:domain cg:Role .",
            SERVES + "bakery:serves skos:scopeNote 'all' .", "CG806", id="domain",
        ),
        pytest.param(
            SERVES + "bakery:serves rdfs:range cg:Role .",
            SERVES + "bakery:serves rdfs:range cg:JobTitle .", SERVES, "CG806", id="range",
        ),
        pytest.param(
            SERVES + TRADE + "bakery:serves rdfs:range cg:Role .",
            SERVES + TRADE + "bakery:serves rdfs:range bakery:Pastry .",
            SERVES + TRADE + "bakery:serves rdfs:range cg:Role .", "CG806", id="to a subclass",
        ),
        pytest.param(
            SERVES + TRADE + "bakery:serves rdfs:range bakery:Pastry .",
            SERVES + TRADE + "bakery:serves rdfs:range cg:Output .",
            SERVES + TRADE + "bakery:serves rdfs:range cg:Role .", "CG806", id="to a superclass",
        ),
        pytest.param(
            SERVES + "bakery:serves rdfs:domain [ owl:unionOf ( cg:Role cg:JobTitle ) ] .",
            SERVES + "bakery:serves rdfs:domain [ owl:unionOf ( cg:Role cg:Output ) ] .",
            SERVES + "bakery:serves rdfs:domain [ owl:unionOf ( cg:Output cg:JobTitle cg:Role ) ] .",
            "CG806", id="union",
        ),
        pytest.param(
            SERVES, SERVES + "bakery:serves a owl:FunctionalProperty .",
            SERVES + "bakery:serves a owl:SymmetricProperty .", "CG806", id="characteristic",
        ),
    ],
)  # fmt: skip
def test_a_breaking_change_is_found_and_a_compatible_one_is_not(
    old: str, breaking: str, compatible: str, code: str
) -> None:
    assert codes(old, breaking) == ([code] if code else [])
    assert codes(old, compatible) == []


def test_what_was_deprecated_may_go() -> None:
    assert codes(BAKER + MILLER + DEPRECATED, BAKER) == []
    assert codes(BAKER + MILLER + DEPRECATED.replace("true", "false"), BAKER) == ["CG801"]


def test_an_entry_under_another_iri_breaks_both_rules() -> None:
    assert codes(MILLER, MILLER.replace("bakery:miller", "bakery:mill-hand")) == ["CG804", "CG801"]


@pytest.mark.parametrize(
    ("old", "new", "place", "marked"),
    [
        (BAKER, FLOUR + BAKER.replace("cg:Role", "cg:JobTitle"), ("new", 2), "cg:JobTitle"),
        (BAKER, FLOUR + BAKER.replace("R1", "R9"), ("new", 2), '"R9"'),
        (BAKER, BAKER.replace(' ; skos:notation "R1"', ""), ("new", 1), "bakery:baker"),
        (BAKER + EXACT, BAKER + EXACT.replace("exact", "broad"), ("new", 2), "esco:1"),
        (BAKER + MILLER, BAKER, ("old", 2), "bakery:miller"),
        (
            BAKER + MILLER, BAKER + "bakery:baker skos:related bakery:miller .", ("old", 2),
            "bakery:miller",
        ),
        (SERVES, SERVES + "bakery:serves rdfs:domain cg:Role .", ("new", 2), "cg:Role"),
    ],
)  # fmt: skip
def test_a_finding_has_the_place_of_what_changed(
    old: str, new: str, place: tuple[str, int], marked: str
) -> None:
    (finding,) = report(old, new).findings
    found = finding.place
    assert (found.file, found.line) == (f"{place[0]}.ttl", HEAD_LINES + place[1])
    assert found.text[found.column - 1 : found.end_column - 1] == marked


def test_a_mapping_that_is_gone_has_its_place_in_the_old_version() -> None:
    """An extension that only maps the entries of another dictionary."""
    (finding,) = report(EXACT + FLOUR, FLOUR).findings
    assert (finding.rule.code, finding.place.file, finding.place.line) == (
        "CG805", "old.ttl", HEAD_LINES + 1,
    )  # fmt: skip


def test_the_messages_name_the_entry_and_the_way_out() -> None:
    found = report(
        BAKER + MILLER + EXACT,
        BAKER.replace("cg:Role", "cg:JobTitle") + EXACT.replace("exact", "close"),
    )
    assert [f"{f.message} {f.remedy}" for f in found.findings] == [
        "“Baker” was a role and is now a job title. Data that use it as a role are no longer valid. "
        "Restore the class, and give the new meaning to a new entry.",
        "“Baker” was an exact match of esco:1 and is now only a close match. Data that "
        "were exchanged by this match change their meaning. Restore bakery:baker "
        "skos:exactMatch esco:1, or give the new meaning to a new entry and deprecate "
        "this one.",
        "“Miller” is gone, so references to it lead nowhere. Restore it with "
        "owl:deprecated true and, if another entry takes its place, dcterms:isReplacedBy; it can be "
        "removed in a later version.",
    ]


def test_the_patch_of_an_entry_that_is_gone_makes_the_change_compatible() -> None:
    (finding,) = report(BAKER + MILLER, BAKER).findings
    assert codes(BAKER + MILLER, BAKER + finding.patch) == []


def test_a_comment_allows_a_change() -> None:
    allowed = BAKER.replace("R1", "R9").rstrip("\n") + "  # competency: allow CG803\n"
    assert codes(BAKER, allowed) == []
    assert codes(BAKER, allowed.replace("CG803", "CG804")) == ["CG803"]


@pytest.mark.parametrize(
    ("form", "found", "clean"),
    [
        ("text", "1 finding: 1 violation", "; no change breaks the data of others.\n"),
        ("junit", '<testsuites name="competency diff --check">', 'name="breaks nothing"'),
        ("html", "<h1>Breaking changes</h1>", "no change breaks the data of others."),
        ("json", '"command": "competency diff --check"', '"command": "competency diff --check"'),
        ("sarif", '"id": "competency diff --check/"', '"id": "competency diff --check/"'),
    ],
)
def test_a_report_does_not_claim_to_be_a_validation(form: str, found: str, clean: str) -> None:
    written = [reports.write(report(BAKER + MILLER, new), form) for new in (BAKER, BAKER + MILLER)]
    assert found in written[0]
    assert clean in written[1]
    assert not any("missing or wrong" in each or "alidation" in each for each in written)


def test_the_report_says_what_was_compared() -> None:
    found = report(BAKER + MILLER, BAKER + MILLER + FLOUR)
    assert (found.files, found.entries, found.statements, found.findings) == (
        ("new.ttl",), 3, 8, (),
    )  # fmt: skip
    assert sorted(found.rules) == ["CG801", "CG802", "CG803", "CG804", "CG805", "CG806"]
