"""Connections to another server that the event loop watches, as `watched_workers` does workers."""

from __future__ import annotations

from asyncio import AbstractEventLoop
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial

from competency_graph.engines.connection import Connection
from competency_graph.engines.connections import Connections
from competency_graph.engines.under_way import OnEvent


class WatchedConnections:
    """Some connections, each watched by the event loop until a thread uses it.

    To watch a connection anew for each response, and to ask whether the server has closed it,
    would take several system calls. All methods are called in the event loop.

    Args:
        connections: all connections; threads use them as well.
    """

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._idle: deque[Connection] = deque()
        self._on_event: dict[Connection, OnEvent] = {}
        self._unwatch: dict[Connection, Callable[[], object]] = {}

    def begin(self, body: bytes, headers: Mapping[str, str], seconds: float) -> Connection | None:
        """Send a request without waiting for anything.

        Args:
            body: as of `Connections.post`.
            headers: as of `Connections.post`.
            seconds: as of `Connections.post`.

        Returns:
            The connection; None if none is open that takes the request at once.
        """
        connection = self._take()
        if connection is None:
            return None
        request = self._connections.request(body, headers)
        return connection if connection.begin(request, seconds) else None

    def watch(self, loop: AbstractEventLoop, connection: Connection, on_event: OnEvent) -> None:
        """Call a function when something arrives, until the response is complete."""
        self._on_event[connection] = on_event
        if connection not in self._unwatch:
            loop.add_reader(connection.fileno(), self._readable, connection)
            self._unwatch[connection] = partial(loop.remove_reader, connection.fileno())
            connection.on_idle, connection.on_close = self._keep, self.hand_over

    def hand_over(self, connection: Connection) -> None:
        """Stop watching a connection, so that a thread can use it."""
        self._on_event.pop(connection, None)
        if (unwatch := self._unwatch.pop(connection, None)) is not None:
            unwatch()
            connection.on_idle, connection.on_close = self._connections.keep, None

    def _take(self) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_recent():
                return connection
            connection.close()
        return self._connections.take()

    def _keep(self, connection: Connection) -> None:
        self._on_event.pop(connection, None)
        self._idle.append(connection)

    def _readable(self, connection: Connection) -> None:
        on_event = self._on_event.get(connection)
        if on_event is not None:
            on_event()
        elif connection in self._idle:  # the server has closed it
            self._idle.remove(connection)
            connection.close()
        else:  # the answer is not wanted yet
            self.hand_over(connection)
