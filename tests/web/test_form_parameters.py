"""The parameters of an address or a form are decoded as the standard library does."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_graph.web.http.form_parameters import form_parameters

PIECES = [
    b"%", b"%4", b"%41", b"%c3%a9", b"%C3", b"%zz", b"%0A", b"%25", b"%5C", b"\\", b"\\x41", b"\\u",
    b"\\N{DASH}", b"&", b"&&", b"=", b"==", b"+", b"%2B", b"name", b"\xc3\xa9", b"\xff", b"\n", b";",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=9).map(b"".join) | st.binary(max_size=20))
def test_they_are_what_the_standard_library_finds(encoded: bytes) -> None:
    try:
        expected = parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(UnicodeDecodeError):
            form_parameters(encoded)
    else:
        assert form_parameters(encoded) == expected


@pytest.mark.parametrize(
    ("encoded", "parameters"),
    [
        (b"", []),
        (b"query=ASK+%7B%7D&format=", [("query", "ASK {}"), ("format", "")]),
        (b"q=%E2%82%AC%20%5Cu20ac", [("q", "€ \\u20ac")]),
        (b"100%=50%25", [("100%", "50%")]),
        ("q=é".encode(), [("q", "é")]),
    ],
)
def test_they_are_decoded(encoded: bytes, parameters: list[tuple[str, str]]) -> None:
    assert form_parameters(encoded) == parameters
