"""The page about the ontology: what it says is what the files say."""

from __future__ import annotations

import csv
import re
import urllib.request
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from conftest import ROOT, serving
from site_client import BAKERY


def page(address: str) -> str:
    request = urllib.request.Request(f"{address}/ontology", headers={"Accept": "text/html"})
    with urllib.request.urlopen(request, timeout=60) as reply:
        return str(reply.read().decode())


def articles(text: str) -> dict[str, str]:
    """The text of each term, by its anchor."""
    found = re.findall(r'<article class="term" id="([^"]+)".*?</article>', text, re.DOTALL)
    parts = re.findall(r'<article class="term".*?</article>', text, re.DOTALL)
    plain = [unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part))) for part in parts]
    return dict(zip(found, plain, strict=True))


@pytest.fixture(scope="module")
def published(server: str) -> str:
    return page(server)


@pytest.fixture(scope="module")
def bakery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("bakery")
    (folder / "d.ttl").write_text(BAKERY)
    with serving(folder, "--data", "d.ttl") as address:
        yield page(address)


def test_the_numbers_are_those_of_the_files(published: str) -> None:
    """The answers of the saved query were worked out from the files."""
    with (ROOT / "tests/queries/answers/term-usage.csv").open() as file:
        expected = {row["term"]: row for row in csv.DictReader(file)}
    for anchor, text in articles(published).items():
        row = expected[f"cg:{anchor}"]
        asserted, inferred = int(row["asserted"]), int(row["inferred"])
        number = f"{asserted:,} (entr|statement)" if asserted or not inferred else "0 statements"
        assert re.search(f"In this data {number}", text), anchor
        assert (f"{inferred:,} inferred" in text or f"{inferred:,} more inferred" in text) == bool(
            inferred
        ), anchor


def test_axioms_are_in_words(published: str) -> None:
    requires = articles(published)["requires"]
    assert (
        "Where a path leads from Role by covers area to Area of expertise by requires to "
        "Knowledge , Ability or Competency , the first also requires the last." in requires
    )
    assert "More specific requires ability , requires competency , requires knowledge" in requires
    assert "Has at most one value." in articles(published)["inCluster"]
    assert "Inverse covered by role" in articles(published)["coversArea"]
    assert "To true or false" in articles(published)["outputsOpenEnded"]
    assert "Competency (CTDL-ASN)" in articles(published)["AreaOfExpertise"]
    assert "Task (CTDL)" in articles(published)["KeyAction"]


@pytest.mark.parametrize("which", ["published", "bakery"])
def test_every_link_within_the_page_leads_somewhere(
    which: str, request: pytest.FixtureRequest
) -> None:
    text = request.getfixturevalue(which)
    identifiers = re.findall(r'\bid="([^"]+)"', text)
    assert len(set(identifiers)) == len(identifiers)
    targets = set(re.findall(r'href="#([^"]+)"', text))
    assert targets <= set(identifiers)
    assert set(articles(text)) <= targets


def test_own_terms_appear(bakery: str) -> None:
    terms = articles(bakery)
    assert "Is a kind of Knowledge" in terms["Certificate"]
    assert "In this data 1 entry" in terms["Certificate"]
    assert "For example Hygiene & safety" in terms["Certificate"]
    assert "Baking role" in terms["Role-2"]
    assert "Never also" in terms["Role"]
    assert "issued <by>" in terms["issuedBy"]
    assert "issued &lt;by&gt;</text>" in bakery
    assert "is a kind of</text>" in bakery
