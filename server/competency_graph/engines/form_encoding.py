"""Encodes texts for forms and addresses (application/x-www-form-urlencoded)."""

from __future__ import annotations

from typing import Final

_UNRESERVED: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_ESCAPES: Final = [(bytes((code,)), b"%%%02X" % code) for code in range(256)]
_PERCENT: Final = ord("%")


def encoded(text: str) -> bytes:
    """A text with all but unreserved characters escaped (RFC 3986, section 2.1).

    The result is that of `urllib.parse.quote`, which takes three times longer, as it handles each
    character in Python.
    """
    content = text.encode()
    reserved = {*content.translate(None, _UNRESERVED)}
    if _PERCENT in reserved:
        reserved.remove(_PERCENT)
        content = content.replace(*_ESCAPES[_PERCENT])  # first, as it is in all other escapes
    for code in reserved:
        content = content.replace(*_ESCAPES[code])
    return content
