"""The site as files: an extended dictionary below the root of a host, with no server behind it."""

from __future__ import annotations

import http.client
import json
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from rdflib import Graph, Literal

from competency_graph import Dictionary
from competency_graph.errors import BadValueError, UnavailableError
from competency_graph.versions.released.snapshots import snapshot
from competency_graph.web.backends import load_in_process
from competency_graph.web.static_site import pages, write_site
from conftest import ROOT
from site_browser import accessibility_faults, opened_at, overflow
from static_hosts import APACHE, apache, plain_host

SMALLEST = ROOT / "tests" / "dictionaries" / "pass" / "smallest.ttl"
EXTENSION = """
PREFIX area: <https://w3id.org/bakery/area/>
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX my: <https://w3id.org/patisserie/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

<https://w3id.org/patisserie>
    a owl:Ontology ;
    dcterms:title "Patisserie"@en ;
    owl:imports <https://w3id.org/bakery> ;
    .

my:confectioner
    a cg:Role ;
    skos:prefLabel "Confectioner"@en , "Konditorin"@de ;
    skos:altLabel "Pastry cook"@en ;
    skos:notation "P-R1" ;
    skos:definition "Makes what is eaten with coffee."@en ;
    skos:inScheme <https://w3id.org/bakery> ;
    cg:coversArea area:baking , my:decorating ;
    .

my:decorating
    a cg:AreaOfExpertise ;
    skos:prefLabel "Decorating"@en ;
    skos:notation "P-A1" ;
    skos:inScheme <https://w3id.org/bakery> ;
    cg:areaOf <https://w3id.org/bakery> ;
    cg:requiresAbility <urn:uuid:5b0c6d1e-8f7a-4b59-9c38-1d2e3f405162> ;
    .

<urn:uuid:5b0c6d1e-8f7a-4b59-9c38-1d2e3f405162>
    a cg:Ability ;
    skos:prefLabel "Pipe cream"@en ;
    skos:notation "P-B1" ;
    skos:example "roses <and> leaves"@en ;
    skos:inScheme <https://w3id.org/bakery> ;
    .
"""
BELOW = "/people/skills/"
ADDRESS = f"https://acme.example{BELOW}"


