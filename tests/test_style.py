"""The documentation uses the usual words: a small style, checked outside code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import ROOT

STYLE = {
    r"\b(is|are|was|were) told\b": "is reported, is listed, is passed",
    r"\btells?\b": "says, states, reports, describes, lists",
    r"\bjudg(e|es|ed|ing)\b": "validate, check, evaluate",
    r"\bmend(s|ed|ing)?\b": "fix, correct",
    r"\bslips? of the pen\b": "a typo",
    r"\bwhat it costs\b|\bcosts? (too|more|less)\b": "takes, needs, exceeds a limit",
    r"\bof one.s own\b|\bof yours\b": "your own, before the noun",
    r"\bthat there (is|are)\b|\bwhat there is\b": "existing, available",
    r"\bwalks? (you|a person) through\b": "takes you through",
    r"\bis left away\b|\blet go of\b": "is omitted, releases",
}
"""What is not written, and what is meant instead."""
CODE = re.compile(r"^(`{3,})\w*\n.*?^\1$|^    .*$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *(path for path in sorted((ROOT / "docs").glob("*.md")) if path.name != "source-notes.md"),
]


def faults(text: str) -> list[str]:
    """The phrases of a text that have better ones, with their lines."""
    prose = CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), text)
    return [
        f"line {prose.count(chr(10), 0, found.start()) + 1}: “{found[0]}”, write {better}"
        for phrase, better in STYLE.items()
        for found in re.finditer(phrase, prose, re.IGNORECASE)
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_uses_the_usual_words(page: Path) -> None:
    assert faults(page.read_text()) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The finding is told.", 1),
        ("It judges\nby shapes and mends files.", 2),
        ("`competency validate` tells all", 1),
        ("```sh\nit is told\n```\n\nand `tells` nothing else", 0),
        ("    it is told in code\n", 0),
        ("It is reported.", 0),
    ],
)
def test_what_is_not_written_is_seen(text: str, found: int) -> None:
    assert len(faults(text)) == found
