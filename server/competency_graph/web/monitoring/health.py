"""``/health`` and ``/ready``: whether the server works, and whether to send it requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus

from flask import Flask, Response


def register(app: Flask, version: str, fault: Callable[[], str]) -> None:
    """Add the two addresses to ``app``.

    The server sets ``app.extensions["draining"]`` to something that is true once it is about to
    stop.

    Args:
        app: the application.
        version: identifies the version of the data; "" if the data may change at any time.
        fault: returns why no query can be answered now; "" if queries are answered.
    """

    @app.get("/health")
    def health() -> Response:
        """Report whether queries are answered, and from which version of the data."""
        body = {"status": "ok", "version": version or None}
        status = HTTPStatus.OK
        if reason := fault():
            body |= {"status": "unavailable", "endpoint": "unreachable", "detail": reason}
            status = HTTPStatus.SERVICE_UNAVAILABLE
        return Response(json.dumps(body), status, mimetype="application/json")

    @app.get("/ready")
    def ready() -> Response:
        """Report the same, but 503 also if the server is about to stop."""
        if app.extensions.get("draining"):
            body = json.dumps({"status": "draining", "version": version or None})
            return Response(body, HTTPStatus.SERVICE_UNAVAILABLE, mimetype="application/json")
        return health()
