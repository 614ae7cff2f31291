"""Errors over HTTP: ``application/problem+json`` (RFC 9457), or a page for a browser."""

from __future__ import annotations

import re
from http import HTTPStatus

from flask import Flask, Response, g, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from competency_graph.errors import CompetencyError, LengthError
from competency_graph.rdf.short_names import TaggedText, abridged, local_name
from competency_graph.web.http import problem_documents
from competency_graph.web.http.problem_documents import Problem, problem_of, problem_of_http
from competency_graph.web.http.responses import backend, wants_page
from competency_graph.web.languages.texts import N_, Message, in_page_language
from competency_graph.web.search.pages import nearest_entries

_BUSY = {
    "detail": Message(N_("the service is busy")),
    "remedy": Message(N_("Wait a moment, then try again")),
}
"""What a page says when too many requests run already."""


def register(app: Flask) -> None:
    """Let ``app`` answer every error in the same format."""

    @app.errorhandler(CompetencyError)
    def handle_competency_error(error: CompetencyError) -> Response:
        return _problem_response(problem_of(error))

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
        return _problem_response(problem_of_http(error))

    @app.errorhandler(Exception)
    def handle_unexpected_error(error: Exception) -> Response:
        app.logger.exception("a request failed", exc_info=error)
        return _problem_response(
            Problem(
                HTTPStatus.INTERNAL_SERVER_ERROR,
                "the server failed on this request",
                {"remedy": "Report it to the operators of this service; the log has the details"},
            )
        )


def _problem_response(problem: Problem) -> Response:
    g.limit = problem.limit
    status = problem.status
    if wants_page():
        texts = {"detail": problem.detail} | problem.members | (_BUSY if problem.busy else {})
        shown = {name: _shown(texts.get(name) or "") for name in ("detail", "remedy")}
        response = Response(
            render_template(
                "problem.html",
                problem=problem.document(g.request_id) | shown,
                query=_query_to_correct(status),
                nearest=nearest_entries(request.path) if status == HTTPStatus.NOT_FOUND else (),
                words=_words(),
            ),
            status,
        )
        response.vary.add("Accept")
    else:
        response = Response(problem.json(g.request_id), status)
        response.headers.update(problem_documents.HEADERS)
    for name, value in problem.headers:
        response.headers[name] = value
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
