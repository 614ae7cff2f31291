"""A reader finds an entry in the lists: by filtering, by opening groups, without script."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from site_browser import Open


def test_from_home_to_a_shared_knowledge(opened: Open) -> None:
    with opened("/") as page:
        page.get_by_role("link", name=re.compile("189 knowledge")).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Knowledge")
        closed = page.get_by_role("link", name="Sales culture").first
        expect(closed).to_be_hidden()
        page.get_by_placeholder("Filter …").fill("SALES cult")
        expect(closed).to_be_visible()
        expect(page.get_by_role("link", name="Cold-calling sales techniques")).to_be_hidden()
        expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d of 194$"))
        page.get_by_placeholder("Filter …").fill("")
        expect(closed).to_be_hidden()


def test_without_script_the_groups_open_and_the_filter_searches(opened: Open) -> None:
    with opened("/entries/knowledge", script=False) as page:
        page.get_by_text("Recruiting Sales Talent", exact=True).click()
        last = page.locator("details").last
        expect(last.locator("li a").first).to_be_visible()
        form = page.locator("form.filter")
        assert form.get_attribute("action") == "/search"
        assert form.locator("input").get_attribute("name") == "q"


def test_a_printed_list_is_whole(opened: Open) -> None:
    with opened("/entries/knowledge", print_=True) as page:
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("details:not([open])").count() == 0
