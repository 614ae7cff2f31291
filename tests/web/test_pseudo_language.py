"""No English is left on the pages: in a language in which each message is in brackets, all are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import NullTranslations
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from competency_graph import Dictionary
from competency_graph.sandbox.request import Limits
from competency_graph.sandbox.scheduler import Scheduler
from competency_graph.web.backends import load_dictionary
from competency_graph.web.languages import texts
from versions.bakery import ABOUT, BAKER, DOUGH, HEAD, KNEADING, OVEN, archive

PAGES = (
    "/", "/about", "/data", "/queries", "/queries/role-knowledge", "/queries/role-esco-gap",
    "/sparql", "/sparql?query=SELECT * { ?s ?p ?o } LIMIT 2", "/entries", "/entries/role",
    "/entries/area", "/entries/cluster", "/entries/competency", "/entries/knowledge",
    "/entries/knowledge?page=9", "/matrix", "/matrix?role=R1&order=roles", "/graph", "/graph?entry=R1",
    "/graph?entry=K001", "/ontology", "/rules", "/rules/CG101", "/search", "/search?q=negotiation",
    "/search?q=forecst zzzzzz", "/search?q=zzzzzz", "/search?q=sales&kind=role", "/validate",
    "/search?q=customer&in=cluster:partnering",
    "/why", "/why?subject=R1&property=cg:requires&object=K001", "/compare", "/compare?kind=area",
    "/compare?entry=R1&entry=R2", "/compare?entry=R1&entry=R2&entry=R3", "/links",
    "/links?framework=onet&match=relatedMatch", "/sales.html", "/sales/role/analyst.html",
    "/sales/area/protecting-accounts.html", "/sales/cluster/insight.html",
    "/sales/competency/negotiating-positions.html", "/nothing", "/search?unknown=1",
)  # fmt: skip
INVALID = "@prefix cg: <https://w3id.org/competency-graph/ontology#> .\n<https://x.example/r> a cg:Role .\n"
SHOWN = ("aria-label", "placeholder", "alt")
"""The attributes whose values readers see or hear."""
CONTENT = frozenset(("code", "pre", "script", "style", "title", "kbd", "textarea", "time", "svg"))
"""Elements whose texts are not messages: code, names of files, or drawn labels."""
NAMES = re.compile(
    r"https?://\S+|\w[\w-]*:\w[\w.-]*"
    r"|\b(CSV|TSV|XLSX|XML|JSON(-LD)?|Turtle|RDF/XML|N-(Triples|Quads)|TriG|SSSOM( \(TSV\))?|SARIF|JUnit|HTML"
    r"|GitHub|SPARQL|API|BibTeX|ESCO|O\*NET|CC BY 4\.0|GraphML|SKOS|CTDL(-ASN)?|Dublin Core|PROV-O"
    r"|schema\.org|Organization Ontology|ISO 25964|(tsv|xml|json|csv|ctdl-asn|case|case-1\.0"
    r"|schema-org|skos|esco-csv|xlsx|sssom|graphml|sqlite|parquet)\b|OpenAPI|VoID)"
    r"|/[\w./-]+|\.\w+\b|\b[A-Z]{1,2}\d+|\w+Match\b|\btrue\b|\b(Englisch|Französisch)\b"
    r"|The competency-graph team|Claude by Anthropic( \((second|third) reading\))?"
)
"""Names, addresses and codes, which are the same in all languages."""
VOID = frozenset(("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"))


class Brackets(NullTranslations):
    """Translates each message into itself in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧" if message else ""

    def ngettext(self, one: str, many: str, number: int) -> str:
        return f"⟦{one if number == 1 else many}⟧"


class Unmarked(HTMLParser):
    """Collects the texts of a page that are neither messages nor marked as another language's."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        marked = tag in CONTENT or ("lang" in given and tag != "html")
        for name in SHOWN:
            value = given.get(name) or ""
            if not marked and not self._is_content() and "⟦" not in value:
                self._note(value)
        if tag not in VOID:
            self._open.append((tag, marked))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for piece in re.split("([⟦⟧])", data):
            if piece in "⟦⟧" and piece:
                self._depth += 1 if piece == "⟦" else -1
            elif self._depth == 0 and not self._is_content():
                self._note(piece)

    def _is_content(self) -> bool:
        return any(marked for _, marked in self._open)

    def _note(self, text: str) -> None:
        if re.search(r"[^\W\d_]{2}", NAMES.sub("", text)):
            self.found.append(text.strip())


def unmarked(page: str) -> list[str]:
    parser = Unmarked()
    parser.feed(page)
    return parser.found


@pytest.fixture(scope="module")
def client() -> Iterator[FlaskClient]:
    loaded = load_dictionary(Dictionary(), Limits(), Scheduler())
    app = loaded.app()
    thread = app.extensions["search"].start()
    if thread:
        thread.join()
    original = texts.catalogue
    texts.catalogue = lambda language: Brackets()  # type: ignore[assignment]
    yield app.test_client()
    texts.catalogue = original
    loaded.close()


MAPPED = """
[] a owl:Axiom ; owl:annotatedSource bakery:kneading ; owl:annotatedProperty skos:closeMatch ;
  owl:annotatedTarget esco:kneading ; <https://w3id.org/sssom/confidence> {} .
