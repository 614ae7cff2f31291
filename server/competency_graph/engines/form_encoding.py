"""Texts in forms and addresses (application/x-www-form-urlencoded), as queries are sent.

The standard library encodes and decodes character by character, which takes longer than all else
that is done for a small query.
"""

from __future__ import annotations

import binascii
import re
from typing import Final
from urllib.parse import unquote_to_bytes

_UNRESERVED: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_ESCAPES: Final = [(bytes((code,)), b"%%%02X" % code) for code in range(256)]
_PERCENT: Final = ord("%")
_NO_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")


def encoded(text: str) -> bytes:
    """A text with all but unreserved characters escaped (RFC 3986, section 2.1)."""
    content = text.encode()
    reserved = {*content.translate(None, _UNRESERVED)}
    if _PERCENT in reserved:
        reserved.remove(_PERCENT)
        content = content.replace(*_ESCAPES[_PERCENT])  # first, as it is in all other escapes
    for code in reserved:
        content = content.replace(*_ESCAPES[code])
    return content


def decoded(content: bytes) -> str:
    """The text that was encoded; a percent sign that begins no escape stands for itself.

    Raises:
        UnicodeDecodeError: it is not UTF-8.
    """
    content = content.replace(b"+", b" ")
    if b"%" not in content:
        return content.decode()
    if _NO_ESCAPE.search(content):
        return unquote_to_bytes(content).decode()
    # Its escapes are those of quoted-printable text (RFC 2045, section 6.7), with another sign.
    return binascii.a2b_qp(content.replace(b"=", b"=3D").replace(b"%", b"=")).decode()


def pairs(content: bytes) -> list[tuple[str, str]]:
    """The names and values of a form or of an address's query.

    Raises:
        UnicodeDecodeError: they are not UTF-8.
    """
    found = (pair.partition(b"=") for pair in content.split(b"&") if pair)
    return [(decoded(name), decoded(value)) for name, _, value in found]
