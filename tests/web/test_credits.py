"""Pages show the licences and credits that the data contains."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from competency_graph import Dictionary
from competency_graph.dictionary.credits import credits_of
from competency_graph.sparql.evaluator import evaluate
from conftest import serving

HEAD = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
"""
BAKERY = f"""{HEAD}
<https://bakery.example/> a cg:CompetencyDictionary ; dcterms:title "Bakery"@en .
<https://bakery.example/baker> a cg:Role ; skos:prefLabel "Baker"@en ; skos:notation "R1" .
"""
SHARED = "<https://bakery.example/> dcterms:license "
EXTENSION = """
<https://bakery.example/more> owl:imports <https://bakery.example/> ; dcterms:title "More" .
"""
BY_SA = "<https://creativecommons.org/licenses/by-sa/3.0/>"
ESCO = """
<https://bakery.example/baker> skos:closeMatch
  <http://data.europa.eu/esco/occupation/2eac08c2-a81a-46fc-8d75-eb0e0f3e0f6d> .
"""
CASES = {
    "nothing said": (BAKERY, ""),
    "a licence": (f"{BAKERY}{SHARED}{BY_SA} .", "Data under CC BY-SA 3.0."),
    "no rights kept": (
        f"{BAKERY}{SHARED}<http://creativecommons.org/publicdomain/zero/1.0/> .",
        "Data under CC0 1.0.",
    ),
    "a licence in words": (f'{BAKERY}{SHARED}"Ask us" .', "Data under Ask us."),
    "a licence that the extension does not have": (
        f"{BAKERY}{SHARED}{BY_SA} .{EXTENSION}",
        "Bakery under CC BY-SA 3.0.",
    ),
    "two licences": (
        f'{BAKERY}{SHARED}{BY_SA} .{EXTENSION}<https://bakery.example/more> dcterms:license "Ours" .',
        "Bakery under CC BY-SA 3.0. More under Ours.",
    ),
    "a link to ESCO": (
        f"{BAKERY}{ESCO}",
        "This service uses the ESCO classification of the European Commission.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_footer_credits_what_the_data_credits(tmp_path: Path, case: str) -> None:
    text, expected = CASES[case]
    (tmp_path / "bakery.ttl").write_text(text)
    with serving(tmp_path, "--data", str(tmp_path), "--base", "none") as address:
        for path in ("/", "/queries", "/nothing-here"):
            request = urllib.request.Request(address + path, headers={"Accept": "text/html"})
            assert footer(request) == expected
        with urllib.request.urlopen(address + "/openapi.json") as reply:
            info = json.loads(reply.read())["info"]
    name = re.fullmatch(r"Data under (.+)\.", expected)
    assert info.get("license", {}).get("name") == (name[1] if name else None)


def footer(request: urllib.request.Request) -> str:
    try:
        with urllib.request.urlopen(request) as reply:
            page = reply.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            page = error.read().decode()
    (found,) = re.findall("<footer>.*?<p>(.*?)</p>.*?</footer>", page, re.DOTALL)
    return " ".join(re.sub("<[^>]*>", "", found).split())


def test_the_published_dictionary_credits_both_frameworks(sales: Dictionary) -> None:
    given = credits_of(lambda text, terms: evaluate(sales.store, text, terms).rows())
    assert given.frameworks == {"esco", "onet"}
    assert given.shared
    assert given.licences == (
        ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/",
         ("Sales competency dictionary",)),
    )  # fmt: skip
