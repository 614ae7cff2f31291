"""An application served by an event loop."""

from __future__ import annotations

import asyncio
import functools
import socket
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from competency_graph.web.server.connection import Connection
from competency_graph.web.server.connections import Connections
from competency_graph.web.server.exchange import Exchange
from competency_graph.web.server.settings import Settings
from competency_graph.web.server.wsgi import Threads

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

FastPath = Callable[[Exchange, Threads], bool]
"""Answers a request in the event loop, at once or later; returns False to leave it to threads."""
_BACKLOG: Final = 1024
_DRAIN_STEP_SECONDS: Final = 0.05


class Service:
    """Serves an application on listening sockets. Create it in the event loop.

    Args:
        app: the application, which runs in threads.
        settings: the limits on clients.
        fast_path: answers what needs no thread; None to run the application for all requests.
    """

    def __init__(
        self, app: WSGIApplication, settings: Settings, fast_path: FastPath | None = None
    ) -> None:
        loop = asyncio.get_running_loop()
        self._threads = Threads(app, loop)
        self._fast_path = fast_path
        self.connections = Connections(loop, settings, self._answer)
        self._servers: list[asyncio.Server] = []

    async def listen(self, sockets: Iterable[socket.socket]) -> None:
        """Accept connections."""
        loop = asyncio.get_running_loop()
        for each in sockets:
            connect = functools.partial(Connection, self.connections)
            self._servers.append(await loop.create_server(connect, sock=each, backlog=_BACKLOG))

    def tick(self) -> None:
        """Read the clock and close the connections of slow clients; call this once a second."""
        self.connections.tick()
        self.connections.close_slow()

    async def drain(self, seconds: float) -> None:
        """Accept no more connections, and answer the requests that have arrived or are arriving.

        Args:
            seconds: how long this may take.
        """
        for server in self._servers:
            server.close()
        deadline = asyncio.get_running_loop().time() + seconds
        while self.connections.drain() and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(_DRAIN_STEP_SECONDS)
            self.connections.tick()
        self._threads.close()

    def _answer(self, exchange: Exchange) -> None:
        if self._fast_path is None or not self._fast_path(exchange, self._threads):
            self._threads.answer(exchange)
