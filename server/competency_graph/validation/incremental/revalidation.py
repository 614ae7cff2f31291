"""Repeated validation of the same files, limited to what has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import pyoxigraph as ox

from competency_graph.validation.checks.author_statements import FileStatements
from competency_graph.validation.engines.blank_nodes import Numbering
from competency_graph.validation.engines.shacl_engines import Result
from competency_graph.validation.incremental.dependencies import Statements, is_schema, reach
from competency_graph.validation.shapes.shapes_graph import Shapes
from competency_graph.validation.sources.author_files import Source

_MAX_KEPT_BYTES = 200_000_000
"""The maximum size of files whose results are kept, in bytes; larger ones are validated anew."""
Ask = Callable[[str], list[Result]]
"""Validates N-Triples whose blank nodes are labelled as `shacl_engines.Engine` requires."""


class Revalidation:
    """The state kept between validations of the same files.

    The results of the shapes equal those of a full validation, but only focus nodes affected by a
    change are validated again. Checks beyond the shapes always run on everything.

    Args:
        base: the statements of the base.
        shapes: the shapes.
    """

    def __init__(self, base: Sequence[ox.Quad], shapes: Shapes) -> None:
        self._base = base
        self._reach = reach(shapes)
        self._file_statements: dict[Source, FileStatements] = {}
        self._previous_sources: dict[int, Source] = {}
        self._statements: Statements | None = None
        self._schema: dict[ox.Triple, None] = {}
        self._results: list[Result] | None = None
        self.alone: frozenset[Result] | None = None
        """The results of the shapes in the base alone, once computed."""

    def file_statements(self, source: Source) -> FileStatements | None:
        """The statements of a file, if it was read before."""
        return self._file_statements.get(source)

    def keep(self, said: dict[Source, FileStatements]) -> None:
        """Keep the statements of files."""
        self._file_statements = said

    def results(self, sources: Sequence[Source], whole: Callable[[], list[Result]], ask: Ask,
                enough: int) -> list[Result]:  # fmt: skip
        """The results of the shapes for all statements.

        Args:
            sources: the files, without syntax errors.
            whole: validates all statements.
            ask: validates some statements.
            enough: the number of results from which on they may be incomplete and are not kept.
        """
        before, self._results = self._results, None  # an exception leaves no half-updated state
        now = {source.number: source for source in sources}
        found = None if before is None else self._updated_results(before, now, ask)
        if found is None:
            found, self._statements = whole(), None
        if (
            len(found) < enough
            and sum(len(source.content) for source in sources) <= _MAX_KEPT_BYTES
        ):
            self._results = found
        self._previous_sources = now
        return found

    def prepare(self) -> None:
        """Prepare the next validation, while nobody waits for it."""
        if self._results is not None and self._reach is not None:
            self._previous_statements()

    def _previous_statements(self) -> Statements:
        """The statements of the base and of the files validated last."""
        if self._statements is None:
            self._statements, self._schema = Statements(), {}
            for quad in (*self._base, *_quads(self._previous_sources.values())):
                self._statements.add(quad.triple)
                if is_schema(quad.triple):
                    self._schema[quad.triple] = None
        return self._statements

    def _updated_results(
        self, before: list[Result], now: dict[int, Source], ask: Ask
    ) -> list[Result] | None:
        """Update the previous results; None if a full validation is necessary."""
        if self._reach is None:
            return None
        less, more = self._changes(now)
        if any(is_schema(triple) for triple in (*less, *more)):
            return None
        index = self._previous_statements()
        affected = self._reach.affected(less, index)
        for triples, count in ((less, -1), (more, 1)):
            for triple in triples:
                index.add(triple, count)
        affected |= self._reach.affected([*more, *less], index)
        needed = self._schema | self._reach.required(affected, index)
        numbering = Numbering("n")
        data = ox.serialize(map(numbering.statement, needed), format=ox.RdfFormat.N_TRIPLES) or b""
        spelled = {str(term) for term in affected}
        return [result for result in before if result.focus not in spelled] + [
            result for result in renamed(ask(data.decode()), numbering) if result.focus in spelled
        ]

    def _changes(self, now: dict[int, Source]) -> tuple[list[ox.Triple], list[ox.Triple]]:
        """The statements removed from the files, and those added."""
        less: list[ox.Triple] = []
        more: list[ox.Triple] = []
        for number in self._previous_sources.keys() | now.keys():
            old, new = self._previous_sources.get(number), now.get(number)
            if old is not new:
                was = Counter(quad.triple for quad in _quads([old] if old else []))
                becomes = Counter(quad.triple for quad in _quads([new] if new else []))
                less += (was - becomes).elements()
                more += (becomes - was).elements()
        return less, more


def _quads(sources: Iterable[Source]) -> Iterator[ox.Quad]:
    for source in sources:
        yield from (item for item in source.quads() if isinstance(item, ox.Quad))


def renamed(results: Iterable[Result], numbering: Numbering) -> Iterator[Result]:
    """Restore the blank node labels of the files in results."""
    names = list(numbering.names)

    def name(term: str) -> str:
        return str(names[int(term[3:])]) if term.startswith("_:n") else term

    for result in results:
        yield replace(result, focus=name(result.focus), value=name(result.value))