@pytest.fixture(scope="module")
def dictionary(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A small dictionary with two released versions, and an extension.

    The IRI of an entry of the extension has no path.
    """
    folder = tmp_path_factory.mktemp("dictionary")
    base = SMALLEST.read_text().replace("https://example.org/", "https://w3id.org/")
    (folder / "base.ttl").write_text(base)
    (folder / "extension.ttl").write_text(EXTENSION)
    for number, label in (("1.0.0", "Bread maker"), ("1.1.0", "Baker")):
        text = base.replace('"Baker"', f'"{label}"').replace(
            'owl:versionInfo "1.0" ;', f"owl:versionIRI <https://w3id.org/bakery/{number}> ;"
        )
        (folder / "versions" / number).mkdir(parents=True)
        for name, content in snapshot({"base.ttl": text.encode()}).items():
            (folder / "versions" / number / name).write_bytes(content)
    return [folder / "base.ttl", folder / "extension.ttl"]


@pytest.fixture(scope="module")
def site(dictionary: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its site, in a folder below the root of its host."""
    root = tmp_path_factory.mktemp("host")
    (root / "people").mkdir()
    folder = root / "people" / "skills"
    summary = write_site(load_in_process(Dictionary(dictionary, base="none")), folder, ADDRESS)
    assert summary.missing == ()
    assert summary.files == sum(path.is_file() for path in folder.rglob("*"))
    return folder


@pytest.fixture(scope="module")
def host(site: Path) -> Iterator[str]:
    with plain_host(site.parents[1]) as address:
        yield address


def crawl(start: str) -> tuple[set[str], list[str]]:
    """All addresses that can be reached below a start, and the links that lead nowhere."""
    attribute = re.compile(r'\s(?:href|src|action|data-search)="([^"]*)"')
    texts: dict[str, str | None] = {}
    links: list[tuple[str, str]] = [("", start)]
    for page, link in links:
        address = urldefrag(link).url
        if address not in texts and address.startswith(start):
            try:
                with urllib.request.urlopen(address) as reply:
                    is_page = reply.headers.get_content_type() == "text/html"
                    texts[address] = reply.read().decode() if is_page else ""
            except urllib.error.HTTPError:
                texts[address] = None
            for found in attribute.findall(texts[address] or ""):
                target = urljoin(address, unescape(found))
                if target.startswith(urljoin(start, "/")):
                    links.append((address, target))
        del page
    broken = []
    for page, link in links:
        address, fragment = urldefrag(link)
        text = texts.get(address)
        if text is None or (fragment and f' id="{unquote(fragment)}"' not in text):
            broken.append(f"{page.removeprefix(start)}: {link.removeprefix(start)}")
    return {address.removeprefix(start) for address in texts}, broken


def test_every_link_leads_to_a_file_and_every_file_is_reached(host: str, site: Path) -> None:
    reached, broken = crawl(host + BELOW)
    assert broken == []
    written = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert {unquote(each) for each in reached} >= written - {"404.html", "index.html"}
    assert "Baker" in (site / "changes.html").read_text()
    assert {"changes.html", "bakery/1.0.0.html", "bakery/1.1.0.html"} <= reached
    # Nothing that a reader can click leads to the page for unknown addresses.
    assert "404.html" not in reached


def test_a_link_that_leads_nowhere_is_seen(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(
        '<p id="b"><a href="index.html#b"> <a href="c.html"> <a href="#d"> <a href="../up.html">'
    )
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "index.html").write_text('<a href="../index.html"> <a href="/none">')
    with plain_host(tmp_path) as address:
        assert crawl(f"{address}/") == (
            {"", "index.html", "c.html", "up.html"},
            [
                ": c.html", ": #d", ": up.html",
                "index.html: c.html", "index.html: index.html#d", "index.html: up.html",
            ],
        )  # fmt: skip
        assert crawl(f"{address}/a/")[1] == [f": {address}/index.html", f": {address}/none"]


def test_the_data_is_there_in_every_form(site: Path) -> None:
    for ending, name in (("ttl", "turtle"), ("jsonld", "json-ld")):
        graph = Graph().parse(site / "bakery" / "role" / f"baker.{ending}", format=name)
        assert len(graph) > 5
    released = Graph().parse(site / "bakery" / "1.0.0.ttl")
    assert Literal("Bread maker", lang="en") in set(released.objects())
    for ending in ("ttl", "jsonld", "nt", "rdf"):
        assert (site / f"graphs.{ending}.gz").is_file()
    assert {path.suffix for path in (site / "export").iterdir()} >= {".csv", ".xlsx", ".json"}
    description = Graph().parse(site / ".well-known" / "void.ttl")
    assert not [s for s, _, o in description if "sparql" in str(o)]
    addresses = [str(o) for o in description.objects() if str(o).startswith(ADDRESS)]
    assert f"{ADDRESS}graphs.nt.gz" in addresses
    files = [site / unquote(a.removeprefix(ADDRESS).partition("#")[0]) for a in addresses]
    assert [path for path in files if not path.exists()] == []


def test_the_addresses_of_the_site_are_its_own(site: Path) -> None:
    located = re.findall("<loc>(.*?)</loc>", (site / "sitemap.xml").read_text())
    assert f"{ADDRESS}patisserie/confectioner.html" in located
    files = [site / unquote(each.removeprefix(ADDRESS) or "index.html") for each in located]
    assert [path for path in files if not path.is_file()] == []
    assert not {"needs-server.html", "404.html"} & {path.name for path in files}
    page = (site / "bakery" / "role" / "baker.html").read_text()
    assert f'<link rel="canonical" href="{ADDRESS}bakery/role/baker.html">' in page
    assert f"{BELOW}bakery /people/skills/bakery.html 302" in (site / "_redirects").read_text()
    assert not [path for path in site.rglob("*.*ml") if "site.invalid" in path.read_text()]


def results(page: Page) -> list[str]:
    return page.locator("main .found").locator("h2, a").all_inner_texts()


def test_a_reader_searches_opens_compares_and_downloads(host: str, browser: Browser) -> None:
    with opened_at(browser, host, BELOW, width="phone") as page:
        page.keyboard.press("/")
        page.keyboard.type("confektioner", delay=20)
        option = page.get_by_role("option").first
        expect(option).to_have_text("Confectioner Role")
        assert accessibility_faults(page) == []
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{BELOW}patisserie/confectioner.html")
        page.get_by_role("link", name="Compare with another role").click()
        page.get_by_role("main").get_by_role("link", name="Baker").click()
        assert sorted(page.locator("h1").inner_text().split(" and ")) == ["Baker", "Confectioner"]
        expect(page.locator("#area .shared li")).to_have_text(["Baking"])
        page.get_by_role("link", name="Data", exact=True).click()
        with page.expect_download() as download:
            workbook = page.get_by_role("row").filter(has_text="xlsx")
            workbook.get_by_role("link", name="all entries").click()
        assert download.value.path().stat().st_size > 100


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("makes coffee", ["Roles", "Confectioner"]),  # in the definition
        ("Konditorin", ["Roles", "Confectioner"]),  # in another language
        ("pastry", ["Roles", "Confectioner"]),  # another name
        ("rses", ["Abilities", "Pipe cream"]),  # an example, with a typo
        ("decorte", ["Areas of expertise", "Decorating"]),  # another form, with a typo
        ("bak", ["Areas of expertise", "Baking", "Key actions", "Bakes", "Roles", "Baker"]),
        ("R1", ["Roles", "Baker"]),
    ],
)
def test_the_results_are_listed_by_kind(
    host: str, browser: Browser, text: str, found: list[str]
) -> None:
    with opened_at(browser, host, f"{BELOW}about.html") as page:
        page.get_by_role("combobox", name="Search").fill(text)
        page.locator(".find").evaluate("form => form.submit()")
        page.wait_for_url("**/search.html?q=*")
        expect(page.locator("main .found").first).to_be_visible()
        if text == "bak":
            assert sorted(results(page)[:6]) == sorted(found)
        else:
            assert results(page)[:2] == found
        assert page.get_by_role("combobox").input_value() == text
        assert accessibility_faults(page) == []
        assert overflow(page) == 0


