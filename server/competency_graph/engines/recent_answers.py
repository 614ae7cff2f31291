"""Answers of a server whose data may change at any time, given again for a few seconds.

SPARQL servers send neither entity tags nor times of modification with their answers, so nothing
shows whether an answer would still be the same. Hence the age of an answer is limited instead.
"""

from __future__ import annotations

import time
from asyncio import AbstractEventLoop
from collections.abc import Callable, Iterator
from functools import partial
from operator import attrgetter
from threading import Lock
from typing import Final, NamedTuple

from cachetools import LRUCache

from competency_graph.engines.under_way import OnEvent, QuickBackend, UnderWay
from competency_graph.sandbox.fork_server import PACKET
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.reply import Reply
from competency_graph.sandbox.request import Request
from competency_graph.sandbox.ticket import Ticket
from competency_graph.sparql.query_text import is_deterministic

MAX_BYTES: Final = 64 * 1024**2
"""The maximum size of all answers that are kept."""
MAX_ANSWER_BYTES: Final = 1024**2
"""The maximum size of an answer that is kept."""
_OVERHEAD_BYTES = 2048
"""Approximate memory for an answer besides its content and its query."""
_Key = tuple[object, ...]


class _Answer(NamedTuple):
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
        self, backend: QuickBackend, seconds: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.limits, self.holds_data = backend.limits, backend.holds_data
        self._backend, self._seconds, self._now, self._lock = backend, seconds, now, Lock()
        self._answers: LRUCache[_Key, _Answer] = LRUCache(MAX_BYTES, attrgetter("size"))

    def ask(self, request: Request, ticket: Ticket | None = None) -> Reply:
        """Answer ``request``.

        Raises:
            CompetencyError: as of the backend.
        """
        key = _key(request)
        if key is None:
            return self._backend.ask(request, ticket)
        if known := self._recall(key):
            return known
        asked_at = self._now()
        return self._capture(key, asked_at, self._backend.ask(request, ticket))

    def begin(
        self, loop: AbstractEventLoop, request: Request, ticket: Ticket, on_event: OnEvent
    ) -> UnderWay | Reply | None:
        """Begin to answer ``request`` without waiting, see `under_way.QuickBackend`."""
        key = _key(request)
        if key is None:
            return self._backend.begin(loop, request, ticket, on_event)
        if known := self._recall(key):
            return known
        capture = partial(self._capture, key, self._now())
        begun = self._backend.begin(loop, request, ticket, on_event)
        if begun is None:
            return None
        return capture(begun) if isinstance(begun, Reply) else _Captured(begun, capture)

    def _recall(self, key: _Key) -> Reply | None:
        """The recent answer, if there is one."""
        with self._lock:
            known = self._answers.get(key)
        if known is None or self._now() >= known.asked_at + self._seconds:
            return None
        return _whole(known.reply, known.content)

    def _capture(self, key: _Key, asked_at: float, reply: Reply) -> Reply:
        """The same reply, which is kept once it is read, or once it is left if it has arrived."""
        if not reply.arrived:
            return reply._replace(chunks=self._captured(key, asked_at, reply))
        content = b"".join(reply.chunks)
        reply.leave()
        keep = partial(self._keep, key, asked_at, reply, content)
        return _whole(reply, content)._replace(leave=keep)

    def _captured(self, key: _Key, asked_at: float, reply: Reply) -> Iterator[bytes]:
        """Yield the pieces of an answer, and keep it if it is short and came to its end."""
        content = bytearray()
        for chunk in reply.chunks:
            if len(content) <= MAX_ANSWER_BYTES:
                content += chunk
            yield chunk
        if len(content) <= MAX_ANSWER_BYTES:
            self._keep(key, asked_at, reply, bytes(content))

    def _keep(self, key: _Key, asked_at: float, reply: Reply, content: bytes) -> None:
        """Keep an answer, unless it may differ each time."""
        if not is_deterministic(str(key[0])):
            return
        size = len(content) + sum(map(len, map(str, key))) + _OVERHEAD_BYTES
        with self._lock:
            self._answers[key] = _Answer(asked_at, _whole(reply, b""), content, size)


def _whole(reply: Reply, content: bytes) -> Reply:
    """A reply with the same head and all of its content."""
    return Reply(
        reply.kind,
        reply.format,
        iter([content] if content else []),
        warnings=reply.warnings,
        arrived=len(content) < PACKET,
    )


class _Captured:
    """A request under way whose answer is captured; see `UnderWay`."""

    def __init__(self, begun: UnderWay, capture: Callable[[Reply], Reply]) -> None:
        self._begun, self._capture = begun, capture
        self.hand_over = begun.hand_over

    def go_on(self) -> Reply | None:
        reply = self._begun.go_on()
        return reply and self._capture(reply)

    def finish(self) -> Reply:
        return self._capture(self._begun.finish())


def _key(request: Request) -> _Key | None:
    """Everything that the answer to a query depends on; None for other requests."""
    if not isinstance(request, QueryRequest):
        return None
    bindings = [(variable.value, str(term)) for variable, term in request.bindings.items()]
    return (
        request.text,
        tuple(request.formats.items()),
        tuple(sorted(bindings)),
        request.default_graphs,
        request.named_graphs,
        request.base,
    )
