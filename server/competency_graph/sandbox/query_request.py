"""Query requests for workers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import IO, TYPE_CHECKING, ClassVar, Self

import pyoxigraph as ox

from competency_graph.errors import LengthError
from competency_graph.sandbox.request import Answer, Limits, Remedies
from competency_graph.sparql import evaluator

if TYPE_CHECKING:
    from competency_graph.validation import Published


@lru_cache(1)
def _contents(store: ox.Store) -> evaluator.StoreContents:
    """What is known about a worker's store, which does not change."""
    return evaluator.StoreContents(store)


@dataclass(frozen=True)
class QueryRequest:
    """A query with everything that its answer depends on.

    Args:
        text: the query, SPARQL 1.1.
        formats: the format for each kind of answer (``table``, ``boolean``, ``graph``); kinds not
            listed are not wanted.
        bindings: terms for some of its variables.
        default_graphs: as in `evaluator.evaluate`.
        named_graphs: as in `evaluator.evaluate`.
        base: as in `evaluator.evaluate`.
    """

    text: str
    formats: dict[str, str]
    bindings: dict[ox.Variable, ox.NamedNode | ox.Literal] = field(default_factory=dict)
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    base: str = ""

    noun: ClassVar = "query"
    remedies: ClassVar = Remedies(
        "Make it cheaper: use more constants, join patterns by shared variables, avoid "
        "unbounded property paths, or add LIMIT",
        "Simplify it, or request less at a time",
        "Request less, with LIMIT or a narrower pattern",
    )
    last: ClassVar = False
    needs_all: ClassVar = False

    def limited_by(self, limits: Limits) -> Limits:
        """The limits of all clients' requests."""
        return limits

    def check(self, limits: Limits) -> None:
        """Raise `LengthError` if it is too long to be processed."""
        if len(self.text) > limits.query:
            raise LengthError(
                f"the query has {len(self.text):,} characters, and the limit is {limits.query:,}",
                "Split it into several shorter queries",
                limit="query",
            )

    def answer(self, store: ox.Store, published: Published | None = None) -> Answer:
        """Evaluate the query on the store, see `evaluator.evaluate`."""
        found = evaluator.evaluate(
            store,
            self.text,
            self.bindings,
            self.default_graphs,
            self.named_graphs,
            self.base,
            _contents(store),
        )
        form = self.formats.get(found.kind, "")

        def write(output: IO[bytes]) -> None:
            if form:
                found.write(form, output)

        return Answer(found.kind, form, write, tuple(found.warnings))


class QueryCheck(QueryRequest):
    """A query to parse but not to evaluate: its answer has a kind and no content."""

    @classmethod
    def of(cls, request: QueryRequest) -> Self:
        """The check of another request's query."""
        return cls(request.text, {}, {}, request.default_graphs, request.named_graphs, request.base)

    def answer(self, store: ox.Store, published: Published | None = None) -> Answer:
        """Parse the query, see `evaluator.check`."""
        kind = evaluator.check(store, self.text, self.default_graphs, self.named_graphs, self.base)
        return Answer(kind, "", lambda _: None)
