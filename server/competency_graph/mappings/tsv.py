"""Reading and writing SSSOM's TSV.

Cells are quoted as in CSV (RFC 4180, but with tabs) only if necessary. Writing a file that was read
reproduces its text, unless it had needless quotes or line endings other than LF.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Map
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from competency_graph.errors import UnreadableInputError
from competency_graph.mappings.model import BUILT_IN, Mapping, MappingSet, Span, values
from competency_graph.mappings.slots import (
    CHOICES,
    MAPPING_SLOTS,
    REQUIRED_SLOTS,
    SET_SLOTS,
    STRUCTURED,
    Slot,
)
from competency_graph.rdf.atomic_write import replace
from competency_graph.rdf.parsing import read_bytes, without_mark
from competency_graph.rdf.source_positions import Lines

_CELL = re.compile(r'(?:"((?:[^"]|"")*+)"|([^\t\r\n]*+))(\t|\r\n|\n|\r|\Z)')
_KEY = re.compile(r"#[ ]*([A-Za-z_]\w*):.*")
_PREFIX = re.compile(r"[A-Za-z_][\w.-]*")
_MAX_ERRORS_PER_FILE: Final = 100
"""Errors reported for one file."""
_MAX_HEAD_LENGTH: Final = 100_000
"""The maximum length of a file's head, in characters."""
_NEVER_EMPTY: Final = ("subject_id", "predicate_id", "object_id")
"""Columns whose cells must not be empty; an empty justification is checked by the shapes."""


def read(path: Path) -> MappingSet:
    """Read a mapping file.

    Raises:
        UnreadableInputError: it cannot be read, or is not SSSOM; with line and column.
    """
    return parse(read_bytes(path), str(path))


def parse(content: bytes, where: str) -> MappingSet:
    """Parse the text of a mapping file.

    Args:
        content: the text.
        where: its name for error messages.

    Raises:
        UnreadableInputError: it is not SSSOM; with line and column.
    """
    found, faults = parse_leniently(content, where)
    if faults:
        raise faults[0]
    return found


def parse_leniently(content: bytes, where: str) -> tuple[MappingSet, list[UnreadableInputError]]:
    """Parse the text of a mapping file, skipping faulty rows and collecting their errors.

    Args:
        content: the text.
        where: its name for error messages.

    Raises:
        UnreadableInputError: the head or the column names are not SSSOM, so no row can be read.
    """
    reader = _Reader(without_mark(content, where).decode(), where)
    return reader.read(), reader.faults


def write(
    path: Path,
    mappings: MappingSet,
    what: str = "file of mappings",
    remedy: str = "Name another file",
) -> None:
    """Write mappings to a file, as `atomic_write.replacing` does."""
    replace(path, text(mappings).encode(), what, remedy)


def text(mappings: MappingSet) -> str:
    """Serialize mappings as the text of a file."""
    lines = [mappings.columns]
    for mapping in mappings.mappings:
        cells = mapping.cells
        lines.append(tuple(_quoted(cells.get(name, "")) for name in mappings.columns))
    return _head_text(mappings) + "".join("\t".join(line) + "\n" for line in lines)


