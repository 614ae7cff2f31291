"""Words, brought to a form in which they can be compared."""

from __future__ import annotations

import pytest

from competency_graph.linking.word_stems import Words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Negotiating the contracts", "negotiate contract"),
        ("Customer’s needs", "customer's need"),
        ("ÜBER e\u0301tude", "über étude"),
        ("Sales-force management", "sales force managements"),
    ],
)
def test_labels_that_say_the_same_share_a_key(one: str, other: str) -> None:
    words = Words("en")
    assert words.key(one) == words.key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("sales manager", "manager sales"), ("contract", "contractor")]
)
def test_labels_that_differ_do_not(one: str, other: str) -> None:
    words = Words("en")
    assert words.key(one) != words.key(other)


@pytest.mark.parametrize(
    "text",
    [
        "We use customer relationship management (CRM) here",
        "CRM (customer relationship management)",
        "Customer-Relationship Management (CRMs)",
    ],
)
def test_an_acronym_is_learnt(text: str) -> None:
    words = Words("en")
    before = words("CRM software")
    words.learn([text])
    assert set(words("CRM software")) - set(before) == set(words.key(
        "customer relationship management").split())  # fmt: skip


@pytest.mark.parametrize("text", ["other words (CRM)", "(CRM)", "CRM ()"])
def test_what_explains_none_teaches_none(text: str) -> None:
    words = Words("en")
    words.learn([text])
    assert words("CRM") == ["crm"]


def test_of_an_unknown_language_words_are_as_they_are() -> None:
    assert Words("xx")("The Contracts") == ["the", "contracts"]
