"""Links, Data, About, the sitemap, and what pages state for search engines: true to the files."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from rdflib import DCAT, DCTERMS, RDF, Graph, URIRef

from competency_graph import Dictionary
from competency_graph.rdf.vocabulary import KINDS
from competency_graph.sandbox.reply import Reply
from competency_graph.sandbox.request import Limits
from competency_graph.scaffold import create_extension
from competency_graph.sparql.evaluator import evaluate
from competency_graph.web.app import create_app
from competency_graph.web.publication import sitemap
from conftest import ROOT, Run, serving

SALES = URIRef("https://w3id.org/competency-graph/sales")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def get(address: str, accept: str = "text/html") -> str:
    request = urllib.request.Request(address, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=60) as reply:
        return str(reply.read().decode(errors="replace"))


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


@pytest.fixture(scope="module")
def files() -> Graph:
    """The dictionary's own files."""
    graph = Graph()
    for file in (ROOT / "data/sales").rglob("*.ttl"):
        graph.parse(file)
    return graph


@pytest.fixture(scope="module")
def links() -> list[dict[str, str]]:
    """The rows of the published tables of links, each with its framework."""
    rows = []
    for framework in ("esco", "onet"):
        text = (ROOT / f"data/links/{framework}.sssom.tsv").read_text()
        lines = [line for line in text.splitlines() if not line.startswith("#")]
        rows += [{**row, "framework": framework} for row in csv.DictReader(lines, delimiter="\t")]
    return rows


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of an extension as ``competency new`` makes it."""
    folder: Path = tmp_path_factory.mktemp("own")
    create_extension("acme", "https://acme.example/c/", "Selling at Acme", parent=folder)
    with serving(folder, "--data", "acme") as address:
        yield address


# Links


def test_links_are_counted_by_framework_and_match(server: str, links: list[dict[str, str]]) -> None:
    page = get(f"{server}/links")
    made = [
        row for row in links
        if row["object_id"] != "sssom:NoTermFound" and not row.get("predicate_modifier")
    ]  # fmt: skip
    counts = Counter((row["framework"], row["predicate_id"].partition(":")[2]) for row in made)
    shown = {
        (framework, match): int(number.replace(",", ""))
        for framework, match, number in re.findall(
            r'href="/links\?framework=(\w+)&amp;match=(\w+)#table"[^>]*>([\d,]+)</a>', page
        )
    }
    assert shown == dict(counts)
    for (framework, match), number in counts.items():
        filtered = plain(get(f"{server}/links?framework={framework}&match={match}"))
        expected = f" {number} row" if number <= 200 else f"Rows 1 to 200 of {number}"
        assert expected in filtered


def test_entries_without_a_counterpart_are_listed(server: str, links: list[dict[str, str]]) -> None:
    part = get(f"{server}/links").partition('id="without"')[2]
    lacking = [row for row in links if row["object_id"] == "sssom:NoTermFound"]
    assert part.count("<small>not in ") == len(lacking) > 0
    for row in lacking:
        assert row["subject_label"] in unescape(part)


# Data


class Addresses(HTMLParser):
    """The addresses that a page links to, and those of its forms' buttons."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Collect the addresses of a tag."""
        self.found += [value or "" for name, value in attributes if name in ("href", "formaction")]


def test_every_download_can_be_had(tmp_path: Path) -> None:
    """With a time limit that whole graphs keep on a busy machine, too.

    The distributions, which are among them, are downloaded in test_entry_pages.py.
    """
    with serving(tmp_path, "--time-limit", "120") as server:
        page = get(f"{server}/data")
        paths = [
            a
            for a in dict.fromkeys(Addresses(page).found)
            if a.startswith(("/export", "/graphs", "/.well"))
        ]
        assert len(paths) > 30
        described = Graph().parse(data=get(f"{server}/.well-known/void", "text/turtle"))
        distributions = {
            str(url).removeprefix(server) for url in described.objects(None, DCAT.downloadURL)
        }
        assert distributions < set(paths)
        for path in set(paths) - distributions:
            try:
                assert get(server + path, "*/*"), path
            except urllib.error.HTTPError as error:
                pytest.fail(f"{path}: {error.read().decode()}")
        area = quote("https://w3id.org/competency-graph/sales/area/setting-sales-strategy")
        assert "Setting Sales Strategy" in get(f"{server}/export/csv?area={area}", "*/*")
        assert f'value="{area.replace("%3A", ":")}"' in page
        for item in json.loads(get(f"{server}/data", "application/json")):
            assert item["href"] in paths or item["href"] == "/openapi.json"


