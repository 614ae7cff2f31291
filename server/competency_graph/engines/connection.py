"""One connection to another server, and the response that it receives, with or without waiting."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable
from typing import Final

from competency_graph.engines.response import Response

_IDLE_SECONDS: Final = 30.0
"""Seconds after which an unused connection is closed rather than used again."""
_RECEIVED_BYTES: Final = 128 * 1024
"""The most bytes that are received at once."""


class Connection:
    """An open connection, with the response that it receives. Call `leave` when done with that.

    Args:
        channel: its socket.
        on_idle: called with it when it may be used again.

    Attributes:
        response: what has arrived of the response.
        on_idle: may be set anew.
        on_close: called with it before it is closed, unless None.
    """

    def __init__(self, channel: socket.socket, on_idle: Callable[[Connection], object]) -> None:
        self._channel, self.on_idle = channel, on_idle
        self.on_close: Callable[[Connection], object] | None = None
        self.response = Response()
        self._idle_since = self._seconds_left = self._waiting_since = 0.0

    def fileno(self) -> int:
        """The file descriptor that the response arrives on."""
        return self._channel.fileno()

    def is_recent(self) -> bool:
        """Whether it was used lately, so that the server has hardly closed it."""
        return time.monotonic() - self._idle_since <= _IDLE_SECONDS

    def is_usable(self) -> bool:
        """Whether a request may be sent: it was used lately, and the server sends nothing."""
        if not self.is_recent():
            return False
        poller = select.poll()
        poller.register(self._channel, select.POLLIN)
        return not poller.poll(0)

    def ask(self, request: bytes, seconds: float) -> None:
        """Send a request and wait for the head of its response.

        If that fails, the connection is closed.

        Args:
            request: the request.
            seconds: how long to wait for the response in all.

        Raises:
            TimeoutError: it took longer.
            OSError: the connection broke.
        """
        self._start(seconds)
        try:
            self._channel.settimeout(max(seconds, 0.001))
            self._channel.sendall(request)
            self.wait_for_head()
        except BaseException:
            self.close()
            raise

    def begin(self, request: bytes, seconds: float) -> bool:
        """Send a request without waiting; return whether all of it could be sent.

        If not, the connection is closed.
        """
        self._start(seconds)
        try:
            self._do_not_block()
            if self._channel.send(request) == len(request):
                return True
        except OSError:
            pass
        self.close()
        return False

    def arrive(self) -> None:
        """Take what has arrived, without waiting.

        Raises:
            OSError: the connection broke.
        """
        self._do_not_block()
        try:
            received = self._channel.recv(_RECEIVED_BYTES)
        except BlockingIOError:
            return
        self.response.feed(received)

    def wait_for_head(self) -> None:
        """Wait for the head of the response.

        Raises:
            TimeoutError: the seconds spent waiting, in all, are over.
            OSError: the connection broke.
        """
        while not self.response.status:
            self._wait()

    def read(self, size: int) -> bytes:
        """The next bytes of the body: fewer than ``size`` only at its end.

        Raises:
            TimeoutError: the seconds spent waiting, in all, are over.
            OSError: the connection broke, or the body is not complete.
        """
        while len(self.response.body) < size and not self.response.is_complete:
            self._wait()
        return self.response.take(size)

    def leave(self) -> None:
        """Keep the connection if the whole response has arrived, else close it."""
        if self.response.is_complete and self.response.keep_alive:
            self._idle_since = time.monotonic()
            self.on_idle(self)
        else:
            self.close()

    def close(self) -> None:
        """Close the connection."""
        if self.on_close is not None:
            self.on_close(self)
        self._channel.close()

    def _start(self, seconds: float) -> None:
        self.response.expect()
        self._seconds_left, self._waiting_since = seconds, time.monotonic()

    def _do_not_block(self) -> None:
        if self._channel.gettimeout() != 0:  # else this would be a needless system call
            self._channel.setblocking(False)

    def _wait(self) -> None:
        started = self._waiting_since or time.monotonic()
        self._seconds_left -= time.monotonic() - started
        if self._seconds_left <= 0:
            raise TimeoutError
        started, self._waiting_since = time.monotonic(), 0.0
        self._channel.settimeout(self._seconds_left)
        received = self._channel.recv(_RECEIVED_BYTES)
        self._seconds_left -= time.monotonic() - started
        self.response.feed(received)
