"""The matrix has the areas of all roles or of one, by code or by the number of roles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import URIRef
from rdflib.namespace import RDF, SKOS

from conftest import serving
from site_client import CG, fetch, iri, label, published, values

ROLES = list(published().subjects(RDF.type, CG.Role))
AREAS = sorted(
    published().subjects(RDF.type, CG.AreaOfExpertise),
    key=lambda area: str(published().value(area, SKOS.notation)),
)


def number(area: URIRef) -> int:
    """The number of roles that cover an area."""
    return len(list(published().subjects(CG.coversArea, area)))


def rows(page: str) -> list[tuple[str, int]]:
    """The areas of the page, each with the number of its dots."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    found = re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a></th>(.*?)</tr>', body)
    return [(area, cells.count("<i>")) for area, cells in found]


@pytest.mark.parametrize("order", ["code", "roles"])
@pytest.mark.parametrize("role", [None, *ROLES], ids=str)
def test_the_areas_are_those_of_the_role_in_order(
    server: str, role: URIRef | None, order: str
) -> None:
    page = fetch(server, f"/matrix?role={role or ''}&order={order}", "text/html").text
    areas = AREAS if role is None else [a for a in AREAS if a in values(role, "coversArea")]
    if order == "roles":
        areas = sorted(areas, key=number, reverse=True)
    assert rows(page) == [(label(area), number(area)) for area in areas]
    assert page.count('<th scope="col"><a') == 6


def test_the_requirements_of_roles_are_counted(server: str) -> None:
    foot = fetch(server, "/matrix", "text/html").text.partition("<tfoot>")[2]
    lines = [re.findall(r"<td>(\d+)</td>", line) for line in foot.split("</tr>")[:3]]
    in_order = sorted(ROLES, key=lambda role: str(published().value(role, SKOS.notation)))
    for place, role in enumerate(in_order):
        areas = values(role, "coversArea")
        expected = [
            len(areas),
            len({k for area in areas for k in values(area, "requiresKnowledge")}),
            len({a for area in areas for a in values(area, "requiresAbility")}),
        ]
        assert [int(line[place]) for line in lines] == expected


@pytest.mark.parametrize("query", ["role=nobody", f"role={iri('area/x')}", "order=name", "page=-1", "rolle=R1"])  # fmt: skip
def test_what_is_unknown_is_explained(server: str, query: str) -> None:
    reply = fetch(server, f"/matrix?{query}")
    assert reply.status == 400
    assert reply.json["remedy"]


def test_a_large_matrix_comes_in_pages(tmp_path: Path) -> None:
    head = "PREFIX cg: <https://w3id.org/competency-graph/ontology#>\n"
    roles = "".join(
        f"<https://b.example/r{n}> a cg:Role ; cg:coversArea <https://b.example/a{n}>, "
        f"<https://b.example/a{n + 1}> .\n" for n in range(100)
    )  # fmt: skip
    areas = "".join(f"<https://b.example/a{n}> a cg:AreaOfExpertise .\n" for n in range(101))
    (tmp_path / "d.ttl").write_text(head + roles + areas)
    with serving(tmp_path, "--data", "d.ttl", "--base", "none") as address:
        first = fetch(address, "/matrix", "text/html").text
        assert len(rows(first)) == 60
        assert "24 roles of 100, 60 areas of 101" in first
        assert len(first) < 100_000
        assert '<input name="role"' in first
        assert len(rows(fetch(address, "/matrix?page=2", "text/html").text)) == 41
        one = fetch(address, "/matrix?role=https://b.example/r77", "text/html").text
        assert rows(one) == [(f"https://b.example/a{n}", 1) for n in (77, 78)]
        assert "matrix" not in fetch(address, "/", "text/html").text.partition("<main")[2]
