"""A validated text with its findings at their lines, for a page that works without script."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from competency_graph.errors import BadValueError
from competency_graph.validation.findings import SEVERITIES, Edit
from competency_graph.validation.remedies.fixes import edited

Json = Mapping[str, Any]
_CONTEXT: Final = 3
"""The number of lines shown around a line with findings."""
_MAX_LINES_FOLDED: Final = 3_000
"""The maximum number of lines without findings that the page includes, folded."""
_MAX_COLUMNS: Final = 1_000
"""The maximum number of characters shown of a line."""
_COLUMNS_BEFORE: Final = 200
"""The number of characters shown before the first finding of a longer line."""


@dataclass(frozen=True)
class Change:
    """An edit as shown to the author.

    Args:
        old: the text that it removes, or "".
        new: the text that it inserts, or "".
    """

    old: str
    new: str

    @property
    def added(self) -> str:
        """The inserted text without the sign and the space that join it to the rest."""
        return self.new.lstrip(" ;\r\n\t")


@dataclass(frozen=True)
class Remark:
    """A finding as shown on the page.

    Args:
        number: its number on the page, from 1.
        finding: the finding, with the fields of `reports.json_`.
        line: its line, or 0 if that is unknown.
        changes: what its remedy changes.
        edits: its edits for the form, see `read_edits`; "" if it has none.
    """

    number: int
    finding: Json
    line: int
    changes: tuple[Change, ...]
    edits: str


@dataclass(frozen=True)
class Line:
    """A line of the text.

    Args:
        number: its number, from 1.
        parts: its text in parts, each with the severity of the finding about it, or "".
        remarks: the findings that begin in it.
    """

    number: int
    parts: tuple[tuple[str, str], ...]
    remarks: tuple[Remark, ...] = ()

    @property
    def severity(self) -> str:
        """That of its gravest finding; "" without findings."""
        found = {remark.finding["severity"] for remark in self.remarks}
        return next((severity for severity in SEVERITIES if severity in found), "")


@dataclass(frozen=True)
class Stretch:
    """Successive lines.

    Args:
        first: the number of the first.
        last: the number of the last.
        lines: the lines; none if they are too many to include.
        folded: whether they are shown only on request.
    """

    first: int
    last: int
    lines: tuple[Line, ...]
    folded: bool


@dataclass(frozen=True)
class ValidatedText:
    """A text with its report.

    Args:
        report: the report, with the fields of `reports.json_.write_part`.
        unplaced: the findings without a line.
        placed: the others, in the order of the text.
        stretches: the lines of the text.
        all_edits: the edits of all findings for the form, see `read_edits`; "" if there are none.
    """

    report: Json
    unplaced: tuple[Remark, ...]
    placed: tuple[Remark, ...]
    stretches: tuple[Stretch, ...]
    all_edits: str


def validated_text(text: str, report: Json) -> ValidatedText:
    """Combine a text and its report.

    Args:
        text: the text, with lines that end in LF.
        report: the report, with the fields of `reports.json_.write_part`.
    """
    remarks = [_remark(number, f, text) for number, f in enumerate(report["findings"], 1)]
    lines = text.split("\n")
    by_line: dict[int, list[Remark]] = defaultdict(list)
    for remark in remarks:
        if 0 < remark.line <= len(lines):
            by_line[remark.line].append(remark)
    return ValidatedText(
        report,
        tuple(remark for remark in remarks if not 0 < remark.line <= len(lines)),
        tuple(remark for number in sorted(by_line) for remark in by_line[number]),
        tuple(_stretches(lines, by_line)),
        _for_form([edit for finding in report["findings"] for edit in finding["edits"]]),
    )


def read_edits(value: str) -> list[Edit]:
    """Read edits from the field of a form: a JSON array of ``[start, end, text]``.

    Raises:
        BadValueError: it is something else.
    """
    try:
        found = [Edit("", start, end, text) for start, end, text in json.loads(value)]
        if all(_is_edit(edit) for edit in found):
            return found
    except (ValueError, TypeError, RecursionError):
        pass
    raise BadValueError(
        "the remedy to apply cannot be read",
        'Send a JSON array of edits, each with start, end and text, such as [[0, 4, "my:a"]]',
    )


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """Make edits in a text; an edit outside of the text is left out."""
    return edited(text, {edit for edit in edits if edit.end <= len(text)})[0]


def _is_edit(edit: Edit) -> bool:
    numbers = type(edit.start) is int and type(edit.end) is int and isinstance(edit.text, str)
    return numbers and 0 <= edit.start <= edit.end


def _for_form(edits: Sequence[Json]) -> str:
    if not edits:
        return ""
    return json.dumps([[e["start"], e["end"], e["text"]] for e in edits], ensure_ascii=False)


def _remark(number: int, finding: Json, text: str) -> Remark:
    edits = finding["edits"]
    changes = (Change(text[each["start"] : each["end"]], each["text"]) for each in edits)
    return Remark(number, finding, finding["place"]["line"], tuple(changes), _for_form(edits))


def _stretches(lines: list[str], by_line: Mapping[int, list[Remark]]) -> Iterator[Stretch]:
    """The lines; those far from any finding are folded if the text has findings."""
    near = {
        number
        for marked in by_line
        for number in range(max(marked - _CONTEXT, 1), min(marked + _CONTEXT, len(lines)) + 1)
    }
    if len(lines) <= 2 * _CONTEXT or not near:
        near = set(range(1, min(len(lines), _MAX_LINES_FOLDED) + 1))
    outside = {0, len(lines) + 1}
    near |= {  # single lines, which would take as much space folded
        line
        for line in {n + step for n in near for step in (1, -1)} - near - outside
        if {line - 1, line + 1} <= near | outside
    }
    bounds = [n for n in range(1, len(lines) + 1) if n == 1 or (n in near) != (n - 1 in near)]
    for first, after in pairwise([*bounds, len(lines) + 1]):
        folded = first not in near
        included = not folded or len(lines) <= _MAX_LINES_FOLDED
        numbers = range(first, after) if included else ()
        shown = (_line(number, lines[number - 1], by_line.get(number, ())) for number in numbers)
        yield Stretch(first, after - 1, tuple(shown), folded)


def _line(number: int, text: str, remarks: Sequence[Remark]) -> Line:
    """A line with its marked parts; where they overlap, the gravest counts."""
    ranges = [_marked_range(remark.finding, len(text)) for remark in remarks]
    first = min((start for start, _, _ in ranges), default=0)
    left = max(first - _COLUMNS_BEFORE, 0) if len(text) > _MAX_COLUMNS else 0
    right = min(left + _MAX_COLUMNS, len(text))
    cuts = sorted(
        {left, right, *(c for start, end, _ in ranges for c in (start, end) if left < c < right)}
    )
    parts = [("…", "")] if left else []
    for start, end in pairwise(cuts):
        found = {severity for a, b, severity in ranges if a <= start and end <= b}
        severity = next((each for each in SEVERITIES if each in found), "")
        parts.append((text[start:end], severity))
    if right < len(text):
        parts.append(("…", ""))
    return Line(number, tuple(parts), tuple(remarks))


def _marked_range(finding: Json, length: int) -> tuple[int, int, str]:
    """The part of its first line that a finding is about; the whole line if that is unknown."""
    place = finding["place"]
    if not place["column"]:
        return 0, length, finding["severity"]
    start = min(place["column"] - 1, length)
    end = place["end_column"] - 1 if place["end_line"] == place["line"] else length
    return start, max(min(end, length), start), finding["severity"]
