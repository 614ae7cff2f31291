"""HTTP responses in the format that the Accept header selects (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from itertools import chain
from typing import Any, cast
from urllib.parse import quote

import pyoxigraph as ox
from flask import Response, current_app, render_template, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import NotAcceptable
from werkzeug.http import parse_accept_header

from competency_graph import reports
from competency_graph.engines.backend import Backend, rows_of, rows_request
from competency_graph.engines.first_rows import READABLE, first_rows
from competency_graph.errors import BadValueError
from competency_graph.rdf.formats import FORMATS, Format
from competency_graph.rdf.rows import Bindings
from competency_graph.rdf.short_names import Term
from competency_graph.rdf.tables import Columns
from competency_graph.sandbox.admission import Admission
from competency_graph.sandbox.fork_server import PACKET
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.request import Request
from competency_graph.sandbox.worker_pool import Reply
from competency_graph.sparql.evaluator import Answer
from competency_graph.sparql.query_text import NONDETERMINISTIC
from competency_graph.web.http.response_cache import CACHEABLE
from competency_graph.web.languages.negotiation import SOURCE
from competency_graph.web.languages.texts import current_language, speak

PAGE = "text/html"
MAX_ROWS_ON_PAGE = 1_000
_MIN_COMPRESSED_BYTES = 1_400
"""A shorter response fits into one network packet without compression."""
_FORMATS_BY_KIND: dict[str, tuple[Format[Any], ...]] = FORMATS | {
    "report": reports.FORMATS,
    "list": (Format("json", "application/json", ("json",), None),),
    "comparison": (
        Format("json", "application/json", ("json",), None),
        *(form for form in FORMATS["table"] if form.name not in ("json", "xml")),
    ),
}
_ATTACHMENT_ENDINGS = (".csv", ".tsv", ".xlsx")
"""Endings of the files that a browser saves; it displays the others."""


@dataclass(frozen=True)
class ChosenFormat:
    """The format of a response; ``format`` is empty for a page."""

    format: str
    media_type: str


def static_site() -> bool:
    """Whether the current page becomes a file of a site without a server."""
    return "STATIC_SITE" in current_app.config


def wants_page() -> bool:
    """Whether the client prefers a page to data, as browsers do."""
    return request.accept_mimetypes.best_match(["application/json", PAGE]) == PAGE


def respond(
    text: str,
    template: str,
    format_name: str = "",
    bindings: Bindings | None = None,
    graphs: tuple[tuple[str, ...], tuple[str, ...]] = ((), ()),
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
    chosen = choose_formats(format_name, *FORMATS)
    version = current_app.extensions["version"]
    etag = ""
    if version and not NONDETERMINISTIC.search(text):
        request.environ[CACHEABLE] = True
        is_page = any(choice and choice.media_type == PAGE for choice in chosen.values())
        etag = _etag(version, current_language() if is_page else "")
    if etag and request.if_none_match.contains_weak(etag):
        response = _with_cache_headers(Response(status=HTTPStatus.NOT_MODIFIED), etag)
        if not is_page:
            del response.headers["Content-Type"]
        return response
    formats = {
        kind: READABLE[kind] if choice.media_type == PAGE else choice.format
        for kind, choice in chosen.items()
        if choice is not None
    }
    query_request = QueryRequest(text, formats, dict(bindings or {}), *graphs, base=_base_iri())
    with ExitStack() as stack:
        reply = (
            run_request(query_request, stack)
            if answer is None
            else _reply_from(answer, formats.get("table", ""))
        )
        chosen_format = chosen[reply.kind]
        if chosen_format is None:
            raise not_acceptable(reply.kind)
        if chosen_format.media_type == PAGE:
            repeated = frozenset(variable.value for variable in bindings or ())
            response = _page_response(reply, template, repeated, context, warnings)
        else:
            response = stream(reply, chosen_format, file_stem)
        response.call_on_close(stack.pop_all().close)
    for warning in (*warnings, *reply.warnings):
        response.headers.add("X-Query-Warning", quote(warning, safe=" :;#/"))
    return _with_cache_headers(response, etag)


def _reply_from(answer: Answer, format_name: str) -> Reply:
    """Wrap a table that is known already as a reply."""
    chunks = iter([answer.serialize(format_name)] if format_name else [])
    return Reply("table", format_name, chunks, lambda: None)


def choose_formats(format_name: str, *kinds: str) -> dict[str, ChosenFormat | None]:
    """Choose a format for each kind of answer; None if the client accepts no format of that kind.

    Args:
        format_name: the name or media type of a format, which overrides the Accept header.
        kinds: the possible kinds of the answer.

    Raises:
        BadValueError: no format of these kinds has that name or media type.
    """
    if format_name:
        return {kind: _format_from_name(kind, format_name, kinds) for kind in kinds}
    accept = request.environ.get("HTTP_ACCEPT", "")
    return {kind: _format_from_header(kind, accept) for kind in kinds}


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


def not_acceptable(kind: str) -> NotAcceptable:
    """The error for a client that accepts no format of a kind of answer."""
    types = dict.fromkeys(form.media_type for form in _FORMATS_BY_KIND[kind])
    return NotAcceptable(
        "this answer is not available in a format that the request accepts: request one of "
        + ", ".join(types)
    )


def run_request(sandbox_request: Request, stack: ExitStack) -> Reply:
    """Run a request on the backend, within the client's limits.

    Args:
        sandbox_request: the request.
        stack: closed once the reply is sent or no longer needed, which releases the worker.
    """
    admission: Admission = current_app.extensions["admission"]
    stack.enter_context(admission.running(request.remote_addr or ""))
    return stack.enter_context(backend().ask(sandbox_request))


def backend() -> Backend:
    """The backend that answers the requests to this service."""
    served: Backend = current_app.extensions["backend"]
    return served


def query_rows(text: str, bindings: Bindings) -> Iterable[Sequence[Term | None]]:
    """Run a SELECT query for the current page and return its rows."""
    with ExitStack() as stack:
        return rows_of(run_request(rows_request(text, bindings), stack))


def _base_iri() -> str:
    """The base IRI of a query: the request's own URL (RFC 3986, section 5.1.3)."""
    try:
        return ox.NamedNode(request.base_url).value if request.host else ""
    except ValueError:  # the client sent an invalid Host
        return ""


