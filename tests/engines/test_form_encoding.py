"""Forms as the standard library reads and writes them, in less time."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competency_graph.engines.form_encoding import encoded, pairs

FORMS = {
    "several": b"query=ASK%7B%7D&format=csv",
    "a value without a name": b"=x",
    "a name without a value": b"query",
    "an equals sign in a value": b"query=a=b",
    "nothing between": b"&&a=1&",
    "plus signs and spaces": b"a+b=c+d%2Be%20f",
    "lower case": b"a=%c5%be",
    "a percent sign alone": b"a=100%&b=%%41%4",
    "an escape made of escapes": b"a=%2541%253D",
    "characters as they are": "a=žluť漢字😀".encode(),
    "line breaks": b"a=1%0D%0A2\r\n3=\r\n4",
    "a zero": b"a=%00",
}


def standard(content: bytes) -> list[tuple[str, str]]:
    return parse_qsl(content.decode(), keep_blank_values=True, errors="strict")


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_read_as_by_the_standard_library(name: str) -> None:
    assert pairs(FORMS[name]) == standard(FORMS[name])


@pytest.mark.parametrize("content", [b"a=%FF", b"a=\xff", b"a=%C5&b=%BE", b"%C5=1"])
def test_what_is_not_utf_8_is_an_error(content: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        pairs(content)


@given(st.text("%&=+;aF0é漢\r\n \0"))
def test_any_form_is_read_as_by_the_standard_library(text: str) -> None:
    content = text.encode()
    try:
        expected = standard(content)
    except UnicodeDecodeError:
        with pytest.raises(UnicodeDecodeError):
            pairs(content)
    else:
        assert pairs(content) == expected


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_written_as_by_the_standard_library(text: str) -> None:
    assert encoded(text).decode() == quote(text, safe="")
    assert pairs(b"a=" + encoded(text)) == parse_qsl(urlencode({"a": text}), True)
