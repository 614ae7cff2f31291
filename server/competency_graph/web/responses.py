"""Answers over HTTP: the format by the Accept header (RFC 9110, section 12.5.1), or a page."""

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
from itertools import chain, islice
from typing import Any, Protocol, cast
from urllib.parse import quote

import pyoxigraph as ox
from flask import Response, current_app, render_template, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import NotAcceptable
from werkzeug.http import parse_accept_header

from competency_graph import reports
from competency_graph.errors import BadValueError
from competency_graph.rdf.formats import FORMATS, Format
from competency_graph.rdf.rows import Bindings
from competency_graph.rdf.short_names import Term
from competency_graph.rdf.tables import Columns
from competency_graph.sandbox.admission import Admission
from competency_graph.sandbox.fork_server import PACKET, Limits, Request
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.worker_pool import Reply
from competency_graph.sparql.evaluator import Answer
from competency_graph.web.response_cache import CACHEABLE, VARYING

PAGE = "text/html"
MAX_ROWS_ON_PAGE = 1_000
MAX_BYTES_ON_PAGE = 2_000_000
_WORTH_COMPRESSING = 1_400
"""Bytes; a shorter answer fits one network packet as it is."""
_KINDS: dict[str, tuple[Format[Any], ...]] = FORMATS | {
    "report": reports.FORMATS,
    "list": (Format("json", "application/json", ("json",), None),),
}
_SAVED = (".csv", ".tsv", ".xlsx")
"""How the names of files end that a browser saves; it shows the others."""
_FOR_PAGES = {"table": "tsv", "boolean": "json", "graph": "ntriples"}


class Asker(Protocol):
    """What answers requests: workers of our own, or a server elsewhere as well."""

    limits: Limits
    """What one request may cost."""

    def ask(self, request: Request) -> Reply:
        """The answer to ``request``, or a `CompetencyError`."""


@dataclass(frozen=True)
class ChosenFormat:
    """A format as the client named it; without a name it is the page."""

    format: str
    media_type: str


def wants_page() -> bool:
    """Whether the client would rather have a page than data, as browsers say they would."""
    return request.accept_mimetypes.best_match(["application/json", PAGE]) == PAGE


def respond(
    text: str,
    template: str,
    form: str = "",
    bindings: Bindings | None = None,
    graphs: tuple[tuple[str, ...], tuple[str, ...]] = ((), ()),
    warnings: tuple[str, ...] = (),
    file: str = "answer",
    found: Answer | None = None,
    **context: object,
) -> Response:
    """Ask, and send the answer in the format that the request asks for.

    Args:
        text: the query.
        template: the page to show the answer in where a page is asked for.
        form: the name or media type of the format that the request asks for, instead of its Accept
            header.
        bindings: terms for some of the query's variables.
        graphs: the default and the named graphs that the request asks for.
        file: what a file of the answer is called, without ending.
        found: the table that is the answer, where there is no need to ask.
        warnings: what a person would want to know beside what the query's own answer says.
        context: what else the page needs.

    Raises:
        CompetencyError: as `Asker.ask`.
        NotAcceptable: the client takes none of the formats there are.
    """
    chosen = choose(form, *FORMATS)
    version = current_app.extensions["version"]
    entity = ""
    if version and not VARYING.search(text):
        request.environ[CACHEABLE] = True
        entity = _entity(version)
    if entity and request.if_none_match.contains_weak(entity):
        return _cacheable(Response(status=HTTPStatus.NOT_MODIFIED), entity)
    formats = {
        kind: _FOR_PAGES[kind] if one.media_type == PAGE else one.format
        for kind, one in chosen.items()
        if one is not None
    }
    question = QueryRequest(text, formats, dict(bindings or {}), *graphs, base=_base())
    with ExitStack() as stack:
        reply = ask(question, stack) if found is None else _given(found, formats.get("table", ""))
        taken = chosen[reply.kind]
        if taken is None:
            raise unacceptable(reply.kind)
        if taken.media_type == PAGE:
            repeated = frozenset(variable.value for variable in bindings or ())
            response = _page(reply, template, repeated, context, warnings)
        else:
            response = stream(reply, taken, file)
        response.call_on_close(stack.pop_all().close)
    for warning in (*warnings, *reply.warnings):
        response.headers.add("X-Query-Warning", quote(warning, safe=" :;#/"))
    return _cacheable(response, entity)


def _given(found: Answer, form: str) -> Reply:
    """A table as if it had been asked for."""
    chunks = iter([found.serialize(form)] if form else [])
    return Reply("table", form, chunks, lambda: None)


