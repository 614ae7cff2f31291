"""``/why``: a sentence whose parts are links, the same as data, and problems."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import jsonschema
import pytest

import sparql_servers
from competency_graph import Dictionary
from competency_graph.engines.publishing import to_endpoint
from conftest import Run, serving

REQUIREMENT = {"subject": "Analyst", "property": "requires", "object": "C05"}


def get(server: str, accept: str = "*/*", **parameters: str) -> tuple[int, str, str]:
    url = f"{server}/why?{urllib.parse.urlencode(parameters)}"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": accept})) as r:
            return r.status, r.headers["Content-Type"], r.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read().decode()


def test_the_parts_of_the_sentence_are_links(server: str) -> None:
    status, _, page = get(server, "text/html", **REQUIREMENT)
    assert status == 200
    sentence = re.search(r'<p class="step depth-0">(.*?)</p>', page)
    assert sentence is not None
    links = re.findall(r'<a href="([^"]*)">', sentence[1])
    assert links[:5] == [
        "/sales/role/analyst",
        "/ontology#coversArea",
        "/sales/area/creating-and-closing-opportunities",
        "/ontology#requires",
        "/sales/competency/negotiating-positions",
    ]
    assert re.sub(r"<.*?>", "", sentence[1]).startswith(
        "Analyst covers area Creating and Closing Opportunities, which requires"
    )
    assert page.count('<p class="step') == 3
    for link in links:
        with urllib.request.urlopen(server + link) as reply:
            assert reply.status == 200


def test_data_is_what_the_command_prints(server: str, competency: Run) -> None:
    status, kind, body = get(server, **REQUIREMENT)
    assert (status, kind) == (200, "application/json")
    printed = json.loads(competency("why", *REQUIREMENT.values(), "-f", "json").stdout)

    def without_places(found: dict) -> dict:
        return {
            key: [without_places(each) for each in value] if key == "premises" else value
            for key, value in found.items()
            if key != "place"
        }

    assert json.loads(body) == without_places(printed)


def test_data_is_as_described(server: str) -> None:
    with urllib.request.urlopen(f"{server}/openapi.json") as reply:
        described = json.load(reply)["components"]
    schema = {"$ref": "#/components/schemas/Explanation", "components": described}
    for changed in (
        {},
        {"property": "a", "object": "cg:Role"},
        {"property": "a", "object": "skos:Concept"},
    ):
        jsonschema.validate(json.loads(get(server, **REQUIREMENT | changed)[2]), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"subject": {"label": "Analyst"}}, schema)


def test_the_form_asks_for_a_statement(server: str) -> None:
    status, _, page = get(server, "text/html")
    assert status == 200
    assert re.findall(r'<input name="(\w+)"', page) == ["subject", "property", "object"]


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({"object": "R3"}, 404, "is not stated and does not follow"),
        ({"subject": "Analist"}, 404, "no entry is named “Analist”"),
        ({"property": "reqires"}, 404, "no property is named “reqires”"),
        ({"object": ""}, 400, "“object” is missing or empty"),
        ({"objekt": "C05"}, 400, "no parameter “objekt”"),
        ({"format": "pdf"}, 400, "no format “pdf”"),
    ],
)
def test_problems(server: str, changed: dict[str, str], status: int, said: str) -> None:
    code, kind, body = get(server, **REQUIREMENT | changed)
    assert (code, kind) == (status, "application/problem+json")
    problem = json.loads(body)
    assert said in problem["detail"]
    assert problem["remedy"]
    assert get(server, "text/html", **REQUIREMENT | changed)[0] == status


def test_a_store_on_disk_explains_the_same(server: str, tmp_path: Path, competency: Run) -> None:
    assert competency("publish", "--store", tmp_path / "store").returncode == 0
    with serving(tmp_path, "--store", tmp_path / "store") as address:
        assert get(address, **REQUIREMENT) == get(server, **REQUIREMENT)


def test_another_server_explains_the_same(server: str, sales: Dictionary, tmp_path: Path) -> None:
    with sparql_servers.oxigraph(tmp_path) as engine:
        to_endpoint(sales, engine.graphs, engine.auth)
        with serving(tmp_path, "--endpoint", engine.queries) as address:
            assert get(address, **REQUIREMENT) == get(server, **REQUIREMENT)
            assert get(address, **REQUIREMENT | {"object": "R3"})[0] == 404


def test_an_entry_with_hostile_text_is_escaped(tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text("""
@prefix cg: <https://w3id.org/competency-graph/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://example.org/x> a cg:Role ; skos:prefLabel "<script>alert(1)</script>"@en ;
  cg:coversArea <javascript:alert(1)> .
""")
    with serving(tmp_path, "--data", own) as address:
        status, _, page = get(
            address,
            "text/html",
            subject="https://example.org/x",
            property="a",
            object="skos:Concept",
        )
        other = get(
            address,
            "text/html",
            subject="<javascript:alert(1)>",
            property="a",
            object="cg:AreaOfExpertise",
        )
    assert status == 200
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert 'href="http://www.w3.org/1999/02/22-rdf-syntax-ns#type" rel="nofollow"' in page
    assert other[0] == 200
    assert 'href="javascript' not in other[2]
