"""A SPARQL 1.1 server elsewhere as what answers questions, for those who outgrow one machine.

A query is read here first, in a worker of our own that holds nothing: what is refused or not
understood is never sent. The time and the length of an answer are bounded here as well, on top of
the limits that the other server has.
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
from competency_graph.rdf.formats import FORMATS, Format, named
from competency_graph.sandbox.fork_server import PACKET, Limits, Request
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.worker_pool import Reply, WorkerPool
from competency_graph.sparql import evaluator, query_text

_RAW = "raw"
"""What the server tells in JSON, as it tells it."""
_PATIENCE = 2.0
"""Seconds in which it is told whether a server answers."""
_REWRITTEN = 16 * 1024**2
"""Bytes of an answer that is put into another format here."""


def address(url: str) -> str:
    """The address of a server, if it is one.

    Raises:
        BadValueError: it is none that begins with http:// or https:// and names a host.
    """
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise BadValueError(
            f"“{url}” is no address of a server",
            "Write it in full, as in https://HOST/sparql",
        )
    return url


def fault(url: str) -> str:
    """Why the SPARQL server at an address answers no query now; "" where it answers."""
    try:
        response = httpx.post(
            url,
            data={"query": "ASK {}"},
            headers={"Accept": "application/sparql-results+json"},
            timeout=_PATIENCE,
            trust_env=False,
        )
    except httpx.HTTPError as error:
        return f"it cannot be reached ({type(error).__name__})"
    if response.status_code != httpx.codes.OK:
        return f"it answers {response.status_code} to a query"
    return ""


class Remote:
    """The server at one address; any thread may ask.

    Args:
        url: where it takes queries (SPARQL 1.1 Protocol, section 2.1).
        readers: workers over nothing, which read each question first; their limits hold for the
            other server's answers too, but for ``memory``, which is its own business.
    """

    def __init__(self, url: str, readers: WorkerPool) -> None:
        self._url, self._readers, self.limits = url, readers, readers.limits
        self._client = httpx.Client(timeout=self.limits.seconds, trust_env=False)

    def ask(self, request: Request) -> Reply:
        """Answer ``request``; what is no question needs none of the other server's data.

        Raises:
            CompetencyError: as `WorkerPool.ask`.
            LimitError: it took too long, or its answer is too long.
            UnavailableError: the server cannot be reached.
            QuerySyntaxError: the server does not understand it.
            EvaluationError: the server failed on it.
        """
        if not isinstance(request, QueryRequest):
            return self._readers.ask(request)
        with self._readers.ask(replace(request, formats={})) as read:
            kind = read.kind
        return self._asked(request, kind)

    def _asked(self, question: QueryRequest, kind: str) -> Reply:
        name = question.formats.get(kind, "")
        if not name:
            return Reply(kind, "", iter(()), lambda: None)
        form = named("json" if name == _RAW else name, FORMATS[kind])
        if kind == "boolean" and name != _RAW:
            return _boolean(self._asked(replace(question, formats={kind: _RAW}), kind), form)
        if callable(form.engine) or (kind == "table" and question.bindings and name != _RAW):
            raw = self._asked(replace(question, formats={kind: _RAW}), kind)
            return _rewritten(raw, form, frozenset(v.value for v in question.bindings))
        text = query_text.bound(
            question.text, {v.value: str(t) for v, t in question.bindings.items()}
        )
        if question.base:
            text = f"BASE <{question.base}> {text}"
        data = {"query": text} | self._dataset(question)
        return self._sent(question, data, form, kind)

    def _dataset(self, question: QueryRequest) -> dict[str, list[str]]:
        """The union of our graphs is the default graph, whatever the server's own habit is."""
        if query_text.graphs_named(question.text, question.base) and not (
            question.default_graphs or question.named_graphs
        ):
            return {}
        given = question.default_graphs or question.named_graphs
        default = question.default_graphs if given else evaluator.PUBLISHED
        named_graphs = question.named_graphs if given else evaluator.PUBLISHED
        return {"default-graph-uri": list(default), "named-graph-uri": list(named_graphs)}

    def _sent(
        self, question: QueryRequest, data: dict[str, Any], form: Format[Any], kind: str
    ) -> Reply:
        until = time.monotonic() + self.limits.seconds
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
                    f"the server behind this one does not take this query: {said}",
                    "Write it in plain SPARQL 1.1",
                    "query",
                )
            if response.status_code != httpx.codes.OK:
                response.read()
                raise EvaluationError(
                    f"the server behind this one answered {response.status_code}: "
                    f"{response.text[:300]}",
                    "Simplify the query, or tell those who run the service",
                )
            chunks = self._chunks(response, until)
            first = next(chunks, b"")
        except httpx.HTTPError as error:
            stack.close()
            raise _translated(error, self.limits) from None
        except BaseException:
            stack.close()
            raise
        return Reply(kind, form.name, chain([first], chunks), stack.close)

    def _chunks(self, response: httpx.Response, until: float) -> Iterator[bytes]:
        sent = 0
        try:
            for chunk in response.iter_bytes(PACKET):
                sent += len(chunk)
                if sent > self.limits.answer:
                    raise LimitError(
                        f"the answer is longer than the limit of {self.limits.answer:,} bytes",
                        "Ask for less, with LIMIT or a narrower pattern",
                        limit="answer",
                    )
                yield chunk
                if time.monotonic() > until:
                    raise httpx.ReadTimeout("")
        except httpx.HTTPError as error:
            raise _translated(error, self.limits) from None


def _rewritten(reply: Reply, form: Format[Any], repeated: frozenset[str]) -> Reply:
    """An answer in a format that no server has, or without the columns that repeat what was asked.

    It is made here from the one in JSON.
    """
    content = bytearray()
    for chunk in reply.chunks:
        content += chunk
        if len(content) > _REWRITTEN:
            reply.leave()
            raise LimitError(
                f"the answer is longer than the limit of {_REWRITTEN:,} bytes for “{form.name}”",
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


def _boolean(reply: Reply, form: Format[Any]) -> Reply:
    """A truth value in the standard's words: Virtuoso 7 tells it as a table with a row or none."""
    told = json.loads(b"".join(reply.chunks))
    reply.leave()
    if "boolean" not in told:
        told["boolean"] = bool(told["results"]["bindings"])
    output = io.BytesIO()
    plain = json.dumps({"head": {}, "boolean": told["boolean"]}).encode()
    answer = evaluator.Answer(ox.parse_query_results(plain, format=ox.QueryResultsFormat.JSON))
    answer.write(form.name, output)
    return Reply(reply.kind, form.name, iter([output.getvalue()]), lambda: None)


def _translated(error: httpx.HTTPError, limits: Limits) -> CompetencyError:
    if isinstance(error, httpx.ReadTimeout):
        return LimitError(
            f"the query took longer than the limit of {limits.seconds:g} seconds",
            "Make it cheaper: name more of what it looks for, or add LIMIT",
            limit="seconds",
        )
    return UnavailableError(
        f"the server behind this one cannot be reached ({type(error).__name__})",
        "Send it again in a moment",
    )
