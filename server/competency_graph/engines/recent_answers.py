"""Answers of a server whose data may change at any time, given again for a few seconds.

SPARQL servers send neither entity tags nor times of modification with their answers, so nothing
shows whether an answer would still be the same. Hence the age of an answer is limited instead.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final

from cachetools import TLRUCache

from competency_graph.engines.backend import Backend
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.request import Request
from competency_graph.sandbox.ticket import Ticket
from competency_graph.sandbox.worker_pool import Reply
from competency_graph.sparql.query_text import is_deterministic

MAX_BYTES: Final = 64 * 1024**2
"""The maximum size of all answers that are kept."""
MAX_ANSWER_BYTES: Final = 1024**2
"""The maximum size of an answer that is kept."""
_OVERHEAD_BYTES = 2048
"""Approximate memory for an answer besides its content and its query."""
_Key = tuple[object, ...]


@dataclass(frozen=True)
class _Answer:
    asked_at: float
    reply: Reply
    content: bytes
    size: int


class RecentAnswers:
    """A backend that gives the recent answers of another one again; thread-safe.

    Args:
        backend: answers the requests.
        seconds: the maximum age of an answer, counted from when its query was asked.
        now: returns the time in seconds.
    """

    def __init__(
        self, backend: Backend, seconds: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.limits = backend.limits
        self._backend, self._now, self._lock = backend, now, Lock()
        self._answers: TLRUCache[_Key, _Answer] = TLRUCache(
            MAX_BYTES,
            ttu=lambda _, answer, __: answer.asked_at + seconds,
            timer=now,
            getsizeof=lambda answer: answer.size,
        )

    def ask(self, request: Request, ticket: Ticket | None = None) -> Reply:
        """Answer ``request``.

        Raises:
            CompetencyError: as of the backend.
        """
        if not isinstance(request, QueryRequest) or not is_deterministic(request.text):
            return self._backend.ask(request, ticket)
        key = _key(request)
        with self._lock:
            known = self._answers.get(key)
        if known is not None:
            return replace(known.reply, chunks=iter([known.content] if known.content else []))
        asked_at = self._now()
        reply = self._backend.ask(request, ticket)
        return replace(reply, chunks=self._captured(key, asked_at, reply))

    def _captured(self, key: _Key, asked_at: float, reply: Reply) -> Iterator[bytes]:
        """Yield the pieces of an answer, and keep it if it is short and came to its end."""
        content = bytearray()
        for chunk in reply.chunks:
            if len(content) <= MAX_ANSWER_BYTES:
                content += chunk
            yield chunk
        if len(content) <= MAX_ANSWER_BYTES:
            size = len(content) + sum(map(len, map(str, key))) + _OVERHEAD_BYTES
            plain = replace(reply, chunks=iter(()), leave=_nothing)
            with self._lock:
                self._answers[key] = _Answer(asked_at, plain, bytes(content), size)


def _nothing() -> None:
    """Leave an answer that no server is sending."""


def _key(request: QueryRequest) -> _Key:
    """Everything that an answer depends on."""
    bindings = sorted((variable.value, str(term)) for variable, term in request.bindings.items())
    return (
        request.text,
        tuple(sorted(request.formats.items())),
        tuple(bindings),
        request.default_graphs,
        request.named_graphs,
        request.base,
    )
