"""The documentation's pictures exist, are small, and show what the pages still have."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from pictures import FOLDER, MAX_BYTES, PICTURES, ROOT, Picture, arrange
from playwright.sync_api import Browser, Page, expect

from competency_graph.web.querying.editor import has_editor

DOCUMENTS = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]


def test_the_documents_name_the_pictures_that_exist() -> None:
    named = {
        name
        for path in DOCUMENTS
        for name in re.findall(r"(?:docs/)?pictures/([\w-]+)\.png", path.read_text())
    }
    assert named == {picture.name for picture in PICTURES}
    assert named == {path.stem for path in FOLDER.iterdir()}
    assert all(path.stat().st_size < MAX_BYTES for path in FOLDER.iterdir())


@pytest.fixture(scope="module")
def page(browser: Browser, server: str) -> Iterator[Page]:
    context = browser.new_context(base_url=server)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_a_page_has_what_its_picture_is_about(page: Page, picture: Picture) -> None:
    if picture.name in ("ask", "yasgui") and not has_editor():
        pytest.skip("the editor is not built: python server/assets/build_hook.py")
    about = arrange(page, picture)
    expect(about).to_have_count(picture.number)
    expect(about.first).to_be_in_viewport()
