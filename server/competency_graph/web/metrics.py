"""``/metrics``: what happened since the start, for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from competency_graph.sandbox.admission import Admission


def register(app: Flask, version: str, slots: Admission) -> Callable[[], None]:
    """Count the requests of ``app``.

    Returns:
        What counts an answer that the application was not asked for, as it was in memory.
    """
    registry = CollectorRegistry()
    answered = Counter(
        "competency_requests", "Requests answered", ["route", "status"], registry=registry
    )
    seconds = Histogram(
        "competency_request_seconds",
        "Seconds from a request to the head of its answer",
        ["route"],
        registry=registry,
    )
    limits = Counter("competency_limits", "Queries that met a limit", ["limit"], registry=registry)
    recalled = Counter("competency_recalled", "Answers given from memory", registry=registry)
    running = Gauge("competency_queries_running", "Queries that run now", registry=registry)
    running.set_function(lambda: slots.taken)
    data = Gauge("competency_data_info", "The version served", ["version"], registry=registry)
    data.labels(version or "unknown").set(1)

    @app.after_request
    def count(response: Response) -> Response:
        route = str(request.url_rule or "none")
        answered.labels(route, response.status_code).inc()
        seconds.labels(route).observe(time.perf_counter() - g.since)
        if g.met:
            limits.labels(g.met).inc()
        return response

    @app.get("/metrics")
    def metrics() -> Response:
        """Give the figures in Prometheus's text format."""
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)

    return recalled.inc
