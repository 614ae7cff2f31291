"""All connections of the server: how many there are, and which are closed when."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from email.utils import formatdate

from competency_graph.web.server.connection import Connection
from competency_graph.web.server.exchange import Exchange
from competency_graph.web.server.request_reader import Head
from competency_graph.web.server.settings import Settings

_NEW_SECONDS = 1.0
"""How long a connection on which nothing happens may be about to send a request."""


class Connections:
    """The open connections, and what they share.

    Args:
        loop: the event loop.
        settings: the limits on clients.
        answer: answers a request; called in the event loop.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        settings: Settings,
        answer: Callable[[Exchange], object],
    ) -> None:
        self.loop, self.settings, self.answer = loop, settings, answer
        self.draining = False
        self.known_heads: dict[bytes, Head] = {}
        self._open: set[Connection] = set()
        self._of_client: Counter[str] = Counter()
        self.tick()

    def __len__(self) -> int:
        return len(self._open)

    def tick(self) -> None:
        """Read the clock; call this once a second."""
        self.now = time.monotonic()
        self.date = formatdate(usegmt=True)

    def add(self, connection: Connection) -> bool:
        """Note a new connection; return whether it may stay open."""
        client = connection.client[0]
        if (
            len(self._open) >= self.settings.connections
            or self._of_client[client] >= self.settings.per_client
        ):
            return False
        self._of_client[client] += 1
        self._open.add(connection)
        return True

    def remove(self, connection: Connection) -> None:
        """Forget a connection that is closed."""
        if connection in self._open:
            self._open.remove(connection)
            client = connection.client[0]
            self._of_client[client] -= 1
            if not self._of_client[client]:
                del self._of_client[client]

    def close_slow(self) -> None:
        """Close connections that stand still, and drop the longest of too many long responses."""
        waiting = 0
        for connection in [*self._open]:
            connection.close_if_silent()
            waiting += len(connection.outgoing)
        if waiting > self.settings.buffered:
            for connection in sorted(self._open, key=lambda c: len(c.outgoing), reverse=True):
                waiting -= len(connection.outgoing)
                connection.drop()
                if waiting <= self.settings.buffered:
                    break

    def drain(self) -> bool:
        """Close the connections that are done; return whether any is left.

        A client that has just had a response may be sending its next request, so its connection
        stays open for a moment, and closes after the response to that.
        """
        if not self.draining:
            self.draining = True
            for connection in self._open:
                connection.close_when_answered()
        for connection in [*self._open]:
            silent = self.now - connection.active_at > _NEW_SECONDS
            if connection.idle and not connection.arriving and silent:
                connection.close()
        return bool(self._open)
