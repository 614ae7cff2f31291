"""Somebody looks for an entry, with and without script."""

from __future__ import annotations

from playwright.sync_api import expect

from site_browser import Open, accessibility_faults, overflow

FOUND = "/sales/knowledge/forecasting-and-aggregation-methods-or-tools"


def test_a_suggestion_is_chosen_by_keyboard(opened: Open) -> None:
    with opened("/", width="phone") as page:
        page.keyboard.press("/")
        field = page.get_by_role("combobox", name="Search")
        expect(field).to_be_focused()
        page.keyboard.type("forecst tools", delay=20)
        option = page.get_by_role("option").first
        expect(option).to_contain_text("Forecasting and aggregation methods or tools")
        expect(field).to_have_attribute("aria-expanded", "true")
        assert accessibility_faults(page) == []
        assert overflow(page) == 0
        page.keyboard.press("Escape")
        expect(page.get_by_role("option")).to_have_count(0)
        expect(field).to_have_value("forecst tools")
        page.keyboard.press("ArrowDown")
        expect(option).to_be_visible()
        page.keyboard.press("ArrowDown")
        expect(option).to_have_attribute("aria-selected", "true")
        assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
        page.keyboard.press("ArrowUp")
        expect(option).to_have_attribute("aria-selected", "false")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{FOUND}.html")


def test_without_script_the_form_leads_to_the_entry(opened: Open) -> None:
    with opened("/", script=False) as page:
        page.get_by_role("searchbox", name="Search").fill("forecst tools")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=forecst+tools")
        assert page.get_by_role("searchbox").input_value() == "forecst tools"
        page.locator("main .hits a").first.click()
        page.wait_for_url(f"**{FOUND}.html")
