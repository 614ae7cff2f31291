"""The log: a line for each request, as JSON or as text."""

from __future__ import annotations

import logging
import random
import re
import sys
import time
from typing import TYPE_CHECKING

from pythonjsonlogger.json import JsonFormatter

from competency_graph.errors import CompetencyError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_log = logging.getLogger("competency_graph.requests")
_VALID_REQUEST_ID = re.compile(r"[\w.:-]{1,64}")


def configure(format_name: str) -> None:
    """Write the log to standard error.

    Args:
        format_name: ``json``, ``text``, or ``off`` for errors alone, as text.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_is_logged)
    if format_name == "json":
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
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("competency_graph").setLevel(
        logging.WARNING if format_name == "off" else logging.INFO
    )


def _is_logged(record: logging.LogRecord) -> bool:
    """Whether to log a record: an answer cut off by a limit is logged elsewhere, and no error."""
    return not (record.exc_info and isinstance(record.exc_info[1], CompetencyError))


def request_id(environ: WSGIEnvironment) -> str:
    """The ID of a request: its X-Request-ID header if that is valid, else a new one."""
    sent: str = environ.get("HTTP_X_REQUEST_ID", "")
    return sent if _VALID_REQUEST_ID.fullmatch(sent) else f"{random.getrandbits(128):032x}"


def log_request(
    environ: WSGIEnvironment, request_id: str, status: int, started_at: float, limit: str = ""
) -> None:
    """Log one request.

    Args:
        environ: the request (PEP 3333).
        request_id: its ID.
        status: the status of the response.
        started_at: its start, by `time.perf_counter`.
        limit: the limit that stopped it, if any.
    """
    if not _log.isEnabledFor(logging.INFO):
        return
    fields = {
        "id": request_id,
        "client": environ.get("REMOTE_ADDR"),
        "method": environ["REQUEST_METHOD"],
        "path": environ["PATH_INFO"].encode("latin-1").decode(errors="replace"),
        "status": status,
        "milliseconds": round((time.perf_counter() - started_at) * 1000, 1),
    }
    if limit:
        fields["limit"] = limit
    _log.info(
        "%(client)s %(method)s %(path)s %(status)s %(milliseconds)s ms %(id)s", fields, extra=fields
    )


def failed() -> None:
    """Log the exception being handled: a request failed on it."""
    _log.exception("a request failed")
