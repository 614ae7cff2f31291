"""The rules of an import from a document, and the findings about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from competency_graph.importing.document.corrections import Corrections
from competency_graph.importing.document.reading.line import Line
from competency_graph.validation.findings import Finding, Place, Rule

SPLIT: Final = Rule(
    "CG601", "key-action-split", "warning", "A dash ends the title of each key action"
)
JOINED_WORDS: Final = Rule("CG602", "joined-words", "warning", "Words are separated by spaces")
VARIANT: Final = Rule("CG603", "variant-name", "info", "An entry has one name in the document")
GUESSED_NAME: Final = Rule(
    "CG604", "guessed-name", "warning", "Each name in a list or table is clearly that of an entry"
)
UNMATCHED_NAME: Final = Rule(
    "CG605", "unmatched-name", "violation", "Each name in a list or table is that of an entry"
)
MISSING_PART: Final = Rule(
    "CG606", "missing-part", "violation", "Each entry has the parts that a dictionary requires"
)
NOT_UNDERSTOOD: Final = Rule(
    "CG607", "not-understood", "violation", "Each line below a heading is a part of an entry"
)
TABLE_ROW: Final = Rule(
    "CG608", "table-row", "violation", "Each row of the table of roles and areas can be read"
)
REPEATED: Final = Rule("CG609", "repeated-entry", "warning", "Each entry occurs once")
ABOUT: Final = Rule(
    "CG610", "about-the-dictionary", "violation", "The dictionary states title and licence"
)
UNUSED_CORRECTION: Final = Rule(
    "CG611", "unused-correction", "warning", "Each correction has an effect"
)
RULES: Final = (
    SPLIT, JOINED_WORDS, VARIANT, GUESSED_NAME, UNMATCHED_NAME, MISSING_PART, NOT_UNDERSTOOD,
    TABLE_ROW, REPEATED, ABOUT, UNUSED_CORRECTION,
)  # fmt: skip
"""The rules for documents; each has a page in docs/rules."""


class Findings:
    """Collects the findings about a document.

    Args:
        file: the name of the document.
        lines: its lines.
        corrections: what is accepted.
    """

    def __init__(self, file: str, lines: Sequence[Line], corrections: Corrections) -> None:
        self._file, self._corrections = file, corrections
        self._texts: dict[int, str] = {}
        for line in lines:
            self._texts.setdefault(line.number, line.text)
        self._found: list[Finding] = []

    def add(
        self, rule: Rule, number: int, message: str, remedy: str, words: str = "",
        severity: str = "", patch: str = "",
    ) -> None:  # fmt: skip
        """Add a finding, unless it is accepted.

        Args:
            rule: the rule.
            number: the line; 0 for the document.
            message: what is wrong, and what was chosen.
            remedy: what to do.
            words: the words of the line that it is about; "" for the whole line.
            severity: that of the finding, if it is not that of the rule.
            patch: lines for the file of corrections.
        """
        if (number, rule.code) in self._corrections.accept:
            self._corrections.use("accept", (number, rule.code))
            return
        place = self._place(number, words)
        self._found.append(
            Finding(rule, severity or rule.severity, message, remedy, place, patch=patch)
        )

    def sorted(self) -> tuple[Finding, ...]:
        """The findings in the order of the document."""
        return tuple(sorted(self._found, key=lambda each: (each.place, each.rule.code)))

    def _place(self, number: int, words: str) -> Place:
        text = self._texts.get(number, "")
        at = text.find(words) if words else -1
        if at < 0:
            return Place(self._file, number, text=text)
        return Place(self._file, number, at + 1, number, at + 1 + len(words), text)
