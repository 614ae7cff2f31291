"""Every published IRI redirects, by content negotiation, to a document about it."""

from __future__ import annotations

import html
import http.client
import json
import re
import urllib.parse

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF, SKOS, VOID

from competency_graph import Dictionary
from conftest import ROOT

BASE = "https://w3id.org/competency-graph/"
TEXT = "\n".join(path.read_text() for path in sorted((ROOT / "data").rglob("*.ttl")))
ENTRIES = sorted(set(re.findall(r"^((?:role|title|area|cluster|competency|action|knowledge|ability|output):[\w-]+)$", TEXT, re.MULTILINE)))  # fmt: skip
READERS = {"ttl": "turtle", "jsonld": "json-ld", "rdf": "xml", "nt": "nt"}
TYPES = {
    "text/turtle": "ttl", "application/ld+json": "jsonld", "application/rdf+xml": "rdf",
    "application/n-triples": "nt", "text/html": "html", "*/*": "ttl", "": "ttl",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": "html",
    "text/turtle;q=0.3, application/ld+json": "jsonld",
}  # fmt: skip


class Client:
    """Sends requests to one server and follows no redirects."""

    def __init__(self, server: str) -> None:
        self.root = server
        parts = urllib.parse.urlsplit(server)
        self._connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=30)

    def get(self, path: str, accept: str = "") -> tuple[http.client.HTTPResponse, bytes]:
        self._connection.request("GET", path, headers={"Accept": accept} if accept else {})
        reply = self._connection.getresponse()
        return reply, reply.read()


@pytest.fixture(scope="module")
def client(server: str) -> Client:
    return Client(server)


def read(body: bytes, ending: str) -> Graph:
    return Graph().parse(data=body.decode(), format=READERS[ending])


def test_every_entry_of_the_files_is_found(client: Client) -> None:
    assert len(ENTRIES) == 695
    for entry in [*ENTRIES, ""]:
        path = f"/sales/{entry.replace(':', '/')}".rstrip("/")
        reply, _ = client.get(path)
        assert (reply.status, reply.headers["Location"]) == (303, f"{path}.ttl"), path


@pytest.mark.parametrize("accept", TYPES)
def test_the_document_has_the_preferred_format(client: Client, accept: str) -> None:
    reply, _ = client.get("/sales/role/analyst", accept)
    assert (reply.status, reply.headers["Vary"]) == (303, "Accept")
    assert reply.headers["Location"] == f"/sales/role/analyst.{TYPES[accept]}"
    reply, body = client.get(reply.headers["Location"])
    assert reply.status == 200
    assert f'<{BASE}sales/role/analyst>; rel="describes"' in reply.headers["Link"]
    if TYPES[accept] != "html":
        found = read(body, TYPES[accept])
        role = URIRef(f"{BASE}sales/role/analyst")
        assert str(found.value(role, SKOS.prefLabel)) == "Analyst"
        covered = found.value(predicate=URIRef(f"{BASE}ontology#coveredByRole"), object=role)
        assert found.value(covered, SKOS.prefLabel)


def test_an_unavailable_type_is_406(client: Client) -> None:
    for path in ("/sales/role/analyst", "/ontology"):
        reply, body = client.get(path, "image/png")
        assert reply.status == 406
        assert "text/turtle" in json.loads(body)["detail"]


@pytest.mark.parametrize("path", ["/sales/role/nobody", "/sales/role/", "/sales/role/analyst.pdf", "/sales/role/nobody.ttl", "/nothing", "/sales/<x>", "/%E2%82%AC"])  # fmt: skip
def test_an_unpublished_iri_is_not_found(client: Client, path: str) -> None:
    reply, body = client.get(urllib.parse.quote(path, safe="/%"))
    assert reply.status == 404
    assert json.loads(body)["remedy"]


def test_json_ld_carries_its_context(client: Client) -> None:
    _, body = client.get("/sales/area/setting-sales-strategy.jsonld")
    document = json.loads(body)
    assert document["@context"]["skos"] == str(SKOS)
    assert not any("http" in key for node in document["@graph"] for key in node)


def test_the_ontology_is_one_document(client: Client, sales: Dictionary) -> None:
    for ending, accept in (("ttl", "text/turtle"), ("jsonld", "application/ld+json")):
        reply, body = client.get("/ontology", accept)
        assert reply.status == 200
        assert len(read(body, ending)) == len(sales.ontology)
    _, page = client.get("/ontology", "text/html")
    terms = set(re.findall(rb'<article class="term" id="(\w+)"', page))
    assert {b"Role", b"AreaOfExpertise", b"requiresKnowledge"} <= terms


