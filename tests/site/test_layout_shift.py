"""Nothing on a page moves while it loads (the metric Cumulative Layout Shift of Web Vitals)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from site_browser import WIDTHS, show

PAGES = [
    "/",
    "/sales/role/analyst",
    "/sales/area/setting-sales-strategy",
    "/matrix",
    "/compare?kind=role&entry=R5&entry=R4",
    "/search?q=customer",
    "/sparql",
    "/queries/role-knowledge",
    "/validate",
    "/ontology",
    "/graph?entry=A05",
]
OBSERVER = """
window.shifts = [];
new PerformanceObserver(list => {
  for (const shift of list.getEntries())
    shifts.push([shift.value, shift.sources.map(s => s.node?.outerHTML?.slice(0, 120))]);
}).observe({type: "layout-shift", buffered: true});
"""
SHIFTING = """<!doctype html><title>x</title><main style="height: 300px">text</main>
<script>requestAnimationFrame(() => requestAnimationFrame(() => {
  document.body.prepend(Object.assign(document.createElement("div"), {style: "height: 400px"}))
}))</script>"""


@pytest.fixture(scope="module")
def visitor(browser: Browser, server: str) -> Iterator[Page]:
    """A page in a context that notes how much moves; the cache of the browser is as it comes."""
    context = browser.new_context(base_url=server)
    context.add_init_script(OBSERVER)
    page = context.new_page()
    yield page
    context.close()


def shifts(page: Page) -> list[tuple[float, list[str]]]:
    """How much moved, each with what moved, once the page is loaded and drawn twice more."""
    page.wait_for_load_state("networkidle")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    found: list[tuple[float, list[str]]] = page.evaluate("shifts")
    return found


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_nothing_moves(visitor: Page, path: str, width: str) -> None:
    show(visitor, width, "light")
    visitor.goto(path)
    found = shifts(visitor)
    assert sum(value for value, _ in found) < 0.01, found


def test_a_page_that_moves_is_noticed(visitor: Page, server: str) -> None:
    visitor.route("**/moving", lambda route: route.fulfill(body=SHIFTING, content_type="text/html"))
    visitor.goto("/moving")
    assert sum(value for value, _ in shifts(visitor)) > 0.1
