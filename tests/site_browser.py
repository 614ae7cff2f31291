"""What tests ask of a page in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

WIDTHS = {"phone": 390, "desktop": 1440}
HEIGHT = 900
Open = Callable[..., "AbstractContextManager[Page]"]
"""Opens a page: see the fixture `opened`."""


@contextmanager
def opened_at(
    browser: Browser,
    root: str,
    path: str,
    width: str = "desktop",
    scheme: str = "light",
    script: bool = True,
    print_: bool = False,
) -> Iterator[Page]:
    """A page without what earlier pages stored; fails if it logs an error, as when it breaks its
    security policy.

    Args:
        browser: the browser.
        root: the address of the site.
        path: the page's path.
        width: one of `WIDTHS`.
        scheme: ``light`` or ``dark``.
        script: whether scripts run.
        print_: whether it is shown as it is printed.
    """
    context = _context(browser, root, script)
    page = context.new_page()
    context.new_cdp_session(page).send(
        "Storage.clearDataForOrigin", {"origin": root, "storageTypes": "all"}
    )
    errors = errors_of(page)
    try:
        show(page, width, scheme)
        if print_:
            page.emulate_media(media="print")
        page.goto(path)
        yield page
        assert errors == []
    finally:
        for opened in context.pages:
            opened.close()


@cache
def _context(browser: Browser, root: str, script: bool) -> BrowserContext:
    """One for each site, as starting one takes longer than most tests."""
    return browser.new_context(base_url=root, java_script_enabled=script)


def errors_of(page: Page) -> list[str]:
    """A list to which the errors that a page logs are added."""
    errors: list[str] = []
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


def show(page: Page, width: str, scheme: str) -> None:
    """Show a page at another width, one of `WIDTHS`, and in another scheme."""
    page.set_viewport_size({"width": WIDTHS[width], "height": HEIGHT})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]


BY_LAYOUT = ("color-contrast", "target-size", "scrollable-region-focusable")
"""The rules of axe whose result depends on the width or the scheme of a page."""


def accessibility_faults(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """What axe finds by the rules of WCAG 2.2 A and AA and best practices, or by some of them."""
    from axe_playwright_python.base import AXE_SCRIPT

    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": tags}
    found = page.evaluate(
        "only => axe.run({runOnly: only, resultTypes: ['violations']}).then(r => r.violations)",
        only,
    )
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found
        for node in each["nodes"]
    ]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
