"""What terms are called in reports."""

from __future__ import annotations

import pytest

from competency_graph.rdf.vocabulary import PREFIXES
from competency_graph.versions.usual_names import usual_name, with_article


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("skos:exactMatch", "exact match"),
        ("sssom:reviewer_label", "reviewer label"),
        ("sssom:NoTermFound", "no term found"),
        ("cg:requires", "cg:requires"),
        ("https://example.org/bakery/x", "https://example.org/bakery/x"),
        ("_:c14n0", "_:c14n0"),
    ],
)
def test_a_usual_term_has_a_name_in_words(name: str, words: str) -> None:
    prefix, _, local = name.partition(":")
    assert usual_name(PREFIXES[prefix] + local if prefix in PREFIXES else name) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cg:JobTitle", "a job title"),
        ("cg:AreaOfExpertise", "an area of expertise"),
        ("owl:ObjectProperty", "an object property"),
        ("sh:SPARQLConstraint", "a sparql constraint"),
    ],
)
def test_a_class_has_an_article(name: str, words: str) -> None:
    prefix, _, local = name.partition(":")
    assert with_article(PREFIXES[prefix] + local) == words
