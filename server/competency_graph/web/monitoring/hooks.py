"""Logs and counts the requests to the application, and serves the metrics."""

from __future__ import annotations

import time

from flask import Flask, Response, g, request
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from competency_graph.web.monitoring.logs import log_request, request_id
from competency_graph.web.monitoring.metrics import Metrics


def register(app: Flask, metrics: Metrics) -> None:
    """Assign an ID to each request to ``app``; log and count each response."""

    @app.before_request
    def start_request() -> None:
        g.request_id = request_id(request.environ)
        g.started_at = time.perf_counter()
        g.limit = ""  # the limit that stopped the query, if any

    @app.after_request
    def finish_request(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.request_id
        log_request(request.environ, g.request_id, response.status_code, g.started_at, g.limit)
        route = str(request.url_rule or "none")
        seconds = time.perf_counter() - g.started_at
        metrics.answered(route, response.status_code, seconds, g.limit)
        return response

    @app.get("/metrics")
    def text() -> Response:
        """Return the metrics in the text format of Prometheus."""
        return Response(metrics.text(), content_type=CONTENT_TYPE_PLAIN_0_0_4)
