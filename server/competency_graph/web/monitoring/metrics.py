"""``/metrics``: counts since the start of the server, for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from competency_graph.sandbox.scheduler import Scheduler


class Recorder(NamedTuple):
    """Counts what the application does not answer itself.

    Args:
        recalled: counts a response from the cache.
        answered: counts another response: its route, its status, the seconds from the request to
            its header, and the limit that was met, or "".
    """

    recalled: Callable[[], None]
    answered: Callable[[str, int, float, str], None]


def register(app: Flask, version: str, scheduler: Scheduler) -> Recorder:
    """Count the requests to ``app``."""
    registry = CollectorRegistry()
    requests_total = Counter(
        "competency_requests", "Requests answered", ["route", "status"], registry=registry
    )
    duration_seconds = Histogram(
        "competency_request_seconds",
        "Seconds from a request to the header of its response",
        ["route"],
        registry=registry,
    )
    limits_met = Counter(
        "competency_limits", "Queries stopped by a limit", ["limit"], registry=registry
    )
    cache_hits = Counter("competency_recalled", "Responses from the cache", registry=registry)
    _observe(scheduler, registry)
    data_info = Gauge("competency_data_info", "The version served", ["version"], registry=registry)
    data_info.labels(version or "unknown").set(1)

    count_of = cache(requests_total.labels)
    duration_of = cache(duration_seconds.labels)

    def answered(route: str, status: int, seconds: float, limit: str) -> None:
        count_of(route, status).inc()
        duration_of(route).observe(seconds)
        if limit:
            limits_met.labels(limit).inc()

    @app.after_request
    def count(response: Response) -> Response:
        route = str(request.url_rule or "none")
        answered(route, response.status_code, time.perf_counter() - g.started_at, g.limit)
        return response

    @app.get("/metrics")
    def metrics() -> Response:
        """Return the metrics in the text format of Prometheus."""
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)

    return Recorder(cache_hits.inc, answered)


def _observe(scheduler: Scheduler, registry: CollectorRegistry) -> None:
    """Measure how many requests run and wait, for how long, and how many are refused."""
    running = Gauge("competency_queries_running", "Queries running", ["kind"], registry=registry)
    running.labels("quick").set_function(lambda: scheduler.running[0])
    running.labels("slow").set_function(lambda: scheduler.running[1])
    waiting = Gauge("competency_queries_waiting", "Queries waiting", registry=registry)
    waiting.set_function(lambda: scheduler.waiting)
    waited = Histogram(
        "competency_queue_seconds", "Seconds that queries waited before they ran", registry=registry
    )
    scheduler.on_admitted = waited.observe
    refused = Counter(
        "competency_queries_refused", "Queries refused", ["reason"], registry=registry
    )
    scheduler.on_refused = lambda limit: refused.labels(limit).inc()
