"""What a search returns besides its hits: corrections, counts, facets, excerpts, suggestions."""

from __future__ import annotations

import pytest

from competency_graph import Dictionary
from competency_graph.sparql.evaluator import evaluate
from competency_graph.sparql.search.databases import databases
from competency_graph.sparql.search.excerpts import excerpt
from competency_graph.sparql.search.index import Index

BASE = "https://w3id.org/competency-graph/sales/"


@pytest.fixture(scope="module")
def index(sales: Dictionary) -> Index:
    return Index(databases(lambda text, terms: evaluate(sales.store, text, terms).rows()))


@pytest.mark.parametrize(
    ("text", "corrected", "unknown"),
    [
        ("forecst tools", "forecast tools", []),
        ("forecasted tools", "", []),
        ("forecast zzzzzz", "", ["zzzzzz"]),
        ("resume", "", []),
    ],
)
def test_what_a_word_was_taken_for(
    index: Index, text: str, corrected: str, unknown: list[str]
) -> None:
    found = index.search(text)
    assert (found.corrected, found.unknown) == (corrected, unknown)
    assert found.has_all == (not unknown)


def test_some_words_are_found_if_no_entry_has_all(index: Index) -> None:
    found = index.search("negotiate positions with unicorns")
    assert not found.has_all
    assert "Negotiating Positions" in {hit.label for hit in found.hits[:10]}


def test_kinds_are_counted_whichever_is_listed(index: Index) -> None:
    every = index.search("customer")
    assert every.total == len(every.hits) == sum(every.counts.values())
    for kind, count in every.counts.items():
        alone = index.search("customer", kind)
        assert alone.counts == every.counts
        assert {hit.kind for hit in alone.hits} == {kind}
        assert len(alone.hits) == count
    few = index.search("customer", per_kind=3)
    assert few.total == every.total
    assert len(few.hits) == sum(min(count, 3) for count in every.counts.values())
    assert few.hits[0] == every.hits[0]


def test_an_area_or_cluster_narrows_as_its_facet_says(index: Index) -> None:
    found = index.search("customer")
    assert {facet.kind for facet in found.facets} == {"area", "cluster"}
    for facet in found.facets:
        narrowed = index.search("customer", within=facet.entry)
        assert narrowed.total == len(narrowed.hits) == facet.entries
        assert facet.entry not in {other.entry for other in narrowed.facets}
    assert index.search("customer", within="https://elsewhere.example/").total == 0


def test_what_matched_is_named(index: Index) -> None:
    hit = index.search("recruitment consultant").hits[0]
    assert hit.property.endswith("Match")
    assert hit.concept.startswith("http://data.europa.eu/esco/")
    assert "recruitment consultant" in hit.value


def test_an_excerpt_is_around_the_word_and_marks_it(index: Index) -> None:
    places = index.search("forecst").places
    text = f"{'Word ' * 100}Sales forecasts, and {'more ' * 100}"
    parts = excerpt(text, places)
    assert [part.text for part in parts if part.marked] == ["forecasts"]
    whole = "".join(part.text for part in parts)
    assert len(whole) < 250
    assert whole.startswith("… Word")
    assert whole.endswith("more …")
    assert excerpt("A forecast.", places) == (("A ", False), ("forecast", True), (".", False))


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("an", "Analyst"),
        ("forecst too", "Forecasting and aggregation methods or tools"),
        ("negotiating p", "Negotiating Positions"),
        ("c06", "Building Relationships"),
        ("Résu", "Résumé filing and retrieval"),
    ],
)
def test_a_suggestion_completes_what_is_typed(index: Index, typed: str, first: str) -> None:
    assert index.suggest(typed)[0].label == first


@pytest.mark.parametrize("typed", ["", "  ", "?!", "zzzzzzzz"])
def test_nothing_is_suggested_for_nothing(index: Index, typed: str) -> None:
    assert index.suggest(typed) == []