def test_the_examples_on_the_page_work(server: str) -> None:
    page = get(f"{server}/data")
    shell, python = (
        unescape(re.search(rf'<pre[^>]* id="{name}">(.*?)</pre>', page, re.DOTALL)[1])  # type: ignore[index]
        for name in ("curl", "python")
    )
    table = subprocess.run(["sh", "-c", shell], capture_output=True, text=True, check=True).stdout
    rows = list(csv.DictReader(io.StringIO(table)))
    printed = subprocess.run(
        [sys.executable, "-c", python], capture_output=True, text=True, check=True
    ).stdout
    assert printed.splitlines() == [f"{row['code']} {row['label']}" for row in rows]
    assert len(rows) == 13


def test_the_list_of_exports_leads_browsers_to_the_page(server: str) -> None:
    assert 'id="exports"' in get(f"{server}/export")
    assert {"name", "mediaType", "description", "href"} == set(
        json.loads(get(f"{server}/export", "application/json"))[0]
    )


def test_own_entries_can_be_had_alone(acme: str) -> None:
    assert "/export/xlsx?own=true" in get(f"{acme}/data")
    assert "Selling Sustainably" in get(f"{acme}/data")


# About


def test_what_is_served_is_described_by_its_own_words(
    server: str, files: Graph, links: list[dict[str, str]]
) -> None:
    page = plain(get(f"{server}/about"))
    for name in ("title", "description", "provenance", "source", "creator"):
        assert str(files.value(SALES, DCTERMS[name])) in page
    created = files.value(SALES, DCTERMS["created"]).toPython()
    assert f"{created.day} {created:%B %Y}" in page
    for class_, words in (("role", "roles"), ("knowledge", "knowledge"), ("output", "outputs")):
        assert f"{len(set(files.subjects(RDF.type, KINDS[class_])))} {words}" in page
    for framework in ("esco", "onet"):
        own = [
            r
            for r in links
            if r["framework"] == framework and r["object_id"] != "sssom:NoTermFound"
        ]
        denied = sum(bool(row.get("predicate_modifier")) for row in own)
        alike = sum(float(row["reviewer_agreement"] or 0) >= 1 for row in own)
        read_again = denied + sum(
            bool(row["reviewer_agreement"]) for row in own if not row.get("predicate_modifier")
        )
        assert f"confirmed {alike:,} of {read_again:,} links" in page
        assert f"Links {len(own) - denied:,} ," in page
        rated = [
            float(r["confidence"]) for r in links if r["framework"] == framework and r["confidence"]
        ]
        assert f"{sum(rated) / len(rated):.2f} on average" in page


def test_it_can_be_cited(server: str) -> None:
    page = unescape(get(f"{server}/about"))
    assert (
        f"The competency-graph team (2026). Sales competency dictionary, version 0.1.0. {SALES}"
        in page
    )
    assert "@misc{sales2026,\n  author = {{The competency-graph team}},\n  title = {{Sales" in page
    items = json.loads(get(f"{server}/about", "application/json"))
    assert [item["type"] for item in items] == [
        "dictionary", "ontology", "ontology", "links", "links",
    ]  # fmt: skip


def test_an_extension_is_described_before_what_it_extends(acme: str) -> None:
    titles = [item["title"] for item in json.loads(get(f"{acme}/about", "application/json"))]
    assert titles[:2] == ["Selling at Acme", "Sales competency dictionary"]
    page = get(f"{acme}/c.html")
    assert "It extends <a" in page
    assert "Extended by" in get(f"{acme}/sales.html")


def test_the_page_of_a_dictionary_counts_its_entries(server: str, files: Graph) -> None:
    page = get(f"{server}/sales.html")
    for kind, class_ in KINDS.items():
        number = len(set(files.subjects(RDF.type, class_)))
        assert f'<b>{number}</b> <a href="/entries/{kind}">' in page
    assert page.count('href="/sales/area/') == 13
    assert page.count('href="/sales/competency/') == 29


def test_a_store_on_disk_has_the_same_pages(server: str, competency: Run, tmp_path: Path) -> None:
    assert competency("publish", "--store", tmp_path / "store").returncode == 0
    with serving(tmp_path, "--store", tmp_path / "store") as address:
        for path in ("/about", "/links", "/sales.html"):
            there, here = (plain(get(root + path)).replace(root, "") for root in (server, address))
            assert there == here
        page = get(f"{address}/data")
        assert "/graphs?default&amp;format=turtle" in page
        assert "/export/" not in page
        assert get(f"{address}/ontology").count('class="term"') == 29


# For search engines


def structured(page: str) -> list[Any]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return [json.loads(text) for text in found]