def test_what_is_found_nowhere_is_said_with_the_lists(host: str, browser: Browser) -> None:
    with opened_at(browser, host, f"{BELOW}search.html?q=%3Cimg%20src=x%3Ezzzz") as page:
        expect(page.locator("h1")).to_have_text("Nothing found for “<img src=x>zzzz”")
        expect(page.get_by_role("main").get_by_role("link", name="roles")).to_be_visible()


def test_without_script_a_reader_goes_by_the_lists(host: str, browser: Browser) -> None:
    with opened_at(browser, host, BELOW, script=False) as page:
        page.get_by_role("searchbox", name="Search").fill("baker")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search.html?q=baker")
        page.get_by_role("main").get_by_role("link", name="roles").click()
        page.get_by_role("main").get_by_role("link", name="Baker").click()
        assert page.locator("h1").inner_text() == "Baker"
        page.get_by_role("link", name="Validate").click()
        assert page.locator("h1").inner_text() == "This needs a server"


needs_apache = pytest.mark.skipif(APACHE is None, reason="Debian: apache2-bin")


@needs_apache
def test_apache_leads_from_an_iri_to_its_document(site: Path, tmp_path: Path) -> None:
    w3id = site.parents[1] / "bakery"
    w3id.mkdir()
    with apache(site.parents[1], tmp_path) as root:
        rules = (site / "w3id.htaccess").read_text().replace("https://acme.example", root)
        (w3id / ".htaccess").write_text(rules)
        for start in (f"{root}{BELOW}bakery/role/baker", f"{root}/bakery/role/baker"):
            for accept, ending, media_type in (
                ("text/turtle", "ttl", "text/turtle"),
                ("application/ld+json, */*;q=0.1", "jsonld", "application/ld+json"),
                ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html",
                 "text/html"),
                ("*/*", "html", "text/html"),
            ):  # fmt: skip
                request = urllib.request.Request(start, headers={"Accept": accept})
                with urllib.request.urlopen(request) as reply:
                    assert reply.url == f"{root}{BELOW}bakery/role/baker.{ending}"
                    assert reply.headers.get_content_type() == media_type
            graph = Graph().parse(start)  # with the Accept header of an RDF client
            assert len(graph) > 5
        # Caches keep a redirection for each kind of client.
        connection = http.client.HTTPConnection(root.removeprefix("http://"))
        connection.request("GET", f"{BELOW}bakery/role/baker")
        redirection = connection.getresponse()
        connection.close()
        assert (redirection.status, redirection.getheader("Vary")) == (303, "Accept")
        # The dictionary's own page is beside the folder of its entries.
        with urllib.request.urlopen(f"{root}{BELOW}bakery") as reply:
            assert reply.url == f"{root}{BELOW}bakery.html"
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(f"{root}{BELOW}bakery/role/smith")
        assert error.value.code == 404
        assert f'href="{BELOW}entries/role.html"' in error.value.read().decode()


