"""A reader compares two roles: from the first page, with and without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from site_browser import Open


@pytest.mark.parametrize("script", [True, False])
def test_from_home_to_the_way_between_two_roles(opened: Open, script: bool) -> None:
    with opened("/", script=script) as page:
        page.get_by_role("link", name="Compare two roles").click()
        page.get_by_label("First").select_option("Analyst")
        page.get_by_label("Second").select_option("Manager")
        page.get_by_role("button", name="Compare").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Analyst and Manager")
        expect(page.get_by_text(re.compile("^Analyst and Manager share 1 area"))).to_be_visible()
        shared = page.locator("#area .shared")
        expect(shared.get_by_role("link")).to_have_text(["Recruiting Sales Talent"])
        page.get_by_role("link", name="The way from Analyst to Manager").click()
        way = page.locator("#way-1")
        expect(way).to_be_in_viewport()
        expect(way.get_by_text("To learn: 46 knowledge entries, 20 abilities")).to_be_visible()
        way.get_by_text("Coaching for Sales Results").click()
        way.get_by_role("link", name="Counseling methods").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_knowledge_is_compared_by_its_label(opened: Open) -> None:
    with opened("/compare?kind=knowledge", width="phone") as page:
        page.get_by_label("First").fill("Sales culture")
        page.get_by_label("Second").fill("K002")
        page.get_by_role("button", name="Compare").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Sales culture and ")
