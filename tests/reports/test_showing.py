"""Source lines and characters as people see them."""

from __future__ import annotations

import pytest

from competency_graph.reports.source_excerpts import WIDTH, excerpt, visible
from competency_graph.validation.findings import Place


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain – “text” 麵包 é", "plain – “text” 麵包 é"),
        ("\x1b[2J", "␛[2J"),
        ("a\r\nb\x00\x7f", "a␍␊b␀\ufffd"),
        ("\x9b31m\u2028", "\ufffd31m\ufffd"),
        ("x\u202e\u2066y\u2069", "x\ufffd\ufffdy\ufffd"),
        ("caf\udce9", "caf\ufffd"),
        ("👩‍🌾 می‌خواهم", "👩‍🌾 می‌خواهم"),  # joiners that writing needs
    ],
)
def test_what_steers_a_terminal_becomes_a_sign(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_what_is_to_stay_stays() -> None:
    assert visible("a\n\tb\r", keep="\n\t") == "a\n\tb␍"


LONG = "x" * 499 + "HERE" + "y" * 900


@pytest.mark.parametrize(
    ("place", "parts"),
    [
        (Place("f", 1, 3, 1, 5, "abcdef"), ("ab", "cd", "ef")),
        (Place("f", 1, 3, 0, 0, "abcdef"), ("ab", "c", "def")),
        (Place("f", 1, 0, 0, 0, "abcdef  "), ("", "abcdef", "  ")),
        (Place("f", 1, 3, 4, 2, "abcdef "), ("ab", "cdef", " ")),
        (Place("f", 1, 7, 1, 7, "abcdef"), ("abcdef", "", "")),
        (Place("f", 1, 90, 0, 0, "abcdef"), ("abcdef", "", "")),
        (Place("f", 1, 2, 1, 3, "\tb\x1b"), ("    ", "b", "␛")),
        (Place("f", 1, 500, 1, 504, LONG), ("…" + "x" * 40, "HERE", "y" * 56 + "…")),
        (Place("f", 1, 1, 1, 1400, LONG), ("", "x" * WIDTH, "…")),
        (Place("f", 1, 1403, 1, 1404, LONG), ("…" + "y" * 99, "y", "")),
    ],
)
def test_a_line_is_shown_around_its_place(place: Place, parts: tuple[str, str, str]) -> None:
    assert excerpt(place) == parts
