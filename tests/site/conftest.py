"""A real browser (Debian's Chromium, driven by Playwright) that looks at pages of a real server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from site_browser import Open

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
WIDTHS = {"phone": 390, "desktop": 1440}
HEIGHT = 900


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser, started once for all tests of this process."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed (Debian: chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def _opened(
    browser: Browser,
    root: str,
    path: str,
    width: str = "desktop",
    scheme: str = "light",
    script: bool = True,
    print_: bool = False,
) -> Iterator[Page]:
    context = browser.new_context(
        base_url=root,
        viewport={"width": WIDTHS[width], "height": HEIGHT},
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=script,
    )
    errors: list[str] = []
    page = context.new_page()
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        if print_:
            page.emulate_media(media="print")
        page.goto(path)
        yield page
        assert errors == []
    finally:
        context.close()


@pytest.fixture
def opened(browser: Browser, server: str) -> Open:
    """Opens a page of the server: ``with opened("/", width="phone", scheme="dark") as page``.

    The options are those of `_opened`. It fails if the page logs an error, as it does when it breaks
    its content security policy.
    """
    return partial(_opened, browser, server)
