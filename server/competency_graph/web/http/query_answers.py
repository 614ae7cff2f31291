"""Queries and their answers over HTTP: the rules that all ways to answer share, without Flask."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote

import pyoxigraph as ox
from werkzeug.http import parse_accept_header, parse_etags
from werkzeug.wsgi import get_current_url, get_host

from competency_graph.engines.first_rows import READABLE
from competency_graph.rdf.formats import FORMATS
from competency_graph.rdf.rows import Bindings
from competency_graph.sandbox.fork_server import PACKET
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.reply import Reply
from competency_graph.sparql.query_text import is_deterministic
from competency_graph.web.http.negotiation import PAGE, ChosenFormat, choose, formats_of
from competency_graph.web.languages.negotiation import SOURCE, language_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Headers = list[tuple[str, str]]
Graphs = tuple[tuple[str, ...], tuple[str, ...]]
"""The default and the named graphs that a request selects."""
EVERY_RESPONSE: Final = (
    ("X-Content-Type-Options", "nosniff"),
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
    ),
    ("Referrer-Policy", "no-referrer"),
    # Any site may read the data: it is public, and of a client only its language counts.
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Retry-After, X-Query-Warning, X-Request-ID"),
)
"""Header fields of every response."""
_VARY: Final = "Accept, Accept-Encoding"
_MIN_COMPRESSED_BYTES: Final = 1_400
"""A shorter response fits into one network packet without compression."""
_ATTACHMENT_ENDINGS: Final = (".csv", ".tsv", ".xlsx")
"""Endings of the files that a browser saves; it displays the others."""


class Plan(NamedTuple):
    """What a client is to be answered.

    Args:
        request: the request to a worker.
        chosen: the format for each kind of answer; None if the client accepts none of them.
        may_be_page: whether an answer may be sent as a page.
        version: the version of the data; "" if it may change at any time.
        etag: the entity tag of the response, or "".
        unchanged: whether the client has the answer already.
    """

    request: QueryRequest
    chosen: Mapping[str, ChosenFormat | None]
    may_be_page: bool
    version: str
    etag: str = ""
    unchanged: bool = False

    @property
    def cacheable(self) -> bool:
        """Whether the same request always has the same answer."""
        return bool(self.version) and is_deterministic(self.request.text)


def plan(
    environ: WSGIEnvironment,
    version: str,
    text: str,
    format_name: str = "",
    graphs: Graphs = ((), ()),
    bindings: Bindings | None = None,
) -> Plan:
    """Plan the answer to a query.

    Args:
        environ: the HTTP request (PEP 3333).
        version: the version of the data; "" if it may change at any time.
        text: the query.
        format_name: the name or media type of a format, which overrides the Accept header.
        graphs: the graphs that the request selects.
        bindings: terms for some of the query's variables.

    Raises:
        BadValueError: there is no such format.
    """
    chosen, formats, may_be_page = _chosen(format_name, environ.get("HTTP_ACCEPT", ""))
    request = QueryRequest(text, formats, dict(bindings or {}), *graphs, base=base_iri(environ))
    planned = Plan(request, chosen, may_be_page, version)
    if environ["REQUEST_METHOD"] == "POST" or not planned.cacheable:
        return planned
    etag = _etag(environ, version, language_of(environ) if may_be_page else "")
    known = environ.get("HTTP_IF_NONE_MATCH")
    unchanged = bool(known) and parse_etags(known).contains_weak(etag)
    return planned._replace(etag=etag, unchanged=unchanged)


@lru_cache(1024)
def _chosen(
    format_name: str, accept: str
) -> tuple[Mapping[str, ChosenFormat | None], dict[str, str], bool]:
    """The format of the response for each kind of answer, and what a worker is to write.

    And whether one of them is a page.
    """
    chosen = choose(format_name, accept, *FORMATS)
    formats = {
        kind: READABLE[kind] if form.media_type == PAGE else form.format
        for kind, form in chosen.items()
        if form is not None
    }
    may_be_page = any(form and form.media_type == PAGE for form in chosen.values())
    return chosen, formats, may_be_page


def base_iri(environ: WSGIEnvironment) -> str:
    """The base IRI of a query: the address it is sent to (RFC 3986, section 5.1.3)."""
    return _base_iri(
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST"),
        environ["SERVER_NAME"],
        environ["SERVER_PORT"],
        environ.get("SCRIPT_NAME", ""),
        environ["PATH_INFO"],
    )


@lru_cache(256)
def _base_iri(scheme: str, host: str | None, server: str, port: str, script: str, path: str) -> str:
    environ: dict[str, object] = {"wsgi.url_scheme": scheme, "SERVER_NAME": server}
    environ |= {"SERVER_PORT": port, "SCRIPT_NAME": script, "PATH_INFO": path}
    if host is not None:
        environ["HTTP_HOST"] = host
    if not get_host(environ):
        return ""
    try:
        return ox.NamedNode(get_current_url(environ, strip_querystring=True)).value
    except ValueError:  # the client sent an invalid Host
        return ""


def _etag(environ: WSGIEnvironment, version: str, language: str) -> str:
    """The entity tag of the response to a GET.

    Args:
        environ: the HTTP request.
        version: the version of the data.
        language: the language of a page, or "".
    """
    identity = (
        environ["wsgi.url_scheme"],
        environ.get("HTTP_HOST", ""),
        environ["PATH_INFO"],
        environ.get("QUERY_STRING", ""),
        environ.get("HTTP_ACCEPT", ""),
        version,
        language,
    )
    return hashlib.sha256("\n".join(identity).encode()).hexdigest()[:32]


def cache_headers(etag: str) -> Headers:
    """The header fields that let clients cache and revalidate (RFC 9110, section 8.8)."""
    if not etag:
        return [("Vary", _VARY)]
    return [
        ("Vary", _VARY),
        ("ETag", f'W/"{etag}"'),
        ("Cache-Control", "public, no-cache"),
    ]


def data_headers(kind: str, form: ChosenFormat, file_stem: str = "answer") -> Headers:
    """The header fields that describe an answer other than a page.

    Args:
        kind: the kind of answer.
        form: its format.
        file_stem: its file name, without ending.
    """
    charset = "; charset=utf-8" if form.media_type.startswith("text/") else ""
    headers = [
        ("Content-Type", form.media_type + charset),
        ("Content-Disposition", content_disposition(f"{file_stem}.{_ending(kind, form.format)}")),
    ]
    if form.media_type == PAGE:  # a report, which has no other language
        headers.append(("Content-Language", SOURCE))
    return headers


def warning_headers(warnings: Iterable[str]) -> Headers:
    """The header fields with remarks on a query."""
    return [("X-Query-Warning", quote(warning, safe=" :;#/")) for warning in warnings]


@lru_cache(256)
def _ending(kind: str, format_name: str) -> str:
    return next(f.endings[0] for f in formats_of(kind) if f.name == format_name)


@lru_cache(256)
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


def body_of(environ: WSGIEnvironment, reply: Reply) -> bytes | Iterator[bytes]:
    """The body of an answer: a short one as a whole, a long one in pieces.

    An HTTP/1.0 client cannot recognize a truncated stream, so it always receives the whole answer
    with its length.

    Args:
        environ: the HTTP request.
        reply: the answer.

    Raises:
        LimitError: as iterating over ``Reply.chunks``.
    """
    first = next(reply.chunks, b"")
    if len(first) == PACKET and environ["SERVER_PROTOCOL"] != "HTTP/1.0":
        return chain([first], reply.chunks)
    return first + b"".join(reply.chunks)


def is_compressed(environ: WSGIEnvironment, length: int | None) -> bool:
    """Whether a response is compressed with gzip (RFC 9110, section 8.4.1.3).

    Args:
        environ: the HTTP request.
        length: the bytes of the response; None if they are not known.
    """
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    if "gzip" not in accepted or (length is not None and length < _MIN_COMPRESSED_BYTES):
        return False
    return bool(parse_accept_header(accepted).quality("gzip") > 0)


def compressed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks of a response, compressed with gzip."""
    compressor = zlib.compressobj(1, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    yield from filter(None, map(compressor.compress, chunks))
    yield compressor.flush()
