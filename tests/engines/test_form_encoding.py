"""Texts are encoded as by the standard library, in less time."""

from __future__ import annotations

from urllib.parse import quote

from hypothesis import example, given
from hypothesis import strategies as st

from competency_graph.engines.form_encoding import encoded


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("%25 + & = ~ \0\r\n ž漢😀")
def test_any_text_is_encoded_as_by_the_standard_library(text: str) -> None:
    assert encoded(text).decode() == quote(text, safe="")
