"""The texts of entries: labels, definitions and examples, with what had to be guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property

from competency_graph.importing.document.content import Item
from competency_graph.importing.document.corrections import Corrections
from competency_graph.importing.document.findings import (
    JOINED_WORDS,
    REPEATED,
    SPLIT,
    Findings,
)
from competency_graph.importing.document.names import normal
from competency_graph.importing.document.outline.accounts import Accounts, Use
from competency_graph.importing.document.outline.model import Words
from competency_graph.importing.document.outline.paragraphs import Paragraph
from competency_graph.importing.document.outline.wording import (
    MISSING_SPACE,
    MIXED_WORD,
    Split,
    examples,
    item_label,
    separated,
    split_title,
    without_examples,
)


class Texts:
    """Makes entries of the words of a document.

    Args:
        paragraphs: the paragraphs, for the vocabulary of the document.
        corrections: what was decided.
        findings: receives the guesses.
        accounts: receives the items that are left out as repeated.
    """

    def __init__(
        self, paragraphs: Sequence[Paragraph], corrections: Corrections, findings: Findings,
        accounts: Accounts,
    ) -> None:  # fmt: skip
        self._paragraphs, self._corrections = paragraphs, corrections
        self._findings, self._accounts = findings, accounts

    @cached_property
    def _vocabulary(self) -> set[str]:
        return {
            word.lower()
            for each in self._paragraphs
            for word in re.findall(r"[^\W\d_]+", each.text)
            if not MIXED_WORD.fullmatch(word)
        }

    @cached_property
    def _positions(self) -> dict[int, list[int]]:
        return {each.number: each.lines for each in self._paragraphs}

    def clean(self, text: str, number: int) -> str:
        """A text with the words that run together separated, as far as that is clear."""
        for found in MIXED_WORD.finditer(text):
            word = found[0]
            better = separated(word, self._vocabulary)
            chosen = f"read as “{better}”" if better else "left unchanged"
            self._findings.add(
                JOINED_WORDS,
                number,
                f"The words “{word}” run together, {chosen}.",
                "Correct the document, or add this to the corrections.",
                word,
                patch=_text_patch(number, word, better or word),
            )
            text = text.replace(word, better) if better else text
        while found := MISSING_SPACE.search(text):
            around = text[max(0, found.start() - 12) : found.end() + 12]
            text = f"{text[: found.end()]} {text[found.end() :]}"
            self._findings.add(
                JOINED_WORDS,
                number,
                f"There is no space after “{found[0]}” in “{around}”, so one was added.",
                "Correct the document, or accept this in the corrections.",
                around,
                patch=f"accept:\n  {number}: {JOINED_WORDS.code}",
            )
        return text

    def definition(self, name: str, words: Words | None) -> tuple[str, list[str]]:
        """The definition of an entry and its examples; empty if the document has none."""
        if text := self._corrections.definitions.get(normal(name)):
            self._corrections.use("definitions", normal(name))
        elif words is not None:
            text = self.clean(words.text, words.number)
        return text or "", examples(text or "")

    def labelled(self, found: Iterable[Words]) -> list[Item]:
        """The items of a list of knowledge, abilities, outputs or titles."""
        items = []
        for words in found:
            label, shown = without_examples(item_label(self.clean(words.text, words.number)))
            items.append(Item(item_label(label), words.number, examples=shown))
        return self._distinct(items)

    def actions(self, found: Iterable[Words]) -> list[Item]:
        """The items of a list of key actions."""
        items = []
        for words in found:
            title, description, guessed = self._split(words)
            title = item_label(self.clean(title, words.number))
            if guessed:
                self._findings.add(
                    SPLIT,
                    words.number,
                    f"No dash ends the title of this key action; it was taken to be “{title}”.",
                    "Correct the document, or add the title to the corrections.",
                    description[:40],
                    patch=f"titles:\n  {words.number}: {_quoted(title)}",
                )
            definition, shown = self.definition(
                title, Words(description, words.number) if description else None
            )
            label, of_title = without_examples(title)
            items.append(Item(label, words.number, definition, of_title + shown))
        return self._distinct(items)

    def _split(self, words: Words) -> Split:
        title = " ".join(self._corrections.titles.get(words.number, "").split())
        if title and words.text.startswith(title):
            self._corrections.use("titles", words.number)
            return Split(title, words.text[len(title) :].lstrip(" .:—–-"))
        return split_title(words.text)

    def _distinct(self, items: Iterable[Item]) -> list[Item]:
        """The items without those that repeat an earlier one of the list."""
        kept: dict[str, Item] = {}
        for item in items:
            first = kept.setdefault(normal(item.label) or item.label, item)
            if first is not item:
                self._findings.add(
                    REPEATED,
                    item.number,
                    f"“{item.label}” repeats line {first.number}, and was left out.",
                    "Remove one of them.",
                    patch=f"accept:\n  {item.number}: {REPEATED.code}",
                )
                self._accounts.note(self._positions.get(item.number, ()), Use.REPEATED)
        return list(kept.values())


def _text_patch(number: int, old: str, new: str) -> str:
    return f"text:\n  - {{line: {number}, old: {_quoted(old)}, new: {_quoted(new)}}}"


def _quoted(text: str) -> str:
    """A text as YAML in double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
