"""Errors over HTTP: ``application/problem+json`` (RFC 9457), or a page for a browser."""

from __future__ import annotations

import json
from http import HTTPStatus

from flask import Flask, Response, g, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

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
from competency_graph.web.responses import asker, wants_page

_STATUS = {
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


def register(app: Flask) -> None:
    """Give all errors of ``app`` the one shape."""

    @app.errorhandler(CompetencyError)
    def refused(error: CompetencyError) -> Response:
        status = _STATUS.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)
        members = {"remedy": error.remedy, "line": error.line, "column": error.column}
        if isinstance(error, LimitError):
            members["limit"] = g.met = error.limit
        if isinstance(error, BusyError) and error.limit == "queries in all":
            status = HTTPStatus.SERVICE_UNAVAILABLE
        response = _problem(status, error.what, members)
        if isinstance(error, BusyError | UnavailableError):
            response.headers["Retry-After"] = "1"
        return response

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> Response:
        if isinstance(error, RequestEntityTooLarge):
            return refused(
                LengthError(
                    f"the body is longer than the limit of {app.config['MAX_CONTENT_LENGTH']:,} "
                    "bytes",
                    "Send less in one request",
                    limit="body",
                )
            )
        status = HTTPStatus(error.code or 500)
        response = _problem(status, str(error.description).removesuffix("."), {})
        for name, value in error.get_headers():
            if name in ("Allow", "Location"):
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        app.logger.exception("a request failed", exc_info=error)
        return _problem(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "the server failed on this request",
            {"remedy": "Tell those who run it; its log says more"},
        )


def _problem(status: HTTPStatus, detail: str, members: dict[str, str | int | None]) -> Response:
    told = {"detail": detail, "instance": f"urn:request:{g.request_id}"} | members
    body: dict[str, str | int] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
    }
    for name, value in told.items():
        if value is not None:
            body[name] = abridged(value) if isinstance(value, str) else value
    if wants_page():
        response = Response(
            render_template("problem.html", problem=body, query=_query(status)), status
        )
    else:
        response = Response(
            json.dumps(body, ensure_ascii=False), status, mimetype="application/problem+json"
        )
    response.vary.add("Accept")
    return response


def _query(status: HTTPStatus) -> str:
    """The query that a person may want to mend and send again."""
    if request.path != "/sparql" or status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return ""
    text = request.values.get("query", "")
    return text if len(text) <= asker().limits.query else ""
