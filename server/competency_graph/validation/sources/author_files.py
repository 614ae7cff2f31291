"""The files that an author wants to validate, parsed past their errors."""

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
from competency_graph.mappings import parse_leniently as parse_mappings
from competency_graph.mappings import statements as statements_of
from competency_graph.rdf.formats import GRAPH_FORMATS, format_named, format_of_ending
from competency_graph.rdf.input_files import LINKS, STDIN, files_named
from competency_graph.rdf.parsing import parse_leniently, read_bytes
from competency_graph.rdf.source_positions import (
    Lines,
    Statement,
    comments,
    lines_of_statements,
    statements,
)
from competency_graph.validation.engines.blank_nodes import Numbering
from competency_graph.validation.findings import Place

_MAX_SHOWN_LINE = 10_000
"""The maximum length of a line for display, in characters."""
_LARGE_FILE_BYTES = 20_000_000
"""The size from which on N-Triples are processed line by line, in bytes."""
_FORMATS_WITH_POSITIONS = ("turtle", "ntriples")
"""The formats in which the positions of all statements are known."""
MAPPINGS = "sssom"
"""The name of the format of mapping files, whose rows are statements as well."""


@dataclass(eq=False)
class Source:
    """One file of an author.

    Args:
        name: its name, as the author gave it; ``-`` for standard input.
        content: its content in bytes.
        number: its number, which keeps its blank nodes distinct from other files'.
        form: the name of its format, if its ending does not determine it.
        first: the line number, if this is a single line of a file; else 0.
        keeping: whether to keep the parsed statements, for repeated validation.
    """

    name: str
    content: bytes
    number: int = 0
    form: str = ""
    first: int = 0
    keeping: bool = False
    count: int = field(default=-1, init=False)
    """The number of its statements, once it has been read completely."""
    prefixes: dict[str, str] = field(default_factory=dict, init=False)
    """The prefixes that it declares, with their namespaces, once it has been read completely."""

    @cached_property
    def text(self) -> str:
        """Its text without byte order mark; invalid UTF-8 bytes are replaced by U+FFFD."""
        return self.content.decode("utf-8-sig", errors="replace")

    @cached_property
    def lines(self) -> Lines:
        """Its lines."""
        return Lines(self.text)

    def quads(self) -> Iterator[ox.Quad | UnreadableInputError]:
        """Yield its statements and its syntax errors in order, with numbered blank nodes.

        Raises:
            UnreadableInputError: it is not UTF-8 text, or has an unknown format.
        """
        if not self.keeping:
            yield from self._parse()
            return
        items, broken = self._cached_items
        yield from items
        if broken is not None:
            raise broken

    @cached_property
    def _cached_items(
        self,
    ) -> tuple[list[ox.Quad | UnreadableInputError], UnreadableInputError | None]:
        """Its statements and syntax errors, and the error that ended the parsing early, if any."""
        items: list[ox.Quad | UnreadableInputError] = []
        try:
            items.extend(self._parse())
        except UnreadableInputError as error:
            return items, error
        return items, None

    def _parse(self) -> Iterator[ox.Quad | UnreadableInputError]:
        if self.format == MAPPINGS:
            yield from self._mapping_quads()
            return
        numbering = Numbering(f"f{self.number}n")
        count = 0
        for item in parse_leniently(Path(self.name), self.content, self.format, self.prefixes):
            if not isinstance(item, ox.Quad):
                yield item
                continue
            count += 1
            if isinstance(item.object, ox.Triple):
                yield UnreadableInputError(
                    "a statement about a statement (RDF 1.2) is not allowed in a dictionary",
                    "State the inner statement itself instead",
                    self.name,
                )
            else:
                yield numbering.statement(item)
        self.count = count

    @cached_property
    def mappings(self) -> tuple[MappingSet, list[UnreadableInputError]]:
        """The mapping set if it is a mapping file, and the errors of its rows.

        Raises:
            UnreadableInputError: none of its rows can be read.
        """
        return parse_mappings(self.content, self.name)

    @property
    def set_iri(self) -> str:
        """The IRI of its mapping set; "" if it has none or cannot be read."""
        try:
            return self.mappings[0].iri if self.format == MAPPINGS else ""
        except UnreadableInputError:
            return ""

    def _mapping_quads(self) -> Iterator[ox.Quad | UnreadableInputError]:
        """The statements of a mapping file, after the errors of its rows."""
        found, faults = self.mappings
        self.prefixes.update(found.prefixes)
        yield from faults
        for quad, _ in statements_of(found):
            yield quad

    @property
    def comments(self) -> Iterator[tuple[int, str]]:
        """Yield its comments, from ``#`` on, with their offsets.

        In a mapping file they are in the head, after a second ``#``.
        """
        if self.format != MAPPINGS:
            yield from comments(self.text)
            return
        for match in re.finditer(r"(?m)^#[ ]*(#[^\r\n]*)", self.text):
            yield match.start(1), match[1]

    @property
    def format(self) -> str:
        """The name of its format: the given one, else by its ending; Turtle for standard input."""
        if self.form:
            return self.form
        if self.name == STDIN:
            return "turtle"
        if self.name.endswith(LINKS):
            return MAPPINGS
        form = format_of_ending(Path(self.name).suffix.removeprefix("."))
        return form.name if form else ""

    def statements_about(
        self, terms: Collection[str]
    ) -> Iterator[tuple[ox.Quad, Statement | None, Source]]:
        """Yield its statements about some terms, given in N-Triples, with their positions.

        Returns:
            The statement; its position, None in formats without positions; and the source that the
            position refers to: this one, or one of a single line if the file is large.
        """
        if self.keeping:
            numbers = {number for term in terms for number in self._statement_numbers.get(term, ())}
            yield from (self._positioned[number] for number in sorted(numbers))
            return
        yield from self._find_about(terms)

    @cached_property
    def _positioned(self) -> list[tuple[ox.Quad, Statement | None, Source]]:
        return list(self._find_about(None))

    @cached_property
    def _statement_numbers(self) -> dict[str, list[int]]:
        """The numbers of the statements with a term as subject or object."""
        naming: dict[str, list[int]] = {}
        for number, (quad, _, _) in enumerate(self._positioned):
            for term in (quad.subject, quad.object):
                naming.setdefault(str(term), []).append(number)
        return naming

    def _find_about(
        self, terms: Collection[str] | None
    ) -> Iterator[tuple[ox.Quad, Statement | None, Source]]:
        """The result of `about`, found by reading the file; None selects all statements."""
        quads = (item for item in self.quads() if isinstance(item, ox.Quad))
        if (
            self.format == "ntriples"
            and len(self.content) > _LARGE_FILE_BYTES
            and self._has_one_statement_per_line
        ):
            yield from self._by_line(quads, terms)
            return
        places: Iterable[Statement | None] = repeat(None)
        if self.format == MAPPINGS:
            places = [where for _, where in statements_of(self.mappings[0])]
        if self.format in _FORMATS_WITH_POSITIONS:
            positions = list(statements(self.text))
            # If the two disagree, no position is better than a wrong one.
            places = positions if len(positions) == self.count else places
        for quad, where in zip(quads, places, strict=False):
            if terms is None or str(quad.subject) in terms or str(quad.object) in terms:
                yield quad, where, self

    @property
    def _has_one_statement_per_line(self) -> bool:
        return sum(1 for _ in lines_of_statements(self.content)) == self.count

    def _by_line(
        self, quads: Iterator[ox.Quad], terms: Collection[str] | None
    ) -> Iterator[tuple[ox.Quad, Statement | None, Source]]:
        """The result of `about` for large N-Triples, whose text is never loaded as a whole."""
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
    def is_whole(self) -> bool:
        """Whether it is a whole file, not a single line."""
        return not self.first

    def _line(self, number: int) -> str:
        return self.lines.line(number)[:_MAX_SHOWN_LINE]

    def place(self, start: int, end: int) -> Place:
        """The place of a range of its text, given by offsets."""
        line, column = self.lines.place(start)
        end_line, end_column = self.lines.place(max(end, start))
        text, before = self._line(line), max(self.first - 1, 0)
        return Place(self.name, before + line, column, before + end_line, end_column, text)

    def error_place(self, error: UnreadableInputError) -> Place:
        """The place of an error reported by the parser."""
        line, text = error.line or 0, self._line(error.line or 0)
        end = error.end_line or 0, error.end_column or 0
        return Place(self.name, line, error.column or 0, *end, text)


def gather(
    names: Sequence[str], form: str = "", before: Sequence[Source] | None = None
) -> list[Source]:
    """Read the files that an author named: files, folders with their RDF files, patterns, ``-``.

    Args:
        names: the names, as the author gave them.
        form: the name of the format of all files, overriding their endings.
        before: the result of the previous call, from which unchanged files are reused; None if
            nothing is to be kept for another call.

    Raises:
        UnreadableInputError: a file cannot be read or has an unknown format, or a folder or pattern
            matches none.
        UnknownNameError: there is no such format.
    """
    if form and form != MAPPINGS:
        format_named(form, GRAPH_FORMATS)
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
