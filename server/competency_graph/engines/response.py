"""A response as it arrives (RFC 9112), parsed by llhttp."""

from __future__ import annotations

import httptools

_FINAL = 200
"""Responses with a lower status announce another one (RFC 9110, section 15.2)."""
_FIELDS_OF_LENGTH = (b"content-length", b"transfer-encoding")


class BrokenResponseError(ConnectionError):
    """What a server sent is not HTTP, or not a whole response."""


class Response:
    """What has arrived of a response, and then of the next one over the same connection.

    Attributes:
        status: its status; 0 until its head is there.
        body: what has arrived of its body and was not taken.
        is_complete: whether all of it has arrived.
        keep_alive: whether the connection may be used again.
    """

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self.expect()

    def expect(self) -> None:
        """Begin with the next response."""
        self.status, self.body = 0, bytearray()
        self.is_complete = self.keep_alive = self._has_length = False

    def feed(self, received: bytes) -> None:
        """Take what arrived; nothing means that the server closed the connection.

        Raises:
            BrokenResponseError: it is not HTTP, or ends too early.
        """
        if received:
            try:
                self._parser.feed_data(received)
            except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
                raise BrokenResponseError(str(error)) from None
        elif self.status and not self._has_length:
            self.is_complete = True  # its body ends with the connection (RFC 9112, section 6.3)
        else:
            raise BrokenResponseError("the response is not complete")

    def take(self, size: int) -> bytes:
        """The next bytes of the body that have arrived, at most ``size``."""
        content = bytes(self.body[:size])
        del self.body[:size]
        return content

    def on_message_begin(self) -> None:
        """Refuse what follows a response; called by the parser, as are the following."""
        if self.is_complete:
            raise BrokenResponseError("there are two responses to one request")

    def on_header(self, name: bytes, _: bytes) -> None:
        """Note whether the length of the body is known."""
        self._has_length = self._has_length or name.lower() in _FIELDS_OF_LENGTH

    def on_headers_complete(self) -> None:
        """Note the status."""
        status = self._parser.get_status_code()
        self.status = status if status >= _FINAL else 0

    def on_body(self, piece: bytes) -> None:
        """Note a piece of the body."""
        self.body += piece

    def on_message_complete(self) -> None:
        """Note the end."""
        if self.status:
            self.is_complete, self.keep_alive = True, self._parser.should_keep_alive()