def _etag(version: str, language: str) -> str:
    """The entity tag of the response to a GET; "" for a POST.

    Args:
        version: the version of the data.
        language: the language of a page, or "".
    """
    if request.method == "POST":
        return ""
    identity = (
        request.url_root,
        request.full_path,
        request.environ.get("HTTP_ACCEPT", ""),
        version,
        language,
    )
    return hashlib.sha256("\n".join(identity).encode()).hexdigest()[:32]


def _with_cache_headers(response: Response, etag: str) -> Response:
    """Add the headers that let clients cache and revalidate (RFC 9110, section 8.8)."""
    response.headers["Vary"] = "Accept, Accept-Encoding"
    if etag:
        response.set_etag(etag, weak=True)
        response.headers["Cache-Control"] = "public, no-cache"
    return response


@lru_cache(1024)
def _format_from_header(kind: str, accept: str) -> ChosenFormat | None:
    """The format that an Accept header prefers for one kind of answer; None if it accepts none."""
    forms = _FORMATS_BY_KIND[kind]
    accepted_types = parse_accept_header(accept, MIMEAccept)
    forms_by_type = {
        type_: form for form in forms if not form.named_only for type_ in form.media_types
    }
    if not accepted_types:
        return ChosenFormat(forms[0].name, forms[0].media_type)
    best_type = accepted_types.best_match(list(dict.fromkeys([*forms_by_type, PAGE])))
    if best_type is None:
        return None
    return ChosenFormat("" if best_type == PAGE else forms_by_type[best_type].name, best_type)


