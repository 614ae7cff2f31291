"""What a reader does on the pages about the ontology, the links, the data and the dictionary."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from conftest import serving
from site_browser import Open, accessibility_faults, overflow
from site_client import BAKERY


@pytest.mark.parametrize("script", [True, False])
def test_the_diagram_leads_to_terms(opened: Open, script: bool) -> None:
    with opened("/ontology", width="phone", script=script) as page:
        page.locator(".diagram a", has_text="Area of expertise").click()
        assert page.url.endswith("#AreaOfExpertise")
        term = page.locator("#AreaOfExpertise")
        expect(term).to_be_in_viewport()
        expect(term.get_by_role("button")).to_have_count(1 if script else 0)
        term.get_by_role("link", name="covers area").click()
        expect(page.locator("#coversArea")).to_contain_text("31 statements")
        assert overflow(page) == 0


@pytest.mark.parametrize("script", [True, False])
def test_links_are_filtered(opened: Open, script: bool) -> None:
    with opened("/links", script=script) as page:
        row = page.get_by_role("row", name="narrower")
        number = row.get_by_role("link").nth(1)
        count = number.inner_text()
        number.click()
        expect(page.locator("#table .count")).to_have_text(f"{count} rows")
        page.get_by_label("The concept is").select_option("broadMatch")
        page.get_by_role("button", name="Show").click()
        expect(page.locator("select[name=framework]")).to_have_value("onet")
        expect(page.locator("#table h2")).to_have_text("O*NET: broader")


@pytest.mark.parametrize("script", [True, False])
def test_one_area_is_exported(opened: Open, script: bool, tmp_path: Path) -> None:
    with opened("/data", script=script) as page:
        page.get_by_label("Area of expertise").select_option(label="Setting Sales Strategy")
        with page.expect_download() as downloading:
            page.get_by_role("button", name="csv", exact=True).click()
        file = tmp_path / "area.csv"
        downloading.value.save_as(file)
    with file.open() as rows:
        areas = [
            row["Label (en)"] for row in csv.DictReader(rows) if row["Kind"] == "Area of expertise"
        ]
    assert areas == ["Setting Sales Strategy"]


def test_a_citation_unfolds(opened: Open) -> None:
    with opened("/about", script=False) as page:
        page.get_by_text("BibTeX").first.click()
        expect(page.get_by_text("@misc{sales2026")).to_be_visible()


@pytest.mark.parametrize(
    "path", ["/", "/ontology", "/about", "/data", "/links", "/d.html", "/none"]
)
def test_an_own_dictionary_has_these_pages(browser: Browser, bakery: str, path: str) -> None:
    page = browser.new_page(base_url=bakery, viewport={"width": 390, "height": 900})
    page.goto(path)
    assert accessibility_faults(page) == []
    assert overflow(page) == 0
    if path == "/ontology":
        expect(page.locator("#Certificate")).to_contain_text("Is a kind of")
        expect(page.locator(".diagram a", has_text="Certificate")).to_have_count(1)
    elif path != "/none":
        expect(page.locator("body")).to_contain_text("Backen")
    page.close()


@pytest.fixture(scope="module")
def bakery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of a small dictionary without roles, with a class of its own."""
    folder = tmp_path_factory.mktemp("bakery")
    (folder / "d.ttl").write_text(BAKERY)
    with serving(folder, "--data", "d.ttl", "--base", "none") as address:
        yield address
