"""Pages of other people's tools, shown in a browser without a server of their own."""

from __future__ import annotations

import asyncio
import json
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from datasette.app import Datasette

from competency_graph import Dictionary

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Route

VENDOR = Path(__file__).parents[2] / "server/competency_graph/web/static/vendor"
QUERY = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?code ?name {
  ?role a cg:Role ; skos:notation ?code ; skos:prefLabel ?name
} ORDER BY ?code"""
_YASGUI = """\
<!doctype html><meta charset="utf-8"><title>YASGUI</title><link rel="stylesheet" href="yasgui.css">
<div id="here"></div><script src="yasgui.js"></script>
<script>
const [endpoint, query] = %s;
Yasgui.Yasqe.defaults.value = query;
const yasgui = new Yasgui(document.getElementById("here"),
  { requestConfig: { endpoint }, persistenceId: null });
yasgui.getTab().query();
</script>"""


def yasgui(page: Page) -> Locator:
    """YASGUI as other sites have it: from another origin, it asks the server of this page."""
    address = urlsplit(page.url)
    given = json.dumps([f"{address.scheme}://{address.netloc}/sparql", QUERY])
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "index.html").write_text(_YASGUI % given)
        for name in ("yasgui.js", "yasgui.css"):
            (Path(folder) / name).symlink_to(VENDOR / name)
        handler = partial(SimpleHTTPRequestHandler, directory=folder)
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
            Thread(target=site.serve_forever, daemon=True).start()
            page.goto(f"http://127.0.0.1:{site.server_port}/")
            found = page.locator(".yasr tbody tr")
            found.last.wait_for()
            site.shutdown()
    return found


def datasette(page: Page) -> Locator:
    """Datasette with a table of the SQLite export, searched for a word."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as thread:
        file = Path(folder) / "sales.db"
        file.write_bytes(Dictionary().export("sqlite"))
        app = Datasette([file])

        def answer(route: Route) -> None:
            its = urlsplit(route.request.url)
            # Playwright has the event loop of this thread.
            reply = thread.submit(asyncio.run, app.client.get(f"{its.path}?{its.query}")).result()
            route.fulfill(body=reply.content, content_type=reply.headers["content-type"])

        page.route("http://datasette.example/**", answer)
        page.goto(
            "http://datasette.example/sales/entry?_search=forecasting&_col=code&_col=label&_col=kind"
        )
        found = page.locator(".rows-and-columns tbody tr")
        found.last.wait_for()
        page.wait_for_load_state("networkidle")
    return found
