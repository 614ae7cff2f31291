"""One request and its response (RFC 9110, section 3.9)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from competency_graph.web.server.outgoing import Outgoing

Headers = Sequence[tuple[str, str]]
SharedHeaders = tuple[tuple[str, str], ...]
"""Header fields that many responses have, and that are encoded once."""
_WITHOUT_BODY: Final = ("204", "304")


class Exchange:
    """A request that waits for its response. Its methods are called in the event loop.

    Args:
        environ: the request (PEP 3333).
        outgoing: what is sent to the client.
        keep_alive: whether its connection may stay open.
        date: the value of the header field Date.
        done: called when the response is complete, with whether the connection stays open.
    """

    __slots__ = (
        "_chunked", "_date", "_done", "_keep_alive", "_outgoing", "_silent", "abandoned",
        "environ", "on_abandoned", "started",
    )  # fmt: skip

    def __init__(
        self,
        environ: WSGIEnvironment,
        outgoing: Outgoing,
        keep_alive: bool,
        date: str,
        done: Callable[[bool], object],
    ) -> None:
        self.environ = environ
        self._outgoing, self._keep_alive, self._date, self._done = outgoing, keep_alive, date, done
        self._chunked = self._silent = False
        self.started = self.abandoned = False
        self.on_abandoned: Callable[[], object] | None = None

    def respond(
        self, status: str, headers: Headers, body: bytes, shared: SharedHeaders = ()
    ) -> None:
        """Send a whole response.

        Args:
            status: such as ``200 OK``.
            headers: its header fields; Content-Length is added unless it is there.
            body: its body.
            shared: further header fields, which many responses have, and none of them a length.
        """
        if self.abandoned:
            return
        head = self._head(status, headers, len(body), shared)
        self._outgoing.write(head if self._silent else head + body)
        self._done(self._keep_alive)

    def start(self, status: str, headers: Headers) -> None:
        """Begin a response, whose body follows."""
        if not self.abandoned:
            self._outgoing.write(self._head(status, headers, None))

    def send(self, piece: bytes) -> None:
        """Send a piece of the body."""
        if self.abandoned or self._silent or not piece:
            return
        if self._chunked:
            piece = b"%x\r\n%b\r\n" % (len(piece), piece)
        self._outgoing.write(piece)

    def end(self) -> None:
        """End the response."""
        if self.abandoned:
            return
        if self._chunked and not self._silent:
            self._outgoing.write(b"0\r\n\r\n")
        self._done(self._keep_alive)

    def fail(self) -> None:
        """Report a failure; if the response has begun, break it off, so that the client notices."""
        if self.started:
            if not self.abandoned:
                self._done(False)
            return
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        self.respond(
            f"{status.value} {status.phrase}",
            [("Content-Type", "application/problem+json")],
            problem(status, "the server failed on this request"),
        )

    def close_afterwards(self) -> None:
        """Close the connection after the response."""
        if not self.started:
            self._keep_alive = False

    def abandon(self) -> None:
        """Stop, as the client has gone."""
        self.abandoned = True
        if self.on_abandoned is not None:
            self.on_abandoned()

    def _head(
        self, status: str, headers: Headers, length: int | None, shared: SharedHeaders = ()
    ) -> bytes:
        """The head of the response; decides how the body ends (RFC 9112, section 6.3).

        Raises:
            ValueError: a header field contains a line break.
        """
        environ = self.environ
        lines = [f"HTTP/1.1 {status}"]
        lines += _lines(headers)
        known = "content-length" in map(str.lower, [name for name, _ in headers])
        modern = environ["SERVER_PROTOCOL"] == "HTTP/1.1"
        bodiless = status.startswith(_WITHOUT_BODY)
        self._silent = bodiless or environ["REQUEST_METHOD"] == "HEAD"
        if not known and not bodiless:
            if length is not None:
                lines.append(f"Content-Length: {length}")
            elif modern:
                self._chunked = True
                lines.append("Transfer-Encoding: chunked")
            else:
                self._keep_alive = False
        lines.append(f"Date: {self._date}")
        if not self._keep_alive:
            lines.append("Connection: close")
        elif not modern:
            lines.append("Connection: keep-alive")
        head = b"%b%b\r\n" % (_encoded(lines), _shared(shared))
        self.started = True
        return head


@lru_cache(1024)
def _shared(headers: SharedHeaders) -> bytes:
    """Header fields as they are sent, which need not be made anew for each response.

    Raises:
        ValueError: one contains a line break.
    """
    return _encoded(_lines(headers))


def _lines(headers: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{name}: {value}" for name, value in headers]


def _encoded(lines: Sequence[str]) -> bytes:
    text = "".join([f"{line}\r\n" for line in lines])
    if not text.count("\n") == text.count("\r") == len(lines):
        raise ValueError("a header field contains a line break")
    return text.encode("latin-1")


def problem(status: HTTPStatus, detail: str, limit: str = "") -> bytes:
    """A problem document for a request that no application sees (RFC 9457)."""
    found: dict[str, object] = {"type": "about:blank", "title": status.phrase}
    found |= {"status": status.value, "detail": detail}
    if limit:
        found |= {"remedy": "Send less in one request", "limit": limit}
    return json.dumps(found).encode()
