"""The connection of a client: its requests one after another, and what is refused."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from competency_graph.web.server.environ import environ_of
from competency_graph.web.server.exchange import Exchange, problem
from competency_graph.web.server.outgoing import Outgoing
from competency_graph.web.server.request_reader import Rejection, Request, RequestReader

if TYPE_CHECKING:
    from competency_graph.web.server.connections import Connections

_log = logging.getLogger(__name__)


class Connection(asyncio.Protocol):
    """One client's connection.

    Requests are answered in order, one at a time; further ones that have arrived wait
    (RFC 9112, section 9.3.2). A client that is rejected while it is still sending can read the
    response only if the connection is not reset, so the rest of its request is read and discarded
    (section 9.6).

    Args:
        connections: all connections, and what they share.
    """

    def __init__(self, connections: Connections) -> None:
        self._all, self._settings = connections, connections.settings
        self._reader = RequestReader(
            self._settings, connections.known_heads, self._take, self._invite
        )
        self._pending: deque[Request | Rejection] = deque()
        self._exchange: Exchange | None = None
        self._lingering_until = 0.0
        self._linger_bytes_left = self._settings.linger_bytes
        self._buffered = 0
        self.active_at = self.opened_at = connections.now

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin; end at once if there are too many connections."""
        self._transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername") or ("", 0)
        here = transport.get_extra_info("sockname") or ("localhost", 80)
        self.client = (peer[0], peer[1]) if isinstance(peer, tuple) else ("", 0)
        self._server = (str(here[0]), str(here[1])) if isinstance(here, tuple) else ("", "")
        self.outgoing = Outgoing(self._transport)
        if not self._all.add(self):
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Read a part of a request, or discard it while lingering."""
        self.active_at = self._all.now
        if self._lingering_until:
            self._linger_bytes_left -= len(data)
            if self._linger_bytes_left < 0:
                self._transport.abort()
            return
        try:
            self._reader.feed(data)
        except Rejection as rejection:
            self._take(rejection)

    def eof_received(self) -> bool:
        """Stay open for the responses to a client that sends no more."""
        return not self.idle

    def connection_lost(self, error: Exception | None) -> None:
        """Forget what the client no longer waits for."""
        self._all.remove(self)
        self.outgoing.discard()
        self._pending.clear()
        if self._exchange is not None:
            exchange, self._exchange = self._exchange, None
            exchange.abandon()

    def pause_writing(self) -> None:
        """Let a response wait, as the client reads slowly."""
        self.outgoing.pause()

    def resume_writing(self) -> None:
        """Send more of a response that waits."""
        self.active_at = self._all.now
        self.outgoing.resume()

    # What the server calls.

    @property
    def idle(self) -> bool:
        """Whether nothing is being read, answered or sent."""
        return not (self._exchange or self._pending or len(self.outgoing))

    @property
    def arriving(self) -> bool:
        """Whether a part of a request has arrived."""
        return self._reader.in_request

    def close_if_silent(self) -> None:
        """Close the connection of a client that has neither sent nor read for too long."""
        now, buffered = self._all.now, len(self.outgoing)
        if buffered != self._buffered:
            self.active_at, self._buffered = now, buffered
        if (self._lingering_until and now > self._lingering_until) or (
            self._exchange is None and now - self.active_at > self._settings.idle_seconds
        ):
            self._transport.abort()

    def drop(self) -> None:
        """Close the connection of a client that reads too slowly."""
        _log.warning("a response was dropped: its client %s reads too slowly", self.client[0])
        self._transport.abort()

    def close_when_answered(self) -> None:
        """Close the connection after the current response."""
        if self._exchange is not None:
            self._exchange.close_afterwards()

    def close(self) -> None:
        """Close the connection once all is sent."""
        self.outgoing.close()

    # What becomes of a request.

    def _invite(self) -> None:
        self.outgoing.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _take(self, request: Request | Rejection) -> None:
        """Answer a request, or refuse what is none, after those before it."""
        if self._exchange is None and not self._pending:
            self._answer(request)
        else:
            self._pending.append(request)
            self._transport.pause_reading()

    def _answer(self, request: Request | Rejection) -> None:
        if isinstance(request, Rejection):
            self._refuse(request)
            return
        try:
            environ = environ_of(request, self.client, self._server, self._settings.trusted_proxy)
        except Rejection as rejection:
            self._refuse(rejection)
            return
        keep_alive = request.head.keep_alive and not self._all.draining
        self._exchange = Exchange(
            environ, self.outgoing, keep_alive, self._all.date, self._answered
        )
        self._all.answer(self._exchange)

    def _answered(self, keep_alive: bool) -> None:
        self._exchange = None
        if not keep_alive:
            self._pending.clear()
            self.outgoing.close()
        elif self._pending:
            self._all.loop.call_soon(self._answer_next)

    def _answer_next(self) -> None:
        if self._pending and self._exchange is None and not self._transport.is_closing():
            request = self._pending.popleft()
            if not self._pending:
                self._transport.resume_reading()
            self._answer(request)

    def _refuse(self, rejection: Rejection) -> None:
        """Refuse a request, and read the rest of it without keeping it."""
        limit = "body" if rejection.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else ""
        body = problem(rejection.status, rejection.detail, limit)
        head = (
            f"HTTP/1.1 {rejection.status.value} {rejection.status.phrase}\r\n"
            "Content-Type: application/problem+json\r\n"
            f"Content-Length: {len(body)}\r\nDate: {self._all.date}\r\nConnection: close\r\n\r\n"
        )
        self._lingering_until = self._all.now + self._settings.linger_seconds
        self._pending.clear()
        self._transport.resume_reading()
        self.outgoing.write(head.encode() + body)
        self.outgoing.end()
