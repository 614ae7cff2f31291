"""The fast engine and the reference find the same, on whatever an author may write."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from changes import CG, CHANGES, SKOS, SMALLEST, Triples, make_blank, wrap
from faults import FAULTS, dictionaries
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from competency_graph.validation import (
    Base,
    Shapes,
    Source,
    read_base,
    read_shapes,
    validate_sources,
)
from competency_graph.validation.engines.shacl_engines import ENGINES
from competency_graph.validation.findings import Finding

TESTS = Path(__file__).parents[1]
OWN = sorted(path.name for path in (TESTS / "shapes").iterdir())
ALONE = Base(read_base().ontology)
PUBLISHED = read_shapes()
ACME = "https://example.org/acme/"


def judged(text: str, engine: str, shapes: Shapes = PUBLISHED) -> tuple[Finding, ...]:
    return validate_sources([Source("my.ttl", text.encode())], ALONE, shapes, engine).findings


def both(text: str, shapes: Shapes = PUBLISHED) -> tuple[Finding, ...]:
    """What both engines find; fails, and tells what only one of them does, where they differ."""
    fast, reference = (judged(text, engine, shapes) for engine in ENGINES)
    only_fast = [finding for finding in fast if finding not in reference]
    only_reference = [finding for finding in reference if finding not in fast]
    assert (only_fast, only_reference) == ([], []), text
    assert fast == reference
    return fast


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.code)
def test_a_planted_fault_is_found_alone(fault: object) -> None:
    """So that each fault of the generator is known to break its rule and no other."""
    seeds = (dictionaries(1, 1, seed) for seed in range(200))
    text, planted = next((t, p) for t, p in seeds if [code for code, _ in p] == [fault.code])
    assert {(f.rule.code, f.focus) for f in both(text)} == planted


@pytest.mark.parametrize("faults", [0, 1, 40])
def test_exactly_the_planted_faults_are_found(faults: int) -> None:
    text, planted = dictionaries(12, faults)
    assert len(planted) == faults
    found = [(f.rule.code, f.focus) for f in both(text)]
    assert set(found) == planted
    assert len(found) == faults


def test_a_thousand_dictionaries_have_the_faults_that_were_planted() -> None:
    text, planted = dictionaries(1_000, 3_000)
    found = [(f.rule.code, f.focus) for f in judged(text, "fast")]
    assert set(found) == planted
    assert len(found) == 3_000


def expected(text: str) -> list[tuple[str, ...]]:
    """What the comments ``# expect: SEVERITY SHAPE CONSTRAINT FOCUS [VALUE]`` of a file name."""
    return sorted(
        (*line[:4], _plain(line[4]) if len(line) > 4 else "")
        for line in (
            match.split(None, 4) for match in re.findall(r"(?m)^# expect: (.*)$", text)
        )
    )  # fmt: skip


def _plain(term: str) -> str:
    """A value as a person writes it: without its datatype where a person leaves that out."""
    term = re.sub(r"\^\^(?:<[^>]*>|xsd:\w+)$", "", term)
    term = re.sub(rf"^<{ACME}(.*)>$", r"ex:\1", term)
    return re.sub(r'^"(-?[\d.]+)"$', r"\1", term)


@pytest.mark.parametrize("name", OWN)
def test_the_engines_agree_on_shapes_of_an_organisation(name: str) -> None:
    folder = TESTS / "shapes" / name
    shapes = read_shapes([folder / "shapes.ttl"], published=False)
    good = both((folder / "good.ttl").read_text(), shapes)
    assert [f for f in good if f.severity != "info"] == []  # what only queries name is told
    text = (folder / "bad.ttl").read_text()
    found = sorted(
        (
            f.severity,
            f.shape.removeprefix(ACME),
            component.rpartition("#")[2].removesuffix("ConstraintComponent"),
            f.focus.removeprefix(ACME),
            _plain(f.value),
        )
        for f in both(text, shapes)
        if f.component
        for component in (f.component, *f.also)
    )
    assert found == expected(text)


