"""What the application and the fast path share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from competency_graph.engines.under_way import QuickBackend, Workers
from competency_graph.sandbox.fork_server import ForkServer
from competency_graph.sandbox.scheduler import Scheduler
from competency_graph.sandbox.worker_pool import WorkerPool
from competency_graph.web.content import Content
from competency_graph.web.http.response_cache import ResponseCache
from competency_graph.web.monitoring.metrics import Metrics, recorder_of_hits
from competency_graph.web.querying.fast_path import FastPath

if TYPE_CHECKING:
    from flask import Flask


class Parts:
    """What the application and the fast path share. Create it in the process that serves.

    Args:
        fork_server: forks the workers.
        scheduler: decides which requests run, wait and are refused.
        version: the version of the data; "" if it may change at any time.
        answering: makes what answers queries from the workers.
    """

    def __init__(
        self,
        fork_server: ForkServer,
        scheduler: Scheduler,
        version: str,
        answering: Callable[[WorkerPool], QuickBackend] = Workers,
    ) -> None:
        self._workers, self._scheduler, self._version = WorkerPool(fork_server), scheduler, version
        self._backend = answering(self._workers)
        self._metrics = Metrics(version, scheduler)
        self._cache = ResponseCache(recorder_of_hits(self._metrics))

    def fast_path(self) -> FastPath:
        """What answers queries in the event loop."""
        self._workers.keep_ready(self._scheduler.most_quick)
        return FastPath(self._backend, self._scheduler, self._cache, self._version, self._metrics)

    def app(self, content: Content) -> Flask:
        """The application."""
        from competency_graph.web.app import create_app  # slow to import

        return create_app(
            self._backend, content, self._scheduler, metrics=self._metrics, cache=self._cache
        )
