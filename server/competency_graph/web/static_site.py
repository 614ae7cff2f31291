"""The whole site as files for a static host.

Each address of the application becomes a file, and links between pages become relative, so that the
files work under any path. What needs a server, such as SPARQL, leads to a page that says so.
"""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from html import escape, unescape
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit

from flask import Flask, render_template
from werkzeug.test import Client, TestResponse

from competency_graph.errors import UnavailableError
from competency_graph.rdf.short_names import local_name

_START: Final = ("/", "/sitemap.xml", "/robots.txt", "/static/icon.svg")
"""Where the walk over the site begins."""
_NEEDS_SERVER: Final = re.compile(r"/(sparql|validate|graphs|health|metrics|openapi\.json)\b")
"""Addresses that only a server can answer."""
_SERVER_PAGE: Final = "needs-server.html"
_LINK: Final = re.compile(r'(?P<name>\s(?:href|src|action)=)"(?P<address>/[^"]*)"')
"""An attribute with an address on this site; the templates always quote with ``"``."""
_FORM: Final = re.compile(r'<form(?![^>]*class="find").*?</form>', re.DOTALL)
"""A form that only a server can answer."""
_STYLE_LINK: Final = re.compile(r'url\("?(?P<address>/[^")]+)"?\)')
_ENDINGS: Final = {
    "text/html": "html", "text/css": "css", "text/javascript": "js", "image/svg+xml": "svg",
    "application/json": "json", "application/xml": "xml", "text/plain": "txt",
    "application/opensearchdescription+xml": "xml", "text/markdown": "md",
    "application/atom+xml": "atom",
}  # fmt: skip
"""The endings of files whose response does not name one, by media type."""
_HTML: Final = "text/html"
_ACCEPT: Final = f"{_HTML},*/*;q=0.5"


class _Page(NamedTuple):
    """A response, and the file that it becomes."""

    file: str
    content: bytes
    media_type: str


class Summary(NamedTuple):
    """What was written.

    Args:
        pages: the number of pages.
        files: the number of all files.
        missing: addresses that pages link to and that the application does not have.
    """

    pages: int
    files: int
    missing: tuple[str, ...]


def write_site(
    app: Flask, folder: Path, progress: Callable[[str, int], None] = lambda doing, number: None
) -> Summary:
    """Write all pages and data that can be reached from the first page.

    Args:
        app: the application; its setting ``STATIC_SITE`` is set, which templates respect.
        folder: an empty folder.
        progress: is called with the activity and the number of files so far.

    Raises:
        UnavailableError: a page fails.
    """
    app.config["STATIC_SITE"] = True
    walk = _Walk(Client(app, TestResponse))
    for number, page in enumerate(walk.pages(), 1):
        _write(folder, page)
        progress("Writing files", number)
    with app.test_request_context("/"):
        pages = {name: render_template(name).encode() for name in (_SERVER_PAGE, "not-found.html")}
    for name, page_content in pages.items():
        file = "404.html" if name == "not-found.html" else name
        _write(folder, _Page(file, page_content, _HTML))
    for path in sorted(folder.rglob("*.html")):
        text = walk.relative(path.read_text("utf-8"), path.relative_to(folder).as_posix())
        path.write_text(text, "utf-8")
    for name, content in _host_rules(walk.redirects).items():
        (folder / name).write_text(content, "utf-8")
    files = sum(1 for path in folder.rglob("*") if path.is_file())
    return Summary(len(list(folder.rglob("*.html"))), files, tuple(sorted(walk.missing)))


