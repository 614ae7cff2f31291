"""Every page is readable for everybody: at each width, in each scheme, without script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from site_browser import (
    BY_LAYOUT,
    Open,
    accessibility_faults,
    errors_of,
    overflow,
    show,
)

PAGES = [
    "/",
    "/matrix",
    "/queries",
    "/queries/role-titles",
    "/sparql",
    "/matrix?role=R5&order=roles",
    "/entries",
    "/entries/area",
    "/entries/competency",
    "/entries/knowledge",
    "/compare",
    "/graph?entry=A05",
    "/graph?entry=K001",
    "/compare?kind=role&entry=R5&entry=R4",
    "/compare?kind=role&entry=R5&entry=R4&entry=R1",
    "/sales",
    "/search",
    "/search?q=customer",
    "/search?q=zzzzzz",
    "/validate",
    "/sales/role/analyst",
    "/sales/area/setting-sales-strategy",
    "/sales/cluster/insight",
    "/sales/competency/negotiating-positions",
    "/sales/title/account-executive",
    "/sales/action/protects-and-expands-accounts",
    "/sales/knowledge/cold-calling-sales-techniques",
    "/sales/ability/create-compelling-sales-presentations",
    "/sales/output/capture-plan",
    "/ontology",
    "/links",
    "/data",
    "/about",
    "/rules",
    "/rules/CG101",
    "/onet/element/2.C.1.d",
]
"""A page of each sort."""


@pytest.fixture(scope="module")
def reader(
    request: pytest.FixtureRequest, browser: Browser, server: str
) -> Iterator[tuple[Page, list[str]]]:
    """A person who goes from page to page, and the errors that the pages log."""
    context = browser.new_context(base_url=server, java_script_enabled=request.param)
    page = context.new_page()
    yield page, errors_of(page)
    context.close()


@pytest.mark.parametrize("reader", [True], indirect=True)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_fits(reader: tuple[Page, list[str]], path: str) -> None:
    page, errors = reader
    show(page, "desktop", "light")
    page.goto(path)
    assert page.locator("h1").count() == 1
    assert page.title()
    assert accessibility_faults(page) == []
    assert overflow(page) == 0
    show(page, "phone", "dark")
    assert accessibility_faults(page, BY_LAYOUT) == []
    assert overflow(page) == 0
    assert errors == []


@pytest.mark.parametrize("reader", [False], indirect=True)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_works_without_script(reader: tuple[Page, list[str]], path: str) -> None:
    page, errors = reader
    page.goto(path)
    assert page.locator("main h1").is_visible()
    assert page.locator("button:visible").count() == page.locator("form button:visible").count()
    assert errors == []


def test_a_fault_of_accessibility_is_found(opened: Open) -> None:
    with opened("/matrix") as page:
        page.evaluate("document.querySelector('h1').innerHTML = '<button></button>'")
        assert any(fault.startswith("button-name") for fault in accessibility_faults(page))
