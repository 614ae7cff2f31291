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
    from competency_graph.web.server.settings import Settings

_BODY_READ: Final = 4
"""A body is read up to this many times its limit, so that its client can read the response."""


@dataclass
class Request:
    """A request as it was sent.

    Args:
        method: such as ``GET``.
        target: the address in its first line.
        version: such as ``1.1``.
        headers: its header fields, the names in small letters.
        body: its body, up to one byte more than is allowed.
        body_length: the length of the body that was sent.
        keep_alive: whether its connection may stay open.
    """

    method: str = ""
    target: bytes = b""
    version: str = ""
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    body_length: int = 0
    keep_alive: bool = False


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
        receive: called with each request, once it is complete.
        invite: called when a client asks whether to send a body (``Expect: 100-continue``).
    """

    def __init__(
        self,
        settings: Settings,
        receive: Callable[[Request], object],
        invite: Callable[[], object],
    ) -> None:
        self._settings, self._receive, self._invite = settings, receive, invite
        self._parser = httptools.HttpRequestParser(self)
        self._rejection: Rejection | None = None
        self._head_bytes = self._raw_body_bytes = 0
        self._in_head, self._in_body, self._ended = True, False, False
        self._request, self._body = Request(), bytearray()

    @property
    def in_request(self) -> bool:
        """Whether a part of a request has arrived."""
        return self._in_body or self._head_bytes > 0

    def feed(self, data: bytes) -> None:
        """Read a further piece; nothing more is read after the last request of a connection.

        Raises:
            Rejection: the request is rejected; nothing can be read after it.
        """
        if self._ended:
            return
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
        self._request, self._body = Request(), bytearray()
        self._in_head = True

    def on_url(self, part: bytes) -> None:
        """Take a part of its target."""
        self._request.target += part

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header field."""
        if self._in_head:  # a field after the body says nothing that is needed
            self._request.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Check its head, and decide whether to read its body."""
        request, parser = self._request, self._parser
        self._in_head, self._in_body = False, True
        self._raw_body_bytes = self._head_bytes = 0
        request.method = parser.get_method().decode("latin-1")
        request.version = parser.get_http_version()
        length, hosts, expects = 0, 0, False
        size = len(request.target)
        for name, value in request.headers:
            size += len(name) + len(value) + 4
            if name == b"host":
                hosts += 1
            elif name == b"content-length":
                length = int(value)
            elif name == b"expect":
                expects = value.lower() == b"100-continue"
        if request.version not in ("1.0", "1.1"):
            self._reject(Rejection(HTTPStatus.BAD_REQUEST, "this version of HTTP is not supported"))
        if size > self._settings.head:
            self._reject(_head_too_long())
        if length > _BODY_READ * self._settings.body:
            self._reject(self._too_long())
        if hosts > 1 or (not hosts and request.version == "1.1"):
            self._reject(
                Rejection(HTTPStatus.BAD_REQUEST, f"there are {hosts} fields Host, not one")
            )
        if expects and request.version == "1.1":
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
        """Hand it over."""
        parser = self._parser
        self._request.keep_alive = parser.should_keep_alive() and not parser.should_upgrade()
        self._ended = not self._request.keep_alive
        self._request.body = bytes(self._body)
        self._in_body = False
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