def test_an_entry_is_a_defined_term(server: str) -> None:
    (node,) = structured(get(f"{server}/sales/area/setting-sales-strategy.html"))
    assert (node["@context"], node["@type"]) == ("https://schema.org", "DefinedTerm")
    assert node["@id"] == f"{SALES}/area/setting-sales-strategy"
    assert node["url"] == f"{server}/sales/area/setting-sales-strategy.html"
    assert (node["name"], node["termCode"]) == ("Setting Sales Strategy", "A05")
    assert node["inDefinedTermSet"]["@id"] == str(SALES)
    (role,) = structured(get(f"{server}/sales/role/analyst.html"))
    assert role["@type"] == "Occupation"
    assert len(role["skills"]) == 5


def test_the_dictionary_is_a_set_of_defined_terms(server: str) -> None:
    for path in ("/", "/sales.html"):
        (node,) = structured(get(server + path))
        assert (node["@type"], node["@id"], node["version"]) == (
            "DefinedTermSet",
            str(SALES),
            "0.1.0",
        )


def test_text_cannot_end_the_script_element(tmp_path: Path) -> None:
    (tmp_path / "d.ttl").write_text(
        "PREFIX cg: <https://w3id.org/competency-graph/ontology#> "
        "PREFIX dcterms: <http://purl.org/dc/terms/> "
        '<https://e.example/d> a cg:CompetencyDictionary ; dcterms:title "</script><b>\\"x\\"" .'
    )
    with serving(tmp_path, "--data", "d.ttl", "--base", "none") as address:
        page = get(address)
    (node,) = structured(page)
    assert node["name"] == '</script><b>"x"'
    assert "</script><b>" not in page
    assert 'content="&lt;/script&gt;&lt;b&gt;&#34;x&#34;"' in page


PAGES = ["/", "/matrix", "/ontology", "/links", "/data", "/about", "/queries", "/rules", "/validate",
         "/sales.html", "/sales/role/analyst.html", "/queries/role-knowledge", "/rules/CG101"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_a_description_and_a_canonical_address(server: str, path: str) -> None:
    page = get(f"{server}{path}?format=html" if path.startswith("/queries/") else server + path)
    (description,) = re.findall(r'<meta name="description" content="([^"]+)">', page)
    assert len(description) > 15
    assert re.findall(r'<link rel="canonical" href="([^"]+)">', page) == [server + path]
    (title,) = re.findall(r"<title>([^<]+)</title>", page)
    assert re.findall(r'<meta property="og:title" content="([^"]+)">', page) == [title]


def locations(text: str) -> list[str]:
    root = ElementTree.fromstring(text)
    return [element.text or "" for element in root.iter(f"{SITEMAP}loc")]


def test_the_sitemap_has_every_entry_and_page(server: str, files: Graph) -> None:
    robots = get(f"{server}/robots.txt")
    address = re.search(r"^Sitemap: (\S+)$", robots, re.MULTILINE)
    assert address is not None
    found = locations(get(address[1]))
    assert len(set(found)) == len(found)
    entries = {str(s) for class_ in KINDS.values() for s in files.subjects(RDF.type, class_)}
    paths = {location.removeprefix(server) for location in found}
    assert {
        f"/{e.removeprefix('https://w3id.org/competency-graph/')}.html" for e in entries
    } < paths
    assert {"/", "/about", "/data", "/ontology", "/links", "/sales.html", "/rules/CG101"} < paths
    for path in (*sorted(paths)[::60], "/sales.html"):
        assert get(server + path), path


class InProcess:
    """A backend that answers queries itself."""

    limits = Limits()

    def __init__(self, store: ox.Store) -> None:
        self.store = store

    @contextmanager
    def ask(self, request: Any, ticket: Any = None) -> Iterator[Reply]:
        """Answer with JSON."""
        answer = evaluate(self.store, request.text, request.bindings)
        yield Reply("table", "json", iter([answer.serialize("json")]))


def test_a_long_sitemap_is_in_parts(sales: Dictionary, monkeypatch: pytest.MonkeyPatch) -> None:
    client = create_app(InProcess(sales.store)).test_client()  # type: ignore[arg-type]
    whole = locations(client.get("/sitemap.xml").text)
    monkeypatch.setattr(sitemap, "MAX_PAGES", 300)
    index = locations(client.get("/sitemap.xml").text)
    assert [each.rpartition("/")[2] for each in index] == [
        f"sitemap-{n}.xml" for n in range(1, len(whole) // 300 + 2)
    ]
    parts = [locations(client.get(urlsplit(each).path).text) for each in index]
    assert [address for part in parts for address in part] == whole
    assert client.get("/sitemap-0.xml").status_code == 404
    assert client.get("/sitemap-99.xml").status_code == 404


def test_what_is_not_found_leads_on(server: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as error:
        get(f"{server}/sales/role/sales-wizzard.html")
    page = error.value.read().decode()
    assert error.value.code == 404
    assert 'value="sales wizzard"' in page
    assert 'name="robots" content="noindex"' in page
    assert 'rel="canonical"' not in page
