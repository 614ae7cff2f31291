"""Pages in other languages: readable for everybody, within their width, with scripts that speak it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from site_browser import WIDTHS, accessibility_faults, errors_of, overflow, show

PAGES = (
    "/", "/matrix", "/sales/role/analyst.html", "/sales/area/protecting-accounts.html",
    "/search?q=negotiation", "/validate", "/entries/action", "/compare?entry=R1&entry=R2",
    "/ontology", "/links", "/data", "/about",
)  # fmt: skip


@pytest.fixture(scope="module")
def page(browser: Browser, server: str) -> Iterator[Page]:
    """A page of a reader whose browser asks for German."""
    context = browser.new_context(base_url=server, locale="de-AT")
    page = context.new_page()
    errors = errors_of(page)
    yield page
    assert errors == []
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_german_page_is_accessible_and_fits(page: Page, path: str) -> None:
    page.goto(path)
    assert page.get_attribute("html", "lang") == "de"
    assert accessibility_faults(page) == []
    for width in WIDTHS:
        show(page, width, "light")
        assert overflow(page) <= 0


def test_a_choice_in_the_footer_is_kept(page: Page) -> None:
    page.goto("/entries/role")
    page.click("footer >> text=Français")
    assert page.inner_text("h1") == "Rôles"
    page.click("text=Toutes les entrées")
    assert page.inner_text("h1") == "Toutes les entrées"
    assert page.get_attribute("html", "lang") == "fr"
    page.click("footer >> text=Deutsch")
    assert page.inner_text("h1") == "Alle Einträge"


def test_scripts_speak_the_language_of_the_page(page: Page) -> None:
    page.goto("/validate?lang=de")
    page.fill(
        "#data",
        "@prefix cg: <https://w3id.org/competency-graph/ontology#> .\n<https://x.example/r> a cg:Role .\n",
    )
    page.wait_for_selector(".remarks li")
    assert "Verst" in page.inner_text(".filters")
    assert page.inner_text(".remarks .place >> nth=0") == "Zeile 2"
    assert page.get_attribute(".remarks .message >> nth=0", "lang") == "en"
    page.goto("/entries/knowledge")
    page.fill("[data-filter] input", "cold")
    assert " von " in page.inner_text("[data-filter] [role=status]")
    page.fill(".find input", "negoti")
    page.wait_for_selector("#suggestions li")
    assert "Kenntnisse" in page.inner_text("#suggestions")
    assert page.get_attribute("#suggestions", "aria-label") == "Vorschläge"
