"""From a new extension to its second release, and what its server shows of both."""

from __future__ import annotations

import http.client
import json
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from lxml import etree
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import OWL, SKOS

from competency_graph import Dictionary
from competency_graph.cli import cli
from competency_graph.sandbox.request import Limits
from competency_graph.sandbox.scheduler import Scheduler
from competency_graph.web.backends import load_dictionary
from conftest import ROOT, serving

C = "https://acme.example/c"
ATOM = "{http://www.w3.org/2005/Atom}"


def run(*arguments: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(cli, list(map(str, arguments)))
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done.stdout


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """New, 1.0.0, an edit, a deprecation, 1.1.0."""
    folder = tmp_path_factory.mktemp("walked")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        run("new", "acme", "--namespace", f"{C}/", "--title", "Selling at Acme")
        run("release", "1.0.0", "--data", "acme", "--date", "2026-11-01")
        roles = Path("acme/roles.ttl")
        roles.write_text(roles.read_text().replace("Sustainability Adviser", "Green <Adviser>"))
        assert "~~Sustainability Adviser~~" in run(
            "diff", "acme/versions/1.0.0", "acme", "-f", "markdown"
        )
        run(
            "deprecate",
            "ACME-K001",
            "--replaced-by",
            "knowledge:business-analysis-methods",
            "--data",
            "acme",
        )
        run("diff", "acme/versions/1.0.0", "acme", "--check")
        run("release", "1.1.0", "--data", "acme", "--date", "2026-12-01")
        run("validate", "acme")
    return folder


@pytest.fixture(scope="module")
def served(walked: Path) -> Iterator[str]:
    with serving(walked, "--data", "acme", "--no-inference") as address:
        yield address


def get(server: str, path: str, accept: str = "text/html") -> tuple[int, dict[str, str], str]:
    """Status, headers and text of one response, without following redirects."""
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=60)
    connection.request("GET", path, headers={"Accept": accept})
    reply = connection.getresponse()
    return reply.status, dict(reply.headers), reply.read().decode()


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


def merged(folder: Path) -> Graph:
    graph = Graph()
    for file in folder.rglob("*.ttl"):
        graph.parse(file)
    return graph


@pytest.mark.parametrize("number", ["1.0.0", "1.1.0"])
@pytest.mark.parametrize(
    ("accept", "ending", "form"),
    [("text/turtle", "ttl", "turtle"), ("application/ld+json", "jsonld", "json-ld"),
     ("application/rdf+xml", "rdf", "xml"), ("application/n-triples", "nt", "nt")],
)  # fmt: skip
def test_a_version_iri_answers_with_the_files_of_that_version(
    served: str, walked: Path, number: str, accept: str, ending: str, form: str
) -> None:
    status, headers, _ = get(served, f"/c/{number}", accept)
    assert (status, headers["Location"], headers["Vary"]) == (
        303,
        f"/c/{number}.{ending}",
        "Accept",
    )
    status, headers, text = get(served, headers["Location"], accept)
    assert (status, headers["Content-Type"].partition(";")[0]) == (200, accept)
    found = Graph().parse(data=text, format=form)
    assert isomorphic(found, merged(walked / "acme" / "versions" / number))
    label = "Sustainability Adviser" if number == "1.0.0" else "Green <Adviser>"
    adviser = URIRef(f"{C}/sustainability-adviser")
    assert (adviser, SKOS.prefLabel, Literal(label, lang="en")) in found
    assert found.value(URIRef(C), OWL.versionIRI) == URIRef(f"{C}/{number}")


@pytest.mark.parametrize("ending", ["html", "ttl"])
def test_a_version_document_says_what_it_describes_and_names_its_other_formats(
    served: str, ending: str
) -> None:
    links = get(served, f"/c/1.0.0.{ending}")[1]["Link"].split(", ")
    assert links[0] == f'<{C}/1.0.0>; rel="describes"'
    assert ('</c/1.0.0.ttl>; rel="alternate"; type="text/turtle"' in links) == (ending != "ttl")
    assert '</c/1.0.0.jsonld>; rel="alternate"; type="application/ld+json"' in links


