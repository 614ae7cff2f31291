"""Search over HTTP: the page, JSON, suggestions and the OpenSearch description."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from conftest import serving

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def get(server: str, path: str, accept: str = "*/*", **parameters: str) -> tuple[int, str]:
    url = f"{server}{path}" + (f"?{urllib.parse.urlencode(parameters)}" if parameters else "")
    asked = urllib.request.Request(url, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(asked, timeout=30) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def data(server: str, **parameters: str) -> Any:
    status, body = get(server, "/search", **parameters)
    assert status == 200, body
    return json.loads(body)


@pytest.mark.parametrize("parameters", [{"q": "forecst tools"}, {"q": "customer"}, {"q": ""}, {}])
def test_the_json_is_as_described(server: str, parameters: dict[str, str]) -> None:
    described = json.loads(get(server, "/openapi.json")[1])["paths"]["/search"]["get"]
    schema = described["responses"]["200"]["content"]["application/json"]["schema"]
    found = data(server, **parameters)
    jsonschema.validate(found, schema)
    assert found["query"] == parameters.get("q", "")


def test_the_first_hit_is_what_is_meant_and_has_a_page(server: str) -> None:
    found = data(server, q="forecst tools")
    assert (found["query"], found["corrected"]) == ("forecst tools", "forecast tools")
    first = found["hits"][0]
    assert first["excerpt"] == (
        "<mark>Forecasting</mark> and aggregation methods or <mark>tools</mark>"
    )
    status, page = get(server, first["path"], "text/html")
    assert status == 200
    assert "Forecasting and aggregation methods or tools" in page


def test_each_facet_leads_to_as_many_as_it_says(server: str) -> None:
    found = data(server, q="negotiation")
    assert found["total"] == sum(facet["count"] for facet in found["facets"]["kind"])
    for name, facets in found["facets"].items():
        for facet in facets:
            narrowed = data(server, q="negotiation", **{name: facet["value"]})
            assert narrowed["total"] == len(narrowed["hits"]) == facet["count"]


@pytest.mark.parametrize(
    ("parameters", "text"),
    [
        ({"q": "forecst"}, 'Did you mean <a href="/search?q=forecast">forecast</a>?'),
        ({"q": "recruitment consultant"}, "<b>Linked to ESCO:</b>"),
        ({"q": "zzzzzz"}, "Nothing found for “zzzzzz”"),
        ({"q": "?!"}, "There is no word in “?!” to look for."),
        ({"q": "analyst zzzzzz"}, "No entry has all words, as “zzzzzz” occurs nowhere."),
        ({"q": ""}, "Enter words, in any form, or a code"),
        ({"q": "<b>&"}, "“&lt;b&gt;&amp;”"),
        ({"q": "customer", "kind": "action"}, 'aria-current="true">Key actions'),
        ({"q": "customer", "in": "cluster:partnering"}, "Only what belongs to Partnering."),
        ({"q": "customer", "in": "x"}, "Nothing found for “customer”"),
    ],
)
def test_the_page_says_what_was_found(server: str, parameters: dict[str, str], text: str) -> None:
    status, page = get(server, "/search", "text/html", **parameters)
    assert status == 200
    assert text in page
    field = re.search(r'<input type="search"[^>]*?(?: value="([^"]*)")?>', page)
    assert field is not None
    assert (field[1] or "") == str(parameters["q"]).replace("&", "&amp;").replace(
        "<", "&lt;"
    ).replace(">", "&gt;")


@pytest.mark.parametrize("parameters", [{"kind": "roll"}, {"query": "x"}, {"format": "word"}])
def test_an_unknown_value_is_refused(server: str, parameters: dict[str, str]) -> None:
    status, body = get(server, "/search", **{"q": "x"} | parameters)
    assert status == 400
    assert json.loads(body)["remedy"]


def test_suggestions_have_the_form_of_opensearch(server: str) -> None:
    typed, labels, kinds, addresses = data(server, q="analy", format="suggestions")
    assert typed == "analy"
    assert len(labels) == len(kinds) == len(addresses) > 1
    assert (labels[0], kinds[0]) == ("Analyst", "Role")
    assert addresses[0] == f"{server}/sales/role/analyst"
    assert data(server, q="", format="suggestions") == ["", [], [], []]


def test_the_description_leads_back_to_the_search(server: str) -> None:
    page = get(server, "/", "text/html")[1]
    link = re.search(r'<link rel="search" type="([^"]+)" href="([^"]+)"', page)
    assert link is not None
    asked = urllib.request.urlopen(server + link[2], timeout=20)
    assert asked.headers["Content-Type"].partition(";")[0] == link[1]
    root = ElementTree.fromstring(asked.read())
    assert len(root.findtext(f"{OPENSEARCH}ShortName") or "") in range(1, 17)
    for url in root.findall(f"{OPENSEARCH}Url"):
        address = url.attrib["template"].replace("{searchTerms}", "forecst%20tools")
        with urllib.request.urlopen(
            urllib.request.Request(address, headers={"Accept": "text/html"}), timeout=20
        ) as reply:
            assert reply.headers["Content-Type"].partition(";")[0] == url.attrib["type"]


def test_an_unknown_path_suggests_the_nearest_entries(server: str) -> None:
    status, page = get(server, "/sales/role/anlyst", "text/html")
    assert status == 404
    assert '<li><a href="/sales/role/analyst">Analyst</a></li>' in page
    status, page = get(server, "/zzzzzz", "text/html")
    assert status == 404
    assert "Perhaps you meant" not in page


OWN = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
<https://bakery.example/skill/1> a cg:Ability ; skos:prefLabel "Sauerteig führen"@de .
<https://bakery.example/skill/2> a cg:Ability ; skos:altLabel "Folding dough"@en .
"""


def test_entries_of_a_dictionary_of_ones_own_are_found(tmp_path: Path) -> None:
    """One without roles, areas and clusters, with a label in German and an entry without one."""
    (tmp_path / "own.ttl").write_text(OWN)
    with serving(tmp_path, "--data", "own.ttl", "--base", "none") as address:
        (hit,) = data(address, q="sauerteg fuhren")["hits"]
        assert hit["label"] == "Sauerteig führen"
        assert hit["path"] == "/skill/1"
        assert get(address, hit["path"], "text/html")[0] == 200
        found = data(address, q="dough")
        assert [hit["label"] for hit in found["hits"]] == ["2"]
        assert found["facets"]["in"] == []
        assert "Also called" in get(address, "/search", "text/html", q="dough")[1]
