"""The site as files: every link leads to a file, under any path, with no server behind it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import Browser
from rdflib import Graph

from conftest import ROOT, forking_command
from site_browser import opened_at

SMALLEST = ROOT / "tests" / "dictionaries" / "pass" / "smallest.ttl"
ATTRIBUTE = re.compile(r'\s(?:href|src|action)="([^"]*)"')


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a small dictionary, in a folder below the root of its host."""
    host = tmp_path_factory.mktemp("host")
    (host / "below").mkdir()
    done = forking_command().run(
        ["site", "below/site", "--data", str(SMALLEST), "--base", "none"], b"", host, {}, 300
    )
    assert (done.returncode, done.stderr) == (0, b"")
    return host / "below" / "site"


def broken_links(site: Path) -> list[str]:
    """The links of pages that lead to no file, or to no part of one."""
    broken = []
    for page in sorted(site.rglob("*.html")):
        for address in map(unescape, ATTRIBUTE.findall(page.read_text())):
            parts = urlsplit(address)
            if parts.scheme or address.startswith("//"):
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            if not target.is_relative_to(site.resolve()) or not target.is_file():
                broken.append(f"{page.relative_to(site)}: {address}")
            elif parts.fragment and target.suffix == ".html":
                names = re.findall(r'\sid="([^"]*)"', target.read_text())
                if unquote(parts.fragment) not in map(unescape, names):
                    broken.append(f"{page.relative_to(site)}: {address}")
    return broken


def test_every_link_leads_to_a_file(site: Path) -> None:
    assert broken_links(site) == []


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        '<p id="b"><a href="a.html#b"> <a href="c.html"> <a href="#d">'
    )
    assert broken_links(tmp_path) == ["a.html: c.html", "a.html: #d"]


def test_the_data_is_there_in_every_form(site: Path) -> None:
    for ending, name in (("ttl", "turtle"), ("jsonld", "json-ld"), ("rdf", "xml"), ("nt", "nt")):
        graph = Graph().parse(site / "bakery" / "role" / f"baker.{ending}", format=name)
        assert len(graph) > 5
    assert (site / "_redirects").read_text().count(
        "/bakery/role/baker /bakery/role/baker.html 303"
    ) == 1


def test_other_files_are_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("mine")
    done = forking_command().run(["site", "out"], b"", tmp_path, {}, 100)
    assert done.returncode == 2
    assert b"Name an empty folder" in done.stderr
    assert (tmp_path / "out" / "mine").read_text() == "mine"


@pytest.fixture
def host(site: Path) -> Iterator[str]:
    """A host of static files that knows nothing of this project."""
    handler = partial(SimpleHTTPRequestHandler, directory=str(site.parents[1]))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_reader_walks_from_the_first_page_to_an_entry(host: str, browser: Browser) -> None:
    with opened_at(browser, host, "/below/site/index.html") as page:
        page.get_by_role("link", name="Baker", exact=True).first.click()
        assert page.locator("h1").inner_text() == "Baker"
        page.get_by_role("link", name="Turtle").click()
