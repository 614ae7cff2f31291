"""What a page shows although no file states it is marked, and the mark leads to the reason."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import serving
from site_client import CG, fetch, iri, label, published, values

MARK = re.compile(r'<a href="([^"]+)">([^<]+)</a> <a class="y" href="([^"]+)">why</a>')
OWN = """
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX : <https://bakery.example/>

:d a cg:CompetencyDictionary ; dcterms:title "Bakery"@en .
:baker a cg:Role ; skos:prefLabel "Baker"@en ; skos:inScheme :d ; cg:coversArea :baking ; cg:requires :scales .
:baking a cg:AreaOfExpertise ; skos:prefLabel "Baking"@en ; skos:inScheme :d ;
  cg:requiresKnowledge :flour, :scales .
:flour a cg:Knowledge ; skos:prefLabel "Flour"@en ; skos:inScheme :d .
:scales a cg:Knowledge ; skos:prefLabel "Scales"@en ; skos:inScheme :d .
:more a cg:CompetencyDictionary ; dcterms:title "More"@en .
"""


def marks(root: str, path: str) -> dict[str, str]:
    """The addresses of the reasons on a page, by the text of what they are for."""
    page = fetch(root, path, "text/html")
    assert page.status == 200
    found = MARK.findall(page.text)
    assert page.text.count(">why</a>") == len(found)
    return {html.unescape(text): html.unescape(why) for _, text, why in found}


def test_a_role_marks_what_its_areas_require(server: str) -> None:
    role = iri("role/analyst")
    required = {
        part
        for area in values(role, "coversArea")
        for part in values(area, "requiresKnowledge", "requiresAbility")
    }
    assert len(required) == 72 + 38
    found = marks(server, "/sales/role/analyst.html")
    titles = {label(title) for title in published().subjects(CG.titleOfRole, role)}
    assert set(found) - titles == {label(part) for part in required}
    part = max(required)
    reason = fetch(server, found[label(part)] + "&format=json").json
    assert (reason["subject"]["iri"], reason["object"]["iri"]) == (str(role), str(part))
    assert reason["inferred"] is True


def test_each_area_of_a_role_has_the_reason_in_words(server: str) -> None:
    page = fetch(server, "/sales/role/analyst.html", "text/html").text
    sentences = re.findall(r'<p class="because">(.*?)</p>', page)
    assert len(sentences) == len(values(iri("role/analyst"), "coversArea"))
    of_area = next(each for each in sentences if "Designing Compensation" in each)
    assert re.sub(r"<[^>]+>", "", of_area) == (
        "Analyst covers Designing Compensation, which requires 12 knowledge entries and "
        "6 abilities. Therefore Analyst requires them too: a role requires what its areas require."
    )
    for path in re.findall(r'href="([^"#]+)', of_area):
        assert fetch(server, path, "text/html").status == 200
    why = next(address for _, _, address in MARK.findall(page) if "requires" in address)
    (axiom,) = fetch(server, html.unescape(why) + "&format=json").json["axioms"]
    assert axiom["notation"] == "cg:coversArea ∘ cg:requires → cg:requires"


@pytest.mark.parametrize(
    ("path", "property_", "number"),
    [
        ("area/setting-sales-strategy", "requiresCompetency", 29),
        ("competency/negotiating-positions", "requires", 13),
        ("knowledge/cold-calling-sales-techniques", "requires", 2),
    ],
)
def test_other_pages_mark_what_is_inferred(
    server: str, path: str, property_: str, number: int
) -> None:
    found = [
        why for why in marks(server, f"/sales/{path}.html").values() if f":{property_}&" in why
    ]
    assert len(found) == number
    assert "therefore" in json.dumps(fetch(server, f"{found[-1]}&format=json").json).casefold()


@pytest.fixture(scope="module")
def bakery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of two dictionaries without codes, whose role states a part of what it requires."""
    folder: Path = tmp_path_factory.mktemp("bakery")
    (folder / "d.ttl").write_text(OWN)
    with serving(folder, "--data", "d.ttl", "--base", "none") as address:
        yield address


def test_what_a_file_states_is_not_marked(bakery: str) -> None:
    found = marks(bakery, "/baker.html")
    assert set(found) == {"Flour"}
    reason = fetch(bakery, found["Flour"] + "&format=json").json
    assert reason["text"].startswith("Baker covers area Baking, which requires")
    page = fetch(bakery, "/baker.html", "text/html").text
    assert "1 knowledge entry. <em>Therefore</em>" in page
