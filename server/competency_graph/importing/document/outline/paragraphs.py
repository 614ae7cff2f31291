"""Joins the lines of a document into paragraphs, items and tables.

A line continues the one before if it is indented below an item, starts in lower case, or if its
first word did not fit on the line before.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from competency_graph.importing.document.outline.habits import (
    BULLET,
    CAPTION,
    NUMBERING,
    PAGE_NUMBER,
    Part,
    Section,
    contents_line,
    is_heading,
    is_name,
    label,
    section,
)
from competency_graph.importing.document.outline.role_table import is_row
from competency_graph.importing.document.outline.running_heads import running_heads
from competency_graph.importing.document.reading.line import Kind, Line, Text

_MAX_WORD: Final = 30
"""The length of the longest word that explains why a line was broken."""
_NO_BEGINNING: Final = ".…_=#~"
"""What no line of a paragraph begins with, but rules and notices do."""
_UNFINISHED: Final = re.compile(r"[a-z]-$|[\w,]\s+(?:and|or|of|for|the|a|an|to|with)$")
"""The end of a line that another one must continue."""
_NOT_WIDER: Final = 0.99
"""The part of the lines that are not longer than wrapped text."""


class ReadAs:
    """What a correction says about a line: the values of ``read-as``."""

    CONTINUATION: Final = "continuation"
    HEADING: Final = "heading"
    ITEM: Final = "item"
    TEXT: Final = "text"
    ALL: Final = (CONTINUATION, HEADING, ITEM, TEXT)


@dataclass
class Paragraph:
    """One or several lines that belong together.

    Args:
        kind: what it is; tables are `Kind.ROW`.
        pieces: the parts of its text, without bullet.
        lines: its lines, by their position in the document.
        number: the number of its first line.
        level: the depth or indentation of an item.
        gap: whether a blank line precedes it.
        furniture: whether it is a page number, or the header or footer of pages.
        bullet: the sign before an item.
        rows: the lines of a table.
        unhyphenated: the words whose hyphen was taken for that of a line break, with their lines.
    """

    kind: Kind
    pieces: list[str]
    lines: list[int]
    number: int
    level: int = 0
    gap: bool = False
    furniture: bool = False
    bullet: str = ""
    rows: list[Line] = field(default_factory=list)
    unhyphenated: list[tuple[int, str]] = field(default_factory=list)

    @cached_property
    def text(self) -> str:
        """Its text on one line, once it is complete."""
        return "".join(self.pieces)


def paragraphs(
    text: Text, read_as: Mapping[int, str], own_labels: Mapping[str, Part]
) -> list[Paragraph]:
    """The paragraphs of a document; only blank lines are in none of them.

    Args:
        text: the document.
        read_as: what corrections say about lines, one of `ReadAs.ALL` by number.
        own_labels: the document's own labels, as for `habits.label`.
    """
    return _Joiner(text, read_as, own_labels).joined()


class _Joiner:
    def __init__(
        self, text: Text, read_as: Mapping[int, str], own_labels: Mapping[str, Part]
    ) -> None:
        self._lines, self._wrapped, self._fill = text.lines, text.wrapped, text.fill
        self._width = _width(text.lines)
        self._read_as, self._own_labels = read_as, own_labels
        self._running = running_heads(text.lines)
        self._words = _plain_and_hyphenated(text.lines if text.wrapped else ())
        self._next_text = _next_texts(text.lines, self._running)
        self._listing = False  # inside a list of contents

    def joined(self) -> list[Paragraph]:
        done: list[Paragraph] = []
        gap = False
        for position, line in enumerate(self._lines):
            if line.blank:
                gap = True
                continue
            last = next((each for each in reversed(done[-3:]) if not each.furniture), None)
            self._listing = self._listing and not self._ends_listing(line, last, gap)
            if position in self._running or _is_page_number(line):
                done.append(Paragraph(Kind.TEXT, [line.text.strip()], [position], line.number))
                done[-1].furniture = True
                continue
            turned = last is not None and line.page != self._lines[last.lines[-1]].page
            if last and self._is_table_row(line, last, gap or turned):
                last.lines.append(position)
                last.rows.append(line)
            elif last and self._continues(position, line, last, gap and not turned):
                self._join(last, line)
                last.lines.append(position)
            else:
                done.append(self._new(position, line, gap))
            gap = False
        return done

    def _new(self, position: int, line: Line, gap: bool) -> Paragraph:
        text, said = line.text.strip(), self._read_as.get(line.number)
        listed = self._listing and contents_line(line.text)
        if (
            not said
            and not listed
            and (line.kind == Kind.ROW or is_row(line) or CAPTION.match(text))
        ):
            self._listing = False
            return Paragraph(Kind.ROW, [text], [position], line.number, gap=gap, rows=[line])
        found = BULLET.match(line.text)
        kind = Kind.ITEM if found else line.kind
        if found and found["number"] and self._numbers_a_heading(position, line, found):
            kind = Kind.TEXT
        if kind == Kind.TEXT and section(text):
            self._listing = section(text) == Section.CONTENTS
        if said in (ReadAs.HEADING, ReadAs.ITEM, ReadAs.TEXT):
            kind = Kind(said)
        if kind in (Kind.TEXT, Kind.HEADING):
            text = NUMBERING.sub("", text, count=1) if kind == Kind.HEADING or found else text
        text = BULLET.sub("", line.text, count=1) if found and kind == Kind.ITEM else text
        made = Paragraph(kind, [_spaced(text)], [position], line.number, line.level, gap)
        made.bullet = (found["sign"] or "") if found else ""
        return made

    def _ends_listing(self, line: Line, last: Paragraph | None, gap: bool) -> bool:
        """Whether a line that follows a list of contents after a gap is not part of it."""
        if not gap or last is None or section(last.pieces[0]) == Section.CONTENTS:
            return False
        return not contents_line(line.text)

    def _numbers_a_heading(self, position: int, line: Line, found: re.Match[str]) -> bool:
        """Whether a number stands before a heading, and not before an item of a list."""
        rest = line.text[found.end() :].strip()
        following = label(self._next_text[position], self._own_labels)
        return bool(section(rest)) or bool(following and following[0] == Part.DEFINITION)

    def _is_table_row(self, line: Line, last: Paragraph, gap: bool) -> bool:
        if last.kind != Kind.ROW or line.number in self._read_as:
            return False
        if line.kind == Kind.ROW or is_row(line):
            return not (line.kind == Kind.TEXT and CAPTION.match(line.text.strip()))
        # the header after a caption, and rows without a mark
        return line.kind == Kind.TEXT and (not gap or len(last.rows) == 1)

    def _continues(self, position: int, line: Line, last: Paragraph, gap: bool) -> bool:
        said = self._read_as.get(line.number)
        if said:
            return said == ReadAs.CONTINUATION
        if gap or last.kind == Kind.ROW or line.kind != Kind.TEXT or not self._wrapped:
            return False
        bullet = BULLET.match(line.text)
        if bullet and not _is_dash(bullet, line, last):
            return False
        if label(line.text, self._own_labels):
            return False
        if CAPTION.match(line.text.strip()) or is_heading(line.text):
            return False
        if line.text.strip()[0] in _NO_BEGINNING:
            return False
        if self._heads_entry(position, line) and not self._is_half_heading(last):
            return False
        if self._listing and (contents_line(line.text) or last.kind != Kind.ITEM):
            return False
        if last.kind == Kind.ITEM and line.level > last.level and not bullet:
            return True
        before = self._lines[last.lines[-1]].text.rstrip()
        if _UNFINISHED.search(before):
            return True
        first_word = line.text.split(None, 1)[0]
        return len(before) + 1 + min(len(first_word), _MAX_WORD) > self._width * self._fill

    def _heads_entry(self, position: int, line: Line) -> bool:
        """Whether a line is above a definition, as the name of an entry is."""
        following = label(self._next_text[position], self._own_labels)
        above = following is not None and following[0] == Part.DEFINITION
        return above and not line.text.strip()[0].islower()

    def _is_half_heading(self, last: Paragraph) -> bool:
        """Whether a single line after a gap may be the first one of a wrapped name."""
        text = last.pieces[0]
        return (
            last.gap
            and last.kind == Kind.TEXT
            and len(last.lines) == 1
            and is_name(text)
            and not is_heading(text)
            and label(text, self._own_labels) is None
        )

    def _join(self, last: Paragraph, line: Line) -> None:
        """Continue a paragraph, whose last line may end in a hyphen or dash."""
        before, after = last.pieces[-1], _spaced(line.text)
        if before.endswith("—"):
            last.pieces.append(after)
        elif not re.search(r"\w-$", before) or re.match(r"(?:and|or|to)\b(?!-)", after):
            last.pieces += [" ", after]
        else:
            if word := self._unhyphenated(before, after):
                last.unhyphenated.append((line.number, word))
                last.pieces[-1] = before[:-1]
            last.pieces.append(after)

    def _unhyphenated(self, before: str, after: str) -> str:
        """The word over a line break, if its hyphen is that of the line break; else ""."""
        first, second = re.findall(r"\w+", before)[-1], re.findall(r"\w*", after)[0]
        plain, hyphenated = self._words
        one, two = f"{first}{second}", f"{first}-{second}"
        return one if one.lower() in plain and two.lower() not in hyphenated else ""


def _is_dash(bullet: re.Match[str], line: Line, last: Paragraph) -> bool:
    """Whether a line may begin with a dash of a sentence: it is not like the bullets around."""
    sign = bullet["sign"] or ""
    like = sign == last.bullet and line.level == last.level
    return sign in ("-", "–", "—") and last.kind == Kind.ITEM and not like


def _is_page_number(line: Line) -> bool:
    return line.kind == Kind.TEXT and bool(PAGE_NUMBER.fullmatch(line.text))


def _width(lines: Sequence[Line]) -> int:
    """The length of the longest lines, without tables and but for a few others."""
    lengths, in_table = [], False
    for line in lines:
        in_table = not line.blank and (in_table or bool(CAPTION.match(line.text.strip())))
        if not (line.blank or in_table or is_row(line)):
            lengths.append(len(line.text.rstrip()))
    return sorted(lengths)[int((len(lengths) - 1) * _NOT_WIDER)] if lengths else 0


def _spaced(text: str) -> str:
    """A text with single spaces, also in place of no-break ones."""
    return " ".join(text.split())


def _next_texts(lines: Sequence[Line], running: set[int]) -> list[str]:
    """For each line, the next line with text."""
    found, following = [""] * len(lines), ""
    for position in range(len(lines) - 1, -1, -1):
        found[position] = following
        if not lines[position].blank and position not in running:
            following = lines[position].text
    return found


def _plain_and_hyphenated(lines: Sequence[Line]) -> tuple[Counter[str], Counter[str]]:
    """The words of a document, and those with hyphens, in lower case."""
    plain: Counter[str] = Counter()
    hyphenated: Counter[str] = Counter()
    for line in lines:
        plain.update(re.findall(r"(?<![\w-])\w+(?![\w-])", line.text.lower()))
        hyphenated.update(re.findall(r"\w+-\w+", line.text.lower()))
    return plain, hyphenated
