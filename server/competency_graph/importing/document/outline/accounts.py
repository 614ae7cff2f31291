"""What became of each line of a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum


class Use(StrEnum):
    """What a line was read as."""

    BLANK = "blank"
    FURNITURE = "page numbers, headers and footers"
    TITLE = "title of the document"
    DESCRIPTION = "description of the document"
    CONTENTS = "list of contents"
    HEADING = "headings"
    LABEL = "labels such as “Key Actions:”"
    ROLE = "roles"
    JOB_TITLE = "job titles"
    TABLE = "table of roles and areas"
    NAMES = "lists of clusters, competencies and areas"
    DEFINITION = "definitions"
    ACTION = "key actions"
    KNOWLEDGE = "knowledge"
    ABILITY = "abilities"
    OUTPUT = "outputs"
    OPEN_ENDED = "“other outputs”"
    PROSE = "prose between the parts"
    REPEATED = "repeated items"
    IGNORED = "left out by your corrections"
    UNKNOWN = "not understood"


UNUSED = (Use.FURNITURE, Use.PROSE, Use.REPEATED, Use.IGNORED, Use.UNKNOWN)
"""The uses of lines that are not in the dictionary, although they have text."""


class Accounts:
    """The use of each line of a document."""

    def __init__(self, count: int) -> None:
        self.uses: list[Use | None] = [None] * count

    def note(self, positions: Iterable[int], use: Use) -> None:
        """Note what lines were read as."""
        for position in positions:
            self.uses[position] = use

    def counts(self) -> dict[str, int]:
        """The number of lines of each use, in the order of `Use`.

        Raises:
            AssertionError: the use of a line was not noted, which is an error of this program.
        """
        found = Counter(self.uses)
        if found[None]:
            raise AssertionError(f"line {self.uses.index(None) + 1} is not accounted for")
        return {use.value: found[use] for use in Use if found[use]}


def ranges(numbers: Iterable[int]) -> str:
    """Numbers in ascending order, with runs as ranges."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"{a}" if a == b else f"{a}–{b}" for a, b in runs)
