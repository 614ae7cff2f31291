"""Texts in a wrong encoding, and versions that are numbers."""

from __future__ import annotations

from collections.abc import Iterator

from competency_graph.validation.checks.author_statements import AuthorStatements
from competency_graph.validation.checks.check_result import GARBLED, VERSION, CheckResult
from competency_graph.validation.checks.mojibake import LOST, ungarbled


def garbled(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report each of the author's texts that was decoded with the wrong encoding."""
    for text in draft.suspect_texts:
        meant = ungarbled(text.value.value)
        if meant == text.value.value and LOST not in meant:
            continue
        yield CheckResult(
            GARBLED,
            text.entry,
            "The text was written in one encoding and read in another",
            "Write the characters that were lost"
            if LOST in meant
            else f"Write “{_changed_words(text.value.value, meant)}”",
            text.predicate,
            str(text.value),
        )


def _changed_words(text: str, meant: str) -> str:
    """The words of ``meant`` that differ from ``text``, at most five."""
    old, new = text.split(), meant.split()
    words = [word for word in new if word not in old] if len(old) == len(new) else new
    return " … ".join(words[:5])


def versions(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report each of the author's versions that is a number."""
    for text in draft.numbered:
        yield CheckResult(
            VERSION,
            text.entry,
            f"The version {text.value.value} is a number, in which 0.1 and 0.10 are the same",
            f'Put it in quotation marks: "{text.value.value}"',
            text.predicate,
            str(text.value),
        )
