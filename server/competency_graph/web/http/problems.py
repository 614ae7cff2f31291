"""Errors over HTTP: ``application/problem+json`` (RFC 9457), or a page for a browser."""

from __future__ import annotations

import json
import re
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
from competency_graph.rdf.short_names import TaggedText, abridged, local_name
from competency_graph.web.http.responses import backend, wants_page
from competency_graph.web.languages.texts import N_, Message, in_page_language
from competency_graph.web.search.pages import nearest_entries

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


_BUSY = {
    "detail": Message(N_("the service is busy")),
    "remedy": Message(N_("Wait a moment, then try again")),
}
"""What a page says when too many requests run already."""


def register(app: Flask) -> None:
    """Let ``app`` answer every error in the same format."""

    @app.errorhandler(CompetencyError)
    def handle_competency_error(error: CompetencyError) -> Response:
        status = _STATUS_BY_ERROR.get(type(error), HTTPStatus.INTERNAL_SERVER_ERROR)
        members = {"remedy": error.remedy, "line": error.line, "column": error.column}
        if isinstance(error, LimitError):
            members["limit"] = g.limit = error.limit
        if isinstance(error, BusyError) and error.shared:
            status = HTTPStatus.SERVICE_UNAVAILABLE
        response = _problem_response(status, error.what, members, isinstance(error, BusyError))
        if isinstance(error, BusyError | UnavailableError):
            response.headers["Retry-After"] = str(getattr(error, "retry_after", 1))
        return response

    @app.errorhandler(HTTPException)
    def handle_http_exception(error: HTTPException) -> Response:
        if isinstance(error, RequestEntityTooLarge):
            return handle_competency_error(
                LengthError(
                    f"the body is longer than the limit of {app.config['MAX_CONTENT_LENGTH']:,} "
                    "bytes",
                    "Send less in one request",
                    limit="body",
                )
            )
        status = HTTPStatus(error.code or 500)
        response = _problem_response(status, str(error.description).removesuffix("."), {})
        for name, value in error.get_headers():
            if name in ("Allow", "Location"):
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def handle_unexpected_error(error: Exception) -> Response:
        app.logger.exception("a request failed", exc_info=error)
        return _problem_response(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "the server failed on this request",
            {"remedy": "Report it to the operators of this service; the log has the details"},
        )


def _problem_response(
    status: HTTPStatus, detail: str, members: dict[str, str | int | None], busy: bool = False
) -> Response:
    details = {"detail": detail, "instance": f"urn:request:{g.request_id}"} | members
    body: dict[str, str | int] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
    }
    for name, value in details.items():
        if value is not None:
            body[name] = abridged(value) if isinstance(value, str) else value
    if wants_page():
        texts = details | (_BUSY if busy else {})
        shown = {name: _shown(texts.get(name) or "") for name in ("detail", "remedy")}
        response = Response(
            render_template(
                "problem.html",
                problem=body | shown,
                query=_query_to_correct(status),
                nearest=nearest_entries(request.path) if status == HTTPStatus.NOT_FOUND else (),
                words=_words(),
            ),
            status,
        )
    else:
        response = Response(
            json.dumps(body, ensure_ascii=False), status, mimetype="application/problem+json"
        )
    response.vary.add("Accept")
    return response


def _shown(text: str | int) -> TaggedText:
    """A text for a page, abridged, and with its language if it is not translated."""
    found = in_page_language(text if isinstance(text, str) else str(text))
    return TaggedText(abridged(found), getattr(found, "language", ""))


def _words() -> str:
    """What a client that asks for an address may look for: the words of its last part."""
    last = local_name(request.args.get("iri", "") or request.path)
    return " ".join(re.split(r"[^\w']+", last.rsplit(".", 1)[0]))[:100].strip()


def _query_to_correct(status: HTTPStatus) -> str:
    """The query, so that a person can correct it on the page and send it again."""
    if request.path != "/sparql" or status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return ""
    text = request.values.get("query", "")
    return text if len(text) <= backend().limits.query else ""