def format_values(*kinds: str) -> tuple[str, ...]:
    """The allowed values of the parameter ``format``: names, then media types."""
    forms = [form for kind in kinds for form in _FORMATS_BY_KIND[kind]]
    types = [each for form in forms for each in form.media_types]
    return tuple(dict.fromkeys(["html", *(form.name for form in forms), PAGE, *types]))


def _format_from_name(kind: str, name: str, kinds: Sequence[str]) -> ChosenFormat | None:
    """The format with a name or media type; None if this kind of answer does not have it.

    A media type may have parameters, and a space instead of its plus sign, as a plus sign in a URL
    that is not percent-encoded is decoded to a space.
    """
    wanted = name.partition(";")[0].strip().lower().replace(" ", "+") if "/" in name else name
    if wanted in ("html", PAGE):
        return ChosenFormat("", PAGE)
    for form in _FORMATS_BY_KIND[kind]:
        if wanted == form.name:
            return ChosenFormat(form.name, form.media_type)
        if wanted in form.media_types and not form.named_only:
            return ChosenFormat(form.name, wanted)
    if wanted not in format_values(*kinds):
        names = ", ".join(known for known in format_values(*kinds) if "/" not in known)
        raise BadValueError(f"there is no format “{name}”", f"Use one of {names}, or a media type")
    return None


def stream(reply: Reply, form: ChosenFormat, file_stem: str = "answer") -> Response:
    """Send a short answer with its length, and stream a long one.

    An HTTP/1.0 client cannot recognize a truncated stream, so it always receives the whole answer
    with its length.

    Args:
        reply: the answer.
        form: its format.
        file_stem: the file name of the answer, without ending.
    """
    first = next(reply.chunks, b"")
    chunked = request.environ.get("SERVER_PROTOCOL") != "HTTP/1.0"
    streamed = len(first) == PACKET and chunked
    body = chain([first], reply.chunks) if streamed else first + b"".join(reply.chunks)
    charset = "; charset=utf-8" if form.media_type.startswith("text/") else ""
    response = Response(body, content_type=form.media_type + charset)
    ending = next(f.endings[0] for f in _FORMATS_BY_KIND[reply.kind] if f.name == form.format)
    response.headers["Content-Disposition"] = content_disposition(f"{file_stem}.{ending}")
    if form.media_type == PAGE:  # a report, which has no other language
        response.headers["Content-Language"] = SOURCE
    return compress(response)


def content_disposition(file_name: str, always_download: bool = False) -> str:
    """The value of the header Content-Disposition (RFC 6266).

    Args:
        file_name: the name of the file.
        always_download: whether browsers save the file, as they always do with tables.
    """
    disposition = (
        "attachment" if always_download or file_name.endswith(_ATTACHMENT_ENDINGS) else "inline"
    )
    plain = re.sub(r"[^\w.-]+", "-", file_name, flags=re.ASCII).strip("-")
    return f'{disposition}; filename="{plain}"'


def compress(response: Response) -> Response:
    """Compress a response with gzip if the client accepts it (RFC 9110, section 8.4.1.3)."""
    response.headers["Vary"] = "Accept, Accept-Encoding"
    accepted = request.environ.get("HTTP_ACCEPT_ENCODING", "")
    if "gzip" not in accepted or request.accept_encodings.quality("gzip") <= 0:
        return response
    if response.is_sequence and (response.content_length or 0) < _MIN_COMPRESSED_BYTES:
        return response
    compressor = zlib.compressobj(1, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    chunks = cast("Iterable[bytes]", response.response)
    response.response = chain(filter(None, map(compressor.compress, chunks)), _flushed(compressor))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Content-Length", None)
    return response


def _flushed(compressor: zlib._Compress) -> Iterator[bytes]:
    yield compressor.flush()


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
