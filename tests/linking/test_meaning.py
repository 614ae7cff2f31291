"""Candidates by meaning: without a shared word, and by what similar entries are linked to."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
import pyoxigraph as ox
import pytest
from framework import SKILL, TARGET, dictionary, entry, short

from competency_graph import linking, resources
from competency_graph.errors import UnavailableError
from competency_graph.linking import Concept
from competency_graph.linking.concepts import entries_of, target_of
from competency_graph.linking.matching import FEATURES, SCORINGS, Matcher, sentence_vectors
from competency_graph.mappings import MappingSet, read

JUDGMENTS = resources.DATA.parent / "bench" / "judgments"
CATTLE = "Haggling over the price of cattle"


def concepts(*entries: str) -> tuple[list[Concept], list[Concept]]:
    """The concepts of the framework, and the entries of a dictionary."""
    return (
        target_of(ox.parse(TARGET, ox.RdfFormat.TURTLE), "en"),
        entries_of(ox.parse(dictionary(*entries), ox.RdfFormat.TURTLE), "en"),
    )


def suggested(*entries: str, links: dict[str, str] | None = None) -> MappingSet:
    """All candidates, where some entries are linked already."""
    things, own = concepts(*entries)
    linked = [(each, {links[each.label]}) for each in own if links and each.label in links]
    return linking.suggest(own, [things], threshold=0, linked=linked)


def of(found: MappingSet, label: str) -> dict[str, tuple[float, str]]:
    """The confidence and the reasons for each candidate of an entry."""
    return {
        short(each.object_id): (float(each.confidence), each.comment)
        for each in found.mappings
        if each.subject_label == label
    }


@pytest.fixture
def fresh() -> Iterator[None]:
    """The language model is loaded anew, and again after the test."""
    sentence_vectors.sentence_vectors.cache_clear()
    yield
    sentence_vectors.sentence_vectors.cache_clear()


@pytest.mark.parametrize(
    ("kind", "label", "first"),
    [
        ("Ability", "Haggling over agreements", "01"),  # negotiate contract
        ("Ability", "Predicting what comes", "08"),  # forecast
        ("Knowledge", "Looking after clients", "03"),  # customer relationship management
        ("JobTitle", "Bargaining specialist", "20"),  # contract negotiator
    ],
)
def test_the_same_meaning_in_other_words_comes_first(kind: str, label: str, first: str) -> None:
    found = of(suggested(entry("it", kind, label)), label)
    assert next(iter(found)) == first
    assert "imilar in meaning" in found[first][1]


def test_without_the_model_no_shared_word_means_no_candidate(
    fresh: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert not of(
        suggested(entry("it", "JobTitle", "Bargaining specialist")), "Bargaining specialist"
    )
    found = of(suggested(entry("it", "Ability", "Negotiating contracts")), "Negotiating contracts")
    assert next(iter(found)) == "01"
    assert "meaning" not in found["01"][1]


def test_another_model_is_refused(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sentence_vectors, "SHA256", "0" * 64)
    with pytest.raises(UnavailableError, match="not the expected one") as told:
        suggested(entry("it", "Ability", "Negotiating contracts"))
    assert "competency-graph[link]" in str(told.value)


def test_what_a_similar_entry_is_linked_to_becomes_likelier() -> None:
    dictionary = (
        entry("it", "Ability", CATTLE),
        entry("other", "Ability", "Haggling over the price of horses"),
    )
    before = of(suggested(*dictionary), CATTLE)
    links = {"Haggling over the price of horses": f"{SKILL}02"}
    after = of(suggested(*dictionary, links=links), CATTLE)
    assert after["02"][0] > before["02"][0]
    assert (
        "The similar entry “Haggling over the price of horses” is linked to it." in after["02"][1]
    )
    assert "is linked to it" not in after["08"][1]


def test_what_is_linked_in_the_same_area_counts_beside_what_is_similar() -> None:
    things, _ = concepts()
    areas = {"same": "Trade", "elsewhere": "Farming"}
    own = [Concept(iri, CATTLE, kind="cg:Ability", within=(area,)) for iri, area in areas.items()]
    beside = Concept("beside", "Selling horses", kind="cg:Ability", within=("Trade",))
    matcher = Matcher(things, own, "en", linked=[(beside, {f"{SKILL}02"})])
    found = {
        entry.iri: {each.thing.iri[-2:]: each for each in candidates}
        for entry, candidates in matcher.candidates(own)
    }
    same, elsewhere = found["same"], found["elsewhere"]
    assert same["02"].feature("place_linked") == same["02"].feature("linked") > 0
    assert same["02"].feature("place_neighbours") > same["08"].feature("place_neighbours")
    assert elsewhere["02"].feature("linked") == same["02"].feature("linked")
    assert elsewhere["02"].feature("place_linked") == 0


def test_the_own_link_of_an_entry_is_no_precedent_for_it() -> None:
    own = entry("it", "Ability", CATTLE)
    linked = of(suggested(own, links={CATTLE: f"{SKILL}02"}), CATTLE)
    assert linked == of(suggested(own), CATTLE)


def test_links_of_entries_about_something_else_change_nothing() -> None:
    dictionary = (entry("it", "Ability", CATTLE), entry("other", "Ability", "Welding pipes"))
    linked = of(suggested(*dictionary, links={"Welding pipes": f"{SKILL}02"}), CATTLE)
    assert linked == of(suggested(*dictionary), CATTLE)


def test_a_text_means_the_same_known_or_read_by_the_model() -> None:
    vectors = sentence_vectors.sentence_vectors()
    assert vectors
    entries = linking.entries(resources.turtle_files(resources.DATA), (), "en")
    known = [
        each
        for each in entries
        if sentence_vectors.key(each.label, each.definition) in vectors._rows
    ]
    assert len(known) > 0.9 * len(entries)  # else run bench/known_vectors.py
    some = known[::50]
    read_anew = np.array([vectors._fresh(each.label, each.definition) for each in some])
    same = sentence_vectors.normalized(read_anew @ vectors._axes)
    assert (vectors.of(some, lambda doing, number: None) * same).sum(axis=1).min() > 0.999


def test_other_languages_are_compared_by_words() -> None:
    things, own = concepts(entry("it", "Ability", "Negotiating contracts"))
    for language, compared in (("en", True), ("en-GB", True), ("de", False)):
        ((_, found),) = Matcher(things, own, language).candidates(own)
        assert (found[0].feature("meaning") != 0) is compared, language


def test_each_scoring_weighs_only_features() -> None:
    for name, scoring in SCORINGS.items():
        assert scoring.weights.keys() <= set(FEATURES), name


@pytest.mark.parametrize("name", ["esco", "onet"])
def test_the_judgments_are_of_entries_that_exist(name: str) -> None:
    judged = read(JUDGMENTS / f"{name}.sssom.tsv")
    trades = sorted((JUDGMENTS.parent / "trades").glob("*.ttl"))
    dictionaries = [resources.turtle_files(resources.DATA), *([path] for path in trades)]
    numbers = []
    for paths in dictionaries:
        iris = {each.iri for each in linking.entries(paths, (), "en")}
        numbers.append(len(iris & {judged.expand(each.subject_id) for each in judged.mappings}))
    assert numbers == [60, 20, 20, 20]
    assert any(each.negated for each in judged.mappings)