def test_a_browser_sees_what_a_version_was(served: str) -> None:
    status, headers, _ = get(served, "/c/1.0.0")
    assert (status, headers["Location"]) == (303, "/c/1.0.0.html")
    text = plain(get(served, "/c/1.0.0.html")[2])
    assert "Selling at Acme 1.0.0" in text
    assert "This is an earlier version. The next one is 1.1.0" in text
    assert "First version: 1 role" in text
    text = plain(get(served, "/c/1.1.0.html")[2])
    assert "earlier version" not in text
    assert "Changes since 1.0.0" in text
    assert "Green <Adviser>" in text


@pytest.mark.parametrize("path", ["/c/2.0.0", "/c/1.0.0.exe", "/other/1.0.0", "/sales/1.0.0", "/versions/9.9.9", "/versions/x"])  # fmt: skip
def test_there_is_no_other_version(served: str, path: str) -> None:
    assert get(served, path)[0] == 404


@pytest.mark.parametrize(
    ("entry", "history"),
    [
        ("sustainability-adviser", ["Added in 1.0.0 1 November 2026", "Renamed in 1.1.0 1 December 2026", "label (English): ", "Sustainability Adviser → Green <Adviser>"]),
        ("environmental-reporting-rules", ["Added in 1.0.0 1 November 2026", "Deprecated in 1.1.0 1 December 2026"]),
        ("selling-sustainably", ["Added in 1.0.0 1 November 2026"]),
    ],
)  # fmt: skip
def test_the_page_of_an_entry_has_its_history(served: str, entry: str, history: list[str]) -> None:
    text = plain(get(served, f"/c/{entry}.html")[2])
    section = text[text.index(" History ") :]
    places = [section.index(part) for part in history]
    assert places == sorted(places)


def test_the_page_of_a_deprecated_entry_names_its_replacement(served: str) -> None:
    text = get(served, "/c/environmental-reporting-rules.html")[2]
    assert "This entry is deprecated. Use" in plain(text)
    assert 'href="/sales/knowledge/business-analysis-methods"' in text


def test_entries_of_others_were_not_added(served: str) -> None:
    assert " History " not in plain(get(served, "/sales/role/analyst.html")[2])
    consultant = plain(get(served, "/sales/role/consultant.html")[2])
    assert "With other references in 1.0.0" in consultant
    assert "Added in" not in consultant


def test_changes_are_listed_by_version_the_last_one_first(served: str) -> None:
    page = get(served, "/changes")[2]
    assert plain(page).index("1.1.0") < plain(page).index("1.0.0")
    assert 'href="/c/1.1.0"' in page
    assert "Green &lt;Adviser&gt;" in page
    assert 'href="/changes"' in get(served, "/")[2]
    assert "/changes" in get(served, "/sitemap.xml")[2]
    data = json.loads(get(served, "/changes?format=json")[2])
    assert [(step["number"], step["date"]) for step in data] == [
        ("1.1.0", "2026-12-01"),
        ("1.0.0", "2026-11-01"),
    ]
    assert {(change["kind"], change["entry"].removeprefix(C)) for change in data[0]["changes"]} >= {
        ("renamed", "/sustainability-adviser"), ("deprecated", "/environmental-reporting-rules")
    }  # fmt: skip


def feed_faults(text: str) -> list[str]:
    """What RFC 4287 does not allow: by its schema, and by what the schema cannot express."""
    schema = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
    found = [] if schema.validate(etree.fromstring(text.encode())) else [str(schema.error_log)]
    feed = ElementTree.fromstring(text)
    elements = (feed, *feed.findall(f"{ATOM}entry"))
    ids, times = (
        [element.findtext(f"{ATOM}{name}", "") for element in elements]
        for name in ("id", "updated")
    )
    if len(set(ids)) < len(ids) or not all(urlsplit(each).scheme for each in ids):
        found.append("the ids are not absolute and unique (section 4.2.6)")
    if not all(re.fullmatch(r".+T.+(Z|[+-]\d\d:\d\d)", each) for each in times):
        found.append("a time has no zone (section 3.3)")
    if times[0] != max(times[1:], default=times[0]) or times[1:] != sorted(times[1:], reverse=True):
        found.append("the feed is older than an entry, or the last one is not first")
    for element in elements:
        links = element.findall(f"{ATOM}link")
        relations = [link.get("rel") for link in links]
        if "alternate" not in relations or len(set(relations)) < len(relations):
            found.append("there is no page, or there are two of the same sort (section 4.1)")
        if not all(urlsplit(link.get("href", "")).netloc for link in links):
            found.append("a link is not absolute")
    return found


