"""The search index of what a backend serves, built in the background.

A worker builds it, as this process runs one thread of Python at a time. After a second it runs only
when nothing else does, and it ends afterwards. Where no worker has the data, this process queries
for the texts.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from competency_graph.engines.backend import Backend, rows_of, rows_request
from competency_graph.errors import CompetencyError, LimitError, UnavailableError
from competency_graph.rdf.rows import Bindings
from competency_graph.rdf.short_names import Term
from competency_graph.sandbox.index_request import IndexRequest, received
from competency_graph.sparql.search.databases import databases
from competency_graph.sparql.search.index import Index

_log = logging.getLogger(__name__)

PATIENCE_SECONDS: Final = 2.0
"""How long a request waits for the index."""
_MAX_AGE_SECONDS: Final = 300.0
"""The age at which the index of data that may change is built again."""
_RETRY_SECONDS: Final = 10.0
"""How long an error is reported, at least, before the index is built again."""
_RETRY_FACTOR: Final = 9
"""How many times as long as the failed building took, as what is too large is so again."""


class SearchIndex:
    """The search index of the data behind a backend; thread-safe.

    Args:
        backend: answers the queries for the texts.
        fixed: whether the data never changes.
        now: returns the time in seconds.
    """

    def __init__(
        self, backend: Backend, fixed: bool, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._backend, self._fixed, self._now = backend, fixed, now
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._index: Index | None = None
        self._built_at = self._retry_at = now()
        self._error: UnavailableError | None = None

    def start(self) -> threading.Thread | None:
        """Build the index in the background, unless it is current; return the building thread."""
        with self._lock:
            now = self._now()
            if self._index is None:
                is_wanted = now >= self._retry_at
            else:
                is_wanted = not self._fixed and now - self._built_at > _MAX_AGE_SECONDS
            if self._thread is None and is_wanted:
                self._thread = threading.Thread(target=self._build, daemon=True)
                self._thread.start()
            return self._thread

    def get(self, patience: float = PATIENCE_SECONDS) -> Index:
        """The index; an old one if a newer one is not ready yet.

        Args:
            patience: how many seconds to wait if there is none yet.

        Raises:
            UnavailableError: the index is not ready, or cannot be built.
        """
        thread = self.start()
        if self._index is None and thread is not None:
            thread.join(patience)
        if self._index is not None:
            return self._index
        if self._error is not None:
            raise self._error
        raise UnavailableError(
            "the search index is still being built", "Try again in a few seconds"
        )

    def _build(self) -> None:
        since = self._now()
        try:
            self._index, self._error = Index(self._databases()), None
        except CompetencyError as error:
            self._report(error)
        finally:
            with self._lock:
                self._built_at = self._now()
                self._retry_at = self._built_at + max(
                    _RETRY_SECONDS, _RETRY_FACTOR * (self._built_at - since)
                )
                self._thread = None

    def _databases(self) -> Iterator[sqlite3.Connection]:
        if not self._backend.holds_data:
            yield from databases(self._rows)
            return
        with self._backend.ask(IndexRequest()) as reply:
            yield from received(reply.chunks)

    def _report(self, error: CompetencyError) -> None:
        why = error.what
        if isinstance(error, LimitError) and error.limit == "memory":
            why = f"it needs more than {self._backend.limits.memory:,} bytes of memory"
        what = f"the search index cannot be built: {why}"
        before, self._error = self._error, UnavailableError(what, error.remedy)
        if before is None or before.what != what:
            _log.error("%s", self._error)

    def _rows(self, text: str, bindings: Bindings) -> Iterable[Sequence[Term | None]]:
        """Run a query that no client waits for, outside the limits of clients."""
        with self._backend.ask(rows_request(text, bindings)) as reply:
            return rows_of(reply)