def _quoted(cell: str) -> str:
    if re.search(r'[\t\r\n"]', cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _head_text(mappings: MappingSet) -> str:
    if mappings.head and _parse_head(mappings.head) == mappings.metadata:
        return mappings.head
    import yaml  # needed by no other work

    parsed = yaml.safe_dump(
        _plain_types(mappings.metadata), sort_keys=False, allow_unicode=True, width=10_000
    )
    return "".join(f"# {line}\n" for line in parsed.splitlines())


def _plain_types(value: object) -> object:
    """Convert a value to types that YAML writes without tags."""
    if isinstance(value, Map):
        return {key: _plain_types(each) for key, each in value.items()}
    return list(value) if isinstance(value, list | tuple) else value


def _parse_head(head: str) -> Any:  # noqa: ANN401  (any YAML that a user may write)
    """Parse the comment lines of a head as YAML, with all values as strings."""
    import yaml

    lines = "\n".join(line[1:] for line in head.splitlines())
    # All scalars stay strings: no date, version or country code is converted. The loader in C would
    # be faster, but crashes on deep nesting.
    return yaml.load(lines, yaml.BaseLoader)  # noqa: S506  (makes only strings, lists and dicts)


class _Cell(NamedTuple):
    """A cell; ``start`` and ``end`` are the offsets of its source text, including quotes."""

    value: str
    start: int
    end: int
    well_quoted: bool


class _Reader:
    """Parser for the text of one file."""

    def __init__(self, content: str, where: str) -> None:
        self._text, self._where = content, where
        self._lines = Lines(content)
        self._checked: dict[tuple[str, str], tuple[str, str] | None] = {}
        self._set = MappingSet({})
        self.faults: list[UnreadableInputError] = []

    def read(self) -> MappingSet:
        head = self._head_end()
        metadata = self._metadata(self._text[:head].replace("\r\n", "\n").replace("\r", "\n"))
        rows = self._rows(head)
        columns = self._columns(next(rows, []), metadata)
        mappings = []
        for row in rows:
            if len(self.faults) >= _MAX_ERRORS_PER_FILE:
                break
            mapping = self._mapping(row, columns)
            if mapping is not None:
                mappings.append(mapping)
        return MappingSet(
            metadata, tuple(mappings), tuple(columns), self._set.head, self._set.spans
        )

    # The head

    def _head_end(self) -> int:
        """The offset at which the comment lines of the head end."""
        end = 0
        for match in re.finditer(r"#[^\r\n]*(?:\r\n|\n|\r|\Z)", self._text):
            if match.start() != end or match.end() == match.start():
                break
            end = match.end()
        return end

    def _metadata(self, head: str) -> dict[str, object]:
        import yaml

        if len(head) > _MAX_HEAD_LENGTH:
            raise self._fault(
                f"the head of the file has more than {_MAX_HEAD_LENGTH:,} characters",
                "Move what concerns single mappings to their rows",
            )
        try:
            parsed = _parse_head(head)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            place = (mark.line + 1, mark.column + 2) if mark else (1, 1)
            raise self._fault(
                f"the head of the file is not YAML ({getattr(error, 'problem', None) or error})",
                "Write each of its lines as “# key: value”",
                *place,
            ) from None
        except RecursionError:
            parsed = None
        if not isinstance(parsed, dict):
            raise self._fault(
                "the file does not begin with the head that SSSOM requires",
                "Begin it with lines such as “# mapping_set_id: https://…” and “# curie_map:”",
            )
        spans: dict[str, Span] = {}
        offset = 0
        for line in self._text[: self._head_end()].splitlines(keepends=True):
            if match := _KEY.match(line):
                spans.setdefault(match[1], (offset, offset + len(line.rstrip("\r\n"))))
            offset += len(line)
        self._set = MappingSet(parsed, head=head, spans=spans)
        self._check_head(parsed)
        for name in parsed:
            if slot := SET_SLOTS.get(name):
                for each in self._set.texts(name):
                    problem = self._problem(slot, each) if each else ""
                    if problem:
                        raise self._at_key(name, f"the {name} of the head {problem[0]}", problem[1])
        return parsed

    def _check_head(self, parsed: dict[str, object]) -> None:
        for name, value in parsed.items():
            if name not in SET_SLOTS and name not in STRUCTURED:
                raise self._at_key(
                    name,
                    f"“{name}” is not a key of SSSOM mapping sets",
                    _suggestion(name, [*SET_SLOTS, *STRUCTURED], "Leave it out"),
                )
            if not _has_right_form(name, value):
                raise self._at_key(
                    name,
                    f"the value of {name} in the head does not have the expected form",
                    _FORM_REMEDIES.get(name, f"Write it as “# {name}: value”, or as a list"),
                )
        if not self._set.texts("mapping_set_id"):
            raise self._fault(
                "the head of the file does not give the set an IRI",
                "Give it an address that you control: “# mapping_set_id: https://…”",
                1,
                1,
            )
        for prefix, space in self._set.prefixes.items():
            if BUILT_IN.get(prefix, space) != space:
                raise self._at_key(
                    "curie_map",
                    f"the prefix {prefix}: is reserved for <{BUILT_IN[prefix]}>",
                    "Remove it from curie_map, or rename your prefix",
                )
            if not _PREFIX.fullmatch(prefix) or not _is_iri(space + "x"):
                raise self._at_key(
                    "curie_map",
                    f"the curie_map has “{prefix}: {space}”, which is not a prefix with an IRI",
                    "Write it as “#   prefix: https://…/”",
                )

    # The rows

    def _rows(self, offset: int) -> Iterator[list[_Cell]]:
        """Yield the rows below the head as lists of cells, skipping empty lines."""
        row: list[_Cell] = []
        while offset < len(self._text):
            match = _CELL.match(self._text, offset)
            assert match is not None  # noqa: S101  (a cell can be empty)
            end, offset = match.start(3), match.end()
            quoted, plain = match[1], match[2]
            well_quoted = plain is None or not plain.startswith('"')
            value = plain if quoted is None else quoted.replace('""', '"')
            row.append(_Cell(value, match.start(), end, well_quoted))
            if match[3] != "\t":
                if len(row) > 1 or row[0].value:
                    yield row
                row = []
            elif offset == len(self._text):
                yield [*row, _Cell("", offset, offset, True)]

    def _columns(self, row: list[_Cell], metadata: dict[str, object]) -> list[str]:
        extensions = metadata.get("extension_definitions") or []
        assert isinstance(extensions, list)  # noqa: S101  (`_has_right_form` checked it)
        known = {*MAPPING_SLOTS, *(str(each.get("slot_name")) for each in extensions)}
        names = [cell.value for cell in row]
        for cell in row:
            if cell.value not in known:
                raise self._at_cell(
                    cell,
                    f"“{cell.value}” is not an SSSOM column",
                    _suggestion(cell.value, MAPPING_SLOTS, "Remove it, or define it in the head, "
                           "under extension_definitions"),
                )  # fmt: skip
            if names.count(cell.value) > 1:
                raise self._at_cell(
                    cell, f"the file has the column {cell.value} twice", "Leave one of them out"
                )
        for name in REQUIRED_SLOTS:
            if name not in names:
                line, column = self._lines.place(row[0].start if row else len(self._text))
                raise self._fault(
                    f"the file has no column {name}",
                    f"Add it to the line of column names: {', '.join(REQUIRED_SLOTS)} are needed",
                    line,
                    column,
                )
        return names

    def _mapping(self, row: list[_Cell], columns: list[str]) -> Mapping | None:
        """The mapping of a row; None if the row has errors, which are collected."""
        before = len(self.faults)
        if len(row) != len(columns):
            self._add_fault(
                row[0],
                f"the row has {len(row)} cells, but there are {len(columns)} columns",
                "Separate cells with one tab each, even where a cell is empty",
            )
            return None
        for name, cell in zip(columns, row, strict=True):
            if not cell.well_quoted:
                self._add_fault(
                    cell,
                    f"the cell {name} begins with a quotation mark and does not end with one",
                    "Put the cell in quotation marks, and double those within it",
                )
            elif not cell.value:
                if name in _NEVER_EMPTY:
                    self._add_fault(cell, f"the row has no {name}", "Fill in the cell")
            elif slot := MAPPING_SLOTS.get(name):
                for each in values(cell.value, slot.many):
                    if problem := self._problem(slot, each):
                        self._add_fault(cell, f"the cell {name} {problem[0]}", problem[1])
        if len(self.faults) > before:
            return None
        return Mapping.from_cells(
            {name: cell.value for name, cell in zip(columns, row, strict=True)},
            self._lines.place(row[0].start)[0],
            {name: (cell.start, cell.end) for name, cell in zip(columns, row, strict=True)},
        )

    # Values

    def _problem(self, slot: Slot, value: str) -> tuple[str, str] | None:
        """The problem with a value, if RDF cannot express it, and its remedy."""
        key = (slot.kind, value)
        if key not in self._checked:
            self._checked[key] = self._find_problem(slot, value)
        return self._checked[key]

    def _find_problem(self, slot: Slot, value: str) -> tuple[str, str] | None:
        if slot.kind == "choice" and value not in CHOICES:
            return (
                f"has “{value}”, which SSSOM does not allow here",
                _suggestion(value, CHOICES, "Use a value from the standard"),
            )
        if slot.kind == "address" and not _is_iri(value):
            return f"has “{value}”, which is not an address", "Write it in full, as https://…"
        if slot.kind != "entity":
            return None
        prefix, colon, local = value.partition(":")
        if not colon or not local or local.startswith("//"):
            return f"has “{value}”, which is not a CURIE", "Write it as “prefix:name”"
        expanded = self._set.expand(value)
        if not expanded:
            return (
                f"has “{value}”, but the head declares no prefix {prefix}:",
                f"Add “#   {prefix}: https://…” below “# curie_map:”"
                + _nearest(prefix, self._set.prefixes, ", or write {}:"),
            )
        if not _is_iri(expanded):
            return (
                f"has “{value}”, which does not expand to an IRI: <{expanded}>",
                "Correct it",
            )
        return None

    # Errors

    def _add_fault(self, cell: _Cell, what: str, remedy: str) -> None:
        self.faults.append(self._at_cell(cell, what, remedy))

    def _at_cell(self, cell: _Cell, what: str, remedy: str) -> UnreadableInputError:
        return self._fault(what, remedy, *self._lines.place(cell.start))

    def _at_key(self, key: str, what: str, remedy: str) -> UnreadableInputError:
        start, _ = self._set.spans.get(key, (0, 0))
        return self._fault(what, remedy, *self._lines.place(start))

    def _fault(
        self, what: str, remedy: str, line: int | None = None, column: int | None = None
    ) -> UnreadableInputError:
        return UnreadableInputError(what, remedy, self._where, line, column)


_FORM_REMEDIES: Final = {
    "curie_map": "Write each prefix on a line of its own, as “#   esco-skill: http://…/”",
    "extension_definitions": "Write each as a map with slot_name",
}


def _has_right_form(name: str, value: object) -> bool:
    """Whether a value of the head has the form that its key requires."""
    if name == "curie_map":
        return _is_text_map(value)
    if name == "extension_definitions":
        return isinstance(value, list) and all(_is_text_map(each) for each in value)
    if isinstance(value, list):
        return SET_SLOTS[name].many and all(isinstance(each, str) for each in value)
    return isinstance(value, str)


def _is_text_map(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(part, str) for pair in value.items() for part in pair
    )


def _is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI."""
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return ":" in text


def _suggestion(name: str, known: Iterable[str], otherwise: str) -> str:
    return _nearest(name, known, "Write {}") or otherwise


def _nearest(name: str, known: Iterable[str] | Sequence[str], say: str) -> str:
    near = difflib.get_close_matches(name[:100], known, n=1, cutoff=0.75)
    return say.format(near[0]) if near else ""
