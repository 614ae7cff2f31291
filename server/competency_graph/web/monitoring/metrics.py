"""``/metrics``: counts since the start of the server, for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from competency_graph.sandbox.admission import Admission


def register(app: Flask, version: str, admission: Admission) -> Callable[[], None]:
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
    running = Gauge("competency_queries_running", "Queries running", registry=registry)
    running.set_function(lambda: admission.taken)
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
