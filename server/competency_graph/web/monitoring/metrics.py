"""``/metrics``: counts since the start of the server, for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from competency_graph.sandbox.scheduler import Scheduler


def register(app: Flask, version: str, scheduler: Scheduler) -> Callable[[], None]:
    """Count the requests to ``app``.

    Returns:
        A function that counts a response from the cache.
    """
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

    @app.after_request
    def count(response: Response) -> Response:
        route = str(request.url_rule or "none")
        requests_total.labels(route, response.status_code).inc()
        duration_seconds.labels(route).observe(time.perf_counter() - g.started_at)
        if g.limit:
            limits_met.labels(g.limit).inc()
        return response

    @app.get("/metrics")
    def metrics() -> Response:
        """Return the metrics in the text format of Prometheus."""
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)

    return cache_hits.inc


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
