"""What the author of a dictionary does on /validate: find what is wrong, fix it, see it valid."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from site_browser import Open, accessibility_faults, overflow

EXAMPLES = Path(__file__).parents[2] / "server/competency_graph/web/static/examples"
BROKEN = (EXAMPLES / "extension-with-errors.ttl").read_text()
VALID = (EXAMPLES / "extension.ttl").read_text()
DICTIONARY = (EXAMPLES / "dictionary.ttl").read_text()
SYNTAX_ERROR = VALID.replace("PREFIX area: <", "PREFIX area <", 1)


def paste(page: Page, text: str) -> None:
    field = page.get_by_label("Your text")
    field.focus()
    page.keyboard.insert_text(text)


def summary(page: Page) -> Locator:
    return page.locator(".summary")


def test_an_author_fixes_a_dictionary_with_clicks(opened: Open) -> None:
    with opened("/validate") as page:
        paste(page, BROKEN)
        remark = page.locator(".remark", has_text="coversAria")
        expect(remark.locator(".place")).to_have_text("line 13")
        expect(page.locator(".gutter .violation")).to_have_text(["8", "10", "13", "17", "19"])
        expect(page.locator(".behind mark", has_text="coversAria")).to_have_count(1)
        assert accessibility_faults(page) == []
        remark.get_by_role("button", name="Apply").click()
        expect(remark).to_have_count(0)
        field = page.get_by_label("Your text")
        assert "cg:coversArea area:" in field.input_value()
        page.get_by_role("button", name="Apply all remedies").click()
        expect(summary(page)).to_contain_text("Nothing is missing or wrong. Checked: 2 entries")
        expect(page.get_by_role("status")).to_have_text("Nothing is missing or wrong.")
        field.focus()
        page.keyboard.press("Control+z")
        page.keyboard.press("Control+z")
        assert field.input_value() == BROKEN
        expect(page.locator(".remark")).to_have_count(5)


def test_an_author_fixes_a_dictionary_without_script(opened: Open) -> None:
    with opened("/validate", script=False) as page:
        page.get_by_label("Your text").fill(BROKEN)
        page.get_by_role("button", name="Validate").click()
        page.get_by_role("link", name="line 13").first.click()
        remark = page.locator(".remark", has_text="coversAria")
        expect(remark.get_by_role("link", name="CG011")).to_have_attribute("href", "/rules/CG011")
        remark.get_by_role("button", name="Apply this remedy").click()
        expect(page.locator(".remark", has_text="coversAria")).to_have_count(0)
        expect(page.locator(".remark")).to_have_count(4)
        page.get_by_role("button", name="Apply all remedies").click()
        expect(page.locator(".lead")).to_contain_text("nothing is missing or wrong")
        with page.expect_download() as download:
            page.get_by_role("button", name="Download the text").click()
        assert "cg:coversArea area:" in download.value.path().read_text()


def _for_no_script(route: Route) -> None:
    """As axe needs script, let the page look as it does without."""
    style = route.fetch().text().replace("(scripting: enabled)", "(scripting: none)")
    route.fulfill(body=style, content_type="text/css")


@pytest.mark.parametrize(("width", "scheme"), [("phone", "dark"), ("desktop", "light")])
def test_the_report_without_script_is_accessible(opened: Open, width: str, scheme: str) -> None:
    with opened("/rules", width=width, scheme=scheme) as page:
        page.route("**/validate.js", lambda route: route.fulfill(content_type="text/javascript"))
        page.route("**/validate.css", _for_no_script)
        page.goto("/validate?example=extension-with-errors")
        page.get_by_role("button", name="Validate").click()
        assert page.locator(".remark:visible").count() == 5
        assert accessibility_faults(page) == []
        assert overflow(page) == 0


def test_a_file_is_dropped_on_the_text(opened: Open) -> None:
    with opened("/validate") as page:
        page.evaluate(
            """([name, text]) => {
                const data = new DataTransfer();
                data.items.add(new File([text], name));
                document.querySelector(".editor").dispatchEvent(
                    new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
            }""",
            ["mine.jsonld", '{"@id": "https://acme.example/a"}'],
        )
        expect(page.get_by_label("Syntax of the text")).to_have_value("jsonld")
        expect(page.locator(".remark")).to_contain_text(["CG005"])
        file = {"name": "mine.TTL", "mimeType": "", "buffer": DICTIONARY.encode()}
        page.get_by_label("A file instead").set_input_files([file])
        expect(summary(page)).to_contain_text("Nothing is missing or wrong. Checked: 11 entries")
        page.get_by_label("A file instead").set_input_files([file | {"name": "mine.docx"}])
        expect(summary(page)).to_contain_text("“mine.docx” is not in a known syntax")
        assert page.get_by_label("Your text").input_value() == DICTIONARY


def test_a_dictionary_that_stands_alone(opened: Open) -> None:
    with opened("/validate") as page:
        page.get_by_role("link", name="a dictionary that stands alone").click()
        expect(summary(page)).to_contain_text("Nothing is missing or wrong. Checked: 11 entries")
        page.get_by_label("It extends").select_option("none")
        expect(summary(page)).to_contain_text("Nothing is missing or wrong. Checked: 11 entries")
        page.reload()
        assert page.get_by_label("Your text").input_value() == DICTIONARY
        expect(page.get_by_label("It extends")).to_have_value("none")
        expect(summary(page)).to_contain_text("Nothing is missing or wrong.")


def test_findings_are_visited_by_keyboard_and_by_click(opened: Open) -> None:
    with opened("/validate?example=extension-with-errors") as page:
        expect(page.locator(".remark")).to_have_count(5)
        selected = "getSelection().toString()"
        page.keyboard.press("F8")
        page.keyboard.press("F8")
        assert page.evaluate(selected) == '"Sustainability Adviser"'
        page.keyboard.press("Shift+F8")
        assert page.evaluate(selected) == "my:sustainability-adviser"
        page.locator(".remark .message", has_text="coversAria").click()
        assert page.evaluate(selected) == "cg:coversAria"
        page.locator(".gutter .violation", has_text="19").click()
        expect(page.locator("[aria-current=true] .place")).to_have_text("line 19")
        page.get_by_role("button", name="5 violations").click()
        expect(page.locator(".remark:visible")).to_have_count(0)


def test_marks_move_with_the_text_and_a_syntax_error_is_shown_at_its_line(opened: Open) -> None:
    with opened("/validate") as page:
        paste(page, SYNTAX_ERROR)
        expect(page.locator(".remark .place").first).to_have_text("line 4")
        expect(summary(page)).to_have_text(
            "Nothing else was checked; it will be once this is fixed."
        )
        page.get_by_label("Your text").evaluate("field => field.setSelectionRange(0, 0)")
        page.keyboard.press("Enter")
        expect(page.locator(".gutter .violation").first).to_have_text("5")
        expect(page.locator(".remark .place").first).to_have_text("line 5")


def test_places_are_right_next_to_characters_of_two_units(opened: Open) -> None:
    with opened("/validate") as page:
        paste(page, BROKEN.replace("Adviser", "🥐 Adviser 𝔸"))
        remark = page.locator(".remark", has_text="coversAria")
        remark.get_by_role("button", name="Apply").click()
        expect(remark).to_have_count(0)
        assert "cg:coversArea area:" in page.get_by_label("Your text").input_value()


def test_a_report_is_saved(opened: Open) -> None:
    with opened("/validate?example=extension-with-errors") as page:
        for name, file in [("SARIF", "validation.sarif"), ("HTML", "validation.html")]:
            with page.expect_download() as download:
                page.get_by_role("button", name=name, exact=True).click()
            assert download.value.suggested_filename == file
            assert "CG011" in download.value.path().read_text()


def test_a_busy_server_is_asked_again(opened: Open) -> None:
    with opened("/validate") as page:
        page.evaluate(
            """() => {
                const [ask, refusals] = [fetch, [503, 429]];
                window.fetch = async (...request) => refusals.length
                    ? new Response('{"detail": "too much is running"}',
                                   { status: refusals.pop(), headers: { "Retry-After": "1" } })
                    : ask(...request);
            }"""
        )
        paste(page, VALID)
        expect(summary(page)).to_contain_text("Your text stays here, and is sent again in 1 s")
        expect(summary(page)).to_contain_text("Nothing is missing or wrong")
        assert page.get_by_label("Your text").input_value() == VALID


def test_a_text_of_2000_lines_stays_responsive(opened: Open) -> None:
    entries = VALID[VALID.index("my:sustainable-solutions-lead\n") :]
    head = VALID[: VALID.index("my:sustainability-adviser\n")]
    text = head + "".join(
        entries.replace("my:", f"my:n{n}-").replace("T01", f"T{n}").replace("Lead", f"Lead {n}")
        for n in range(330)
    )
    with opened("/validate") as page:
        page.get_by_label("Your text").evaluate(
            """(field, text) => {
                const clipboardData = new DataTransfer();
                clipboardData.setData("text/plain", text);
                field.dispatchEvent(new ClipboardEvent("paste", { clipboardData }));
            }""",
            text,
        )
        expect(summary(page)).to_contain_text("Checked: 330 entries", timeout=20_000)
        slowest = page.evaluate(
            """async () => {
                const field = document.querySelector("textarea");
                field.focus();
                field.setSelectionRange(5000, 5000);
                const times = [];
                for (let count = 0; count < 10; count++) {
                    const since = performance.now();
                    document.execCommand("insertText", false, "#");
                    await new Promise(requestAnimationFrame);
                    await new Promise(requestAnimationFrame);
                    times.push(performance.now() - since);
                }
                return times.sort((a, b) => a - b)[5];
            }"""
        )
        assert slowest < 200
        assert page.locator(".line-numbers div").count() < 80
