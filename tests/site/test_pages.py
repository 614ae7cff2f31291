"""Every page is readable for everybody: at each width, in each scheme, without script."""

from __future__ import annotations

import pytest

from site_browser import Open, accessibility_faults, overflow, show

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


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_fits(opened: Open, path: str) -> None:
    with opened(path) as page:
        assert page.locator("h1").count() == 1
        assert page.title()
        for width, scheme in (("desktop", "light"), ("phone", "dark")):
            show(page, width, scheme)
            assert accessibility_faults(page) == [], (width, scheme)
            assert overflow(page) == 0, width


@pytest.mark.parametrize("path", PAGES)
def test_a_page_works_without_script(opened: Open, path: str) -> None:
    with opened(path, script=False) as page:
        assert page.locator("main h1").is_visible()
        assert page.locator("button:visible").count() == page.locator("form button:visible").count()


def test_a_fault_of_accessibility_is_found(opened: Open) -> None:
    with opened("/matrix") as page:
        page.evaluate("document.querySelector('h1').innerHTML = '<button></button>'")
        assert any(fault.startswith("button-name") for fault in accessibility_faults(page))