def test_a_page_describes_an_entry_and_links_to_others(client: Client) -> None:
    _, page = client.get("/sales/area/setting-sales-strategy.html")
    text = page.decode()
    assert "<h1>Setting Sales Strategy</h1>" in text
    assert "A05" in text
    for path in set(re.findall(r'href="(/sales/[^"]+)"', text)):
        assert client.get(path, "text/html")[0].status in (200, 303), path
    knowledge = re.findall(r"area:setting-sales-strategy\n(.*?)\n    \.\n", TEXT, re.DOTALL)[0]
    for name in re.findall(r"cg:requiresKnowledge knowledge:([\w-]+)", knowledge):
        assert f'href="/sales/knowledge/{name}"' in text


# The description of the dataset


@pytest.fixture(scope="module")
def described(client: Client) -> Graph:
    reply, body = client.get("/.well-known/void")
    assert reply.status == 200
    return read(body, "ttl")


def test_the_dataset_has_the_properties_of_dcat_and_void(described: Graph, client: Client) -> None:
    dataset = URIRef(f"{client.root}/.well-known/void#dataset")
    assert set(described.subjects(RDF.type, DCAT.Dataset)) == {dataset}
    for predicate in (DCTERMS.title, DCTERMS.description, DCTERMS.license, DCTERMS.publisher,
                      DCTERMS.issued, VOID.sparqlEndpoint, VOID.triples, VOID.exampleResource):  # fmt: skip
        assert len(set(described.objects(dataset, predicate))) == 1, predicate
    version = described.value(dataset, URIRef(f"{DCAT}version"))
    assert f'owl:versionInfo "{version}"' in TEXT
    service = described.value(predicate=DCAT.servesDataset, object=dataset)
    assert described.value(service, DCAT.endpointURL) == URIRef(f"{client.root}/sparql")


def test_its_counts_are_those_of_the_files(described: Graph) -> None:
    counts = {
        str(described.value(part, VOID["class"])).rpartition("#")[2]: int(
            described.value(part, VOID.entities)
        )
        for part in described.objects(None, VOID.classPartition)
    }
    kinds = {"Role": "role", "JobTitle": "title", "AreaOfExpertise": "area", "KeyAction": "action",
             "CompetencyCluster": "cluster", "Competency": "competency", "Knowledge": "knowledge",
             "Ability": "ability", "Output": "output"}  # fmt: skip
    for name, kind in kinds.items():
        assert counts[name] == sum(entry.startswith(f"{kind}:") for entry in ENTRIES)


def test_every_distribution_is_available_in_its_type(described: Graph, client: Client) -> None:
    distributions = list(described.objects(None, DCAT.distribution))
    assert len(distributions) == 16
    for one in distributions:
        address = str(described.value(one, DCAT.downloadURL))
        reply, body = client.get(address.removeprefix(client.root))
        kind = str(described.value(one, DCAT.mediaType)).split("/media-types/")[1]
        assert (reply.status, reply.headers["Content-Type"].split(";")[0]) == (200, kind), address
        assert body


def test_it_comes_in_any_format(client: Client) -> None:
    for ending, accept in (("jsonld", "application/ld+json"), ("rdf", "application/rdf+xml")):
        _, body = client.get("/.well-known/void", accept)
        assert read(body, ending).value(predicate=RDF.type, object=VOID.DatasetDescription)


def test_the_example_resources_exist(described: Graph, client: Client) -> None:
    (example,) = described.objects(None, VOID.exampleResource)
    assert client.get("/" + str(example).removeprefix(BASE))[0].status == 303


# Links


@pytest.mark.parametrize(("framework", "match"), [("esco", "exactMatch"), ("onet", "closeMatch")])
def test_links_are_listed_by_framework_and_match(
    client: Client, framework: str, match: str
) -> None:
    rows = (ROOT / "data" / "links" / f"{framework}.sssom.tsv").read_text().splitlines()
    of_files = [row for row in rows if f"\tskos:{match}\t" in row and "NoTermFound" not in row]
    path = f"/links?framework={framework}&match={match}"
    _, body = client.get(path, "text/csv")
    lines = body.decode().splitlines()[1:]
    assert len(lines) == len(of_files) > 0
    _, page = client.get(path, "text/html")
    noun = "row" if len(of_files) == 1 else "rows"
    assert f"{len(of_files):,} {noun}" in page.decode()


