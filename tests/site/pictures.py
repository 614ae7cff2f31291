"""The pictures of the README and the documentation, taken of a real server in a browser.

`make pictures` (`python tests/site/pictures.py`) takes them anew; test_pictures.py looks whether the
pages still have what they are about.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import review_page
import tool_pages

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "pictures"
WIDTH = 1200
MAX_BYTES = 150_000
_BROKEN = ROOT / "server/competency_graph/web/static/examples/extension-with-errors.ttl"
_QUERY = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?role (COUNT(DISTINCT ?knowledge) AS ?mustKnow) WHERE {
  ?r a cg:Role ; skos:prefLabel ?role ; cg:requires ?knowledge .
  ?knowledge a cg:Knowledge
} GROUP BY ?role ORDER BY DESC(?mustKnow)"""


def _chart(page: Page) -> Locator:
    page.get_by_role("button", name="Shows Chart view").click()
    return page.locator(".chart rect")


def _finding(page: Page) -> Locator:
    page.get_by_label("Your text").focus()
    page.keyboard.insert_text(_BROKEN.read_text())
    return page.locator(".remark")


class Picture(NamedTuple):
    """A picture.

    Args:
        name: the name of its file, without ending.
        path: the page that it shows.
        about: does what is to be seen, and finds what the picture is about.
        number: how many of these there are.
        height: the height of the window.
        scheme: ``light`` or ``dark``.
    """

    name: str
    path: str
    about: Callable[[Page], Locator]
    number: int
    height: int = 860
    scheme: str = "light"


PICTURES = (
    Picture("home", "/", lambda page: page.locator(".matrix tbody i"), 31, 1055),
    Picture("home-dark", "/", lambda page: page.locator(".matrix tbody i"), 31, 1055, "dark"),
    Picture("role", "/sales/role/analyst", lambda page: page.locator("details.area"), 5),
    Picture("ask", f"/sparql?query={quote(_QUERY)}", _chart, 6, 920),
    Picture("validate", "/validate", _finding, 5),
    Picture("review", "/health", review_page.reviewing, 7, 880),
    Picture("yasgui", "/health", tool_pages.yasgui, 6, 720),
    Picture("datasette", "/health", tool_pages.datasette, 4, 680),
)


def arrange(page: Page, picture: Picture) -> Locator:
    """Bring a page into the state that a picture shows, and return what the picture is about."""
    page.set_viewport_size({"width": WIDTH, "height": picture.height})
    page.emulate_media(color_scheme=picture.scheme)  # type: ignore[arg-type]
    page.goto(picture.path)
    about = picture.about(page)
    about.nth(picture.number - 1).wait_for()
    return about


@contextmanager
def _server() -> Iterator[str]:
    command = [Path(sys.executable).with_name("competency"), "serve", "--port", "0", "--log", "off"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[4].rstrip("/")
        finally:
            process.terminate()


def main() -> None:
    """Take all pictures."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(exist_ok=True)
    with _server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(base_url=address)
        for picture in PICTURES:
            arrange(page, picture)
            file = FOLDER / f"{picture.name}.png"
            taken = page.screenshot(animations="disabled", caret="hide")
            colours = (
                Image.open(BytesIO(taken)).convert("RGB").quantize(96, dither=Image.Dither.NONE)
            )
            colours.save(file, optimize=True)
            print(f"{file.relative_to(ROOT)}: {file.stat().st_size:,} bytes")
        browser.close()


if __name__ == "__main__":
    main()
