"""What an error is over HTTP (RFC 9457): the rules that all ways to answer share, without Flask."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus

from werkzeug.exceptions import HTTPException

from competency_graph.errors import (
    BadValueError,
    BusyError,
    CompetencyError,
    EvaluationError,
    LengthError,
    LimitError,
    QuerySyntaxError,
    RefusedError,
    UnavailableError,
    UnknownNameError,
)
from competency_graph.rdf.short_names import abridged

_STATUS_BY_ERROR = {
    BadValueError: HTTPStatus.BAD_REQUEST,
    QuerySyntaxError: HTTPStatus.BAD_REQUEST,
    RefusedError: HTTPStatus.FORBIDDEN,
    UnknownNameError: HTTPStatus.NOT_FOUND,
    LengthError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    BusyError: HTTPStatus.TOO_MANY_REQUESTS,
    LimitError: HTTPStatus.SERVICE_UNAVAILABLE,
    UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    EvaluationError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
HEADERS = [("Content-Type", "application/problem+json"), ("Vary", "Accept")]
"""The header fields of every problem document."""


@dataclass(frozen=True)
class Problem:
    """What to report to a client about an error.

    Args:
        status: of the response.
        detail: what is wrong.
        members: further members of the document; None for what is not known.
        headers: further header fields of the response.
        limit: the limit that was met, or "".
        busy: whether too many requests run already.
    """

    status: HTTPStatus
    detail: str
    members: dict[str, str | int | None] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()
    limit: str = ""
    busy: bool = False

    def document(self, request_id: str) -> dict[str, str | int]:
        """The members of the document.

        Args:
            request_id: the ID of the request.
        """
        status = self.status
        body: dict[str, str | int] = {
            "type": "about:blank",
            "title": status.phrase,
            "status": status.value,
        }
        details = {"detail": self.detail, "instance": f"urn:request:{request_id}"} | self.members
        for name, value in details.items():
            if value is not None:
                body[name] = abridged(value) if isinstance(value, str) else value
        return body

    def json(self, request_id: str) -> bytes:
        """The document in JSON."""
        return json.dumps(self.document(request_id), ensure_ascii=False).encode()


def problem_of(error: CompetencyError) -> Problem:
    """What to report to a client about an error of this package."""
    status = _STATUS_BY_ERROR.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)
    members: dict[str, str | int | None] = {
        "remedy": error.remedy, "line": error.line, "column": error.column,
    }  # fmt: skip
    limit = error.limit if isinstance(error, LimitError) else ""
    if isinstance(error, LimitError):
        members["limit"] = limit
    if isinstance(error, BusyError) and error.shared:
        status = HTTPStatus.SERVICE_UNAVAILABLE
    retry = isinstance(error, BusyError | UnavailableError)
    headers = (("Retry-After", str(getattr(error, "retry_after", 1))),) if retry else ()
    return Problem(status, error.what, members, headers, limit, isinstance(error, BusyError))


def problem_of_http(error: HTTPException) -> Problem:
    """What to report to a client about an error that werkzeug raised."""
    headers = tuple(pair for pair in error.get_headers() if pair[0] in ("Allow", "Location"))
    return Problem(
        HTTPStatus(error.code or 500),
        str(error.description).removesuffix("."),
        headers=headers,
    )
