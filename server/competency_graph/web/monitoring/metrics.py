"""Counts since the start of the server, for Prometheus."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from competency_graph.sandbox.scheduler import Scheduler
from competency_graph.web.monitoring import logs

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


_MAX_PENDING = 200
"""How many responses wait to be counted: one by one, that takes three times longer."""


class Metrics:
    """The metrics of one version of the data; thread-safe.

    Args:
        version: the version of the data, or "".
        scheduler: runs its queries.
    """

    def __init__(self, version: str, scheduler: Scheduler) -> None:
        registry = self._registry = CollectorRegistry()
        requests_total = Counter(
            "competency_requests", "Requests answered", ["route", "status"], registry=registry
        )
        duration_seconds = Histogram(
            "competency_request_seconds",
            "Seconds from a request to the header of its response",
            ["route"],
            registry=registry,
        )
        self._limits_met = Counter(
            "competency_limits", "Queries stopped by a limit", ["limit"], registry=registry
        )
        self._recalled = Counter(
            "competency_recalled", "Responses from the cache", registry=registry
        )
        self._pending: deque[tuple[str, int, float]] = deque()
        self._waits: deque[float] = deque()
        self._queue_seconds = _observe(scheduler, registry)
        scheduler.on_admitted = self._waits.append
        info = Gauge("competency_data_info", "The version served", ["version"], registry=registry)
        info.labels(version or "unknown").set(1)
        self._count_of = cache(requests_total.labels)
        self._duration_of = cache(duration_seconds.labels)

    def recalled(self) -> None:
        """Count a response from the cache."""
        self._recalled.inc()

    def answered(self, route: str, status: int, seconds: float, limit: str = "") -> None:
        """Count another response.

        Args:
            route: its route.
            status: its status.
            seconds: the time from the request to its header.
            limit: the limit that was met, or "".
        """
        if limit:
            self._limits_met.labels(limit).inc()
        self._pending.append((route, status, seconds))
        if len(self._pending) >= _MAX_PENDING:
            self._count()

    def text(self) -> bytes:
        """All metrics in the text format of Prometheus."""
        self._count()
        return generate_latest(self._registry)

    def _count(self) -> None:
        with suppress(IndexError):  # there are no more, as another thread may count as well
            while True:
                route, status, seconds = self._pending.popleft()
                self._count_of(route, status).inc()
                self._duration_of(route).observe(seconds)
        with suppress(IndexError):
            while True:
                self._queue_seconds.observe(self._waits.popleft())


def recorder_of_hits(metrics: Metrics) -> Callable[[WSGIEnvironment, float], str]:
    """What logs and counts a response from the cache, see `response_cache.HitRecorder`."""

    def record(environ: WSGIEnvironment, started_at: float) -> str:
        request_id = logs.request_id(environ)
        logs.log_request(environ, request_id, HTTPStatus.OK, started_at)
        metrics.recalled()
        return request_id

    return record


def _observe(scheduler: Scheduler, registry: CollectorRegistry) -> Histogram:
    """Measure how many requests run and wait, and how many are refused; return for how long."""
    running = Gauge("competency_queries_running", "Queries running", ["kind"], registry=registry)
    running.labels("quick").set_function(lambda: scheduler.running[0])
    running.labels("slow").set_function(lambda: scheduler.running[1])
    waiting = Gauge("competency_queries_waiting", "Queries waiting", registry=registry)
    waiting.set_function(lambda: scheduler.waiting)
    refused = Counter(
        "competency_queries_refused", "Queries refused", ["reason"], registry=registry
    )
    scheduler.on_refused = lambda limit: refused.labels(limit).inc()
    return Histogram(
        "competency_queue_seconds", "Seconds that queries waited before they ran", registry=registry
    )
