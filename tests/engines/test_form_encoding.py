"""Texts are encoded so that the standard library decodes them."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from competency_graph.engines.form_encoding import encoded


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("%25 + & = ~ \0\r\n ž漢😀")
def test_any_text_is_decoded_as_it_was(text: str) -> None:
    form = b"one=" + encoded(text) + b"&two=2"
    expected = [("one", text), ("two", "2")]
    assert parse_qsl(form.decode("ascii"), keep_blank_values=True) == expected


@pytest.mark.parametrize("length", [9_999, 10_000, 10_001, 100_000])
def test_a_long_text_becomes_no_longer_than_it_must(length: int) -> None:
    text = "ž" + "a" * (length - 2)
    form = encoded(text)
    assert parse_qsl("one=" + form.decode("ascii")) == [("one", text)]
    assert len(form) < max(30_001, 2 * length)
