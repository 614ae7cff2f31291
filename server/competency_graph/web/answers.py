"""Answers over HTTP: the format by the Accept header (RFC 9110, section 12.5.1), or a page."""

from __future__ import annotations

from itertools import islice

from flask import Response, render_template, request
from werkzeug.exceptions import NotAcceptable

from competency_graph.evaluation import Answer

PAGE = "text/html"
MAX_ROWS_ON_PAGE = 1_000


def wants_page() -> bool:
    """Whether the client would rather have a page than data, as browsers say they would."""
    return request.accept_mimetypes.best_match(["application/json", PAGE]) == PAGE


def respond(answer: Answer, template: str, **context: object) -> Response:
    """Send ``answer`` in the format that the request asks for.

    Args:
        answer: what to send.
        template: the page to show it in where a page is asked for.
        context: what else the page needs.

    Raises:
        NotAcceptable: the client takes none of the formats there are.
    """
    offers = {
        media_type: form for form in answer.formats for media_type in (form.media_type, *form.also)
    }
    chosen = request.accept_mimetypes.best_match([*offers, PAGE])
    if not request.accept_mimetypes:
        chosen = answer.formats[0].media_type
    if chosen is None:
        raise NotAcceptable(
            "this answer cannot be had in what the Accept header names: ask for "
            + ", ".join(form.media_type for form in answer.formats)
        )
    if chosen == PAGE:
        columns, rows = answer.columns, list(islice(answer.rows(), MAX_ROWS_ON_PAGE + 1))
        page = render_template(
            template,
            columns=columns,
            rows=rows[:MAX_ROWS_ON_PAGE],
            more=len(rows) > MAX_ROWS_ON_PAGE,
            **context,
        )
        response = Response(page)
    else:
        content_type = f"{chosen}; charset=utf-8" if chosen.startswith("text/") else chosen
        response = Response(answer.serialize(offers[chosen].name), content_type=content_type)
    response.vary.add("Accept")
    return response
