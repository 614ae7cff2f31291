"""The log: a line for each request, as JSON for machines or as text on a terminal."""

from __future__ import annotations

import logging
import re
import sys
import time
import uuid

from flask import Flask, Response, g, request
from pythonjsonlogger.json import JsonFormatter

from competency_graph.errors import CompetencyError

_log = logging.getLogger("competency_graph.requests")
_SANE = re.compile(r"[\w.:-]{1,64}")


def configure(form: str) -> None:
    """Write the log to standard error.

    Args:
        form: ``json``, ``text``, or ``off`` for errors alone, as text.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_worth_telling)
    if form == "json":
        handler.setFormatter(
            JsonFormatter(
                "{asctime}{levelname}{message}",
                style="{",
                rename_fields={"asctime": "time", "levelname": "level"},
                defaults={"service": "competency"},
            )
        )
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # waiting a moment is no fault
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("competency_graph").setLevel(
        logging.WARNING if form == "off" else logging.INFO
    )


def _worth_telling(record: logging.LogRecord) -> bool:
    """An answer that broke off at a limit was told of already, and is no fault of the server."""
    return not (record.exc_info and isinstance(record.exc_info[1], CompetencyError))


def register(app: Flask) -> None:
    """Give each request of ``app`` a name, and each answer a line."""

    @app.before_request
    def begin() -> None:
        sent = request.headers.get("X-Request-ID", "")
        g.request_id = sent if _SANE.fullmatch(sent) else uuid.uuid4().hex
        g.since = time.perf_counter()
        g.met = ""  # the limit that the query met, if any
        g.recalled = False  # whether the answer came from memory

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.request_id
        said = {
            "id": g.request_id,
            "client": request.remote_addr,
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "milliseconds": round((time.perf_counter() - g.since) * 1000, 1),
        }
        if g.met:
            said["limit"] = g.met
        _log.info(
            "%(client)s %(method)s %(path)s %(status)s %(milliseconds)s ms %(id)s", said, extra=said
        )
        return response