def test_a_long_table_of_links_is_in_pages(client: Client) -> None:
    """All pages together have the rows of the file, each page is short, and data is whole."""
    rows = (ROOT / "data" / "links" / "esco.sssom.tsv").read_text().splitlines()
    of_file = sum("\tskos:relatedMatch\t" in row for row in rows)
    path, numbers, shown = "/links?framework=esco&match=relatedMatch", [], 0
    while path:
        reply, body = client.get(path, "text/html")
        assert reply.status == 200
        assert len(body) < 100_000
        text = html.unescape(body.decode())
        (first, last, total) = re.findall(r"Rows (\d+) to (\d+) of (\d+)", text)[0]
        table = text.split('id="table"')[1].split("<tbody>")[1].split("</tbody>")[0]
        assert (int(first), table.count("<tr>")) == (shown + 1, int(last) - shown)
        shown = int(last)
        numbers.append(total)
        path = "".join(re.findall(r'rel="next" href="([^"#]+)', text))
    assert (shown, set(numbers)) == (of_file, {str(of_file)})
    reply, body = client.get("/links?framework=esco&match=relatedMatch&page=2", "text/csv")
    assert len(body.decode().splitlines()) == 1 + of_file
    assert client.get("/links?page=0", "text/html")[0].status == 400
    assert b"beyond the end" in client.get("/links?page=99", "text/html")[1]


def test_the_first_page_counts_the_same_links(client: Client) -> None:
    _, page = client.get("/", "text/html")
    _, counted = client.get("/queries/link-counts", "text/csv")
    for title, name in (("ESCO", "esco"), ("O*NET", "onet")):
        rows = [row.split(",") for row in counted.decode().splitlines()]
        number = sum(int(row[2]) for row in rows if row[0] == name)
        assert f"{number:,} links to {title}" in page.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/sales/role/consultant.html",
        "/entries/knowledge",
        "/compare?kind=role&entry=R1&entry=R4&entry=R5",
        "/links?framework=esco&match=relatedMatch",
        "/queries/role-knowledge",
    ],
)
def test_the_longest_pages_stay_below_100_kb(client: Client, path: str) -> None:
    reply, body = client.get(path, "text/html")
    assert reply.status == 200
    assert len(body) < 100_000


def test_an_unknown_framework_is_rejected(client: Client) -> None:
    reply, body = client.get("/links?framework=isco")
    assert reply.status == 400
    assert "Use one of esco, onet" in json.loads(body)["remedy"]


def test_a_page_shows_what_an_entry_corresponds_to(client: Client) -> None:
    _, page = client.get("/sales/knowledge/cold-calling-sales-techniques.html")
    text = page.decode()
    assert re.search(r">telemarketing</a> <small>ESCO · nearly the same", text)
    (row,) = (row for row in (ROOT / "data/links/esco.sssom.tsv").read_text().splitlines()
              if row.startswith("knowledge:cold-calling") and "\ttelemarketing\t" in row)  # fmt: skip
    assert row.split("\t")[-1].split(";")[0].rstrip(".")[:60].replace("'", "&#39;") in text
    assert "This service uses the ESCO classification of the European Commission." in text


def test_there_is_a_linkset_for_each_framework_and_match(described: Graph) -> None:
    counts = {}
    for linkset in described.subjects(RDF.type, VOID.Linkset):
        target = str(described.value(linkset, VOID.objectsTarget)).rpartition("/")[2]
        match = str(described.value(linkset, VOID.linkPredicate)).rpartition("#")[2]
        counts[target, match] = int(described.value(linkset, VOID.triples))
        version = described.value(
            described.value(linkset, VOID.objectsTarget), URIRef(f"{DCAT}version")
        )
        assert str(version) == {"esco": "v1.1.1", "onet": "29.2"}[target]
    expected: dict[tuple[str, str], int] = {}
    for name in ("esco", "onet"):
        for row in (ROOT / "data" / "links" / f"{name}.sssom.tsv").read_text().splitlines():
            cells = row.split("\t")
            if (
                row.startswith("#")
                or cells[0] == "subject_id"
                or "NoTermFound" in row
                or "Not" in cells
            ):
                continue
            key = name, cells[3].removeprefix("skos:")
            expected[key] = expected.get(key, 0) + 1
    assert counts == expected


def test_linked_o_net_elements_have_a_local_address(client: Client) -> None:
    """O*NET publishes no IRIs, so this project assigns IRIs to its elements."""
    reply, _ = client.get("/onet/element/2.C.1.d", "text/html")
    assert (reply.status, reply.headers["Location"]) == (303, "/onet/element/2.C.1.d.html")
    _, page = client.get(reply.headers["Location"])
    assert "<h1>Sales and Marketing</h1>" in page.decode()
    assert "https://www.onetonline.org/find/descriptor/result/2.C.1.d" in page.decode()
    assert 'href="/sales/knowledge/cold-calling-sales-techniques"' in page.decode()
