"""Writes the site: walks over the application, then changes the links to those of files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import Flask

from competency_graph.errors import BadValueError
from competency_graph.web.languages.negotiation import SOURCE
from competency_graph.web.static_site import pages
from competency_graph.web.static_site.folder import replacing_site
from competency_graph.web.static_site.forked import forked
from competency_graph.web.static_site.host_rules import host_rules
from competency_graph.web.static_site.links import PAGE, Rewriter, names_site
from competency_graph.web.static_site.walk import (
    START,
    START_WITH_ADDRESS,
    Response,
    Walk,
    requester,
)


class Summary(NamedTuple):
    """What was written.

    Args:
        pages: the number of pages.
        files: the number of all files.
        size: their size in bytes.
        search_size: the size of the search data in bytes.
        missing: addresses that pages link to and that the application does not have.
    """

    pages: int
    files: int
    size: int
    search_size: int
    missing: tuple[str, ...]


def write_site(
    app: Callable[[], Flask],
    folder: Path,
    address: str = "",
    progress: Callable[[str, int], None] = lambda activity, number: None,
    language: str = SOURCE,
) -> Summary:
    """Write all pages and data that can be reached from the first page.

    Args:
        app: creates the application. It is called in several forked processes, and sets
            ``STATIC_SITE`` in its configuration, which templates respect.
        folder: where to write; see `replacing_site`.
        address: the address that the site will have; "" if unknown, and then the site has no
            sitemap and no description of the dataset, as they consist of addresses.
        progress: is called with the activity and the number of files so far.
        language: the language of the pages, one of `negotiation.LANGUAGES`.

    Raises:
        BadValueError: the address is not one of http or https.
        UnavailableError: a page fails, or the folder must not be replaced.
    """
    root = _with_slash(address)
    with replacing_site(folder) as written:
        types: dict[str, str] = {}
        linking: list[str] = []
        with forked(lambda: _requester(app, root, language)) as request:
            walk = Walk(request)
            for file in walk.run((*START, *(START_WITH_ADDRESS if root else ()))):
                _write(written / file.path, file.content)
                types[file.path] = file.media_type
                if file.media_type == PAGE or names_site(file.content, file.media_type):
                    linking.append(file.path)
                progress("Rendering pages", len(types))
        search_data = walk.files[pages.SEARCH_DATA]
        rewriter = Rewriter(walk.files, root)

        def rewrite(name: str) -> None:
            path = written / name
            text = path.read_text("utf-8")
            if types[name] == PAGE:
                text = rewriter.page(text, name)
            elif name == search_data:
                text = rewriter.search_data(text)
            else:
                text = rewriter.description(text)
            path.write_text(text, "utf-8")

        with forked(lambda: rewrite) as run:
            for number, _ in enumerate(run([*linking, search_data]), 1):
                progress("Linking files", number)
        for name, content in host_rules(walk.redirects, root).items():
            _write(written / name, content.encode())
    sizes = {path: path.stat().st_size for path in folder.rglob("*") if path.is_file()}
    return Summary(
        sum(1 for kind in types.values() if kind == PAGE),
        len(sizes),
        sum(sizes.values()),
        sizes[folder / search_data],
        tuple(walk.missing),
    )


def _requester(app: Callable[[], Flask], address: str, language: str) -> Callable[[str], Response]:
    served = app()
    served.config["STATIC_SITE"] = address
    served.register_blueprint(pages.blueprint)
    if building := served.extensions["search"].start():
        building.join()  # so that no page answers that the index is not ready
    return requester(served, language)


def _with_slash(address: str) -> str:
    parts = urlsplit(address)
    if address and (parts.scheme not in ("http", "https") or not parts.netloc):
        raise BadValueError(f"“{address}” is not an address", "Use one of the form https://…/")
    if parts.query or parts.fragment:
        raise BadValueError(f"the address “{address}” has a query or fragment", "Leave it out")
    return address if not address or address.endswith("/") else f"{address}/"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
