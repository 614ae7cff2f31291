"""The lists of entries have every entry of the files, in groups and in the order of the codes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib.namespace import RDF, SKOS

from conftest import serving
from site_client import CG, fetch, iri, published, values

CLASSES = {
    "role": "Role", "title": "JobTitle", "area": "AreaOfExpertise", "cluster": "CompetencyCluster",
    "competency": "Competency", "action": "KeyAction", "knowledge": "Knowledge",
    "ability": "Ability", "output": "Output",
}  # fmt: skip
GROUPED_BY = {
    "title": "exampleTitle", "competency": "hasCompetency", "action": "hasKeyAction",
    "knowledge": "requiresKnowledge", "ability": "requiresAbility", "output": "producesOutput",
}  # fmt: skip


@pytest.mark.parametrize("kind", CLASSES)
def test_a_list_has_the_entries_of_the_files_in_their_groups(server: str, kind: str) -> None:
    graph = published()
    listed = fetch(server, f"/entries/{kind}").json
    pairs = [(item.get("of", ""), item["iri"]) for item in listed]
    if kind in GROUPED_BY:
        expected = {(str(s), str(o)) for s, o in graph.subject_objects(CG[GROUPED_BY[kind]])}
    else:
        expected = {("", str(s)) for s in graph.subjects(RDF.type, CG[CLASSES[kind]])}
    assert set(pairs) == expected
    assert len(pairs) == len(expected)
    codes = [item["code"] for item in listed]
    if kind not in GROUPED_BY:
        assert codes == sorted(codes)


def test_the_groups_are_in_the_order_of_their_codes(server: str) -> None:
    listed = fetch(server, "/entries/knowledge").json
    groups = list(dict.fromkeys(item["of"] for item in listed))
    codes = {str(s): str(o) for s, o in published().subject_objects(SKOS.notation)}
    assert [codes[group] for group in groups] == [f"A{n:02}" for n in range(1, 14)]


def test_roles_and_areas_have_their_counts(server: str) -> None:
    roles = {item["iri"]: item["parts"] for item in fetch(server, "/entries/role").json}
    for role, parts in roles.items():
        areas = values(iri(role.removeprefix(str(iri("")))), "coversArea")
        required = {
            kind: len({each for area in areas for each in values(area, name)})
            for kind, name in (("knowledge", "requiresKnowledge"), ("ability", "requiresAbility"))
        }
        assert parts == {"area": len(areas), **required}
    areas = {item["iri"]: item for item in fetch(server, "/entries/area").json}
    for area, item in areas.items():
        node = iri(area.removeprefix(str(iri(""))))
        assert item["parts"]["output"] == len(values(node, "producesOutput"))
        covering = {str(role) for role in published().subjects(CG.coversArea, node)}
        assert set(item["roles"]) == covering


def test_the_page_names_the_areas_that_share_an_entry(server: str) -> None:
    page = fetch(server, "/entries/knowledge", "text/html").text
    users = [
        (entry, list(published().subjects(CG.requiresKnowledge, entry)))
        for entry in set(published().objects(None, CG.requiresKnowledge))
    ]
    shared = [entry for entry, areas in users if len(areas) > 1]
    assert page.count("also in") == sum(len(areas) for _, areas in users if len(areas) > 1)
    assert len(shared) == 5


def test_the_kinds_have_their_counts(server: str) -> None:
    listed = {item["kind"]: item["count"] for item in fetch(server, "/entries").json}
    assert listed == {"role": 6, "title": 31, "area": 13, "cluster": 4, "competency": 29,
                      "action": 162, "knowledge": 189, "ability": 95, "output": 166}  # fmt: skip


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/entries/skill", 404, "Use one of role, title"),
        ("/entries/role?page=0", 400, "from 1"),
        ("/entries/role?page=x", 400, "from 1"),
        ("/entries/role?pages=2", 400, "Use page"),
    ],
)
def test_what_cannot_be_listed_is_explained(server: str, path: str, status: int, said: str) -> None:
    reply = fetch(server, path)
    assert reply.status == status
    assert said in reply.json["remedy"]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of a dictionary with 1,000 knowledge entries and hardly anything else."""
    folder: Path = tmp_path_factory.mktemp("large")
    entries = "".join(
        f'<http://e.example/k/{n}> a cg:Knowledge ; skos:notation "K{n:04}" ; '
        f'skos:prefLabel "Knowledge {n}"@en, "Wissen {n}"@de .\n'
        for n in range(1000)
    )
    needed = ", ".join(f"<http://e.example/k/{n}>" for n in range(900))
    (folder / "d.ttl").write_text(
        "PREFIX cg: <https://w3id.org/competency-graph/ontology#>\n"
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        f"{entries}<http://e.example/a> a cg:AreaOfExpertise ; cg:requiresKnowledge {needed} .\n"
    )  # fmt: skip
    with serving(folder, "--data", "d.ttl", "--base", "none") as address:
        yield address


def test_a_long_list_comes_in_pages(large: str) -> None:
    found, path = [], "/entries/knowledge"
    while path:
        page = fetch(large, path, "text/html")
        assert len(page.text) < 100_000
        reply = fetch(large, path)
        found += reply.json
        following = [part for part in reply.headers.get("Link", "").split(", ") if "next" in part]
        path = following[0].split(">")[0].lstrip("<") if following else ""
    assert [item["label"] for item in found] == [f"Knowledge {n}" for n in range(1000)]
    assert [item.get("of", "") for item in found] == ["http://e.example/a"] * 900 + [""] * 100


def test_a_dictionary_without_codes_and_roles_has_its_lists(large: str) -> None:
    assert fetch(large, "/entries/area").json == [
        {"iri": "http://e.example/a", "parts": {"knowledge": 900}}
    ]
    assert fetch(large, "/entries/role").json == []
    assert "This dictionary has none" in fetch(large, "/entries/role", "text/html").text
