"""Reading and writing SSSOM's TSV.

Cells are quoted as in CSV where they must be (RFC 4180, with tabulators). What is read and written
again is the same text, where it had no needless quotes and its lines end with LF.
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
from competency_graph.mappings.slots import CHOICES, NEEDED, OF_MAPPING, OF_SET, STRUCTURED, Slot
from competency_graph.rdf.atomic_write import replace
from competency_graph.rdf.parsing import read_bytes, without_mark
from competency_graph.rdf.source_positions import Lines

_CELL = re.compile(r'(?:"((?:[^"]|"")*+)"|([^\t\r\n]*+))(\t|\r\n|\n|\r|\Z)')
_KEY = re.compile(r"#[ ]*([A-Za-z_]\w*):.*")
_PREFIX = re.compile(r"[A-Za-z_][\w.-]*")
_MOST_FAULTS: Final = 100
"""Faults that are told of one file."""
_LONGEST_HEAD: Final = 100_000
"""Characters that the head of a file may have."""
_NAMED: Final = ("subject_id", "predicate_id", "object_id")
"""The columns of which no cell is empty; an empty justification is the shapes' to judge."""


def read(path: Path) -> MappingSet:
    """The mappings of a file.

    Raises:
        UnreadableInputError: it cannot be read, or is not SSSOM; with line and column.
    """
    return parse(read_bytes(path), str(path))


def parse(content: bytes, where: str) -> MappingSet:
    """The mappings in a text.

    Args:
        content: the text.
        where: the place to name in an error.

    Raises:
        UnreadableInputError: it is not SSSOM; with line and column.
    """
    found, faults = parse_on(content, where)
    if faults:
        raise faults[0]
    return found


def parse_on(content: bytes, where: str) -> tuple[MappingSet, list[UnreadableInputError]]:
    """The mappings in a text, and the faults of the rows that are left out.

    Args:
        content: the text.
        where: the place to name in an error.

    Raises:
        UnreadableInputError: it is not SSSOM from its head on, so that no row can be read.
    """
    reader = _Reader(without_mark(content, where).decode(), where)
    return reader.read(), reader.faults


def write(
    path: Path,
    mappings: MappingSet,
    what: str = "file of mappings",
    remedy: str = "Name another file",
) -> None:
    """Put mappings in a file, as `atomic_write.replacing` does."""
    replace(path, text(mappings).encode(), what, remedy)


def text(mappings: MappingSet) -> str:
    """Mappings as the text of a file."""
    lines = [mappings.columns]
    for mapping in mappings.mappings:
        cells = mapping.cells
        lines.append(tuple(_quoted(cells.get(name, "")) for name in mappings.columns))
    return _head(mappings) + "".join("\t".join(line) + "\n" for line in lines)


