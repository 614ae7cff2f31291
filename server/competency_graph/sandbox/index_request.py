"""Requests for the search index, for workers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import IO, TYPE_CHECKING, ClassVar, Final

import pyoxigraph as ox

from competency_graph.rdf.rows import Bindings
from competency_graph.rdf.short_names import Term
from competency_graph.sandbox.request import Answer, Limits, Remedies
from competency_graph.sparql.evaluator import evaluate
from competency_graph.sparql.search.databases import databases, opened

if TYPE_CHECKING:
    from competency_graph.validation import Published

_SIZE_BYTES: Final = 8
"""How many bytes the size of a database has, which precedes it."""
_SECONDS_FACTOR: Final = 30
"""How many times the limit of clients' requests it may take, as it reads all texts."""


@dataclass(frozen=True)
class IndexRequest:
    """The search index of everything served; `received` opens the answer."""

    noun: ClassVar = "request"
    remedies: ClassVar = Remedies(
        "Start the server with a higher --time-limit",
        *("Start the server with a higher --memory-limit",) * 2,
    )
    last: ClassVar = True
    needs_all: ClassVar = False

    def limited_by(self, limits: Limits) -> Limits:
        """More time, and an answer as long as the memory of a request may be large."""
        return replace(limits, seconds=_SECONDS_FACTOR * limits.seconds, answer=limits.memory)

    def check(self, limits: Limits) -> None:
        """Do nothing: it is always the same."""

    def answer(self, store: ox.Store, published: Published | None) -> Answer:
        """Build the index; each of its databases is written as soon as it is complete."""
        return Answer("index", "sqlite", partial(_write, store))


def _write(store: ox.Store, output: IO[bytes]) -> None:
    def rows(text: str, bindings: Bindings) -> Iterator[list[Term | None]]:
        return evaluate(store, text, bindings).rows()

    try:
        for database in databases(rows):
            with closing(database):
                content = database.serialize()
            output.write(len(content).to_bytes(_SIZE_BYTES, "big"))
            output.write(content)
    except sqlite3.OperationalError as error:  # there is nothing else that it could lack
        raise MemoryError from error


def received(chunks: Iterable[bytes]) -> Iterator[sqlite3.Connection]:
    """The databases in the answer to an `IndexRequest`, each as soon as it has arrived.

    Args:
        chunks: the answer, in pieces.
    """
    waiting = bytearray()
    end = _SIZE_BYTES
    for chunk in chunks:
        waiting += chunk
        while len(waiting) >= end:
            if end == _SIZE_BYTES:
                end += int.from_bytes(waiting[:_SIZE_BYTES], "big")
                continue
            with memoryview(waiting)[_SIZE_BYTES:end] as content:
                database = opened(content)
            del waiting[:end]
            end = _SIZE_BYTES
            yield database
