"""Reads requests from the bytes that a client sends (RFC 9112).

llhttp parses, in its strict mode: it refuses what two parsers may understand in two ways, as both
Content-Length and Transfer-Encoding, folded lines, or lines that end without a carriage return.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import httptools

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from competency_graph.web.server.settings import Settings

_BODY_READ: Final = 4
"""A body is read up to this many times its limit, so that its client can read the response."""
_END_OF_HEAD: Final = b"\r\n\r\n"
_MAX_KNOWN_BYTES: Final = 4096
_MAX_KNOWN: Final = 1024
"""The longest head that is remembered, in bytes, and how many are."""


@dataclass(eq=False)
class Head:
    """The head of a request as it was sent.

    Args:
        method: such as ``GET``.
        target: the address in its first line.
        version: such as ``1.1``.
        headers: its header fields, the names in small letters.
        length: the length of the body that it announces; 0 if it announces none.
        keep_alive: whether its connection may stay open.
        environments: the parts of WSGI environments that were made from it, by the address of the
            server; they remain as long as the head is remembered.
    """

    method: str = ""
    target: bytes = b""
    version: str = ""
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    length: int = 0
    keep_alive: bool = False
    environments: dict[tuple[str, str], WSGIEnvironment] = field(default_factory=dict)


@dataclass
class Request:
    """A request as it was sent.

    Args:
        head: its head; the same object for requests whose heads are known to be equal.
        body: its body, up to one byte more than is allowed.
        body_length: the length of the body that was sent.
    """

    head: Head
    body: bytes = b""
    body_length: int = 0


class Rejection(Exception):  # noqa: N818  (this program has not failed)
    """A request cannot be accepted.

    Args:
        status: of the response.
        detail: why, as a phrase.
    """

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


class RequestReader:
    """Reads the requests of one connection.

    Args:
        settings: the limits.
        known: heads of requests with a body that were read before, by their bytes, which need not
            be parsed again: a program that sends queries in bodies repeats its heads. Those that
            are read are added; for readers with the same settings.
        receive: called with each request, once it is complete.
        invite: called when a client asks whether to send a body (``Expect: 100-continue``).

    Attributes:
        in_request: whether a part of a request has arrived.
    """

    def __init__(
        self,
        settings: Settings,
        known: dict[bytes, Head],
        receive: Callable[[Request], object],
        invite: Callable[[], object],
    ) -> None:
        self._settings, self._known = settings, known
        self._receive, self._invite = receive, invite
        self._parser = httptools.HttpRequestParser(self)
        self._rejection: Rejection | None = None
        self._head_bytes = self._raw_body_bytes = self._missing = 0
        self._in_head, self._in_body, self._ended = True, False, False
        self.in_request = False
        self._request, self._body = Request(Head()), bytearray()
        self._raw_head = b""

    def feed(self, data: bytes) -> None:
        """Read a further piece; nothing more is read after the last request of a connection.

        Raises:
            Rejection: the request is rejected; nothing can be read after it.
        """
        while data and not self._ended:
            if not self.in_request:
                data = self._begin(data)
            if self._missing:
                data = self._take_body(data)
            elif data:
                self._parse(data)
                return

    def _begin(self, data: bytes) -> bytes:
        """Begin a request, without parsing if its head is known; return what follows the head."""
        end = data.find(_END_OF_HEAD, 0, _MAX_KNOWN_BYTES)
        self._raw_head = b"" if end < 0 else data[: end + len(_END_OF_HEAD)]
        head = self._known.get(self._raw_head)
        if head is None:
            return data
        self.on_message_begin()
        self._request.head, self._missing = head, head.length
        self._in_head, self._in_body = False, True
        return data[len(self._raw_head) :]

    def _take_body(self, data: bytes) -> bytes:
        """Take the body of a request whose head is known; return what follows it."""
        part = data[: self._missing]
        self._missing -= len(part)
        self.on_body(part)
        if not self._missing:
            self._complete()
        return data[len(part) :]

    def _parse(self, data: bytes) -> None:
        if self._in_body:
            self._raw_body_bytes += len(data)
            if self._raw_body_bytes > _BODY_READ * self._settings.body + self._settings.head:
                raise self._too_long()
        else:
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._ended = True  # what follows is of a protocol not spoken here
        except httptools.HttpParserCallbackError:
            if self._rejection is None:
                raise
        except httptools.HttpParserError as error:
            if self._ended:
                return
            raise Rejection(HTTPStatus.BAD_REQUEST, f"this is not HTTP: {error}") from None
        if self._rejection is not None:
            raise self._rejection
        if self._in_head and self._head_bytes > self._settings.head:
            raise _head_too_long()

    # What llhttp calls.

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._request, self._body = Request(Head()), bytearray()
        self._in_head = self.in_request = True

    def on_url(self, part: bytes) -> None:
        """Take a part of its target."""
        self._request.head.target += part

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header field."""
        if self._in_head:  # a field after the body says nothing that is needed
            self._request.head.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Check its head, and decide whether to read its body."""
        head, parser = self._request.head, self._parser
        self._in_head, self._in_body = False, True
        self._raw_body_bytes = self._head_bytes = 0
        head.method = parser.get_method().decode("latin-1")
        head.version = parser.get_http_version()
        hosts, expects = 0, False
        size = len(head.target)
        for name, value in head.headers:
            size += len(name) + len(value) + 4
            if name == b"host":
                hosts += 1
            elif name == b"content-length":
                head.length = int(value)
            elif name == b"expect":
                expects = value.lower() == b"100-continue"
        if head.version not in ("1.0", "1.1"):
            self._reject(Rejection(HTTPStatus.BAD_REQUEST, "this version of HTTP is not supported"))
        if size > self._settings.head:
            self._reject(_head_too_long())
        if head.length > _BODY_READ * self._settings.body:
            self._reject(self._too_long())
        if hosts > 1 or (not hosts and head.version == "1.1"):
            self._reject(
                Rejection(HTTPStatus.BAD_REQUEST, f"there are {hosts} fields Host, not one")
            )
        if expects and head.version == "1.1":
            self._raw_head = b""  # the invitation must be repeated
            self._invite()

    def on_body(self, part: bytes) -> None:
        """Take a part of its body."""
        request = self._request
        request.body_length += len(part)
        if request.body_length > _BODY_READ * self._settings.body:
            self._reject(self._too_long())
        room = self._settings.body + 1 - len(self._body)
        if room > 0:
            self._body += part[:room]

    def on_message_complete(self) -> None:
        """Remember its head, and hand it over."""
        parser, head = self._parser, self._request.head
        head.keep_alive = parser.should_keep_alive() and not parser.should_upgrade()
        self._ended = not head.keep_alive
        if head.keep_alive and 0 < head.length == self._request.body_length:
            self._remember(head)
        self._complete()

    def _remember(self, head: Head) -> None:
        """Remember a head if all of it arrived at once, with nothing before it."""
        if self._raw_head[:1].isalpha():
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            self._known[self._raw_head] = head

    def _complete(self) -> None:
        self._request.body, self._raw_head = bytes(self._body), b""
        self._in_body = self.in_request = False
        self._receive(self._request)

    def _reject(self, rejection: Rejection) -> None:
        self._rejection = rejection
        raise rejection

    def _too_long(self) -> Rejection:
        return Rejection(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            f"the body is longer than the limit of {self._settings.body:,} bytes",
        )


def _head_too_long() -> Rejection:
    return Rejection(
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the head of the request is too long"
    )
