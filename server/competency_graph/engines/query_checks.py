"""Checks of queries before another server receives them, by workers without data.

A parser may crash on a query made to that end, so it runs in a worker. That takes as long as many a
query, so a query with the same template as one that passed is not checked (`query_templates`).
"""

from __future__ import annotations

from asyncio import AbstractEventLoop
from collections import deque
from threading import Lock
from typing import Final

from cachetools import LRUCache

from competency_graph.engines.query_templates import stands_for_others, template
from competency_graph.engines.under_way import OnEvent
from competency_graph.engines.watched_workers import WatchedWorkers
from competency_graph.sandbox.query_request import QueryCheck, QueryRequest
from competency_graph.sandbox.reply import Reply
from competency_graph.sandbox.worker import Worker
from competency_graph.sandbox.worker_pool import WorkerPool

_REMEMBERED: Final = 4_000
"""How many queries or templates are remembered that passed."""
_MAX_CHARACTERS: Final = 4_000
"""The length of the longest one that is remembered, with the names of its graphs."""
_Key = tuple[str, ...]


class QueryChecks:
    """Checks queries, and remembers those that passed, or their templates; thread-safe.

    Args:
        readers: workers without data, but with the graphs that may be queried.
    """

    def __init__(self, readers: WorkerPool) -> None:
        self._readers, self._watched, self._lock = readers, WatchedWorkers(readers), Lock()
        self._kinds: LRUCache[_Key, str] = LRUCache(_REMEMBERED)

    def kind(self, request: QueryRequest) -> str:
        """Check a query.

        Returns:
            The kind of its answer: ``table``, ``boolean`` or ``graph``.

        Raises:
            CompetencyError: it is not allowed, or not valid; see `evaluator.check`.
        """
        known = self.known_kind(request)
        return known or self._remember(request, self._readers.ask(QueryCheck.of(request)))

    def known_kind(self, request: QueryRequest) -> str:
        """The kind of answer of a query that passed, or surely would; "" if it must be checked."""
        by_template = _template_key(request)
        with self._lock:
            kind = self._kinds.get(by_template, "") if by_template else ""
            return kind or self._kinds.get(_key("text", request.text, request), "")

    def begin(
        self, loop: AbstractEventLoop, request: QueryRequest, on_event: OnEvent
    ) -> Worker | None:
        """Begin to check a query, see `WatchedWorkers.begin`; None if no worker is idle."""
        return self._watched.begin(loop, QueryCheck.of(request), None, lambda _: on_event())

    def hand_over(self, worker: Worker) -> None:
        """Let a thread `finish` what has begun."""
        self._watched.hand_over(worker)

    def finish(self, request: QueryRequest, worker: Worker) -> str:
        """Finish what has begun, without waiting if the worker sent something; as `kind`."""
        return self._remember(request, self._readers.finish(worker))

    def _remember(self, request: QueryRequest, checked: Reply) -> str:
        with checked:
            deque(checked.chunks, maxlen=0)  # or else the worker would not be used again
        if stands_for_others(request.text):
            key = _template_key(request)
        else:
            key = _key("text", request.text, request)
        if sum(map(len, key)) <= _MAX_CHARACTERS:
            with self._lock:
                self._kinds[key] = checked.kind
        return checked.kind


def _template_key(request: QueryRequest) -> _Key:
    """The key of all queries with the same template; empty if there is none."""
    found = template(request.text)
    return _key("template", found, request) if found else ()


def _key(kind: str, text: str, request: QueryRequest) -> _Key:
    """Everything that the check depends on; no name of a graph is empty."""
    return kind, text, request.base, *request.default_graphs, "", *request.named_graphs
