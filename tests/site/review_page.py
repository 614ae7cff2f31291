"""The page for reviewing links, with links of a small dictionary to a small framework."""

from __future__ import annotations

import tempfile
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from werkzeug.serving import make_server

from competency_graph.linking import Concept, Review
from competency_graph.web.reviewing.app import create_review_app
from competency_graph.web.reviewing.desk import Desk
from competency_graph.web.reviewing.protection import Protection

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

_TRADE, _ACME = "https://example.org/trade/", "https://example.org/acme/ability/"
_ENTRY = Concept(
    f"{_ACME}contracts",
    "Negotiating a contract with suppliers",
    definition="Settles price, delivery and liability with a supplier, in writing.",
    within=("Purchasing",),
)
_CONCEPTS = [
    Concept(f"{_TRADE}1", "negotiate contracts", ("bargain over contracts", "agree terms"),
            "Reach terms that all parties to a contract sign.", within=("negotiating",)),
    Concept(f"{_TRADE}2", "manage suppliers"),
]  # fmt: skip
_LINKS = f"""\
# sssom_version: "1.1"
# mapping_set_id: https://example.org/acme/links
# license: https://creativecommons.org/licenses/by/4.0/
# mapping_date: "2026-11-28"
# object_source: trade:all
# curie_map:
#   acme: {_ACME}
#   trade: {_TRADE}
subject_id\tsubject_label\tsubject_category\tpredicate_id\tobject_id\tobject_label\tmapping_justification\tmapping_tool\tconfidence\tcomment
acme:contracts\t{_ENTRY.label}\tcg:Ability\tskos:broadMatch\ttrade:1\tnegotiate contracts\tsemapv:CompositeMatching\tcompetency-graph\t0.62\tWords of its label in the label: negotiate, contracts.
acme:contracts\t{_ENTRY.label}\tcg:Ability\tskos:relatedMatch\ttrade:2\tmanage suppliers\tsemapv:CompositeMatching\tcompetency-graph\t0.24\t
"""


def reviewing(page: Page) -> Locator:
    """A link of a review, with the possible decisions."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "acme.sssom.tsv"
        path.write_text(_LINKS)
        review = Review(path, path.with_name("acme.reviewed.sssom.tsv"), "Ann Example")
        server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
        protection = Protection(server.server_port)
        server.app = create_review_app(Desk(review, [_ENTRY], _CONCEPTS), protection)
        Thread(target=server.serve_forever, daemon=True).start()
        page.goto(f"http://127.0.0.1:{server.server_port}{protection.path}")
        found = page.locator(".decisions button")
        found.last.wait_for()
        server.shutdown()
        server.server_close()
    return found