LANGUAGES = {
    "greeting": ("First comes a greeting.", "Greet."),
    "german": ("Nicht summen.", "Singe."),
    "silent": ("The entry has ex:whistles, which is not allowed.", "Remove it."),
}


@pytest.mark.parametrize("rule", LANGUAGES)
def test_a_message_is_english_or_the_first_language_or_made_up(rule: str) -> None:
    folder = TESTS / "shapes" / "texts"
    shapes = read_shapes([folder / "shapes.ttl"], published=False)
    found = both((folder / "bad.ttl").read_text(), shapes)
    assert {(f.message, f.remedy) for f in found if f.rule.name == rule} == {LANGUAGES[rule]}


def test_a_query_fills_in_its_message_and_is_named() -> None:
    folder = TESTS / "shapes" / "queries"
    shapes = read_shapes([folder / "shapes.ttl"], published=False)
    found = both((folder / "bad.ttl").read_text(), shapes)
    assert [(f.rule.name, f.message, f.remedy, f.place.line) for f in found if f.component] == [
        ("alone", "The team is empty.", "Hire.", 7),
        ("overspent", "ex:bakers spends 7, and has 5.", "Save.", 7),
        ("no-team", "The member ex:bakers is a team.", "Name a person.", 8),
    ]


# Dictionaries changed at random. What fails is made smaller by leaving changes out, which is soon done.
PHASES = (Phase.explicit, Phase.generate, Phase.shrink)

BLANKS = {
    "a dictionary without IRI": "bakery",
    "an area without IRI": "bakery/area/baking",
    "an output without IRI, the label of which another one has": "bakery/output/bread",
    "a key action without IRI": "bakery/action/bakes",
}


@pytest.mark.parametrize("case", BLANKS)
def test_a_blank_node_is_judged_as_any_other_entry(case: str) -> None:
    gone = ox.NamedNode(f"https://example.org/{BLANKS[case]}")
    place = next(n for n, triple in enumerate(SMALLEST) if triple.subject == gone)
    text = ox.serialize(make_blank(SMALLEST, place, 0), format=ox.RdfFormat.TURTLE) or b""
    another = f'<{ACME}loaf> a <{CG}Output> ; <{SKOS}prefLabel> "Bread"@en .'
    found = both(f"{text.decode()}\n{another}")
    assert "CG104" in {f.rule.code for f in found if f.focus == f"{ACME}loaf"}
    if "without IRI," in case:
        assert "that of an entry without an IRI, “Bread”." in "".join(f.message for f in found)


def test_a_code_that_is_a_blank_node_is_no_code() -> None:
    """The function STR of rdflib, and so of pySHACL, takes a blank node for a text."""
    notation = ox.NamedNode(SKOS + "notation")
    place = next(
        n for n, t in enumerate(SMALLEST) if t.predicate == notation and t.object.value == "A01"
    )
    text = ox.serialize(wrap(SMALLEST, place, 0), format=ox.RdfFormat.TURTLE) or b""
    assert {f.rule.code for f in both(text.decode())} == {"CG114", "CG404"}


@given(
    st.lists(
        st.tuples(st.sampled_from(CHANGES), st.integers(0, 200), st.integers(0, 200)),
        min_size=1,
        max_size=8,
    )
)
@settings(
    max_examples=30, derandomize=True, deadline=None, database=None, phases=PHASES,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
def test_the_engines_agree_on_whatever_is_written(
    changes: list[tuple[Callable[[Triples, int, int], Triples], int, int]],
) -> None:
    triples = SMALLEST
    for change, one, other in changes:
        triples = change(triples, one % len(triples), other)
    text = ox.serialize(dict.fromkeys(triples), format=ox.RdfFormat.TURTLE)
    fast, reference = (judged((text or b"").decode(), engine, PUBLISHED) for engine in ENGINES)
    assert fast == reference