class _Walk:
    """A walk over all addresses that pages link to.

    Args:
        client: sends requests to the application.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._queue = deque(_START)
        self._seen = set(_START)
        self._files: dict[str, str] = {}
        """The file of each address."""
        self._addresses: dict[str, str] = {}
        """The address of each file."""
        self.redirects: dict[str, str] = {}
        """The file that an address without ending leads to."""
        self.missing: set[str] = set()

    def pages(self) -> Iterator[_Page]:
        """Yield the pages and other files, each once."""
        while self._queue:
            address = self._queue.popleft()
            page = self._fetch(address)
            if page is None:
                continue
            yield page
            if page.media_type == _HTML:
                self._add(_linked(page.content.decode(), address))
            elif page.media_type in ("text/css", "text/javascript"):
                self._add(urljoin(address, found) for found in _imports(page.content.decode()))

    def relative(self, text: str, file: str) -> str:
        """A page whose links lead to files, relative to its own."""

        def replaced(match: re.Match[str]) -> str:
            address, _, fragment = unescape(match["address"]).partition("#")
            target = self._target(address)
            link = _relative_path(target, file) + (f"#{fragment}" if fragment else "")
            return f'{match["name"]}"{escape(link)}"'

        return _LINK.sub(replaced, _FORM.sub("", text))

    def _target(self, address: str) -> str:
        if address in self._files:
            return self._files[address]
        return _SERVER_PAGE if _NEEDS_SERVER.match(address) else "404.html"

    def _add(self, addresses: Iterable[str]) -> None:
        for address in addresses:
            if address not in self._seen and not _NEEDS_SERVER.match(address):
                self._seen.add(address)
                self._queue.append(address)

    def _fetch(self, address: str) -> _Page | None:
        """The page at an address; None if there is none, or if it was fetched already."""
        response = self._client.get(address, headers={"Accept": _ACCEPT})
        location = response.headers.get("Location", "")
        if location:
            target = urlsplit(location)
            final = target.path + (f"?{target.query}" if target.query else "")
            if final not in self._files:
                page = self._fetch(final)
                self._seen.add(final)
            else:
                page = None
            if final in self._files:
                self._files[address] = self._files[final]
                self.redirects[address] = self._files[final]
            return page
        if response.status_code == 404:
            self.missing.add(address)
            return None
        if response.status_code != 200:
            raise UnavailableError(
                f"the page {address} answers {response.status_code}", "Look at it with “serve”"
            )
        content = response.get_data()
        file = self._file(address, response)
        self._files[address] = file
        return _Page(file, content, response.mimetype or "")

    def _file(self, address: str, response: TestResponse) -> str:
        """A file for an address that no other address has."""
        parts = urlsplit(address)
        path = unquote(parts.path).strip("/") or "index"
        values = [pair for pair in parse_qsl(parts.query) if pair[0] != "format"]
        if values:
            path += "/" + ".".join(_slug(local_name(value)) for _, value in values)
        ending = _ending(response)
        name = path if PurePosixPath(path).suffix == f".{ending}" else f"{path}.{ending}"
        if self._addresses.setdefault(name, address) != address:
            stem = name.removesuffix(f".{ending}")
            name = f"{stem}-{hashlib.sha256(address.encode()).hexdigest()[:8]}.{ending}"
            self._addresses[name] = address
        return name


def _linked(text: str, address: str) -> Iterator[str]:
    """The addresses on this site that a page links to, without fragments."""
    for match in _LINK.finditer(_FORM.sub("", text)):
        yield unescape(match["address"]).partition("#")[0]


def _imports(text: str) -> Iterator[str]:
    """The addresses that a style sheet or script refers to."""
    for match in _STYLE_LINK.finditer(text):
        yield match["address"]
    yield from re.findall(r'(?:from|import)\s*\(?"(\.{0,2}/[^"]+\.js)"', text)


def _ending(response: TestResponse) -> str:
    named = re.search(
        r'filename="[^"]*\.([\w.]+)"', response.headers.get("Content-Disposition", "")
    )
    return named[1] if named else _ENDINGS.get(str(response.mimetype), "txt")


def _slug(text: str) -> str:
    return re.sub(r"[^\w-]+", "-", text).strip("-")[:80] or "x"


def _relative_path(target: str, file: str) -> str:
    """The path from a file to another, percent-encoded."""
    depth = file.count("/")
    common = 0
    ours, theirs = file.split("/")[:-1], target.split("/")
    while common < min(len(ours), len(theirs) - 1) and ours[common] == theirs[common]:
        common += 1
    return quote("../" * (depth - common) + "/".join(theirs[common:])) or "."


def _write(folder: Path, page: _Page) -> None:
    path = folder / page.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(page.content)


_NEGOTIATED: Final = {
    "ttl": "text/turtle", "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml", "nt": "application/n-triples",
}  # fmt: skip
"""The endings of documents that are chosen by content negotiation, with their media types."""


def _host_rules(redirects: dict[str, str]) -> dict[str, str]:
    """Files for hosts that can redirect: Apache by media type, Netlify and Cloudflare to pages."""
    conditions = "".join(
        f"RewriteCond %{{HTTP_ACCEPT}} {media_type.replace('+', '[+]')}\n"
        f"RewriteCond %{{DOCUMENT_ROOT}}%{{REQUEST_URI}}.{ending} -f\n"
        f"RewriteRule ^(.+)$ $1.{ending} [R=303,L]\n"
        for ending, media_type in _NEGOTIATED.items()
    )
    apache = (
        "# Content negotiation (Apache 2.4): an IRI leads to its page or to its data.\n"
        "# The file also suits the folder of a w3id.org name, with an address before $1.\n"
        + "".join(f"AddType {media_type} .{ending}\n" for ending, media_type in _NEGOTIATED.items())
        + "Options -MultiViews\nRewriteEngine On\n"
        + conditions
        + "RewriteCond %{DOCUMENT_ROOT}%{REQUEST_URI}.html -f\n"
        "RewriteRule ^(.+)$ $1.html [R=303,L]\n"
        "ErrorDocument 404 /404.html\n"
    )
    listed = "".join(
        f"{address} /{file} 303\n"
        for address, file in sorted(redirects.items())
        if "?" not in address
    )
    return {".htaccess": apache, "_redirects": listed, ".nojekyll": ""}
