"""The table of roles and areas: its header, and the marks in each row.

Cells are those of an office document, or separated by bars, tabs, several spaces, or single spaces
with no-break spaces for the empty cells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from competency_graph.importing.document.outline.habits import CAPTION
from competency_graph.importing.document.reading.line import Kind, Line

_MARKS: Final = frozenset(("x", "✓", "✔", "✗", "✘", "•", "●", "■", "*", "yes", "y", "1", "☒", "☑"))
_EMPTY: Final = frozenset(("", "-", "–", "—", "no", "n", "0", "☐", "."))
_MARK = r"(?:[Xx✓✔✗✘•●■*☒☑])"
_SPACED_CELLS = re.compile(rf"(?P<name>\S.*?\S)(?P<cells>(?: (?:{_MARK}|[-–—\u00a0]))+) ?")
_COLUMN_CELLS = re.compile(rf"\s*(?P<name>\S.*?\S)(?P<cells>(?:\s{{2,}}(?:{_MARK}|[-–—]))+)\s*")
_MAX_ROW: Final = 20_000
"""The most characters of a row in a text."""
_RULE = re.compile(r"[\s|+:=_-]+")
"""A line of a drawn table."""


@dataclass(frozen=True)
class Row:
    """A row of the table.

    Args:
        name: the area, as the table names it.
        marks: for each column, whether it is marked; None if the row cannot be read.
        number: the number of its line.
        wrong: why it cannot be read, or "".
    """

    name: str
    marks: tuple[bool, ...]
    number: int
    wrong: str = ""


@dataclass(frozen=True)
class RoleTable:
    """The table as written.

    Args:
        roles: the roles that its header names, as written.
        number: the line of the header; 0 if it has none.
        rows: its rows.
        unread: the numbers of the lines that are neither.
    """

    roles: tuple[str, ...]
    number: int
    rows: tuple[Row, ...]
    unread: tuple[int, ...] = ()


class RoleNames:
    """Finds roles by the headings of columns, which may be abbreviated, as “Admin.”.

    Args:
        roles: the names of the roles.
    """

    def __init__(self, roles: Sequence[str]) -> None:
        self._words = [role.lower().split() for role in roles]
        self._exact = {" ".join(words): at for at, words in reversed([*enumerate(self._words)])}
        self.longest = max(map(len, self._words), default=0)

    def find(self, text: str) -> int | None:
        """The position of the role that a heading names; None if it names none."""
        short = text.lower().split()
        found = self._exact.get(" ".join(short))
        if found is None and "." in text:
            found = next((at for at, full in enumerate(self._words) if _fits(short, full)), None)
        return found


def _fits(short: Sequence[str], full: Sequence[str]) -> bool:
    return len(short) == len(full) and all(
        a == b or (a.endswith(".") and len(a) > 2 and b.startswith(a[:-1]))
        for a, b in zip(short, full, strict=True)
    )


def is_row(line: Line) -> bool:
    """Whether a line is a row with marks, or part of a drawn table."""
    text = line.text
    if len(text) > _MAX_ROW and line.kind == Kind.TEXT:
        return False
    if text.count("|") >= 2 or text.strip("\n").count("\t") >= 2:
        return True
    if _COLUMN_CELLS.fullmatch(text):
        return True
    found = _SPACED_CELLS.fullmatch(text)
    return found is not None and len(found["cells"]) >= 4


def role_table(lines: Sequence[Line], roles: Sequence[str]) -> RoleTable | None:
    """Read a table; None if its header names no role.

    Args:
        lines: its lines, with caption and header.
        roles: the names of the roles.
    """
    kept = [
        line
        for line in lines
        if line.kind == Kind.ROW
        or not (_RULE.fullmatch(line.text) or CAPTION.match(line.text.strip()))
    ]
    known = RoleNames(roles)
    first = next((at for at, line in enumerate(kept) if is_row(line)), len(kept))
    header: _Header | None = None
    if all(line.kind == Kind.TEXT for line in kept[:first]) and first > 1:
        header = _wrapped_header(kept[:first], known)
        kept = kept[first:] if header else kept
    rows: list[Row] = []
    unread: list[int] = []
    written = ""
    for line in kept:
        if header is None:
            header = _header(line, known)
            written = line.text
            if header is None:
                unread.append(line.number)
        elif line.text != written:  # the header is repeated on each page
            rows.append(_row(line, header))
    return RoleTable(header.roles, header.number, tuple(rows), tuple(unread)) if header else None


@dataclass(frozen=True)
class _Header:
    roles: tuple[str, ...]
    number: int
    columns: tuple[float, ...] = ()
    """The middle of each column, in characters, if columns are aligned by spaces."""


def _cells(line: Line) -> list[str] | None:
    """The cells of a line that separates them itself."""
    if line.cells:
        return [cell.strip() for cell in line.cells]
    text = line.text.strip("\n")
    if text.count("|") >= 2:
        row = text.strip()
        row = row[1:].removesuffix("|") if row.startswith("|") else row
        return [cell.strip() for cell in row.split("|")]
    if text.count("\t") >= 2:
        return [cell.strip() for cell in text.split("\t")]
    return None


def _header(line: Line, roles: RoleNames) -> _Header | None:
    cells = _cells(line)
    if cells is not None:
        named = cells[1:]
        fits = sum(roles.find(cell) is not None for cell in named)
        return _Header(tuple(named), line.number) if fits and fits * 2 >= len(named) else None
    parts = [(found[0], (found.start() + found.end()) / 2)
             for found in re.finditer(r"\S+(?: \S+)*", line.text)]  # fmt: skip
    named_parts = [part for part in parts if roles.find(part[0]) is not None]
    if len(named_parts) >= 2:
        first = parts.index(named_parts[0])
        return _Header(
            tuple(text for text, _ in parts[first:]),
            line.number,
            tuple(middle for _, middle in parts[first:]),
        )
    found = _roles_at_end(line.text.split(), roles)
    return _Header(found, line.number) if len(found) >= 2 else None


def _wrapped_header(lines: Sequence[Line], roles: RoleNames) -> _Header | None:
    """A header that goes on over several lines."""
    words = " ".join(line.text for line in lines).split()
    found = _roles_at_end(words, roles)
    return _Header(found, lines[0].number) if len(found) >= 2 else None


def _roles_at_end(words: Sequence[str], roles: RoleNames) -> tuple[str, ...]:
    """The roles that the last words name, one after the other."""
    found: dict[int, str] = {}
    end = len(words)
    while end > 0:
        for length in range(min(roles.longest, end), 0, -1):
            text = " ".join(words[end - length : end])
            role = roles.find(text)
            if role is not None and role not in found:
                found[role] = text
                end -= length
                break
        else:
            break
    return tuple(reversed(found.values()))


def _row(line: Line, header: _Header) -> Row:
    cells, count = _cells(line), len(header.roles)
    if cells is None and header.columns:
        return _aligned_row(line, header)
    if cells is None:
        found = _SPACED_CELLS.fullmatch(line.text)
        if found is None:
            return Row(line.text.strip(), (), line.number, "no cell of this row is marked")
        name, cells = found["name"], found["cells"][1:].split(" ")
        cells = [cell.replace("\u00a0", "") for cell in cells]
    else:
        name, cells = cells[0], cells[1:]
    unknown = [cell for cell in cells if cell.lower() not in _MARKS | _EMPTY]
    if unknown:
        return Row(name, (), line.number, f"“{unknown[0]}” is neither a mark nor an empty cell")
    if len(cells) < count or any(cells[count:]):
        return Row(name, (), line.number, f"it has {len(cells)} cells, and the header {count}")
    return Row(name, tuple(cell.lower() in _MARKS for cell in cells[:count]), line.number)


def _aligned_row(line: Line, header: _Header) -> Row:
    """A row whose marks stand below the names of the roles."""
    found = _COLUMN_CELLS.fullmatch(line.text)
    if found is None:
        return Row(line.text.strip(), (False,) * len(header.roles), line.number)
    marks = [False] * len(header.roles)
    for mark in re.finditer(r"[^\s–—-]", found["cells"]):
        middle = found.start("cells") + mark.start() + 0.5
        column = min(
            range(len(marks)), key=lambda each: abs(header.columns[each] - middle)
        )  # fmt: skip
        if marks[column]:
            return Row(found["name"], (), line.number, "two marks are below one column")
        marks[column] = True
    return Row(found["name"], tuple(marks), line.number)
