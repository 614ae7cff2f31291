"""The log: a line for each request, as JSON for machines or as text on a terminal."""

from __future__ import annotations

import logging
import re
import sys
import time
import uuid
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request
from pythonjsonlogger.json import JsonFormatter

from competency_graph.errors import CompetencyError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_log = logging.getLogger("competency_graph.requests")
_SANE = re.compile(r"[\w.:-]{1,64}")


def configure(form: str) -> None:
    """Write the log to standard error.

    Args:
        form: ``json``, ``text``, or ``off`` for errors alone, as text.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_is_logged)
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


def _is_logged(record: logging.LogRecord) -> bool:
    """An answer that broke off at a limit was told of already, and is no fault of the server."""
    return not (record.exc_info and isinstance(record.exc_info[1], CompetencyError))


def register(app: Flask) -> None:
    """Give each request of ``app`` a name, and each answer a line."""

    @app.before_request
    def begin() -> None:
        g.request_id = name(request.environ)
        g.since = time.perf_counter()
        g.met = ""  # the limit that the query met, if any

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-ID"] = g.request_id
        write(request.environ, g.request_id, response.status_code, g.since, g.met)
        return response


def name(environ: WSGIEnvironment) -> str:
    """The name of a request: the one that it brings, if that is a sane one, else a new one."""
    sent: str = environ.get("HTTP_X_REQUEST_ID", "")
    return sent if _SANE.fullmatch(sent) else uuid.uuid4().hex


def write(
    environ: WSGIEnvironment, request_id: str, status: int, since: float, limit: str = ""
) -> None:
    """Write the line of one request.

    Args:
        environ: the request (PEP 3333).
        request_id: its name.
        status: of its answer.
        since: when it began, by `time.perf_counter`.
        limit: the limit that it met, if any.
    """
    if not _log.isEnabledFor(logging.INFO):
        return
    said = {
        "id": request_id,
        "client": environ.get("REMOTE_ADDR"),
        "method": environ["REQUEST_METHOD"],
        "path": environ["PATH_INFO"].encode("latin-1").decode(errors="replace"),
        "status": status,
        "milliseconds": round((time.perf_counter() - since) * 1000, 1),
    }
    if limit:
        said["limit"] = limit
    _log.info(
        "%(client)s %(method)s %(path)s %(status)s %(milliseconds)s ms %(id)s", said, extra=said
    )
