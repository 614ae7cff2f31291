"""HTTP responses in the format that the Accept header selects (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from http import HTTPStatus
from typing import Any, cast

from flask import Response, current_app, render_template, request

from competency_graph.engines.backend import Backend, rows_of, rows_request
from competency_graph.engines.first_rows import first_rows
from competency_graph.rdf.formats import FORMATS, Format
from competency_graph.rdf.rows import Bindings
from competency_graph.rdf.short_names import Term
from competency_graph.rdf.tables import Columns
from competency_graph.sandbox.reply import Reply
from competency_graph.sandbox.request import Request
from competency_graph.sandbox.scheduler import Scheduler
from competency_graph.sparql.evaluator import Answer
from competency_graph.web.http.negotiation import (
    PAGE,
    ChosenFormat,
    choose,
    not_acceptable,
    prefers_page,
)
from competency_graph.web.http.query_answers import (
    Graphs,
    body_of,
    cache_headers,
    compressed,
    data_headers,
    is_compressed,
    plan,
    warning_headers,
)
from competency_graph.web.http.response_cache import CACHEABLE
from competency_graph.web.languages.negotiation import SOURCE
from competency_graph.web.languages.texts import current_language, speak

MAX_ROWS_ON_PAGE = 1_000


def static_site() -> bool:
    """Whether the current page becomes a file of a site without a server."""
    return "STATIC_SITE" in current_app.config


def wants_page() -> bool:
    """Whether the client prefers a page to data, as browsers do."""
    return prefers_page(request.environ.get("HTTP_ACCEPT", ""))


def respond(
    text: str,
    template: str,
    format_name: str = "",
    bindings: Bindings | None = None,
    graphs: Graphs = ((), ()),
    warnings: tuple[str, ...] = (),
    file_stem: str = "answer",
    answer: Answer | None = None,
    **context: object,
) -> Response:
    """Run a query and return the answer in the format that the client requests.

    Args:
        text: the query.
        template: the template for an answer that is shown as a page.
        format_name: the name or media type of a format, which overrides the Accept header.
        bindings: terms for some of the query's variables.
        graphs: the default and the named graphs that the request selects.
        warnings: warnings in addition to those of the query.
        file_stem: the file name of the answer, without ending.
        answer: the answer, if it is known already and the query need not run.
        context: further variables of the template.

    Raises:
        CompetencyError: as `Backend.ask`.
        NotAcceptable: the client accepts none of the available formats.
    """
    planned = plan(
        request.environ, current_app.extensions["version"], text, format_name, graphs, bindings
    )
    if planned.cacheable:
        request.environ[CACHEABLE] = True
    if planned.unchanged:
        response = Response(status=HTTPStatus.NOT_MODIFIED)
        response.headers.update(cache_headers(planned.etag))
        if not planned.may_be_page:
            del response.headers["Content-Type"]
        return response
    with ExitStack() as stack:
        reply = (
            run_request(planned.request, stack)
            if answer is None
            else _reply_from(answer, planned.request.formats.get("table", ""))
        )
        chosen_format = planned.chosen[reply.kind]
        if chosen_format is None:
            raise not_acceptable(reply.kind)
        if chosen_format.media_type == PAGE:
            repeated = frozenset(variable.value for variable in bindings or ())
            response = _page_response(reply, template, repeated, context, warnings)
        else:
            response = stream(reply, chosen_format, file_stem)
        response.call_on_close(stack.pop_all().close)
    response.headers.extend(warning_headers((*warnings, *reply.warnings)))
    response.headers.update(cache_headers(planned.etag))
    return response


def _reply_from(answer: Answer, format_name: str) -> Reply:
    """Wrap a table that is known already as a reply."""
    chunks = iter([answer.serialize(format_name)] if format_name else [])
    return Reply("table", format_name, chunks)


def choose_formats(format_name: str, *kinds: str) -> dict[str, ChosenFormat | None]:
    """Choose a format for each kind of answer; None if the client accepts no format of that kind.

    Args:
        format_name: the name or media type of a format, which overrides the Accept header.
        kinds: the possible kinds of the answer.

    Raises:
        BadValueError: no format of these kinds has that name or media type.
    """
    return choose(format_name, request.environ.get("HTTP_ACCEPT", ""), *kinds)


def list_response(format_name: str, template: str, items: object, **context: object) -> Response:
    """Return a list as a page or as JSON.

    Args:
        format_name: as in `choose_formats`.
        template: the template of the page.
        items: the list, or another value, for JSON.
        context: the variables of the template.

    Raises:
        BadValueError: as `choose_formats`.
    """
    chosen = choose_formats(format_name, "list")["list"]
    if chosen and chosen.media_type == PAGE:
        response = Response(render_template(template, **context))
    else:
        response = Response(json.dumps(items, ensure_ascii=False), mimetype="application/json")
    response.vary.add("Accept")
    return response


def answer_language(*kinds: str) -> str:
    """The language of the answer to the request: the reader's for a page, English for data.

    What is translated from here on is in that language.

    Args:
        kinds: the possible kinds of the answer, as of `choose_formats`.
    """
    chosen = choose_formats(request.args.get("format", ""), *kinds).values()
    is_page = any(form and form.media_type == PAGE for form in chosen)
    return current_language() if is_page else speak(SOURCE)


def preferred_media_type(form: Format[Any]) -> str:
    """The media type of a format that the client prefers."""
    return request.accept_mimetypes.best_match(form.media_types) or form.media_type


def run_request(sandbox_request: Request, stack: ExitStack) -> Reply:
    """Run a request on the backend, within the client's limits.

    Args:
        sandbox_request: the request.
        stack: closed once the reply is sent or no longer needed, which releases the worker.
    """
    scheduler: Scheduler = current_app.extensions["scheduler"]
    ticket = stack.enter_context(scheduler.run(request.remote_addr or ""))
    return stack.enter_context(backend().ask(sandbox_request, ticket))


def backend() -> Backend:
    """The backend that answers the requests to this service."""
    served: Backend = current_app.extensions["backend"]
    return served


def query_rows(text: str, bindings: Bindings) -> Iterable[Sequence[Term | None]]:
    """Run a SELECT query for the current page and return its rows."""
    with ExitStack() as stack:
        return rows_of(run_request(rows_request(text, bindings), stack))


def stream(reply: Reply, form: ChosenFormat, file_stem: str = "answer") -> Response:
    """Send a short answer with its length, and stream a long one; see `body_of`.

    Args:
        reply: the answer.
        form: its format.
        file_stem: the file name of the answer, without ending.
    """
    response = Response(body_of(request.environ, reply))
    response.headers.update(data_headers(reply.kind, form, file_stem))
    return compress(response)


def compress(response: Response) -> Response:
    """Compress a response with gzip if the client accepts it (RFC 9110, section 8.4.1.3)."""
    response.headers["Vary"] = "Accept, Accept-Encoding"
    length = (response.content_length or 0) if response.is_sequence else None
    if not is_compressed(request.environ, length):
        return response
    response.response = compressed(cast("Iterable[bytes]", response.response))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Content-Length", None)
    return response


def _page_response(
    reply: Reply,
    template: str,
    bound_variables: frozenset[str],
    context: dict[str, object],
    warnings: tuple[str, ...],
) -> Response:
    first = first_rows(reply, MAX_ROWS_ON_PAGE, bound_variables)
    table = Columns(first.columns)
    page = render_template(
        template,
        kind=reply.kind,
        columns=table.heads,
        rows=list(table.rows(first.rows)),
        more=first.more,
        warnings=(*warnings, *reply.warnings),
        formats=FORMATS[reply.kind],
        **context,
    )
    return Response(page)
