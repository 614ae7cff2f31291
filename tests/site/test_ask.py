"""Ask: a person takes an example, changes it, and sees rows, bars and a network."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from competency_graph.web.querying.editor import has_editor
from site_browser import Open, accessibility_faults, overflow

pytestmark = pytest.mark.skipif(
    not has_editor(), reason="the editor is not built: python server/assets/build_hook.py"
)
QUERY = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?role ?roleLabel WHERE { ?role a cg:Role ; skos:prefLabel ?roleLabel } ORDER BY ?role"""


def take_example(page: Page, group: str, title: str) -> None:
    page.locator("summary", has_text=group).click()
    page.get_by_role("link", name=title, exact=True).click()


def type_query(page: Page, query: str) -> None:
    """Replaces the text of the editor as a person does, without what the editor adds itself."""
    page.locator(".tabPanel.active .CodeMirror-lines").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(query)


def test_a_person_takes_an_example_and_changes_it(opened: Open) -> None:
    with opened("/sparql") as page:
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        take_example(page, "What a role takes", "What a role must know")
        expect(page.locator(".yasr .count")).to_have_text("194 rows")
        first = page.locator(".yasr tbody td a").first
        assert first.get_attribute("href") == (
            page.evaluate("location.origin") + "/sales/knowledge/"
            "product-or-service-features-benefits-and-value-propositions"
        )
        editor = page.locator(".CodeMirror").first
        changed = editor.evaluate(
            "e => e.CodeMirror.getValue().replace('role:consultant', 'role:analyst')"
        )
        type_query(page, changed)
        page.keyboard.press("Escape")
        page.locator(".yasqe_queryButton").click()
        expect(page.locator(".yasr .count")).not_to_have_text("194 rows")
        assert "analyst" in page.url
        page.get_by_role("button", name="Shows Chart view").click()
        bars = page.locator(".chart rect")
        assert bars.count() == 5
        page.get_by_role("button", name="Shows Table view").click()
        page.get_by_label("Filter the rows").fill("Recruiting")
        expect(page.locator(".yasr .count")).to_have_text(re.compile("rows?$"))
        with page.expect_download() as download:
            page.get_by_role("link", name="CSV").click()
        assert download.value.path().read_text().startswith("knowledge,knowledgeLabel,area")
        root = page.evaluate("location.origin")
        assert [url for url in requests if not url.startswith((root, "data:"))] == []


def test_the_page_is_small_before_the_editor(opened: Open) -> None:
    sizes: dict[str, int] = {}
    with opened("about:blank") as page:
        page.on("response", lambda r: sizes.__setitem__(r.url, len(r.body())))
        page.goto("/sparql")
        expect(page.locator(".yasgui")).to_be_visible()
        page.wait_for_load_state("networkidle")
    editor = sum(size for url, size in sizes.items() if "/vendor/" in url)
    assert editor > 500_000
    assert sum(sizes.values()) - editor < 100_000


def test_an_address_shows_its_query_and_answer(opened: Open) -> None:
    for address in (f"/sparql?query={quote(QUERY)}", f"/sparql#query={quote(QUERY)}"):
        with opened(address) as page:
            expect(page.locator(".yasr .count")).to_have_text("6 rows")
            values = page.locator(".CodeMirror").evaluate_all(
                "all => all.map(e => e.CodeMirror.getValue())"
            )
            assert values[-1] == QUERY
            page.locator(".yasqe_share").last.click()
            link = page.locator(".yasqe_sharePopup input").input_value()
            assert "/sparql?query=PREFIX" in link


def test_no_address_makes_the_editor_ask_another_server(opened: Open) -> None:
    with opened(f"/sparql#query={quote(QUERY)}&endpoint=https%3A%2F%2Felsewhere.example") as page:
        expect(page.locator(".yasr .count")).to_have_text("6 rows")


def test_a_graph_is_drawn_and_listed(opened: Open) -> None:
    with opened("/sparql") as page:
        take_example(page, "What a role takes", "A role and all its requirements, as a graph")
        page.get_by_role("button", name="Shows Graph view").click()
        expect(page.locator(".network canvas").first).to_be_visible()
        page.get_by_text("The same as a list").click()
        assert page.locator(".yasr details li").count() > 20
        with page.expect_download() as download:
            page.get_by_role("link", name="Turtle").click()
        assert "PREFIX" in download.value.path().read_text().upper()


def test_links_of_entries_are_a_network_too(opened: Open) -> None:
    with opened("/sparql") as page:
        take_example(page, "Links to ESCO", "Links of an area")
        expect(page.locator(".yasr .count")).to_be_visible()
        page.get_by_role("button", name="Shows Graph view").click()
        expect(page.locator(".network canvas").first).to_be_visible()


def test_completion_comes_from_this_server(opened: Open) -> None:
    with opened("/sparql") as page:
        requests: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        type_query(page, "SELECT * { ?x a ")
        page.keyboard.type("cg:Knowl")
        hint = page.locator(".CodeMirror-hint", has_text="cg:Knowledge").first
        expect(hint).to_be_visible()
        page.keyboard.press("Enter")
        lines = page.locator(".CodeMirror").evaluate("e => e.CodeMirror.getValue()")
        assert "a cg:Knowledge" in lines
        assert "PREFIX cg: <https://w3id.org/competency-graph/ontology#>" in lines
        page.keyboard.type(" . ?x cg:requires negotiat")
        page.keyboard.press("Control+Space")
        hint = page.locator(".CodeMirror-hint", has_text="Negotiating Positions").first
        expect(hint).to_be_visible()
        root = page.evaluate("location.origin")
        assert [url for url in requests if not url.startswith(root)] == []


def test_an_error_says_what_to_do(opened: Open) -> None:
    with pytest.raises(AssertionError, match="status of 400"), opened("/sparql") as page:
        type_query(page, "SELECT ?x { ?x ?y }")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".yasr .warning")).to_contain_text("line 1")


@pytest.mark.parametrize(("width", "scheme"), [("phone", "dark"), ("desktop", "light")])
def test_an_answer_is_accessible(opened: Open, width: str, scheme: str) -> None:
    with opened(f"/sparql?query={quote(QUERY)}", width=width, scheme=scheme) as page:
        expect(page.locator(".yasr .count")).to_have_text("6 rows")
        assert accessibility_faults(page) == []
        assert overflow(page) == 0


def test_without_script_a_form_and_a_table_do_it(opened: Open) -> None:
    with opened("/sparql", script=False) as page:
        page.locator("summary", has_text="Compare and move").click()
        page.get_by_role("link", name="Roles that share areas").click()
        page.get_by_text("Edit this query").click()
        assert "SELECT" in page.locator("textarea").input_value()
        page.get_by_role("button", name="Ask").click()
        assert page.locator("tbody tr").count() > 3
