"""A reader walks from entry to entry in the graph, by keyboard and without script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from site_browser import Open

OVERLAPS = """() => {
  const drawing = [...document.querySelectorAll('svg.graph')].find((each) => each.clientWidth);
  const frame = drawing.getBoundingClientRect();
  const texts = [...drawing.querySelectorAll('text')].map((each) => [each.textContent, each.getBoundingClientRect()]);
  const found = texts.filter(([, box]) => box.left < frame.left - 1 || box.right > frame.right + 1 ||
    box.top < frame.top - 1 || box.bottom > frame.bottom + 1).map(([text]) => `${text} is cut`);
  texts.forEach(([text, a], place) => texts.slice(place + 1).forEach(([other, b]) => {
    if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 2 && b.top < a.bottom - 2)
      found.push(`${text} / ${other}`);
  }));
  return found;
}"""


def test_from_an_entry_by_keyboard_to_a_neighbours_neighbour(opened: Open) -> None:
    with opened("/sales/area/setting-sales-strategy") as page:
        page.get_by_role("link", name="Graph", exact=True).click()
        expect(page).to_have_url(re.compile("/graph.*#walk$"))
        page.wait_for_load_state()
        page.keyboard.press("Tab")  # the entry itself
        page.keyboard.press("Tab")  # its first neighbour
        focused = page.locator("svg.wide a:focus")
        expect(focused.locator("title")).to_have_text("Covered by: Consultant (inferred)")
        page.keyboard.press("ArrowDown")
        expect(focused.locator("title")).to_have_text("Covered by: Strategist (inferred)")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Strategist")
        page.wait_for_load_state()
        page.keyboard.press("Tab")
        expect(focused.locator("title")).to_have_text("Read about Strategist")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Strategist")
        assert "/sales/area/" in page.url or "%2Farea%2F" in page.url


@pytest.mark.parametrize("width", ["phone", "desktop"])
@pytest.mark.parametrize("entry", ["A05", "R1", "C05", "K001", "T01"])
def test_no_label_overlaps_another_or_is_cut(opened: Open, entry: str, width: str) -> None:
    with opened(f"/graph?entry={entry}", width=width) as page:
        assert page.evaluate(OVERLAPS) == []
        assert page.locator("svg.graph:visible").count() == 1


def test_an_overlap_is_found(opened: Open) -> None:
    with opened("/graph?entry=A05") as page:
        page.evaluate(
            "document.querySelectorAll('svg.wide text').forEach((t) => t.setAttribute('y', 50))"
        )
        assert page.evaluate(OVERLAPS) != []


def test_without_script_the_rest_of_a_relation_is_in_the_list(opened: Open) -> None:
    with opened("/graph?entry=R5", script=False, width="phone") as page:
        page.locator("svg.narrow a.further").first.click()
        expect(page).to_have_url(re.compile("#relation-"))
        page.locator(".neighbours summary").first.click()
        page.locator(".neighbours details[open] a").first.click()
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Analyst")
