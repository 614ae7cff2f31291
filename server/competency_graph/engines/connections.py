"""Connections to another server, which stay open from one request to the next.

They use the standard library's client, which needs a third of the time of httpx for a request; as
each small query is a request, that is much of what passing it on costs.
"""

from __future__ import annotations

import base64
import http.client
import select
import ssl
import time
from collections import deque
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import unquote, urlsplit

_IDLE_SECONDS = 30.0
"""Seconds after which an unused connection is closed rather than used again."""


class Connections:
    """The connections to one address, as many as there are requests at once; thread-safe.

    Proxies named by the environment are not used, and redirections not followed.

    Args:
        url: an address that `remote.address` accepts. A user and a password in it are sent as
            Basic authentication (RFC 7617).
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._headers = {}
        if parts.username is not None:
            user = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
            self._headers["Authorization"] = f"Basic {base64.b64encode(user).decode()}"
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._idle: deque[tuple[HTTPConnection, float]] = deque()

    def post(self, body: bytes, headers: Mapping[str, str], seconds: float) -> Response:
        """Send a request; return once the head of its response is there.

        Args:
            body: its body.
            headers: its headers, besides those of the connection.
            seconds: how long to wait for the response in all.

        Raises:
            TimeoutError: it took longer.
            OSError: the server cannot be reached.
            HTTPException: what it sends is not HTTP.
        """
        started = time.monotonic()
        while (connection := self._idle_connection()) is not None:
            try:
                return Response(self, connection, self._send(connection, body, headers, seconds))
            except TimeoutError:
                raise
            except (OSError, HTTPException):
                seconds -= time.monotonic() - started  # the server had just closed it
        connection = self._new_connection(seconds)
        return Response(self, connection, self._send(connection, body, headers, seconds))

    def keep(self, connection: HTTPConnection) -> None:
        """Use a connection again, whose response has been read to the end."""
        self._idle.append((connection, time.monotonic()))

    def _idle_connection(self) -> HTTPConnection | None:
        while self._idle:
            connection, since = self._idle.pop()
            poller = select.poll()
            poller.register(connection.sock, select.POLLIN)
            if time.monotonic() - since < _IDLE_SECONDS and not poller.poll(0):
                return connection
            connection.close()
        return None

    def _new_connection(self, seconds: float) -> HTTPConnection:
        if self._tls is None:
            return HTTPConnection(self._host, self._port, timeout=seconds)
        return http.client.HTTPSConnection(
            self._host, self._port, timeout=seconds, context=self._tls
        )

    def _send(
        self, connection: HTTPConnection, body: bytes, headers: Mapping[str, str], seconds: float
    ) -> tuple[HTTPResponse, float]:
        started = time.monotonic()
        try:
            if connection.sock is not None:
                connection.sock.settimeout(max(seconds, 0.001))
            connection.request("POST", self._target, body, {**self._headers, **headers})
            connection.sock.settimeout(max(seconds - (time.monotonic() - started), 0.001))
            response = connection.getresponse()
        except BaseException:
            connection.close()
            raise
        return response, seconds - (time.monotonic() - started)


class Response:
    """A response being received. Call `leave` when done with it.

    Args:
        connections: where its connection belongs.
        connection: its connection.
        received: its head, and how many seconds are left to wait for the rest.
    """

    def __init__(
        self, connections: Connections, connection: HTTPConnection,
        received: tuple[HTTPResponse, float],
    ) -> None:  # fmt: skip
        self._connections, self._connection = connections, connection
        self._response, self._seconds_left = received
        self.status = self._response.status

    def read(self, size: int) -> bytes:
        """The next bytes of the body: fewer than ``size`` only at its end.

        Raises:
            TimeoutError: the seconds spent waiting, in all, are over.
            OSError: the connection broke.
            HTTPException: the body is not complete.
        """
        started = time.monotonic()
        if self._seconds_left <= 0:
            raise TimeoutError
        if self._connection.sock is not None:
            self._connection.sock.settimeout(self._seconds_left)
        content = self._response.read(size)
        self._seconds_left -= time.monotonic() - started
        if not content and self._response.length:
            raise http.client.IncompleteRead(content, self._response.length)
        return content

    def leave(self) -> None:
        """Keep the connection if the body was read to its end, else close it."""
        if self._response.isclosed() and self._connection.sock is not None:
            self._connections.keep(self._connection)
        else:
            self._response.close()
            self._connection.close()