@pytest.mark.parametrize(
    ("pattern", "new", "fault"),
    [
        ("<title>Selling at Acme 1.0.0</title>", "", "Expecting an element title"),
        ("(</?)author>", r"\1writer>", "Expecting an element author"),
        ("T00:00:00Z", "T00:00:00", "a time has no zone"),
        ("2026-11-01T", "2026-11-31T", "dateTime"),
        (f"<id>{C}/1.1.0</id>", f"<id>{C}/1.0.0</id>", "not absolute and unique"),
        (f"<id>{C}/1.1.0</id>", "<id>1.1.0</id>", "not absolute and unique"),
        ("2026-11-01T", "2027-11-01T", "older than an entry"),
        (r"http://127[\d.:]+", "", "not absolute"),
        ('rel="self"', 'rel="alternate"', "of the same sort"),
    ],
)
def test_a_fault_of_a_feed_is_found(served: str, pattern: str, new: str, fault: str) -> None:
    text = get(served, "/changes.atom")[2]
    assert feed_faults(text) == []
    assert fault in " ".join(feed_faults(re.sub(pattern, new, text)))


def test_the_feed_is_in_the_language_that_its_address_names(served: str) -> None:
    assert 'href="/changes.atom?lang=de"' in get(served, "/changes?lang=de")[2]
    _, headers, text = get(served, "/changes.atom?lang=de")
    assert headers["Content-Language"] == "de"
    assert '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de">' in text
    assert "Umbenannt" in text
    assert "/changes.atom?lang=de" in text
    assert "Renamed" in get(served, "/changes.atom")[2]


def test_the_feed_has_what_rfc_4287_requires(served: str) -> None:
    for path, accept in [("/changes.atom", "*/*"), ("/changes", "application/atom+xml")]:
        status, headers, text = get(served, path, accept)
        assert (status, headers["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    assert feed_faults(text) == []
    feed = ElementTree.fromstring(text)
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Our organization"
    assert {link.get("rel") for link in feed.findall(f"{ATOM}link")} == {"self", "alternate"}
    first, second = feed.findall(f"{ATOM}entry")
    assert first.findtext(f"{ATOM}id") == f"{C}/1.1.0"
    assert second.findtext(f"{ATOM}title") == "Selling at Acme 1.0.0"
    content = first.find(f"{ATOM}content")
    assert content is not None
    assert content.get("type") == "html"
    assert "Green &lt;Adviser&gt;" in str(content.text)


def test_a_site_of_files_has_the_versions(tmp_path: Path) -> None:
    (tmp_path / "bakery").mkdir()
    shutil.copy(ROOT / "tests" / "dictionaries" / "pass" / "smallest.ttl", tmp_path / "bakery")
    run("release", "1.0.0", "--data", tmp_path / "bakery")
    run("site", tmp_path / "site", "--data", tmp_path / "bakery")
    for name in ("changes.html", "changes.atom", "bakery/1.0.0.html", "bakery/1.0.0.ttl"):
        assert (tmp_path / "site" / name).is_file(), name


def test_the_archive_may_be_elsewhere(walked: Path, tmp_path: Path) -> None:
    shutil.copy(walked / "acme" / "extension.ttl", tmp_path)
    dictionary = Dictionary([tmp_path], inferring=False, base="none")
    statuses = []
    for folder in (None, walked / "acme" / "versions"):
        loaded = load_dictionary(dictionary.reloaded(), Limits(), Scheduler(), folder)
        try:
            client = loaded.app().test_client()
            statuses.append([client.get(path).status_code for path in ("/c/1.0.0.ttl", "/changes")])
        finally:
            loaded.close()
    assert statuses == [[404, 200], [200, 200]]
