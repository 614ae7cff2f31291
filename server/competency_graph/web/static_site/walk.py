"""A walk over all addresses that pages link to."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from http import HTTPStatus
from pathlib import PurePosixPath
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from flask import Flask
from werkzeug.http import parse_options_header
from werkzeug.test import Client, TestResponse

from competency_graph.errors import UnavailableError
from competency_graph.rdf.short_names import local_name
from competency_graph.web.publication.structured_data import REQUESTED
from competency_graph.web.static_site.links import ORIGIN, PAGE, addresses
from competency_graph.web.static_site.pages import NEEDS_SERVER, NOT_FOUND, SEARCH_DATA, W3ID

START: Final = (
    "/", "/search", "/ontology", "/ontology?format=turtle", "/ontology?format=jsonld",
    "/static/icon.svg", NEEDS_SERVER, NOT_FOUND, SEARCH_DATA,
)  # fmt: skip
"""Where the walk begins."""
START_WITH_ADDRESS: Final = ("/sitemap.xml", "/robots.txt", "/.well-known/void", W3ID)
"""Further addresses for a site whose own address is known."""
_ACCEPT: Final = f"{PAGE},*/*;q=0.5"
_ENDINGS: Final = {
    PAGE: "html", "text/css": "css", "text/javascript": "js", "image/svg+xml": "svg",
    "application/json": "json", "application/xml": "xml", "text/plain": "txt",
    "application/opensearchdescription+xml": "xml", "text/markdown": "md",
    "application/atom+xml": "atom",
}  # fmt: skip
"""The endings of files whose response does not name one, by media type."""
_COMPRESSED: Final = "/graphs?"
"""Whole graphs are large, so they are written compressed."""


class Response(NamedTuple):
    """What the application answers at an address.

    Args:
        status: the status code.
        location: where it redirects to, or "".
        content: the body, as it becomes a file.
        media_type: its media type, without parameters.
        ending: the ending of the file.
        links: the addresses that it refers to.
    """

    status: int
    location: str = ""
    content: bytes = b""
    media_type: str = ""
    ending: str = ""
    links: Sequence[str] = ()


class File(NamedTuple):
    """A response, and the path of the file that it becomes."""

    path: str
    content: bytes
    media_type: str


def requester(app: Flask, language: str) -> Callable[[str], Response]:
    """A function that requests addresses of an application, as a reader of a language."""
    client = Client(app, TestResponse)
    headers = {"Accept": _ACCEPT, "Accept-Language": language}

    def request(address: str) -> Response:
        own = {REQUESTED: address}
        response = client.get(address, base_url=ORIGIN, headers=headers, environ_base=own)
        if location := response.headers.get("Location", ""):
            target = urlsplit(location)
            final = target.path + (f"?{target.query}" if target.query else "")
            return Response(response.status_code, final, links=[final])
        if response.status_code != HTTPStatus.OK:
            return Response(response.status_code)
        content, media_type = response.get_data(), response.mimetype or ""
        ending = _ending(response)
        if address.startswith(_COMPRESSED):
            content, ending = gzip.compress(content, mtime=0), f"{ending}.gz"
            return Response(HTTPStatus.OK, "", content, "application/gzip", ending)
        is_text = media_type.startswith("text/") or media_type.endswith("xml")
        text = content.decode() if is_text and address != NOT_FOUND else ""
        links = list(dict.fromkeys(addresses(text, media_type, address)))
        return Response(HTTPStatus.OK, "", content, media_type, ending, links)

    return request


class Walk:
    """A walk over an application, along all links from some addresses.

    Args:
        request: requests addresses; yields the responses in their order.
    """

    def __init__(self, request: Callable[[Iterable[str]], Iterable[Response]]) -> None:
        self._request = request
        self._addresses: dict[str, str] = {}
        """The address of each file."""
        self._redirects: dict[str, str] = {}
        """The address that an address redirects to."""
        self.files: dict[str, str] = {}
        """The file of each address."""
        self.missing: dict[str, None] = {}
        """Addresses that pages link to and that do not exist."""

    def run(self, start: Iterable[str]) -> Iterator[File]:
        """Yield the files, each once, always in the same order.

        Raises:
            UnavailableError: a page fails.
        """
        step = list(start)
        seen = dict.fromkeys(step)
        optional = frozenset(step)
        while step:
            found: dict[str, None] = {}
            for address, response in zip(step, self._request(step), strict=True):
                if response.location:
                    self._redirects[address] = response.location
                elif response.status == HTTPStatus.NOT_FOUND:
                    if address not in optional:
                        self.missing[address] = None
                elif response.status != HTTPStatus.OK:
                    raise UnavailableError(
                        f"the page {address} answers {response.status}",
                        "Look at it with “competency serve”",
                    )
                else:
                    path = self.files[address] = self._path(address, response.ending)
                    yield File(path, response.content, response.media_type)
                found |= dict.fromkeys(response.links)
            step = [address for address in found if address not in seen]
            seen |= found
        for address, target in self._redirects.items():
            if target in self.files:
                self.files[address] = self.files[target]

    @property
    def redirects(self) -> dict[str, str]:
        """The file that an address without a file of its own leads to."""
        return {a: self.files[a] for a in self._redirects if a in self.files}

    def _path(self, address: str, ending: str) -> str:
        """A path for an address that no other address has."""
        parts = urlsplit(address)
        path = unquote(parts.path).strip("/") or "index"
        values = [value for name, value in parse_qsl(parts.query) if name != "format"]
        if values:
            path += "/" + ".".join(_slug(local_name(value)) for value in values)
        name = path if PurePosixPath(path).suffix == f".{ending}" else f"{path}.{ending}"
        if self._addresses.setdefault(name, address) != address:
            stem = name.removesuffix(f".{ending}")
            name = f"{stem}-{hashlib.sha256(address.encode()).hexdigest()[:8]}.{ending}"
            self._addresses[name] = address
        return name


def _ending(response: TestResponse) -> str:
    _, options = parse_options_header(response.headers.get("Content-Disposition"))
    named = PurePosixPath(options.get("filename", "")).suffix.removeprefix(".")
    return named or _ENDINGS.get(str(response.mimetype), "txt")


def _slug(text: str) -> str:
    return re.sub(r"[^\w-]+", "-", text).strip("-")[:80] or "x"