bakery:kneading skos:closeMatch esco:kneading .
"""
BAKERIES = (
    BAKER + DOUGH + KNEADING.replace(" .", " ; cg:inCluster bakery:dough .") + MAPPED.format("0.5"),
    BAKER.replace('"Baker"@en', '"Artisan baker"@en, "Boulanger"@fr') + DOUGH + OVEN
    + KNEADING.replace(" .", ' ; cg:inCluster bakery:oven ; skos:definition "To knead."@en .')
    + MAPPED.format("0.9"),
    BAKER.replace('"Baker"', '"Master baker"') + "bakery:baker owl:deprecated true .\n" + OVEN
    + KNEADING.replace(" .", ' ; skos:note "With care"@en, "Avec soin"@fr ; rdfs:seeAlso bakery:oven .'),
)  # fmt: skip


@pytest.fixture(scope="module")
def bakery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A dictionary that stands alone, with an archive of three versions and one that was changed."""
    folder = tmp_path_factory.mktemp("bakery")
    current = (
        '<https://example.org/bakery> a cg:CompetencyDictionary ; dcterms:title "Bakery"@en .\n'
    )
    (folder / "bakery.ttl").write_text(HEAD + ABOUT.format("1.2.0", 3) + current + BAKERIES[-1])
    archive(folder / "versions", *BAKERIES, OVEN)
    (folder / "versions/1.3.0/bakery.ttl").write_text("")
    dictionary = Dictionary([folder], base="none", inferring=False)
    loaded = load_dictionary(dictionary, Limits(), Scheduler())
    original = texts.catalogue
    texts.catalogue = lambda language: Brackets()  # type: ignore[assignment]
    yield loaded.app().test_client()
    texts.catalogue = original
    loaded.close()


@pytest.mark.parametrize("path", PAGES)
def test_every_text_of_a_page_is_a_message_or_marked(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers={"Accept": "text/html", "Accept-Language": "de"})
    assert page.mimetype == "text/html"
    assert "⟦" in page.text
    assert unmarked(page.text) == []


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/", "/changes"),
        ("/changes", "⟦Renamed⟧"),
        ("/bakery/1.0.0.html", "⟦First version: "),
        ("/bakery/1.1.0.html", "⟦Moved⟧"),
        ("/bakery/1.2.0.html", "⟦Gone⟧"),
        ("/bakery/1.3.0.html", "⟦The changes are unknown: "),
        ("/bakery/baker.html", "⟦History⟧"),
        ("/bakery/kneading.html", "⟦Mapped differently⟧"),
    ],
)  # fmt: skip
def test_every_text_about_versions_is_a_message_or_marked(
    bakery: FlaskClient, path: str, shown: str
) -> None:
    page = bakery.get(path, headers={"Accept": "text/html", "Accept-Language": "de"})
    assert page.mimetype == "text/html"
    assert shown in page.text
    assert unmarked(page.text) == []


def test_every_text_of_a_report_is_a_message_or_marked(client: FlaskClient) -> None:
    page = client.post(
        "/validate", data={"data": INVALID, "base": "none"},
        headers={"Accept": "text/html", "Accept-Language": "de"},
    )  # fmt: skip
    assert "CG1" in page.text
    assert unmarked(page.text) == []


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>⟦Roles⟧ and areas</p>", ["and areas"]),
        ('<p>⟦See <a href="/">the list</a>⟧.</p>', []),
        ('<p><span lang="en">Analyst</span> · CSV 3</p>', []),
        ('<nav aria-label="Main">⟦Roles⟧</nav>', ["Main"]),
        ('<ul><li lang="en">Analyst</li><li>Manager</li></ul>', ["Manager"]),
        ('<p>⟦Page⟧<br>two<input placeholder="Filter">', ["two", "Filter"]),
    ],
)
def test_a_text_that_is_left_is_found(html: str, found: list[str]) -> None:
    assert unmarked(html) == found
