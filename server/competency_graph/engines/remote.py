"""Answering queries from a remote SPARQL 1.1 server, for data too large for one machine.

A local worker without data parses each query first, so refused or invalid queries are never sent.
The time and the length of an answer are limited locally as well, in addition to the limits of the
remote server.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

import httpx
import pyoxigraph as ox

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
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.request import Limits, Request
from competency_graph.sandbox.worker_pool import Reply, WorkerPool
from competency_graph.sparql import evaluator, query_text

_RAW_JSON = "raw"
"""The server's JSON answer, unchanged."""
_PROBE_TIMEOUT = 2.0
"""Seconds to wait when checking whether a server answers."""
_MAX_BYTES = 16 * 1024**2
"""The maximum size of an answer that is converted to another format locally, in bytes."""


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
        self._url, self._readers, self.limits = url, readers, readers.limits
        self._client = httpx.Client(timeout=self.limits.seconds, trust_env=False)

    def ask(self, request: Request) -> Reply:
        """Answer ``request``; requests other than queries are answered without the server.

        Raises:
            CompetencyError: see `WorkerPool.ask`.
            LimitError: it took too long, or its answer is too long.
            UnavailableError: the server cannot be reached.
            QuerySyntaxError: the server rejects the query.
            EvaluationError: the server failed to evaluate it.
        """
        if not isinstance(request, QueryRequest):
            return self._readers.ask(request)
        with self._readers.ask(replace(request, formats={})) as read:
            kind = read.kind
        return self._answer_from_server(request, kind)

    def _answer_from_server(self, question: QueryRequest, kind: str) -> Reply:
        name = question.formats.get(kind, "")
        if not name:
            return Reply(kind, "", iter(()), lambda: None)
        form = format_named("json" if name == _RAW_JSON else name, FORMATS[kind])
        if kind == "boolean" and name != _RAW_JSON:
            return _converted_boolean(
                self._answer_from_server(replace(question, formats={kind: _RAW_JSON}), kind), form
            )
        if callable(form.engine) or (kind == "table" and question.bindings and name != _RAW_JSON):
            raw = self._answer_from_server(replace(question, formats={kind: _RAW_JSON}), kind)
            return _converted(raw, form, frozenset(v.value for v in question.bindings))
        text = query_text.with_values(
            question.text, {v.value: str(t) for v, t in question.bindings.items()}
        )
        if question.base:
            text = f"BASE <{question.base}> {text}"
        data = {"query": text} | self._dataset(question)
        return self._send(question, data, form, kind)

    def _dataset(self, question: QueryRequest) -> dict[str, list[str]]:
        """Request the union of the project's graphs as default graph, as servers' defaults vary."""
        if query_text.graphs_named(question.text, question.base) and not (
            question.default_graphs or question.named_graphs
        ):
            return {}
        given = question.default_graphs or question.named_graphs
        default = question.default_graphs if given else evaluator.PUBLISHED
        named_graphs = question.named_graphs if given else evaluator.PUBLISHED
        return {"default-graph-uri": list(default), "named-graph-uri": list(named_graphs)}

    def _send(
        self, question: QueryRequest, data: dict[str, Any], form: Format[Any], kind: str
    ) -> Reply:
        deadline = time.monotonic() + self.limits.seconds
        stack = ExitStack()
        try:
            request = self._client.build_request(
                "POST", self._url, data=data, headers={"Accept": form.media_type}
            )
            response = self._client.send(request, stream=True)
            stack.callback(response.close)
            if response.status_code == httpx.codes.BAD_REQUEST:
                said = " ".join(response.read().decode(errors="replace").split())[:300]
                raise QuerySyntaxError(
                    f"the server behind this one does not accept this query: {said}",
                    "Write it in plain SPARQL 1.1",
                    "query",
                )
            if response.status_code != httpx.codes.OK:
                response.read()
                raise EvaluationError(
                    f"the server behind this one answered {response.status_code}: "
                    f"{response.text[:300]}",
                    "Simplify the query, or report this to the operators of the service",
                )
            chunks = self._chunks(response, deadline)
            first = next(chunks, b"")
        except httpx.HTTPError as error:
            stack.close()
            raise _error_for(error, self.limits) from None
        except BaseException:
            stack.close()
            raise
        return Reply(kind, form.name, chain([first], chunks), stack.close)

    def _chunks(self, response: httpx.Response, deadline: float) -> Iterator[bytes]:
        sent = 0
        try:
            for chunk in response.iter_bytes(PACKET):
                sent += len(chunk)
                if sent > self.limits.answer:
                    raise LimitError(
                        f"the answer is longer than the limit of {self.limits.answer:,} bytes",
                        "Request less, with LIMIT or a narrower pattern",
                        limit="answer",
                    )
                yield chunk
                if time.monotonic() > deadline:
                    raise httpx.ReadTimeout("")
        except httpx.HTTPError as error:
            raise _error_for(error, self.limits) from None


def _converted(reply: Reply, form: Format[Any], repeated: frozenset[str]) -> Reply:
    """Convert a JSON answer, to a format that servers lack or without columns of parameters."""
    content = bytearray()
    for chunk in reply.chunks:
        content += chunk
        if len(content) > _MAX_BYTES:
            reply.leave()
            raise LimitError(
                f"the answer is longer than the limit of {_MAX_BYTES:,} bytes for “{form.name}”",
                "Ask for less",
                limit="answer",
            )
    reply.leave()
    answer = evaluator.Answer(
        ox.parse_query_results(bytes(content), format=ox.QueryResultsFormat.JSON), repeated
    )
    output = io.BytesIO()
    answer.write(form.name, output)
    return Reply(reply.kind, form.name, iter([output.getvalue()]), lambda: None)


def _converted_boolean(reply: Reply, form: Format[Any]) -> Reply:
    """Convert a boolean to the standard form; Virtuoso 7 returns a table with or without a row."""
    document = json.loads(b"".join(reply.chunks))
    reply.leave()
    if "boolean" not in document:
        document["boolean"] = bool(document["results"]["bindings"])
    output = io.BytesIO()
    plain = json.dumps({"head": {}, "boolean": document["boolean"]}).encode()
    answer = evaluator.Answer(ox.parse_query_results(plain, format=ox.QueryResultsFormat.JSON))
    answer.write(form.name, output)
    return Reply(reply.kind, form.name, iter([output.getvalue()]), lambda: None)


def _error_for(error: httpx.HTTPError, limits: Limits) -> CompetencyError:
    if isinstance(error, httpx.ReadTimeout):
        return LimitError(
            f"the query took longer than the limit of {limits.seconds:g} seconds",
            "Make it cheaper: use more constants, or add LIMIT",
            limit="seconds",
        )
    return UnavailableError(
        f"the server behind this one cannot be reached ({type(error).__name__})",
        "Try again in a moment",
    )
