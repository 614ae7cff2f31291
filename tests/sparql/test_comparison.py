"""Comparisons of entries are as one finds them in the files, without SPARQL and inference."""

from __future__ import annotations

from itertools import combinations

import pyoxigraph as ox
import pytest
from rdflib import URIRef
from rdflib.namespace import RDF

from competency_graph import Dictionary
from competency_graph.rdf.rows import Rows
from competency_graph.sparql.comparison import Comparison, compare
from competency_graph.sparql.evaluator import evaluate
from site_client import CG, iri, published, values

PROPERTIES = {"area": "coversArea", "knowledge": "requiresKnowledge", "ability": "requiresAbility",
              "action": "hasKeyAction", "output": "producesOutput"}  # fmt: skip
ROLES = sorted(published().subjects(RDF.type, CG.Role))
PAIRS = list(combinations(ROLES, 2))
AREAS = sorted(published().subjects(RDF.type, CG.AreaOfExpertise))


@pytest.fixture(scope="module")
def rows(request: pytest.FixtureRequest) -> Rows:
    """Queries the published dictionary."""
    store = request.getfixturevalue("sales").store
    return lambda text, bindings: evaluate(store, text, bindings).rows()


def compared(kind: str, entries: tuple[URIRef, ...], rows: Rows) -> Comparison:
    return compare(kind, [ox.NamedNode(str(entry)) for entry in entries], rows)


def parts(entry: URIRef, kind: str) -> set[str]:
    """What a role or area has of a kind, by the files."""
    areas = values(entry, "coversArea") or {entry}
    if kind == "area":
        return {str(area) for area in areas}
    return {str(part) for area in areas for part in values(area, PROPERTIES[kind])}


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_roles_share_what_their_areas_share(pair: tuple[URIRef, URIRef], rows: Rows) -> None:
    found = compared("role", pair, rows)
    sections = {section.kind: section for section in found.sections}
    assert set(sections) == {*PROPERTIES, "competency"}
    for kind in PROPERTIES:
        left, right = (parts(role, kind) for role in pair)
        assert {part.iri for part in sections[kind].shared} == left & right
        assert {part.iri for part in sections[kind].only(0)} == left - right
        assert {part.iri for part in sections[kind].only(1)} == right - left
    assert len(sections["competency"].shared) == 29


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_the_way_leads_through_the_areas_that_are_new(
    pair: tuple[URIRef, URIRef], rows: Rows
) -> None:
    for way, (start, goal) in zip(
        compared("role", pair, rows).ways, (pair, pair[::-1]), strict=True
    ):
        for kind in ("knowledge", "ability", "action"):
            learned = [part.iri for step in way.steps for part in step.lessons.get(kind, ())]
            assert len(learned) == len(set(learned)) == way.count(kind)
            assert set(learned) == parts(goal, kind) - parts(start, kind)
        new = {step.area.iri for step in way.steps if step.area and step.new_area}
        assert new == parts(goal, "area") - parts(start, "area")
        for step in way.steps:
            assert step.area
            of_area = {str(v) for v in values(URIRef(step.area.iri), *PROPERTIES.values())}
            assert {part.iri for each in step.lessons.values() for part in each} <= of_area


def test_three_areas_are_compared_part_by_part(rows: Rows) -> None:
    three = tuple(AREAS[:3])
    found = compared("area", three, rows)
    for section in found.sections:
        if section.kind not in ("knowledge", "ability", "action", "output"):
            continue
        expected = {
            part: tuple(part in parts(area, section.kind) for area in three)
            for part in set().union(*(parts(area, section.kind) for area in three))
        }
        assert {row.part.iri: row.presence for row in section.rows} == expected
        codes = [row.part.code for row in section.rows]
        assert codes == sorted(codes)


def test_a_part_that_two_of_three_share_is_neither_shared_nor_only_ones(rows: Rows) -> None:
    three = tuple(iri(f"role/{name}") for name in ("consultant", "analyst", "strategist"))
    section = next(s for s in compared("role", three, rows).sections if s.kind == "area")
    twice = {row.part.iri for row in section.partly_shared}
    assert twice == {
        str(area)
        for area in values(three[0], "coversArea")
        if sum(area in values(role, "coversArea") for role in three) == 2
    }
    assert not twice & {part.iri for n in range(3) for part in section.only(n)}
    assert not twice & {part.iri for part in section.shared}


def test_a_wrong_statement_is_noticed(sales: Dictionary) -> None:
    """A store in which a role covers one more area has another comparison."""
    store = ox.Store()
    store.extend(sales.store)
    role, other = (ox.NamedNode(str(each)) for each in ROLES[:2])
    left, right = (parts(each, "area") for each in ROLES[:2])
    (extra, *_) = sorted(right - left)
    store.add(ox.Quad(role, ox.NamedNode(CG.coversArea), ox.NamedNode(extra),
                      ox.NamedNode("http://e.example/g")))  # fmt: skip
    found = compare("role", [role, other], lambda t, b: evaluate(store, t, b).rows())
    shared = {part.iri for part in found.sections[0].shared}
    assert shared == left & right | {extra}


def test_roles_without_anything_can_be_compared() -> None:
    store = ox.Store()
    store.load(
        b"<http://e/a> a <https://w3id.org/competency-graph/ontology#Role> ."
        b"<http://e/b> a <https://w3id.org/competency-graph/ontology#Role> .",
        format=ox.RdfFormat.TURTLE,
    )
    found = compare("role", [ox.NamedNode("http://e/a"), ox.NamedNode("http://e/b")],
                    lambda t, b: evaluate(store, t, b).rows())  # fmt: skip
    assert [entry.name for entry in found.entries] == ["http://e/a", "http://e/b"]
    assert found.sections == []
    assert [way.steps for way in found.ways] == [[], []]
