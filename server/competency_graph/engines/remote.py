"""Answering queries from a remote SPARQL 1.1 server, for data too large for one machine.

A local worker without data parses each query first, so refused or invalid queries are never sent.
The time and the length of an answer are limited locally as well, in addition to the limits of the
remote server.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from http import HTTPStatus
from http.client import HTTPException
from itertools import chain
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx

from competency_graph.engines.connections import Connections, Response
from competency_graph.engines.conversion import converted, converted_boolean
from competency_graph.errors import (
    BadValueError,
    CompetencyError,
    EvaluationError,
    LimitError,
    QuerySyntaxError,
    UnavailableError,
)
from competency_graph.rdf.formats import FORMATS, Format, format_named
from competency_graph.sandbox.fork_server import PACKET
from competency_graph.sandbox.query_request import QueryCheck, QueryRequest
from competency_graph.sandbox.request import Limits, Request
from competency_graph.sandbox.ticket import Ticket
from competency_graph.sandbox.worker_pool import Reply, WorkerPool
from competency_graph.sparql import evaluator, query_text
from competency_graph.sparql.parameter_values import with_values

_RAW_JSON = "raw"
"""The server's JSON answer, unchanged."""
_PROBE_TIMEOUT = 2.0
"""Seconds to wait when checking whether a server answers."""
_MAX_MESSAGE_BYTES = 4096
"""How much is read of what a server says about an error, in bytes."""


def address(url: str) -> str:
    """Check the address of a server and return it.

    Raises:
        BadValueError: it does not begin with http:// or https://, or names no host.
    """
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise BadValueError(
            f"“{url}” is not an address of a server",
            "Write it in full, as in https://HOST/sparql",
        )
    return url


def unavailability(url: str) -> str:
    """Why the SPARQL server at an address does not answer queries at present; "" if it does."""
    try:
        response = httpx.post(
            url,
            data={"query": "ASK {}"},
            headers={"Accept": "application/sparql-results+json"},
            timeout=_PROBE_TIMEOUT,
            trust_env=False,
        )
    except httpx.HTTPError as error:
        return f"it cannot be reached ({type(error).__name__})"
    if response.status_code != httpx.codes.OK:
        return f"it answers {response.status_code} to a query"
    return ""


class Remote:
    """A remote server; thread-safe.

    Args:
        url: its query endpoint (SPARQL 1.1 Protocol, section 2.1).
        readers: workers without data, which parse each query first. Their limits also apply to the
            server's answers, except ``memory``, which the server must limit itself.
    """

    def __init__(self, url: str, readers: WorkerPool) -> None:
        self._readers, self.limits = readers, readers.limits
        self._connections = Connections(url)

    def ask(self, request: Request, ticket: Ticket | None = None) -> Reply:
        """Answer ``request``; requests other than queries are answered without the server.

        Raises:
            CompetencyError: see `WorkerPool.ask`.
            LimitError: it took too long, or its answer is too long.
            UnavailableError: the server cannot be reached.
            QuerySyntaxError: the server rejects the query.
            EvaluationError: the server failed to evaluate it.
        """
        if not isinstance(request, QueryRequest):
            return self._readers.ask(request, ticket)
        with self._readers.ask(QueryCheck.of(request), ticket) as checked:
            deque(checked.chunks, maxlen=0)  # or else the worker would not be used again
        return self._answer_from_server(request, checked.kind)

    def _answer_from_server(self, question: QueryRequest, kind: str) -> Reply:
        name = question.formats.get(kind, "")
        if not name:
            return Reply(kind, "", iter(()), lambda: None)
        form = format_named("json" if name == _RAW_JSON else name, FORMATS[kind])
        if kind == "boolean" and name != _RAW_JSON:
            return converted_boolean(
                self._answer_from_server(replace(question, formats={kind: _RAW_JSON}), kind), form
            )
        if callable(form.engine) or (kind == "table" and question.bindings and name != _RAW_JSON):
            raw = self._answer_from_server(replace(question, formats={kind: _RAW_JSON}), kind)
            return converted(raw, form, frozenset(v.value for v in question.bindings))
        text = question.text
        if question.bindings:
            text = with_values(text, {v.value: str(t) for v, t in question.bindings.items()})
        if question.base:
            text = f"BASE <{question.base}> {text}"
        body = urlencode([("query", text), *self._dataset(question)]).encode()
        return self._send(body, form, kind)

    def _dataset(self, question: QueryRequest) -> Iterator[tuple[str, str]]:
        """Request the union of the project's graphs as default graph, as servers' defaults vary."""
        default, named = question.default_graphs, question.named_graphs
        if not (default or named):
            if query_text.graphs_named(question.text, question.base):
                return
            default = evaluator.PUBLISHED
            named = default if "graph" in question.text.lower() else ()
        yield from (("default-graph-uri", graph) for graph in default)
        yield from (("named-graph-uri", graph) for graph in named)

    def _send(self, body: bytes, form: Format[Any], kind: str) -> Reply:
        headers = {"Accept": form.media_type, "Content-Type": "application/x-www-form-urlencoded"}
        with ExitStack() as stack:
            try:
                response = self._connections.post(body, headers, self.limits.seconds)
                stack.callback(response.leave)
                if response.status != HTTPStatus.OK:
                    raise _rejection(response.status, response.read(_MAX_MESSAGE_BYTES))
                chunks = self._chunks(response)
                first = next(chunks, b"")
            except (OSError, HTTPException) as error:
                raise _error_for(error, self.limits) from None
            return Reply(kind, form.name, chain([first], chunks), stack.pop_all().close)

    def _chunks(self, response: Response) -> Iterator[bytes]:
        sent = 0
        try:
            while chunk := response.read(PACKET):
                sent += len(chunk)
                if sent > self.limits.answer:
                    raise LimitError(
                        f"the answer is longer than the limit of {self.limits.answer:,} bytes",
                        "Request less, with LIMIT or a narrower pattern",
                        limit="answer",
                    )
                yield chunk
        except (OSError, HTTPException) as error:
            raise _error_for(error, self.limits) from None


def _rejection(status: int, body: bytes) -> CompetencyError:
    """The error for a response other than an answer, which may say what is wrong."""
    said = " ".join(body.decode(errors="replace").split())[:300]
    if status == HTTPStatus.BAD_REQUEST:
        return QuerySyntaxError(
            f"the server behind this one does not accept this query: {said}",
            "Write it in plain SPARQL 1.1",
            "query",
        )
    return EvaluationError(
        f"the server behind this one answered {status}: {said}",
        "Simplify the query, or report this to the operators of the service",
    )


def _error_for(error: OSError | HTTPException, limits: Limits) -> CompetencyError:
    if isinstance(error, TimeoutError):
        return LimitError(
            f"the query took longer than the limit of {limits.seconds:g} seconds",
            "Make it cheaper: use more constants, or add LIMIT",
            limit="seconds",
        )
    return UnavailableError(
        f"the server behind this one cannot be reached ({type(error).__name__})",
        "Try again in a moment",
    )
