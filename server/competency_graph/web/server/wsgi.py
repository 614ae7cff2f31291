"""Runs a WSGI application (PEP 3333) in threads, for requests that take longer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from competency_graph.web.server.exchange import Exchange

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import WSGIApplication

_log = logging.getLogger(__name__)
_THREADS: Final = 640
"""How many requests threads handle at once; most of them wait for their turn."""
_BYTES_AHEAD: Final = 256 * 1024
"""How much of a response a thread produces before the event loop has sent what came before."""


class Threads:
    """Answers requests with a WSGI application.

    Args:
        app: the application.
        loop: the event loop.
    """

    def __init__(self, app: WSGIApplication, loop: asyncio.AbstractEventLoop) -> None:
        self._app, self.loop = app, loop
        self._pool = ThreadPoolExecutor(_THREADS, "request")

    def answer(self, exchange: Exchange) -> None:
        """Answer a request in a thread."""
        self._pool.submit(self._run, exchange)

    def run(self, work: Callable[[], object]) -> None:
        """Do something else in a thread."""
        self._pool.submit(work)

    def close(self) -> None:
        """Let no further request begin."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, exchange: Exchange) -> None:
        sender = Sender(exchange, self.loop)
        try:
            pieces = self._app(exchange.environ, sender.start)
            try:
                sender.send_all(pieces)
            finally:
                if close := getattr(pieces, "close", None):
                    close()
        except BaseException:  # noqa: BLE001  (the thread serves others next)
            _log.exception("a request failed")
            sender.fail()


class Sender:
    """Sends a response from a thread, through the event loop.

    Args:
        exchange: the request, and where its response goes.
        loop: the event loop.
    """

    def __init__(self, exchange: Exchange, loop: asyncio.AbstractEventLoop) -> None:
        self._exchange, self._loop = exchange, loop
        self._status, self._headers = "", list[tuple[str, str]]()
        self._bytes_ahead = 0
        self.begun = False
        """Whether a part of the response may have been sent."""

    def start(
        self, status: str, headers: list[tuple[str, str]], error: OptExcInfo | None = None, /
    ) -> Callable[[bytes], object]:
        """Note the status and the header fields; they are sent with the first piece."""
        if error is not None and self.begun and error[1] is not None:
            raise error[1]
        self._status, self._headers = status, headers
        return self._write

    def send_all(self, pieces: object) -> None:
        """Send the pieces of the body; the only or the last one with the end of the response."""
        held: bytes | None = None
        try:
            for piece in pieces:  # type: ignore[attr-defined]  # an iterable of bytes
                if held is not None:
                    self._send(held)
                held = piece
                if self._exchange.abandoned:
                    return
        except BaseException:
            if held is not None:
                self._send(held)
            raise
        self._post(self._finish, held or b"")

    def fail(self) -> None:
        """Report that the application failed, or break off if the response has begun."""
        self._post(self._exchange.fail)

    def _write(self, piece: bytes) -> None:
        self._send(piece)

    def _send(self, piece: bytes) -> None:
        self.begun = True
        self._bytes_ahead += len(piece)
        if self._bytes_ahead < _BYTES_AHEAD:
            self._post(self._send_now, piece, None)
            return
        sent: Future[None] = Future()
        self._post(self._send_now, piece, sent)
        sent.result()
        self._bytes_ahead = 0

    def _post(self, call: Callable[..., object], *arguments: object) -> None:
        try:
            self._loop.call_soon_threadsafe(self._do, call, *arguments)
        except RuntimeError:  # the loop has ended, as the server stops
            raise SystemExit from None

    # In the event loop:

    def _do(self, call: Callable[..., object], *arguments: object) -> None:
        try:
            call(*arguments)
        except Exception:  # noqa: BLE001  (the event loop serves others next)
            _log.exception("a response could not be sent")
            self._exchange.fail()

    def _begin(self) -> None:
        if not self._exchange.started:
            self._exchange.start(self._status, self._headers)

    def _send_now(self, piece: bytes, sent: Future[None] | None) -> None:
        self._begin()
        self._exchange.send(piece)
        if sent is not None:
            sent.set_result(None)

    def _finish(self, piece: bytes) -> None:
        if not self._exchange.started:
            self._exchange.respond(self._status, self._headers, piece)
        else:
            self._exchange.send(piece)
            self._exchange.end()
