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

    def report_hyphens(self) -> None:
        """Report the words that were joined over a line break without their hyphen."""
        for number, word in (pair for each in self._paragraphs for pair in each.unhyphenated):
            self._findings.add(
                JOINED_WORDS,
                number,
                f"The hyphen before this line was taken for that of a line break: “{word}”.",
                "Nothing needs to be done, if that is right; else remove the line break.",
                severity="info",
            )

    @cached_property
    def _positions(self) -> dict[int, list[int]]:
        return {each.number: each.lines for each in self._paragraphs}

    def clean(self, text: str, number: int) -> str:
        """A text with the words that run together separated, as far as that is clear."""
        text = MIXED_WORD.sub(lambda found: self._separated(found[0], number), text)
        return MISSING_SPACE.sub(lambda found: self._spaced(found, number), text)

    def _separated(self, word: str, number: int) -> str:
        better = separated(word, self._vocabulary)
        chosen = f"read as “{better}”" if better else "left unchanged"
        self._findings.add(
            JOINED_WORDS,
            number,
            f"The words “{word}” run together, {chosen}.",
            "Correct the document, or add this to the corrections.",
            word,
            patch=_text_patch(number, word, better)
            if better
            else f"accept:\n  {number}: {JOINED_WORDS.code}",
        )
        return better or word

    def _spaced(self, stop: re.Match[str], number: int) -> str:
        around = stop.string[max(0, stop.start() - 12) : stop.end() + 12]
        self._findings.add(
            JOINED_WORDS,
            number,
            f"There is no space after “{stop[0]}” in “{around}”, so one was added.",
            "Correct the document, or accept this in the corrections.",
            around,
            patch=f"accept:\n  {number}: {JOINED_WORDS.code}",
        )
        return f"{stop[0]} "

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
