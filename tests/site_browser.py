"""What tests ask of a page in a browser."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

Open = Callable[..., AbstractContextManager[Page]]
"""Opens a page: see the fixture `opened`."""


def accessibility_faults(page: Page) -> list[str]:
    """What axe finds by the rules of WCAG 2.2 A and AA and best practices."""
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found
        for node in each["nodes"]
    ]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))
