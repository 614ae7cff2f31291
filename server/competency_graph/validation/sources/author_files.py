"""The files that an author wants judged: read, parsed past their faults, and kept apart."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count, repeat
from pathlib import Path

import pyoxigraph as ox

from competency_graph.errors import UnreadableInputError
from competency_graph.mappings import MappingSet
from competency_graph.mappings import parse_on as parse_mappings
from competency_graph.mappings import statements as statements_of
from competency_graph.rdf.formats import GRAPH_FORMATS, named, of_ending
from competency_graph.rdf.input_files import LINKS, STDIN, files_named
from competency_graph.rdf.parsing import parse_on, read_bytes
from competency_graph.rdf.source_positions import (
    Lines,
    Statement,
    comments,
    lines_of_statements,
    statements,
)
from competency_graph.validation.engines.blank_nodes import Numbering
from competency_graph.validation.findings import Place

_LONGEST_LINE = 10_000
"""Characters of a line that is shown."""
_LARGE = 20_000_000
"""Bytes of a file that is not taken apart whole."""
_WALKED = ("turtle", "ntriples")
"""The formats in which the place of every statement is known."""
MAPPINGS = "sssom"
"""The name of the format of mappings, whose rows are statements too."""


@dataclass(eq=False)
class Source:
    """One file of an author.

    Args:
        name: as the author named it; ``-`` for standard input.
        content: its bytes.
        number: which of the files it is; it keeps their blank nodes apart.
        form: the name of its format where its ending does not tell.
        first: which line of the file it is, where it is only one; else 0.
        keeping: whether what is read of it is kept, for one that is judged more than once.
    """

    name: str
    content: bytes
    number: int = 0
    form: str = ""
    first: int = 0
    keeping: bool = False
    count: int = field(default=-1, init=False)
    """How many statements it has, once they were read to their end."""
    prefixes: dict[str, str] = field(default_factory=dict, init=False)
    """The prefixes that it declares, with their namespaces, once it was read to its end."""

    @cached_property
    def text(self) -> str:
        """What it says, without byte order mark; bytes that are not UTF-8 are marked."""
        return self.content.decode("utf-8-sig", errors="replace")

    @cached_property
    def lines(self) -> Lines:
        """Its lines."""
        return Lines(self.text)

    def quads(self) -> Iterator[ox.Quad | UnreadableInputError]:
        """Its statements, and its faults of syntax where they are, blank nodes numbered in order.

        Raises:
            UnreadableInputError: it is not text in UTF-8, or of no known format.
        """
        if not self.keeping:
            yield from self._read()
            return
        items, broken = self._kept
        yield from items
        if broken is not None:
            raise broken

    @cached_property
    def _kept(self) -> tuple[list[ox.Quad | UnreadableInputError], UnreadableInputError | None]:
        """What is read of it, and what ended the reading early."""
        items: list[ox.Quad | UnreadableInputError] = []
        try:
            items.extend(self._read())
        except UnreadableInputError as error:
            return items, error
        return items, None

    def _read(self) -> Iterator[ox.Quad | UnreadableInputError]:
        if self.format == MAPPINGS:
            yield from self._rows()
            return
        numbering = Numbering(f"f{self.number}n")
        count = 0
        for item in parse_on(Path(self.name), self.content, self.format, self.prefixes):
            if not isinstance(item, ox.Quad):
                yield item
                continue
            count += 1
            if isinstance(item.object, ox.Triple):
                yield UnreadableInputError(
                    "a statement about a statement (RDF 1.2) has no place in a dictionary",
                    "Write the inner statement as a plain one",
                    self.name,
                )
            else:
                yield numbering.statement(item)
        self.count = count

    @cached_property
    def mappings(self) -> tuple[MappingSet, list[UnreadableInputError]]:
        """What it says where it is a file of mappings, and the faults of its rows.

        Raises:
            UnreadableInputError: none of its rows can be read.
        """
        return parse_mappings(self.content, self.name)

    @property
    def set_iri(self) -> str:
        """The IRI of its set of mappings; "" where it has none that can be read."""
        try:
            return self.mappings[0].iri if self.format == MAPPINGS else ""
        except UnreadableInputError:
            return ""

    def _rows(self) -> Iterator[ox.Quad | UnreadableInputError]:
        """The statements of mappings, and the faults of their rows."""
        found, faults = self.mappings
        self.prefixes.update(found.prefixes)
        yield from faults
        for quad, _ in statements_of(found):
            yield quad

    @property
    def comments(self) -> Iterator[tuple[int, str]]:
        """Its comments, from their ``#`` on, and the offsets where they begin.

        In a file of mappings they stand in its head, with a second ``#``.
        """
        if self.format != MAPPINGS:
            yield from comments(self.text)
            return
        for match in re.finditer(r"(?m)^#[ ]*(#[^\r\n]*)", self.text):
            yield match.start(1), match[1]

    @property
    def format(self) -> str:
        """The name of its format: that given, else by its ending; Turtle for standard input."""
        if self.form:
            return self.form
        if self.name == STDIN:
            return "turtle"
        if self.name.endswith(LINKS):
            return MAPPINGS
        form = of_ending(Path(self.name).suffix.removeprefix("."))
        return form.name if form else ""

    def about(self, terms: Collection[str]) -> Iterator[tuple[ox.Quad, Statement | None, Source]]:
        """Its statements about some terms, in N-Triples, and where they stand.

        Returns:
            The statement; its place, None in formats in which that is not known; and the source
            that the place is of: this, or one of a single line where the file is large.
        """
        if self.keeping:
            numbers = {number for term in terms for number in self._naming.get(term, ())}
            yield from (self._placed[number] for number in sorted(numbers))
            return
        yield from self._about(terms)

    @cached_property
    def _placed(self) -> list[tuple[ox.Quad, Statement | None, Source]]:
        return list(self._about(None))

    @cached_property
    def _naming(self) -> dict[str, list[int]]:
        """The numbers of the statements that have a term as subject or object."""
        naming: dict[str, list[int]] = {}
        for number, (quad, _, _) in enumerate(self._placed):
            for term in (quad.subject, quad.object):
                naming.setdefault(str(term), []).append(number)
        return naming

    def _about(
        self, terms: Collection[str] | None
    ) -> Iterator[tuple[ox.Quad, Statement | None, Source]]:
        """The same, looked for from the beginning; None asks for all statements."""
        quads = (item for item in self.quads() if isinstance(item, ox.Quad))
        if self.format == "ntriples" and len(self.content) > _LARGE and self._one_to_a_line:
            yield from self._by_line(quads, terms)
            return
        places: Iterable[Statement | None] = repeat(None)
        if self.format == MAPPINGS:
            places = [where for _, where in statements_of(self.mappings[0])]
        if self.format in _WALKED:
            walked = list(statements(self.text))
            # Where the two disagree, no place is better than a wrong one.
            places = walked if len(walked) == self.count else places
        for quad, where in zip(quads, places, strict=False):
            if terms is None or str(quad.subject) in terms or str(quad.object) in terms:
                yield quad, where, self

    @property
    def _one_to_a_line(self) -> bool:
        return sum(1 for _ in lines_of_statements(self.content)) == self.count

    def _by_line(
        self, quads: Iterator[ox.Quad], terms: Collection[str] | None
    ) -> Iterator[tuple[ox.Quad, Statement | None, Source]]:
        """The same for large N-Triples, whose text is not taken into memory whole."""
        number, counted = 1, 0
        for quad, start in zip(quads, lines_of_statements(self.content), strict=False):
            if terms is None or str(quad.subject) in terms or str(quad.object) in terms:
                number += self.content.count(b"\n", counted, start)
                counted = start
                end = self.content.find(b"\n", start)
                line = self.content[start : end if end >= 0 else len(self.content)]
                part = Source(self.name, line, self.number, self.form, number)
                yield quad, next(statements(part.text), None), part

    @property
    def whole(self) -> bool:
        """Whether it is the whole file."""
        return not self.first

    def _line(self, number: int) -> str:
        return self.lines.line(number)[:_LONGEST_LINE]

    def stretch(self, start: int, end: int) -> Place:
        """The place of a stretch of its text, by offsets."""
        line, column = self.lines.place(start)
        end_line, end_column = self.lines.place(max(end, start))
        text, before = self._line(line), max(self.first - 1, 0)
        return Place(self.name, before + line, column, before + end_line, end_column, text)

    def spot(self, error: UnreadableInputError) -> Place:
        """The place of a fault that the parser told."""
        line, text = error.line or 0, self._line(error.line or 0)
        end = error.end_line or 0, error.end_column or 0
        return Place(self.name, line, error.column or 0, *end, text)


def gather(
    names: Sequence[str], form: str = "", before: Sequence[Source] | None = None
) -> list[Source]:
    """The files that an author named: files, folders with all RDF files below, patterns, ``-``.

    Args:
        names: as the author gave them.
        form: the name of the format of all of them, instead of what their endings tell.
        before: what was gathered before, of which a file that still says the same is given again;
            None keeps nothing for a next time.

    Raises:
        UnreadableInputError: one cannot be read, is of no known format, or a folder or pattern
            holds none.
        UnknownNameError: there is no such format.
    """
    if form and form != MAPPINGS:
        named(form, GRAPH_FORMATS)
    found: dict[str, None] = {}
    for name in names:
        found |= dict.fromkeys(files_named(name))
    if before is None:
        return [Source(name, _content(name), number, form) for number, name in enumerate(found)]
    known = {source.name: source for source in before}
    free = count(max((source.number for source in before), default=-1) + 1)
    sources = []
    for name in found:
        content, old = _content(name), known.get(name)
        if old is not None and old.content == content:
            sources.append(old)
        else:
            number = old.number if old is not None else next(free)
            sources.append(Source(name, content, number, form, keeping=True))
    return sources


def _content(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == STDIN else read_bytes(Path(name))
