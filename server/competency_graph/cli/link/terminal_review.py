"""Reviewing candidates and links in a terminal, with a key for each decision."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from typing import Final

import click

from competency_graph.cli.link.keys import line_mode, read_key
from competency_graph.errors import ChangedError
from competency_graph.linking import Concept, Review
from competency_graph.linking.reviewing.records import decision_of, in_words
from competency_graph.linking.reviewing.wording import meaning
from competency_graph.mappings import Mapping

_DECISION_KEYS: Final = {
    "e": "exact", "c": "close", "b": "broad", "n": "narrow", "r": "related", "x": "reject",
}  # fmt: skip
"""The decision that each key makes."""
_AGREE_KEYS = ("a", "\r", "\n")
_SKIP_KEYS = ("s", " ", "\t")
_BACK_KEYS = ("u", "\x7f", "\b")
_MENU: Final = (
    "e exact    c close    b broad: it is broader    n narrow: it is narrower    r related\n"
    "x reject   a agree    s skip     u back         t comment                   q quit   ? help\n"
    "1 to 9: set your confidence to .1 to .9, or 0 for 1, before you decide; else as proposed"
)
_HELP: Final = """\
a  agree    what is proposed or claimed is right; Enter does the same
e  exact    each can replace the other everywhere
c  close    each can replace the other in some uses
b  broad    the candidate is broader than the entry
n  narrow   the candidate is narrower than the entry
r  related  they are related, and none of the above applies
x  reject   none of these relations holds
s  skip     decide later: the candidate is shown again next time
u  back     return to the previous candidate, to check or change the decision
t  comment  give a reason, which is saved with the decision
5  sure     your confidence, saved with the decision: 1 to 9 are .1 to .9, 0 is 1; without a digit
            the proposed confidence is kept
q  quit     continue another time; every decision is saved already"""
_MAX_WIDTH: Final = 100


class TerminalReview:
    """An interactive review of candidates."""

    def __init__(self, review: Review, concepts_by_iri: dict[str, Concept]) -> None:
        self._review, self._concepts_by_iri = review, concepts_by_iri
        self._use_colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self._comment = self._confidence = ""

    def run(self) -> None:
        """Ask until all candidates are decided or the user quits."""
        candidates = self._review.candidates
        position = self._next_open(0)
        while position < len(candidates):
            candidate = candidates[position]
            self._print_candidate(position)
            step = self._read_step(candidate)
            if step == 0:
                return
            position = max(0, position - 1) if step < 0 else self._next_open(position + 1)
            self._comment = self._confidence = ""

    def _next_open(self, start: int) -> int:
        """The position of the next undecided candidate, from ``start``."""
        candidates = self._review.candidates
        while start < len(candidates) and self._review.decision(candidates[start]):
            start += 1
        return start

    def _read_step(self, candidate: Mapping) -> int:
        """Read keys until the next step: forward (1), back (-1) or quit (0); save decisions."""
        while True:
            pressed = read_key()
            if _DECISION_KEYS.get(pressed) in self._review.decisions(candidate):
                if self._decide(candidate, _DECISION_KEYS[pressed]):
                    return 1
                continue
            if pressed in _AGREE_KEYS and (stated := decision_of(candidate)):
                if self._decide(candidate, stated):
                    return 1
                continue
            if pressed in _SKIP_KEYS:
                return 1
            if pressed in _BACK_KEYS:
                return -1
            if pressed in ("q", "\x04"):
                return 0
            if pressed == "t":
                self._comment = _prompt("Comment")
                self._update_decision(candidate)
            elif pressed.isdecimal() and pressed.isascii():
                self._confidence = "1" if pressed == "0" else f"0.{pressed}"
                click.echo(f"→ confidence {self._confidence}")
                self._update_decision(candidate)
            elif pressed == "?":
                click.echo(_HELP)

    def _update_decision(self, candidate: Mapping) -> None:
        """Update a saved decision with a new comment or confidence."""
        if decision := self._review.decision(candidate):
            self._save(candidate, decision)

    def _save(self, candidate: Mapping, decision: str) -> None:
        note = self._comment or self._review.note(candidate)
        same = self._review.decision(candidate) == decision
        confidence = self._confidence or (self._review.confidence(candidate) if same else "")
        self._review.decide(candidate, decision, note, confidence)

    def _decide(self, candidate: Mapping, decision: str) -> bool:
        """Save a decision; whether it was saved, as the file may have been changed meanwhile."""
        try:
            self._save(candidate, decision)
        except ChangedError as error:
            self._print_field("", str(error))
            return False
        click.echo(f"→ {decision}")
        if self._review.all_rejected(candidate) and not self._review.has_no_match(candidate):
            self._print_field(
                "",
                f"All candidates of “{candidate.subject_label}” are rejected. Is there "
                "nothing to link it to? y yes, any other key no",
            )
            if read_key() == "y":
                self._review.record_no_match(candidate, _prompt("What was tried"))
                click.echo("→ nothing found")
        return True

    def _print_candidate(self, position: int) -> None:
        review = self._review
        candidate = review.candidates[position]
        entry = self._concepts_by_iri.get(review.subject(candidate))
        concept = self._concepts_by_iri.get(review.object(candidate))
        click.echo(f"\n── {position + 1:,} of {len(review.candidates):,} " + "─" * 40)
        self._print_concept(
            "Entry", candidate.subject_label, candidate.subject_category, entry, "in"
        )
        self._print_concept(
            "Candidate", candidate.object_label, candidate.object_category, concept, "within"
        )
        proposed = decision_of(candidate) or candidate.predicate_id
        confidence = f", confidence {candidate.confidence}" if candidate.confidence else ""
        if review.asserted(candidate):
            self._print_field("Claim", in_words(candidate))
        else:
            self._print_field("Proposed", f"{proposed}{confidence}")
        if stated := decision_of(candidate):
            said = meaning(stated, candidate.object_label, candidate.subject_label)
            self._print_field("", said)
        self._print_field("", candidate.comment)
        if decision := review.decision(candidate):
            note = review.note(candidate)
            self._print_field("Decided", decision + (f": {note}" if note else ""))
        click.echo(_MENU)

    def _print_concept(
        self, name: str, label: str, kind: str, concept: Concept | None, place: str
    ) -> None:
        self._print_field(name, label + (f" ({kind})" if kind else ""), len(label))
        if concept is None:
            return
        self._print_field("", concept.definition)
        if concept.others:
            self._print_field("", f"also: {', '.join(concept.others[:8])}")
        if concept.within:
            # An entry belongs to areas side by side; what a concept is within goes upwards.
            between = " < " if place == "within" else ", "
            self._print_field("", f"{place}: {between.join(concept.within[:4])}")

    def _print_field(self, name: str, content: str, bold_length: int = 0) -> None:
        """Print a named field, with its first ``bold_length`` characters in bold."""
        if not content:
            return
        width = min(_MAX_WIDTH, max(40, shutil.get_terminal_size().columns))
        # Control characters in files must not affect the terminal.
        indent = f"{name:<10} "
        text = printable(content)
        lines = textwrap.fill(text, width, initial_indent=indent, subsequent_indent=" " * 11)
        if bold_length and self._use_colour:
            end = len(indent) + bold_length
            lines = indent + click.style(lines[len(indent) : end], bold=True) + lines[end:]
        click.echo(lines)


def printable(text: str) -> str:
    """A text without control characters, which would affect the terminal."""
    return "".join(each if each.isprintable() else " " for each in text)


def _prompt(label: str) -> str:
    """Ask for a line of text, which may be empty."""
    with line_mode():
        return str(click.prompt(label, default="", show_default=False)).strip()
