"""The report as a page, parsed as a browser does."""

from __future__ import annotations

import re

import html5rdf
from reporting import BARE_ROLE, NO_LANGUAGE, WHOLE, hostile, report

from competency_graph.reports.html import write_html


def page(*findings, **rest):
    text = write_html(report(*findings, **rest))
    return html5rdf.HTMLParser(strict=False, namespaceHTMLElements=False).parse(text)


def texts(root, path: str) -> list[str]:
    return [" ".join("".join(node.itertext()).split()) for node in root.findall(path)]


def test_it_is_grouped_by_file_with_source_lines() -> None:
    root = page(BARE_ROLE, NO_LANGUAGE, WHOLE, files=("clean.ttl",))
    assert texts(root, ".//h2") == [
        "clean.ttl no findings",
        "bakery.ttl 1 finding",
        "my files/b: ä.ttl 1 finding",
        "The dictionary as a whole 1 finding",
    ]
    assert texts(root, ".//p[@class='message']") == [
        "The role has no definition.",
        "The text has no language.",
        "There are few roles.",
    ]
    assert texts(root, ".//mark") == ["role:baker", '"Bäcker"']
    assert texts(root, ".//details/pre") == ['role:baker skos:definition "…"@en .']
    assert texts(root, ".//p[@class='lead']") == [
        "3 findings: 1 violation, 1 warning, 1 info, in 2 files."
    ]


def test_it_asks_for_nothing_from_elsewhere() -> None:
    root = page(BARE_ROLE, NO_LANGUAGE)
    tags = {node.tag for node in root.iter() if isinstance(node.tag, str)}
    assert tags & {"script", "link", "img", "iframe", "object", "base"} == set()
    (style,) = root.findall(".//style")
    assert not re.search(r"url\(|@import", style.text)


def test_hostile_texts_stay_texts() -> None:
    root = page(hostile(), partial="<script>")
    assert root.findall(".//script") == []
    (message,) = root.findall(".//p[@class='message']")
    assert message.text == (
        "a\"b'c␍\n<script>alert(1)</script> & ␛[31m%0A, d: é麵\ufffd␀\ufffd ]]> {{ 7*7 }} \ufffd"
    )
    (partial,) = root.findall(".//p[@class='partial']")
    assert partial.text.endswith("before it was done: <script>.")
