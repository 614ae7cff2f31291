"""Answers over HTTP: the format by the Accept header (RFC 9110, section 12.5.1), or a page."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import chain, islice

import pyoxigraph as ox
from flask import Response, current_app, render_template, request
from werkzeug.exceptions import NotAcceptable

from competency_graph.evaluation import Answer
from competency_graph.formats import FORMATS
from competency_graph.isolation import PACKET, Evaluator, Question, Reply
from competency_graph.slots import Slots

PAGE = "text/html"
MAX_ROWS_ON_PAGE = 1_000
_FOR_PAGES = {"table": "json", "boolean": "json", "graph": "ntriples"}


def wants_page() -> bool:
    """Whether the client would rather have a page than data, as browsers say they would."""
    return request.accept_mimetypes.best_match(["application/json", PAGE]) == PAGE


def respond(
    text: str,
    template: str,
    bindings: dict[ox.Variable, ox.NamedNode | ox.Literal] | None = None,
    graphs: tuple[tuple[str, ...], tuple[str, ...]] = ((), ()),
    **context: object,
) -> Response:
    """Ask, and send the answer in the format that the request asks for.

    Args:
        text: the query.
        template: the page to show the answer in where a page is asked for.
        bindings: terms for some of the query's variables.
        graphs: the default and the named graphs that the request asks for.
        context: what else the page needs.

    Raises:
        CompetencyError: as `Evaluator.ask`.
        NotAcceptable: the client takes none of the formats there are.
    """
    chosen = {kind: _chosen(kind) for kind in FORMATS}
    formats = {
        kind: _FOR_PAGES[kind] if media_type == PAGE else _name(kind, media_type)
        for kind, media_type in chosen.items()
        if media_type is not None
    }
    question = Question(text, formats, bindings or {}, *graphs)
    evaluator: Evaluator = current_app.extensions["evaluator"]
    slots: Slots = current_app.extensions["slots"]
    with ExitStack() as stack:
        stack.enter_context(slots.running(request.remote_addr or ""))
        reply = stack.enter_context(evaluator.ask(question))
        media_type = chosen[reply.kind]
        if media_type is None:
            raise NotAcceptable(
                "this answer cannot be had in what the Accept header names: ask for "
                + ", ".join(form.media_type for form in FORMATS[reply.kind])
            )
        if media_type == PAGE:
            repeated = frozenset(variable.value for variable in bindings or ())
            response = _page(reply, template, repeated, context)
        else:
            response = _stream(reply, media_type)
        response.call_on_close(stack.pop_all().close)
    response.vary.add("Accept")
    return response


def _chosen(kind: str) -> str | None:
    """The media type that the client likes best for one kind of answer, if it takes any."""
    if not request.accept_mimetypes:
        return FORMATS[kind][0].media_type
    offers = [media_type for form in FORMATS[kind] for media_type in (form.media_type, *form.also)]
    return request.accept_mimetypes.best_match([*offers, PAGE])


def _name(kind: str, media_type: str) -> str:
    return next(f.name for f in FORMATS[kind] if media_type in (f.media_type, *f.also))


def _stream(reply: Reply, media_type: str) -> Response:
    """A short answer whole, with its length; a long one as it comes."""
    first = next(reply.chunks, b"")
    whole = len(first) < PACKET
    body = first + b"".join(reply.chunks) if whole else chain([first], reply.chunks)
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    return Response(body, content_type=media_type + charset)


def _page(
    reply: Reply, template: str, repeated: frozenset[str], context: dict[str, object]
) -> Response:
    body = b"".join(reply.chunks)
    if reply.kind == "graph":
        columns = ["subject", "predicate", "object"]
        quads = ox.parse(body, format=ox.RdfFormat.N_TRIPLES)
        found = ([q.subject, q.predicate, q.object] for q in quads)
        rows = list(islice(found, MAX_ROWS_ON_PAGE + 1))
    else:
        result = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
        answer = Answer(result, repeated)
        columns, rows = answer.columns, list(islice(answer.rows(), MAX_ROWS_ON_PAGE + 1))
    more = len(rows) > MAX_ROWS_ON_PAGE
    page = render_template(
        template, columns=columns, rows=rows[:MAX_ROWS_ON_PAGE], more=more, **context
    )
    return Response(page)
