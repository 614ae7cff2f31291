"""The surroundings of entries have what the files state, and each neighbour once."""

from __future__ import annotations

import urllib.parse
from collections import Counter

import pytest
from rdflib import URIRef
from rdflib.namespace import RDF

from conftest import serving
from site_client import CG, fetch, iri, published, values

AREAS = sorted(published().subjects(RDF.type, CG.AreaOfExpertise))


def found(root: str, entry: URIRef) -> dict[str, set[str]]:
    """The neighbours of an entry by the local name of the property."""
    by_property: dict[str, set[str]] = {}
    for link in fetch(root, f"/graph?{urllib.parse.urlencode({'entry': entry})}").json["links"]:
        other = link["target"] if link["source"] == str(entry) else link["source"]
        by_property.setdefault(link["property"].rpartition("#")[2], set()).add(other)
    return by_property


@pytest.mark.parametrize("area", AREAS, ids=str)
def test_an_area_has_the_neighbours_that_the_files_state(server: str, area: URIRef) -> None:
    neighbours = found(server, area)
    for name in ("requiresKnowledge", "requiresAbility", "hasKeyAction", "producesOutput"):
        assert neighbours[name] == {str(value) for value in values(area, name)}
    assert neighbours["coveredByRole"] == {
        str(role) for role in published().subjects(CG.coversArea, area)
    }
    assert len(neighbours["requiresCompetency"]) == 29
    assert "requires" not in neighbours  # it states the same less precisely


def test_links_have_the_direction_of_their_statements(server: str) -> None:
    knowledge = next(iter(values(AREAS[0], "requiresKnowledge")))
    answer = fetch(server, f"/graph?entry={knowledge}").json
    links = {
        (link["source"], link["property"], link["target"]): link["inferred"]
        for link in answer["links"]
    }
    assert links[str(AREAS[0]), f"{CG}requiresKnowledge", str(knowledge)] is False
    inferred = [source for (source, name, _), is_so in links.items() if is_so]
    assert inferred
    assert all("/role/" in source for source in inferred)
    nodes = Counter(node["iri"] for node in answer["nodes"])
    assert set(nodes.values()) == {1}
    assert {end for source, _, target in links for end in (source, target)} == set(nodes)


@pytest.mark.parametrize("name", ["R5", "analyst", "role:analyst", str(iri("role/analyst"))])
def test_an_entry_is_named_by_label_code_or_iri(server: str, name: str) -> None:
    answer = fetch(server, f"/graph?{urllib.parse.urlencode({'entry': name})}").json
    assert answer["entry"] == str(iri("role/analyst"))


def test_without_an_entry_it_is_the_dictionary(server: str) -> None:
    answer = fetch(server, "/graph").json
    assert answer["entry"] == str(iri("")).rstrip("/")
    assert len(answer["links"]) == 13 + 29


def test_a_concept_of_a_framework_leads_back(server: str) -> None:
    links = fetch(server, "/graph?entry=K001").json["links"]
    outside = [link["target"] for link in links if "Match" in link["property"]]
    for concept in outside:
        back = fetch(server, f"/graph?{urllib.parse.urlencode({'entry': concept})}").json
        assert str(iri("knowledge/")) in " ".join(link["source"] for link in back["links"])


@pytest.mark.parametrize("kind", ["area", "title", "cluster", "competency", "action", "output"])
def test_every_node_of_the_page_is_a_link(server: str, kind: str) -> None:
    entry = fetch(server, f"/entries/{kind}").json[0]["iri"]
    path = f"/graph?{urllib.parse.urlencode({'entry': entry})}"
    page = fetch(server, path, "text/html").text
    assert page.count("<circle") == page.count("<circle cx") >= 2
    assert len(page) < 100_000
    for node in fetch(server, path).json["nodes"][1:]:
        address = f"/graph?entry={urllib.parse.quote(node['iri'])}#walk"
        assert f'href="{address}"' in page


@pytest.mark.parametrize(
    ("entry", "status"), [("nobody", 400), ("https://e.example/x", 404), ("role:nobody", 404)]
)
def test_what_is_unknown_is_explained(server: str, entry: str, status: int) -> None:
    reply = fetch(server, f"/graph?entry={entry}")
    assert reply.status == status
    assert reply.json["remedy"]


def test_entries_without_labels_kinds_and_codes_are_drawn(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("bare")
    many = ", ".join(f"<https://b.example/k{n}>" for n in range(400))
    (folder / "d.ttl").write_text(
        "PREFIX cg: <https://w3id.org/competency-graph/ontology#>\n"
        f"<https://b.example/a> a cg:AreaOfExpertise ; cg:requiresKnowledge {many} ;"
        ' <https://b.example/likes> "texts" .\n'
    )
    with serving(folder, "--data", "d.ttl", "--base", "none") as address:
        page = fetch(address, "/graph?entry=https://b.example/a", "text/html").text
        assert "393 more" in page
        assert "and 250 more" in page
        assert len(page) < 100_000
        assert fetch(address, "/graph").status == 400