@pytest.fixture
def application(dictionary: list[Path]) -> Callable[[], Flask]:
    return load_in_process(Dictionary(dictionary, base="none"))


def test_other_files_are_not_replaced(tmp_path: Path, application: Callable[[], Flask]) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine").write_text("mine")
    with pytest.raises(UnavailableError, match=r"would be lost: mine. Name a new"):
        write_site(application, out)
    assert (out / "mine").read_text() == "mine"
    with pytest.raises(UnavailableError, match="not a folder"):
        write_site(application, out / "mine")
    with pytest.raises(BadValueError, match="is not an address"):
        write_site(application, out, "acme.example/skills")


def test_a_site_is_replaced_as_a_whole_or_not_at_all(
    tmp_path: Path, application: Callable[[], Flask]
) -> None:
    out = tmp_path / "out"
    write_site(application, out)
    first = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}

    def interrupt(activity: str, number: int) -> None:
        if (activity, number) == ("Rendering pages", 20):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_site(application, out, progress=interrupt)

    def broken() -> Flask:
        raise MemoryError

    with pytest.raises(UnavailableError, match="enough memory"):
        write_site(broken, out)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == first
    assert list(tmp_path.iterdir()) == [out]
    write_site(application, out)  # the same again
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == first
    (out / "CNAME").write_text("acme.example")
    with pytest.raises(UnavailableError, match="would be lost: CNAME"):
        write_site(application, out)


def test_the_search_data_is_bounded(
    application: Callable[[], Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = application()
    app.register_blueprint(pages.blueprint)
    client = app.test_client()
    whole = client.get("/search-data.json").get_data()
    entries = json.loads(whole)["entries"]
    pipe = next(entry for entry in entries if entry["label"] == "Pipe cream")
    assert pipe["examples"] == "roses <and> leaves"
    sizes = []
    for limit in (len(whole) - 1, len(whole) - 150, 1500):
        monkeypatch.setattr(pages, "MAX_SEARCH_BYTES", limit)
        body = client.get("/search-data.json").get_data()
        assert len(body) <= limit
        sizes.append([len(json.loads(body)["entries"]), body.count(b'"definition"')])
    assert sizes[0] == [len(entries), whole.count(b'"definition"')]
    assert sizes[1] == [len(entries), 0]
    assert 0 < sizes[2][0] < len(entries)


def test_the_pages_can_be_in_another_language(dictionary: list[Path], tmp_path: Path) -> None:
    application = load_in_process(Dictionary(dictionary, base="none"))
    summary = write_site(application, tmp_path / "site", ADDRESS, language="de")
    assert summary.missing == ()
    pages = [path.read_text() for path in (tmp_path / "site").rglob("*.html")]
    assert len(pages) > 20
    assert all('<html lang="de">' in page and "hreflang" not in page for page in pages)
    assert "Alle Einträge" in (tmp_path / "site" / "entries.html").read_text()
    search = json.loads((tmp_path / "site" / "search-data.json").read_text())
    assert search["kinds"]["role"] == {"one": "Rolle", "many": "Rollen"}