def choose(form: str, *kinds: str) -> dict[str, ChosenFormat | None]:
    """What the request wants each kind of answer in; none where it takes no format of a kind.

    Args:
        form: the name or media type of the format that it asks for, instead of its Accept header.
        kinds: the kinds of answers that there may be.

    Raises:
        BadValueError: no format of any of them has that name or media type.
    """
    if form:
        return {kind: _by_name(kind, form, kinds) for kind in kinds}
    accept = request.environ.get("HTTP_ACCEPT", "")
    return {kind: _by_header(kind, accept) for kind in kinds}


def listed(form: str, template: str, items: Sequence[object], **context: object) -> Response:
    """A list of what this service has, as a page or as JSON.

    Args:
        form: as in `choose`.
        template: the page.
        items: what JSON tells.
        context: what the page needs.

    Raises:
        BadValueError: as `choose`.
    """
    chosen = choose(form, "list")["list"]
    if chosen and chosen.media_type == PAGE:
        response = Response(render_template(template, **context))
    else:
        response = Response(json.dumps(items, ensure_ascii=False), mimetype="application/json")
    response.vary.add("Accept")
    return response


def media_type(form: Format[Any]) -> str:
    """Which of a format's media types the client likes best."""
    return request.accept_mimetypes.best_match(form.media_types) or form.media_type


def unacceptable(kind: str) -> NotAcceptable:
    """The error for a client that takes no format of a kind of answer."""
    types = dict.fromkeys(form.media_type for form in _KINDS[kind])
    return NotAcceptable(
        "this answer cannot be had in what the request asks for: ask for " + ", ".join(types)
    )


def ask(asked: Request, stack: ExitStack) -> Reply:
    """The answer to what is asked, within the client's limits.

    Args:
        asked: what is asked.
        stack: what is left when the answer is sent, or no more of it is wanted.
    """
    slots: Admission = current_app.extensions["slots"]
    stack.enter_context(slots.running(request.remote_addr or ""))
    return stack.enter_context(asker().ask(asked))


def asker() -> Asker:
    """What answers the requests to this service."""
    found: Asker = current_app.extensions["asker"]
    return found


def rows(text: str, bindings: Bindings) -> Iterable[Sequence[Term | None]]:
    """The rows of a table, for the page that is being made."""
    with ExitStack() as stack:
        reply = ask(QueryRequest(text, {"table": "json"}, dict(bindings)), stack)
        body = b"".join(reply.chunks)
    return Answer(ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)).rows()


def _base() -> str:
    """What relative IRIs of a query resolve against: its address (RFC 3986, section 5.1.3)."""
    try:
        return ox.NamedNode(request.base_url).value if request.host else ""
    except ValueError:  # the client sent no sane Host
        return ""


def _entity(version: str) -> str:
    """What names the answer to a GET while the data is the same; "" for a POST."""
    if request.method == "POST":
        return ""
    asked = (request.url_root, request.full_path, request.environ.get("HTTP_ACCEPT", ""), version)
    return hashlib.sha256("\n".join(asked).encode()).hexdigest()[:32]


def _cacheable(response: Response, entity: str) -> Response:
    """With the validator that saves sending the same answer again (RFC 9110, section 8.8)."""
    response.headers["Vary"] = "Accept, Accept-Encoding"
    if entity:
        response.set_etag(entity, weak=True)
        response.headers["Cache-Control"] = "public, no-cache"
    return response


@lru_cache(1024)
def _by_header(kind: str, accept: str) -> ChosenFormat | None:
    """The format that the client likes best for one kind of answer, if it takes any."""
    forms = _KINDS[kind]
    accepted = parse_accept_header(accept, MIMEAccept)
    found = {t: form for form in forms if not form.named_only for t in form.media_types}
    if not accepted:
        return ChosenFormat(forms[0].name, forms[0].media_type)
    best = accepted.best_match(list(dict.fromkeys([*found, PAGE])))
    if best is None:
        return None
    return ChosenFormat("" if best == PAGE else found[best].name, best)


def formats(*kinds: str) -> tuple[str, ...]:
    """What the parameter ``format`` may be: names, then media types."""
    forms = [form for kind in kinds for form in _KINDS[kind]]
    types = [each for form in forms for each in form.media_types]
    return tuple(dict.fromkeys(["html", *(form.name for form in forms), PAGE, *types]))


