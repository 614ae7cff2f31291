"""The table of report formats."""

from __future__ import annotations

import pytest
from reporting import BARE_ROLE, WHOLE, hostile, report

from competency_graph.errors import UnknownNameError
from competency_graph.reports import FORMATS, write

NAMES = [form.name for form in FORMATS]


def test_the_formats_are_these() -> None:
    assert NAMES == [
        "text", "json", "turtle", "jsonld", "ntriples", "sarif", "junit", "github", "html",
    ]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("given", [report(BARE_ROLE, WHOLE), report(hostile())], ids=["two", "bad"])
def test_each_writes_what_was_found_and_utf_8_can_carry_it(name: str, given) -> None:
    text = write(given, name)
    assert text.encode()
    assert "CG201" in text or BARE_ROLE.shape in text or "shape:role-definition" in text


def test_no_two_formats_answer_to_one_media_type() -> None:
    kinds = [
        kind for f in FORMATS if not f.named_only for kind in (f.media_type, *f.other_media_types)
    ]
    assert len(kinds) == len(set(kinds))


def test_only_text_has_colours_and_only_when_asked() -> None:
    assert "\x1b[" in write(report(BARE_ROLE), "text", colour=True)
    assert "\x1b[" not in write(report(BARE_ROLE), "text")


def test_a_name_that_is_not_known_is_refused_with_those_that_are() -> None:
    with pytest.raises(UnknownNameError) as caught:
        write(report(), "word")
    assert "“word”" in caught.value.what
    assert all(name in caught.value.remedy for name in NAMES)