def _quoted(cell: str) -> str:
    if re.search(r'[\t\r\n"]', cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _head(mappings: MappingSet) -> str:
    if mappings.head and _yaml(mappings.head) == mappings.metadata:
        return mappings.head
    import yaml  # needed by no other work

    said = yaml.safe_dump(
        _plain(mappings.metadata), sort_keys=False, allow_unicode=True, width=10_000
    )
    return "".join(f"# {line}\n" for line in said.splitlines())


def _plain(value: object) -> object:
    """The same made of what YAML writes without marks."""
    if isinstance(value, Map):
        return {key: _plain(each) for key, each in value.items()}
    return list(value) if isinstance(value, list | tuple) else value


def _yaml(head: str) -> Any:  # noqa: ANN401  (whatever a person wrote)
    """What the comment lines of a head say, all values as texts."""
    import yaml

    lines = "\n".join(line[1:] for line in head.splitlines())
    # All scalars stay texts: no date, version or country code becomes something else. The loader in
    # C would be faster, and breaks down at what is nested deeply.
    return yaml.load(lines, yaml.BaseLoader)  # noqa: S506  (it makes texts, lists and maps alone)


class _Cell(NamedTuple):
    """A cell; ``start`` and ``end`` are offsets of what stands in the text, quotes included."""

    value: str
    start: int
    end: int
    whole: bool


class _Reader:
    """One text on its way to be mappings."""

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
            if len(self.faults) >= _MOST_FAULTS:
                break
            mapping = self._mapping(row, columns)
            if mapping is not None:
                mappings.append(mapping)
        return MappingSet(
            metadata, tuple(mappings), tuple(columns), self._set.head, self._set.spans
        )

    # The head

    def _head_end(self) -> int:
        """Where the comment lines at the head of the text end."""
        end = 0
        for match in re.finditer(r"#[^\r\n]*(?:\r\n|\n|\r|\Z)", self._text):
            if match.start() != end or match.end() == match.start():
                break
            end = match.end()
        return end

    def _metadata(self, head: str) -> dict[str, object]:
        import yaml

        if len(head) > _LONGEST_HEAD:
            raise self._fault(
                f"the head of the file has more than {_LONGEST_HEAD:,} characters",
                "Keep what is said of single mappings in their rows",
            )
        try:
            said = _yaml(head)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            place = (mark.line + 1, mark.column + 2) if mark else (1, 1)
            raise self._fault(
                f"the head of the file is not YAML ({getattr(error, 'problem', None) or error})",
                "Write each line of it as “# key: value”",
                *place,
            ) from None
        except RecursionError:
            said = None
        if not isinstance(said, dict):
            raise self._fault(
                "the file does not begin with the head that SSSOM asks for",
                "Begin it with lines such as “# mapping_set_id: https://…” and “# curie_map:”",
            )
        spans: dict[str, Span] = {}
        offset = 0
        for line in self._text[: self._head_end()].splitlines(keepends=True):
            if match := _KEY.match(line):
                spans.setdefault(match[1], (offset, offset + len(line.rstrip("\r\n"))))
            offset += len(line)
        self._set = MappingSet(said, head=head, spans=spans)
        self._judge_head(said)
        for name in said:
            if slot := OF_SET.get(name):
                for each in self._set.texts(name):
                    wrong = self._wrong(slot, each) if each else ""
                    if wrong:
                        raise self._at_key(name, f"the {name} of the head {wrong[0]}", wrong[1])
        return said

    def _judge_head(self, said: dict[str, object]) -> None:
        for name, value in said.items():
            if name not in OF_SET and name not in STRUCTURED:
                raise self._at_key(
                    name,
                    f"“{name}” is nothing that a set of mappings can say",
                    _meant(name, [*OF_SET, *STRUCTURED], "Leave it out"),
                )
            if not _fits(name, value):
                raise self._at_key(
                    name,
                    f"the value of {name} in the head has another form",
                    _FORMS.get(name, f"Write it as “# {name}: value”, or as a list"),
                )
        if not self._set.texts("mapping_set_id"):
            raise self._fault(
                "the head of the file does not name the set",
                "Give it an address of yours: “# mapping_set_id: https://…”",
                1,
                1,
            )
        for prefix, space in self._set.prefixes.items():
            if BUILT_IN.get(prefix, space) != space:
                raise self._at_key(
                    "curie_map",
                    f"the prefix {prefix}: has a meaning of its own, <{BUILT_IN[prefix]}>",
                    "Leave it out of curie_map, or call yours by another name",
                )
            if not _PREFIX.fullmatch(prefix) or not _iri(space + "x"):
                raise self._at_key(
                    "curie_map",
                    f"the curie_map has “{prefix}: {space}”, which is no prefix with an IRI",
                    "Write it as “#   prefix: https://…/”",
                )

    # The rows

    def _rows(self, offset: int) -> Iterator[list[_Cell]]:
        """The rows below the head as cells; lines without anything are none."""
        row: list[_Cell] = []
        while offset < len(self._text):
            match = _CELL.match(self._text, offset)
            assert match is not None  # noqa: S101  (a cell can be empty)
            end, offset = match.start(3), match.end()
            quoted, plain = match[1], match[2]
            whole = plain is None or not plain.startswith('"')
            value = plain if quoted is None else quoted.replace('""', '"')
            row.append(_Cell(value, match.start(), end, whole))
            if match[3] != "\t":
                if len(row) > 1 or row[0].value:
                    yield row
                row = []
            elif offset == len(self._text):
                yield [*row, _Cell("", offset, offset, True)]

    def _columns(self, row: list[_Cell], metadata: dict[str, object]) -> list[str]:
        extensions = metadata.get("extension_definitions") or []
        assert isinstance(extensions, list)  # noqa: S101  (`_fits` looked)
        known = {*OF_MAPPING, *(str(each.get("slot_name")) for each in extensions)}
        names = [cell.value for cell in row]
        for cell in row:
            if cell.value not in known:
                raise self._at_cell(
                    cell,
                    f"“{cell.value}” is no column of SSSOM",
                    _meant(cell.value, OF_MAPPING, "Leave it out, or define it in the head, "
                           "under extension_definitions"),
                )  # fmt: skip
            if names.count(cell.value) > 1:
                raise self._at_cell(
                    cell, f"the file has the column {cell.value} twice", "Leave one of them out"
                )
        for name in NEEDED:
            if name not in names:
                line, column = self._lines.place(row[0].start if row else len(self._text))
                raise self._fault(
                    f"the file has no column {name}",
                    f"Add it to the line of column names: {', '.join(NEEDED)} are needed",
                    line,
                    column,
                )
        return names

    def _mapping(self, row: list[_Cell], columns: list[str]) -> Mapping | None:
        """The mapping of a row; none where it has faults, which are noted."""
        before = len(self.faults)
        if len(row) != len(columns):
            self._note(
                row[0],
                f"the row has {len(row)} cells, and there are {len(columns)} columns",
                "Put one tabulator between two cells, also where a cell is empty",
            )
            return None
        for name, cell in zip(columns, row, strict=True):
            if not cell.whole:
                self._note(
                    cell,
                    f"the cell {name} begins with a quotation mark and does not end with one",
                    "Put the cell in quotation marks, and double those within it",
                )
            elif not cell.value:
                if name in _NAMED:
                    self._note(cell, f"the row has no {name}", "Fill in the cell")
            elif slot := OF_MAPPING.get(name):
                for each in values(cell.value, slot.many):
                    if wrong := self._wrong(slot, each):
                        self._note(cell, f"the cell {name} {wrong[0]}", wrong[1])
        if len(self.faults) > before:
            return None
        return Mapping.of(
            {name: cell.value for name, cell in zip(columns, row, strict=True)},
            self._lines.place(row[0].start)[0],
            {name: (cell.start, cell.end) for name, cell in zip(columns, row, strict=True)},
        )

    # What values are

    def _wrong(self, slot: Slot, value: str) -> tuple[str, str] | None:
        """What is wrong with a value and what to do, where it cannot be told in RDF."""
        key = (slot.kind, value)
        if key not in self._checked:
            self._checked[key] = self._judged(slot, value)
        return self._checked[key]

    def _judged(self, slot: Slot, value: str) -> tuple[str, str] | None:
        if slot.kind == "choice" and value not in CHOICES:
            return (
                f"has “{value}”, which is none of the values of SSSOM",
                _meant(value, CHOICES, "Use one that the standard has"),
            )
        if slot.kind == "address" and not _iri(value):
            return f"has “{value}”, which is no address", "Write it in full, as https://…"
        if slot.kind != "entity":
            return None
        prefix, colon, local = value.partition(":")
        if not colon or not local or local.startswith("//"):
            return f"has “{value}”, which is no CURIE", "Write it as “prefix:name”"
        expanded = self._set.expand(value)
        if not expanded:
            return (
                f"has “{value}”, and the head declares no prefix {prefix}:",
                f"Add “#   {prefix}: https://…” below “# curie_map:”"
                + _nearest(prefix, self._set.prefixes, ", or write {}:"),
            )
        if not _iri(expanded):
            return (
                f"has “{value}”, which makes no IRI: <{expanded}>",
                "Correct it",
            )
        return None

    # Faults

    def _note(self, cell: _Cell, what: str, remedy: str) -> None:
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


_FORMS: Final = {
    "curie_map": "Write each prefix on a line of its own, as “#   esco-skill: http://…/”",
    "extension_definitions": "Write each as a map that has slot_name",
}


def _fits(name: str, value: object) -> bool:
    """Whether a value of the head has the form that its key asks for."""
    if name == "curie_map":
        return _texts(value)
    if name == "extension_definitions":
        return isinstance(value, list) and all(_texts(each) for each in value)
    if isinstance(value, list):
        return OF_SET[name].many and all(isinstance(each, str) for each in value)
    return isinstance(value, str)


def _texts(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(part, str) for pair in value.items() for part in pair
    )


def _iri(text: str) -> bool:
    """Whether a text is an absolute IRI."""
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return ":" in text


def _meant(name: str, known: Iterable[str], otherwise: str) -> str:
    return _nearest(name, known, "Write {}") or otherwise


def _nearest(name: str, known: Iterable[str] | Sequence[str], say: str) -> str:
    near = difflib.get_close_matches(name[:100], known, n=1, cutoff=0.75)
    return say.format(near[0]) if near else ""
