"""Validating the same files again, at the cost of what changed in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import pyoxigraph as ox

from competency_graph.validation.checks.author_statements import BaseStatements, FileStatements
from competency_graph.validation.engines.blank_nodes import Numbering
from competency_graph.validation.engines.shacl_engines import Result
from competency_graph.validation.incremental.dependencies import Statements, is_schema, reach
from competency_graph.validation.shapes.shapes_graph import Shapes
from competency_graph.validation.sources.author_files import Source

_LARGEST = 200_000_000
"""Bytes of files of which so much is kept; larger ones are judged anew each time."""
Ask = Callable[[str], list[Result]]
"""Has an engine judge N-Triples, whose blank nodes are as `shacl_engines.Engine` wants them."""


class Revalidation:
    """What one validation leaves to the next of the same files.

    What the shapes find is the same as in a validation of the whole: only focus nodes that a change
    concerns are judged anew. Checks beyond the shapes look at everything each time.

    Args:
        base: the statements that the files extend.
        shapes: the shapes.
    """

    def __init__(self, base: Sequence[ox.Quad], shapes: Shapes) -> None:
        self._base = base
        self._reach = reach(shapes)
        self.ground = BaseStatements(base)
        self._said: dict[Source, FileStatements] = {}
        self._held: dict[int, Source] = {}
        self._statements: Statements | None = None
        self._schema: dict[ox.Triple, None] = {}
        self._results: list[Result] | None = None
        self.alone: frozenset[Result] | None = None
        """What the shapes find in the base alone, once that was asked."""

    def said(self, source: Source) -> FileStatements | None:
        """What a file says, if it was read before."""
        return self._said.get(source)

    def keep(self, said: dict[Source, FileStatements]) -> None:
        """Keep what files say."""
        self._said = said

    def results(self, sources: Sequence[Source], whole: Callable[[], list[Result]], ask: Ask,
                enough: int) -> list[Result]:  # fmt: skip
        """What the shapes find in all statements.

        Args:
            sources: the files, without faults of syntax.
            whole: judges them all.
            ask: judges some statements.
            enough: from how many results on there may be more, so that they are not kept.
        """
        before, self._results = self._results, None  # whatever happens, it is not half updated
        now = {source.number: source for source in sources}
        found = None if before is None else self._anew(before, now, ask)
        if found is None:
            found, self._statements = whole(), None
        if len(found) < enough and sum(len(source.content) for source in sources) <= _LARGEST:
            self._results = found
        self._held = now
        return found

    def prepare(self) -> None:
        """Do now, while nobody waits, what the next validation would have to do first."""
        if self._results is not None and self._reach is not None:
            self._prepared()

    def _prepared(self) -> Statements:
        """What the files say that were judged last, and the base."""
        if self._statements is None:
            self._statements, self._schema = Statements(), {}
            for quad in (*self._base, *_quads(self._held.values())):
                self._statements.add(quad.triple)
                if is_schema(quad.triple):
                    self._schema[quad.triple] = None
        return self._statements

    def _anew(self, before: list[Result], now: dict[int, Source], ask: Ask) -> list[Result] | None:
        """What is found now, from what was found before; None where the whole must be judged."""
        if self._reach is None:
            return None
        less, more = self._changes(now)
        if any(is_schema(triple) for triple in (*less, *more)):
            return None
        among = self._prepared()
        concerned = self._reach.concerned(less, among)
        for triples, count in ((less, -1), (more, 1)):
            for triple in triples:
                among.add(triple, count)
        concerned |= self._reach.concerned([*more, *less], among)
        needed = self._schema | self._reach.needed(concerned, among)
        numbering = Numbering("n")
        data = ox.serialize(map(numbering.statement, needed), format=ox.RdfFormat.N_TRIPLES) or b""
        spelled = {str(term) for term in concerned}
        return [result for result in before if result.focus not in spelled] + [
            result for result in renamed(ask(data.decode()), numbering) if result.focus in spelled
        ]

    def _changes(self, now: dict[int, Source]) -> tuple[list[ox.Triple], list[ox.Triple]]:
        """The statements that files no longer have, and those that they have now."""
        less: list[ox.Triple] = []
        more: list[ox.Triple] = []
        for number in self._held.keys() | now.keys():
            old, new = self._held.get(number), now.get(number)
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
    """Results with the names that blank nodes have in the files."""
    names = list(numbering.names)

    def name(term: str) -> str:
        return str(names[int(term[3:])]) if term.startswith("_:n") else term

    for result in results:
        yield replace(result, focus=name(result.focus), value=name(result.value))
