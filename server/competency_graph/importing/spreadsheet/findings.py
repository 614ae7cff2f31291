"""The rules for spreadsheets, and the findings about their cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from competency_graph.validation.findings import Finding, Place, Rule

UNKNOWN_COLUMN: Final = Rule(
    "CG701", "unknown-column", "warning", "Each column of a sheet has a heading with a meaning"
)
UNNAMED_ROW: Final = Rule("CG702", "unnamed-row", "violation", "Each new row has a label")
REPEATED_ROW: Final = Rule("CG703", "repeated-row", "violation", "No two rows have the same IRI")
ROW_IDENTIFIER: Final = Rule(
    "CG704", "row-identifier", "violation", "The IRI of a row is that of an entry of its kind"
)
UNKNOWN_REFERENCE: Final = Rule(
    "CG705", "unknown-reference", "violation", "Each entry that a cell names exists"
)
AMBIGUOUS_REFERENCE: Final = Rule(
    "CG706", "ambiguous-reference", "violation", "Each name in a cell is that of one entry"
)
CELL_VALUE: Final = Rule(
    "CG707", "cell-value", "violation", "Each cell has a value that its column allows"
)
DATE_CELL: Final = Rule(
    "CG708", "date-cell", "violation", "No cell has a date where a text was meant"
)
NUMBER_CELL: Final = Rule(
    "CG709", "number-cell", "warning", "No cell has a number where a text was meant"
)
FORMULA: Final = Rule("CG710", "formula-cell", "info", "Cells have values rather than formulas")
EMPTY_FORMULA: Final = Rule(
    "CG711", "formula-without-value", "violation", "Each formula has a stored value"
)
MERGED: Final = Rule("CG712", "merged-cells", "info", "No cells are merged")
REMOVED_ROW: Final = Rule("CG713", "removed-row", "info", "Each exported entry still has its row")
BASE_ROW: Final = Rule(
    "CG714", "base-row", "violation", "Rows of the dictionary that yours extends are unchanged"
)
CHANGED_SINCE: Final = Rule(
    "CG715", "changed-since-export", "violation", "An edited entry is unchanged since the export"
)
ASSUMED_ENCODING: Final = Rule("CG716", "assumed-encoding", "warning", "A table is text in UTF-8")
FULL_CELL: Final = Rule(
    "CG717", "full-cell", "violation", "No edited text is as long as a cell can be"
)
SHEET_RULES: Final = (
    UNKNOWN_COLUMN, UNNAMED_ROW, REPEATED_ROW, ROW_IDENTIFIER, UNKNOWN_REFERENCE,
    AMBIGUOUS_REFERENCE, CELL_VALUE, DATE_CELL, NUMBER_CELL, FORMULA, EMPTY_FORMULA, MERGED,
    REMOVED_ROW, BASE_ROW, CHANGED_SINCE, ASSUMED_ENCODING, FULL_CELL,
)  # fmt: skip
"""The rules that an import checks."""
_ONE_PER_COLUMN: Final = frozenset((NUMBER_CELL, FORMULA))
"""The rules that are reported once for each column, as they usually concern all its cells."""


@dataclass
class Findings:
    """The findings of an import.

    Args:
        file: the name of the file.
    """

    file: str
    found: list[Finding] = field(default_factory=list, init=False)

    def add(
        self, rule: Rule, sheet: str, row: int, column: int, message: str, remedy: str,
        focus: str = "", label: str = "",
    ) -> None:  # fmt: skip
        """Report something.

        Args:
            rule: the rule that is broken.
            sheet: the title of the sheet; "" for CSV.
            row: the row, counted from 1; 0 for the whole sheet.
            column: the column, counted from 1; 0 for the whole row.
            message: what is wrong, as a sentence.
            remedy: what to do, as a sentence.
            focus: the IRI of the entry concerned, or "".
            label: its label, or "".
        """
        place = Place(self.file, row, column, cell=cell_name(sheet, row, column))
        self.found.append(
            Finding(rule, rule.severity, message, remedy, place, focus=focus, label=label)
        )

    @property
    def blocking(self) -> bool:
        """Whether there is a violation, because of which nothing is to be written."""
        return any(finding.severity == "violation" for finding in self.found)

    def sorted(self) -> tuple[Finding, ...]:
        """The findings in the order of sheets and cells, those of a column combined."""
        sheets: dict[str, int] = {}
        for finding in self.found:
            sheets.setdefault(_sheet(finding), len(sheets))

        def order(finding: Finding) -> tuple[int, int, int, str]:
            place = finding.place
            return sheets[_sheet(finding)], place.line, place.column, finding.rule.code

        return tuple(_combined(sorted(self.found, key=order)))


def _combined(findings: list[Finding]) -> Iterator[Finding]:
    further: dict[tuple[Rule, str, int], list[str]] = {}
    for finding in findings:
        if finding.rule in _ONE_PER_COLUMN:
            column = (finding.rule, _sheet(finding), finding.place.column)
            further.setdefault(column, []).append(finding.place.cell.rpartition("!")[2])
    for finding in findings:
        cells = further.get((finding.rule, _sheet(finding), finding.place.column), [])
        if finding.rule not in _ONE_PER_COLUMN or len(cells) == 1:
            yield finding
        elif finding.place.cell.rpartition("!")[2] == cells[0]:
            more = f" The same holds of {len(cells) - 1:,} more in this column, from {cells[1]} on."
            yield replace(finding, message=finding.message + more)


def _sheet(finding: Finding) -> str:
    return finding.place.cell.rpartition("!")[0]


def column_name(column: int) -> str:
    """The letters of a column, counted from 1: A, Z, AA."""
    letters = ""
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(65 + digit) + letters
    return letters


def cell_name(sheet: str, row: int, column: int) -> str:
    """A cell as spreadsheets name it: ``Role!C5``, ``C5`` in CSV, ``Role!5`` for a row."""
    cell = f"{column_name(column)}{row or ''}"
    return f"{sheet}!{cell}" if sheet and cell else sheet or cell


def cell_position(cell: str) -> tuple[str, int, int]:
    """The sheet, row and column of a cell named as by `cell_name`; 0 for what it does not name."""
    sheet, mark, place = cell.rpartition("!")
    found = re.fullmatch(r"([A-Z]{0,3})([0-9]*)", place)
    if found is None or not (mark or found[2]):
        return cell, 0, 0
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return sheet, int(found[2] or 0), column
