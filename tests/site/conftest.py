"""A real browser (Debian's Chromium, driven by Playwright) that looks at pages of a real server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial

import pytest
from playwright.sync_api import Browser, sync_playwright

from site_browser import Open, opened_at

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser, started once for all tests of this process."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed (Debian: chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Browser, server: str) -> Open:
    """Opens a page of the server: ``with opened("/", width="phone", scheme="dark") as page``.

    The options are those of `site_browser.opened_at`. It fails if the page logs an error, as it does when it breaks
    its content security policy.
    """
    return partial(opened_at, browser, server)
