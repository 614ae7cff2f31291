"""The addresses in pages: which there are, and how they become links to files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from competency_graph.web.static_site.pages import NEEDS_SERVER, NOT_FOUND

ORIGIN: Final = "http://site.invalid"
"""Where the application believes to be; a name that never exists (RFC 6761, section 6.4)."""
_ABSOLUTE: Final = re.compile(rf'{re.escape(ORIGIN)}(?P<address>/[^\s"<>]*)')
_ATTRIBUTE: Final = re.compile(r'(?P<name>\s(?:href|src|action|data-search)=)"(?P<address>/[^"]*)"')
"""An attribute with an address on this site; the templates always quote with ``"``."""
_FORM: Final = re.compile(r'<form(?![^>]*\saction="/search").*?</form>', re.DOTALL)
"""A form that only a server can answer; the search works in the browser."""
_STYLE_ADDRESS: Final = re.compile(r'url\("?(?P<address>/[^")]+)"?\)')
_IMPORT: Final = re.compile(r'(?:from|import)\s*\(?"(?P<address>\.{0,2}/[^"]+\.js)"')
_PATH: Final = re.compile(r'(?P<name>"path":)"(?P<address>/[^"]*)"')
"""An entry's address in the search data."""
_NEEDS_SERVER: Final = re.compile(r"/(sparql|validate|health|metrics|openapi\.json)\b")
"""Addresses that only a server can answer."""
PAGE: Final = "text/html"


def addresses(content: str, media_type: str, base: str) -> Iterator[str]:
    """The addresses of files that a file refers to, without fragments.

    Args:
        content: its text.
        media_type: its media type.
        base: its own address.
    """
    found: list[str] = []
    if media_type == PAGE:
        found += (match["address"] for match in _ATTRIBUTE.finditer(_FORM.sub("", content)))
        found += (match["address"] for match in _ABSOLUTE.finditer(content))
    elif media_type in ("text/css", "text/javascript"):
        for pattern in (_STYLE_ADDRESS, _IMPORT):
            found += (urljoin(base, match["address"]) for match in pattern.finditer(content))
    elif names_site(content.encode(), media_type):
        found += (match["address"] for match in _ABSOLUTE.finditer(content))
    for address in found:
        plain = unescape(address).partition("#")[0]
        if not _NEEDS_SERVER.match(plain) and "{" not in plain:
            yield plain


def names_site(content: bytes, media_type: str) -> bool:
    """Whether a file other than a page names addresses of this site."""
    is_description = media_type.endswith("xml") or media_type in ("text/turtle", "text/plain")
    return is_description and ORIGIN.encode() in content


@dataclass(frozen=True)
class Rewriter:
    """Changes addresses of the application to those of files.

    Args:
        files: the path of the file for each address.
        address: the address of the site, ending in a slash; "" if unknown.
    """

    files: Mapping[str, str]
    address: str

    def page(self, text: str, file: str) -> str:
        """A page whose links lead to files, relative to its own."""
        # The page for unknown addresses is shown at any of them.
        root = (urlsplit(self.address).path or "/") if f"/{file}" == NOT_FOUND else ""

        def replaced(match: re.Match[str]) -> str:
            target, rest = self._target(unescape(match["address"]))
            link = root + quote(target) if root else _relative_path(target, file)
            return f'{match["name"]}"{escape(link + rest)}"'

        return self.description(_ATTRIBUTE.sub(replaced, _FORM.sub("", text)))

    def description(self, text: str) -> str:
        """A text whose addresses are those of the site."""

        def replaced(match: re.Match[str]) -> str:
            address = unescape(match["address"])
            if address == "/":
                return escape(self.address)
            target, rest = self._target(address)
            return escape(self.address + quote(target) + rest)

        return _ABSOLUTE.sub(replaced, text)

    def search_data(self, text: str) -> str:
        """The search data, with the files of the entries' pages, relative to the site."""

        def replaced(match: re.Match[str]) -> str:
            return f'{match["name"]}"{quote(self._target(match["address"])[0])}"'

        return _PATH.sub(replaced, text)

    def _target(self, address: str) -> tuple[str, str]:
        """The file for an address, and what follows in a link to it."""
        plain, hash_, fragment = address.partition("#")
        if plain in self.files:
            return self.files[plain], hash_ + fragment
        path, mark, query = plain.partition("?")
        if path == "/search":
            return self.files[path], mark + query
        missing = NEEDS_SERVER if _NEEDS_SERVER.match(plain) else NOT_FOUND
        return missing[1:], ""


def _relative_path(target: str, file: str) -> str:
    """The path from a file to another, percent-encoded."""
    depth = file.count("/")
    common = 0
    ours, theirs = file.split("/")[:-1], target.split("/")
    while common < min(len(ours), len(theirs) - 1) and ours[common] == theirs[common]:
        common += 1
    return quote("../" * (depth - common) + "/".join(theirs[common:])) or "."
