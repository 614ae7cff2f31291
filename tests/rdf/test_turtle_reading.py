"""Texts that are being written: what each term is, and what comes at the cursor."""

from __future__ import annotations

import pytest

from competency_graph.rdf.turtle_reading import (
    COMMENT,
    OBJECT,
    PREDICATE,
    PREFIX,
    SUBJECT,
    Reading,
    cursor,
    declared_prefixes,
    resolved,
    term_at,
)

HEAD = "@prefix a: <http://a.example/> .\nPREFIX b: <http://b.example/>\n\n"


def statements(text: str) -> list[str]:
    """The terms of statements with the first letter of their roles."""
    return [
        f"{term.role[0]} {term.text}"
        for term in Reading(text).terms()
        if term.role in (SUBJECT, PREDICATE, OBJECT)
    ]


def test_a_whole_text() -> None:
    text = HEAD + 'a:x a b:C ; # why\n  b:p "1. ; x"@en , [ b:q ( a:y a:z ) ] .\n[] b:p 1.5 .'
    assert statements(text) == [
        "s a:x", "p a", "o b:C", "p b:p", 'o "1. ; x"@en', "p b:q", "o a:y", "o a:z",
        "p b:p", "o 1.5",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a:x b:p\n\na:y b:p a:z .", ["s a:x", "p b:p", "s a:y", "p b:p", "o a:z"]),
        ("a:x b:p a:z\na:y b:p a:z .", ["s a:x", "p b:p", "o a:z", "s a:y", "p b:p", "o a:z"]),
        ("a:x\n  b:p a:z\n  b:q a:z .", ["s a:x", "p b:p", "o a:z", "p b:q", "o a:z"]),
        ('a:x b:p "unfinished\n\na:y b:p 1 .', ["s a:x", "p b:p", 'o "unfinished', "s a:y", "p b:p", "o 1"]),
        ("a:x b:p [ b:q \n\na:y b:p 1 .", ["s a:x", "p b:p", "p b:q", "s a:y", "p b:p", "o 1"]),
        ("a:x b:p ) ] . a:y b:p <http://unfinished", ["s a:x", "p b:p", "s a:y", "p b:p", "o <http://unfinished"]),
    ],
)  # fmt: skip
def test_missing_signs_are_guessed(text: str, found: list[str]) -> None:
    assert statements(text) == found


@pytest.mark.parametrize(
    ("text", "role", "written", "subject", "predicate"),
    [
        ("a:x ", PREDICATE, "", "a:x", ""),
        ("a:x a cg:Ro", OBJECT, "cg:Ro", "a:x", "a"),
        ("a:x a cg:Role ; b:", PREDICATE, "b:", "a:x", ""),
        ("a:x a cg:Role\n  ", PREDICATE, "", "a:x", ""),
        ("a:x a cg:Role .\n", SUBJECT, "", "", ""),
        ("a:x b:p a:y, ", OBJECT, "", "a:x", "b:p"),
        ("a:x b:p [ b:q ", OBJECT, "", "a:x", "b:q"),
        ('a:x b:p "text; b:', COMMENT, "", "", ""),
        ("a:x # comment b:", COMMENT, "", "", ""),
        ("PREFIX a", PREFIX, "a", "", ""),
        ("SELECT * { ?x a cg:Role ; cg:c", PREDICATE, "cg:c", "?x", ""),
    ],
)
def test_what_comes_at_the_cursor(
    text: str, role: str, written: str, subject: str, predicate: str
) -> None:
    for after in ("", " .\n\na:other a cg:Role .\n"):
        found = cursor(text + after, len(text))
        assert (found.role, found.written) == (role, written)
        if role != COMMENT:
            assert (found.subject, found.predicate) == (subject, predicate)


def test_the_term_at_an_offset() -> None:
    text = HEAD + "a:x b:p a:yy ."
    for offset, found in ((0, "a:yy"), (4, "a:yy"), (-1, "b:p")):
        term = term_at(text, text.index("a:yy") + offset)
        assert (term.text if term else None) == found


def test_prefixes_and_iris() -> None:
    assert declared_prefixes(HEAD) == {"a": "http://a.example/", "b": "http://b.example/"}
    prefixes = declared_prefixes(HEAD)
    assert resolved("a:x\\.y", prefixes) == "http://a.example/x.y"
    assert resolved("c:x", prefixes) == ""
    assert resolved("<y>", prefixes, "http://c.example/x") == "http://c.example/y"
    assert resolved('"a:x"', prefixes) == ""


def test_a_long_hostile_text_is_read() -> None:
    assert len(list(Reading("[" * 100_000 + "(" * 100_000 + "<").terms())) == 1
    assert cursor('"' * 100_001, 100_001).role == COMMENT
