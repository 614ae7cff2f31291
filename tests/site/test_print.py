"""A printed page has all of its content, and nothing to press."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from site_browser import overflow

PAPER = {"width": 680, "height": 1000}
"""A sheet of A4 within its margins, in pixels."""


@pytest.fixture(scope="module")
def paper(browser: Browser, server: str) -> Iterator[Page]:
    """A page as it is printed; nothing is opened by scripts."""
    context = browser.new_context(base_url=server, viewport=PAPER, java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    page.emulate_media(media="print")
    yield page
    context.close()


@pytest.mark.parametrize(
    ("path", "last"),
    [
        ("/sales/role/analyst", "Negotiation methods"),
        ("/entries/knowledge", "Negotiation methods"),
        ("/sales/area/setting-sales-strategy", "Using Technology"),
        ("/compare?kind=role&entry=R5&entry=R4", "Employee redeployment or exit strategies"),
        ("/compare?kind=role&entry=R5&entry=R4&entry=R1", "Accelerating Learning"),
        ("/matrix", "Recruiting Sales Talent"),
        ("/queries/role-knowledge", "Recruiting Sales Talent"),
        ("/links", "Without a counterpart"),
    ],
)
def test_a_printed_page_is_whole(paper: Page, path: str, last: str) -> None:
    paper.goto(path)
    found = paper.get_by_text(last, exact=True).last
    expect(found).to_be_visible()
    folded = paper.locator("main details:not([open])")
    if folded.count():
        expect(folded.last.locator("> :not(summary)").last).to_be_visible()
    for gone in ("header.bar", "footer nav", "button", ".more", ".go", ".y"):
        assert paper.locator(f"{gone}:visible").count() == 0, gone
    assert overflow(paper) == 0
    cut = paper.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => e.scrollWidth > e.clientWidth + 1"
        " && getComputedStyle(e).overflowX != 'visible').map(e => e.className)"
        ".filter(name => name != 'hidden')"
    )
    assert cut == []


def test_on_the_screen_the_same_content_is_folded(paper: Page) -> None:
    paper.emulate_media(media="screen")
    paper.goto("/sales/role/analyst")
    expect(paper.get_by_text("Negotiation methods", exact=True).last).to_be_hidden()
    expect(paper.locator("header.bar")).to_be_visible()
    paper.emulate_media(media="print")
