"""A reader finds the areas of a role in the matrix, without script."""

from __future__ import annotations

from playwright.sync_api import expect

from site_browser import Open


def test_the_areas_of_a_role_that_most_roles_cover(opened: Open) -> None:
    with opened("/matrix", script=False) as page:
        page.locator("select[name=role]").select_option("of Strategist")
        page.get_by_label("Order").select_option("by number of roles")
        page.get_by_role("button", name="Show").click()
        heads = page.locator("tbody th a")
        expect(heads).to_have_text(["Designing Compensation", "Setting Sales Strategy"])
        expect(page.locator("select[name=role]")).to_have_value(
            "https://w3id.org/competency-graph/sales/role/strategist"
        )
