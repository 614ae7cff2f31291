"""A checked query as a request to another server, and the server's response as a reply."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import lru_cache
from http import HTTPStatus
from itertools import chain
from typing import Final
from urllib.parse import urlencode

from competency_graph.engines.connection import Connection
from competency_graph.engines.conversion import converted, converted_boolean
from competency_graph.engines.form_encoding import encoded
from competency_graph.errors import (
    CompetencyError,
    EvaluationError,
    LimitError,
    QuerySyntaxError,
    UnavailableError,
)
from competency_graph.rdf.formats import FORMATS, format_named
from competency_graph.sandbox.fork_server import PACKET
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.reply import Reply
from competency_graph.sandbox.request import Limits
from competency_graph.sparql import evaluator, query_text
from competency_graph.sparql.parameter_values import with_values

_MAX_MESSAGE_BYTES: Final = 4096
"""How much is read of what a server says about an error, in bytes."""
_FORM: Final = "application/x-www-form-urlencoded"


class Forwarded:
    """A query on its way to another server.

    Args:
        question: a query that passed its check, and whose answer is wanted.
        kind: the kind of its answer.
        limits: the limits of the answer.

    Attributes:
        kind: the kind of its answer.
        format: the name of the format of its answer.
        is_converted: whether this program makes that format, from a table in another one.
    """

    def __init__(self, question: QueryRequest, kind: str, limits: Limits) -> None:
        self._question, self._limits = question, limits
        self.kind, self.format = kind, question.formats[kind]
        self._form = format_named(self.format, FORMATS[kind])
        self.is_converted = callable(self._form.engine) or (
            kind == "table" and bool(question.bindings)
        )

    @property
    def headers(self) -> dict[str, str]:
        """The header fields of the request."""
        as_json = self.is_converted or self.kind == "boolean"
        form = FORMATS[self.kind][0] if as_json else self._form
        return {"Accept": form.media_type, "Content-Type": _FORM}

    @property
    def body(self) -> bytes:
        """The body of the request (SPARQL 1.1 Protocol, section 2.1.2)."""
        question, text = self._question, self._question.text
        if question.bindings:
            text = with_values(text, {v.value: str(t) for v, t in question.bindings.items()})
        if question.base:
            text = f"BASE <{question.base}> {text}"
        return b"query=" + encoded(text) + _dataset(*self._graphs())

    def short_reply(self, connection: Connection) -> Reply | None:
        """The reply that a response is, if it has arrived and is short; see `reply`."""
        response = connection.response
        length = len(response.body)
        if not (
            response.is_complete
            and response.status == HTTPStatus.OK
            and length < PACKET
            and length <= self._limits.answer
        ):
            return None
        content = response.take(length)
        connection.leave()
        reply = Reply(self.kind, self.format, iter([content]), arrived=True)
        return self._converted(reply)

    def reply(self, connection: Connection) -> Reply:
        """The reply that a response is; waits for its first piece.

        Raises:
            LimitError: it took too long, or the answer is too long.
            UnavailableError: the connection broke.
            QuerySyntaxError: the server rejects the query.
            EvaluationError: the server failed to evaluate it.
        """
        response = connection.response
        with ExitStack() as stack:
            stack.callback(connection.leave)
            try:
                connection.wait_for_head()
                if response.status != HTTPStatus.OK:
                    message = connection.read(_MAX_MESSAGE_BYTES)
                    raise _rejection(response.status, message)
                chunks = self._chunks(connection)
                first = next(chunks, b"")
            except OSError as error:
                raise self.error(error) from None
            is_whole = response.is_complete and len(first) < PACKET
            leave = stack.pop_all().close
        return self._converted(
            Reply(self.kind, self.format, chain([first], chunks), leave, arrived=is_whole)
        )

    def error(self, error: OSError) -> CompetencyError:
        """What to report about an error of the connection."""
        if isinstance(error, TimeoutError):
            return LimitError(
                f"the query took longer than the limit of {self._limits.seconds:g} seconds",
                "Make it cheaper: use more constants, or add LIMIT",
                limit="seconds",
            )
        return UnavailableError(
            f"the server behind this one cannot be reached ({type(error).__name__})",
            "Try again in a moment",
        )

    def _graphs(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The dataset to request: the union of the project's graphs, as servers' defaults vary."""
        question = self._question
        if question.default_graphs or question.named_graphs:
            return question.default_graphs, question.named_graphs
        if query_text.graphs_named(question.text, question.base):
            return (), ()
        is_graph_used = "graph" in question.text.lower()
        return evaluator.PUBLISHED, evaluator.PUBLISHED if is_graph_used else ()

    def _chunks(self, connection: Connection) -> Iterator[bytes]:
        sent = 0
        try:
            while chunk := connection.read(PACKET):
                sent += len(chunk)
                if sent > self._limits.answer:
                    raise LimitError(
                        f"the answer is longer than the limit of {self._limits.answer:,} bytes",
                        "Request less, with LIMIT or a narrower pattern",
                        limit="answer",
                    )
                yield chunk
        except OSError as error:
            raise self.error(error) from None

    def _converted(self, reply: Reply) -> Reply:
        if not (self.is_converted or self.kind == "boolean"):
            return reply
        try:
            with reply:
                if self.kind == "boolean":
                    return converted_boolean(reply, self._form)
                repeated = frozenset(variable.value for variable in self._question.bindings)
                return converted(reply, self._form, repeated)
        except (ValueError, KeyError, TypeError, SyntaxError):
            raise EvaluationError(
                "the server behind this one sent an answer that is not a result in JSON",
                "Report this to the operators of the service",
            ) from None


@lru_cache(64)
def _dataset(default: tuple[str, ...], named: tuple[str, ...]) -> bytes:
    """The graphs as further parameters of a form (SPARQL 1.1 Protocol, section 2.1.4)."""
    graphs = [("default-graph-uri", graph) for graph in default]
    graphs += [("named-graph-uri", graph) for graph in named]
    return f"&{urlencode(graphs)}".encode() if graphs else b""


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