def _by_name(kind: str, name: str, kinds: Sequence[str]) -> ChosenFormat | None:
    """The format that a request names, if there is one for that kind of answer.

    A media type may have parameters, and a space for its plus sign, which an address that is not
    encoded loses.
    """
    wanted = name.partition(";")[0].strip().lower().replace(" ", "+") if "/" in name else name
    if wanted in ("html", PAGE):
        return ChosenFormat("", PAGE)
    for form in _KINDS[kind]:
        if wanted == form.name:
            return ChosenFormat(form.name, form.media_type)
        if wanted in form.media_types and not form.named_only:
            return ChosenFormat(form.name, wanted)
    if wanted not in formats(*kinds):
        names = ", ".join(known for known in formats(*kinds) if "/" not in known)
        raise BadValueError(f"there is no format “{name}”", f"Use one of {names}, or a media type")
    return None


def stream(reply: Reply, form: ChosenFormat, file: str = "answer") -> Response:
    """A short answer whole, with its length; a long one as it comes.

    Args:
        reply: the answer.
        form: its format.
        file: what a file of it is called, without ending.

    HTTP/1.0 has no way to tell that an answer broke off, so there a long one comes whole too.
    """
    first = next(reply.chunks, b"")
    chunked = request.environ.get("SERVER_PROTOCOL") != "HTTP/1.0"
    streamed = len(first) == PACKET and chunked
    body = chain([first], reply.chunks) if streamed else first + b"".join(reply.chunks)
    charset = "; charset=utf-8" if form.media_type.startswith("text/") else ""
    response = Response(body, content_type=form.media_type + charset)
    ending = next(f.endings[0] for f in _KINDS[reply.kind] if f.name == form.format)
    response.headers["Content-Disposition"] = disposition(f"{file}.{ending}")
    return compressed(response)


def disposition(file: str, saved: bool = False) -> str:
    """How a browser takes a file, and what it calls it (RFC 6266).

    Args:
        file: the file's name.
        saved: whether it is saved and not shown, as tables are in any case.
    """
    way = "attachment" if saved or file.endswith(_SAVED) else "inline"
    plain = re.sub(r"[^\w.-]+", "-", file, flags=re.ASCII).strip("-")
    return f'{way}; filename="{plain}"'


def compressed(response: Response) -> Response:
    """With gzip where the client takes it and it is worth it (RFC 9110, section 8.4.1.3)."""
    response.headers["Vary"] = "Accept, Accept-Encoding"
    accepted = request.environ.get("HTTP_ACCEPT_ENCODING", "")
    if "gzip" not in accepted or request.accept_encodings.quality("gzip") <= 0:
        return response
    if response.is_sequence and (response.content_length or 0) < _WORTH_COMPRESSING:
        return response
    packer = zlib.compressobj(1, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    pieces = cast("Iterable[bytes]", response.response)
    response.response = chain(filter(None, map(packer.compress, pieces)), _last(packer))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Content-Length", None)
    return response


def _last(packer: zlib._Compress) -> Iterator[bytes]:
    yield packer.flush()


def _head(lines: Iterable[bytes]) -> tuple[bytes, bool]:
    """As many lines as a page shows, and one or two more; whether there are others."""
    content = bytearray()
    for piece in lines:
        content += piece
        if content.count(b"\n") > MAX_ROWS_ON_PAGE + 1 or len(content) > MAX_BYTES_ON_PAGE:
            return bytes(content[: content.rfind(b"\n") + 1]), True
    return bytes(content), False


def _page(
    reply: Reply,
    template: str,
    repeated: frozenset[str],
    context: dict[str, object],
    warnings: tuple[str, ...],
) -> Response:
    body, cut = _head(reply.chunks)
    if reply.kind == "graph":
        columns = ["subject", "predicate", "object"]
        quads = ox.parse(body, format=ox.RdfFormat.N_TRIPLES)
        triples = ([q.subject, q.predicate, q.object] for q in quads)
        found = list(islice(triples, MAX_ROWS_ON_PAGE + 1))
    else:
        form = {"table": ox.QueryResultsFormat.TSV, "boolean": ox.QueryResultsFormat.JSON}
        answer = Answer(ox.parse_query_results(body, format=form[reply.kind]), repeated)
        columns, found = answer.columns, list(islice(answer.rows(), MAX_ROWS_ON_PAGE + 1))
    arranged = Columns(columns)
    page = render_template(
        template,
        kind=reply.kind,
        columns=arranged.heads,
        rows=list(arranged.rows(found[:MAX_ROWS_ON_PAGE])),
        more=cut or len(found) > MAX_ROWS_ON_PAGE,
        warnings=(*warnings, *reply.warnings),
        formats=FORMATS[reply.kind],
        **context,
    )
    return Response(page)
