"""Connections to another server, which stay open from one request to the next.

As each small query is a request, much of what passing it on costs is this. So llhttp parses the
responses, and they can be received without waiting, which the standard library's client cannot.
"""

from __future__ import annotations

import base64
import socket
import ssl
import time
from collections import deque
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from competency_graph.engines.connection import Connection

_SAFE: Final = "/?%:@!$&'()*+,;=~"
"""Characters that an address has as they are, besides letters, digits and some others."""


class Connections:
    """The connections to one address, as many as there are requests at once; thread-safe.

    Proxies named by the environment are not used, and redirections not followed.

    Args:
        url: an address that `remote.address` accepts. A user and a password in it are sent as
            Basic authentication (RFC 7617).
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._host = parts.hostname or ""
        self._port = parts.port or (80 if self._tls is None else 443)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        lines = [
            f"POST {quote(target, safe=_SAFE)} HTTP/1.1",
            f"Host: {parts.netloc.rpartition('@')[2]}",
        ]
        if parts.username is not None:
            user = f"{unquote(parts.username)}:{unquote(parts.password or '')}".encode()
            lines.append(f"Authorization: Basic {base64.b64encode(user).decode()}")
        self._head = "\r\n".join(lines)
        self._idle: deque[Connection] = deque()

    def post(self, body: bytes, headers: Mapping[str, str], seconds: float) -> Connection:
        """Send a request; return once the head of its response is there.

        Args:
            body: its body.
            headers: its headers, besides those of the connection.
            seconds: how long to wait for the response in all.

        Returns:
            The connection, to read the response from.

        Raises:
            TimeoutError: it took longer.
            OSError: the server cannot be reached, or what it sends is not HTTP.
        """
        request = self.request(body, headers)
        started = time.monotonic()
        while (idle := self._idle_connection()) is not None:
            try:
                idle.ask(request, seconds)
            except TimeoutError:
                raise
            except OSError:
                seconds -= time.monotonic() - started  # the server had just closed it
            else:
                return idle
        connection = self._new_connection(seconds)
        connection.ask(request, seconds - (time.monotonic() - started))
        return connection

    def take(self) -> Connection | None:
        """An open connection to `Connection.begin` with, to be left afterwards.

        Returns:
            The connection; None if none is idle. One with TLS never is, as it cannot be used
            without waiting.
        """
        return self._idle_connection() if self._tls is None else None

    def keep(self, connection: Connection) -> None:
        """Use a connection again, whose response has arrived."""
        self._idle.append(connection)

    def request(self, body: bytes, headers: Mapping[str, str]) -> bytes:
        """A request, see `post`."""
        lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
        head = f"{self._head}\r\nContent-Length: {len(body)}\r\n{''.join(lines)}\r\n"
        return head.encode("latin-1") + body

    def _idle_connection(self) -> Connection | None:
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread was faster
                return None
            if connection.is_usable():
                return connection
            connection.close()
        return None

    def _new_connection(self, seconds: float) -> Connection:
        plain = socket.create_connection((self._host, self._port), max(seconds, 0.001))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._tls is not None:
            plain = self._tls.wrap_socket(plain, server_hostname=self._host)
        return Connection(plain, self.keep)
