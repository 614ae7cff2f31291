"""The report as a page, parsed as a browser does."""

from __future__ import annotations

import re
from dataclasses import replace

import html5rdf
from reporting import BAKER, BARE_ROLE, NO_LANGUAGE, WHOLE, hostile, report

from competency_graph.reports.html import write_html
from competency_graph.validation.findings import Rule
from conftest import ROOT

OWN = replace(BARE_ROLE, rule=Rule("CallsHome", "CallsHome", "warning", "Each entry calls home"))
REDEFINED = replace(BARE_ROLE, rule=Rule("CG014", "redefined-entry", "violation", "It stays"))
OTHER = replace(BARE_ROLE, rule=Rule("CG107", "one-label", "violation", "It has one label"))


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
        "The rules that these findings are about",
    ]
    assert texts(root, ".//p[@class='message']") == [
        "The role has no definition.",
        "The text has no language.",
        "There are few roles.",
    ]
    assert texts(root, ".//mark") == ["role:baker", '"Bäcker"']
    assert texts(root, ".//details/pre") == ['role:baker skos:definition "…"@en .']
    assert texts(root, ".//p[@class='lead']") == [
        "3 findings: 1 violation, 1 warning, 1 info, in 2 files. "
        "0 entries and 55 statements checked in 1 file."
    ]


def test_it_asks_for_nothing_from_elsewhere() -> None:
    root = page(BARE_ROLE, NO_LANGUAGE)
    tags = {node.tag for node in root.iter() if isinstance(node.tag, str)}
    assert tags & {"script", "link", "img", "iframe", "object", "base"} == set()
    (style,) = root.findall(".//style")
    assert not re.search(r"url\(|@import", style.text)


def test_it_carries_the_texts_of_the_rules_that_were_broken() -> None:
    """Each once, and the findings lead to them within the page."""
    root = page(BARE_ROLE, replace(BARE_ROLE, focus=f"{BAKER}-2"), OWN)
    assert [rule.get("id") for rule in root.findall(".//article[@class='rule']")] == ["CG201"]
    assert [a.get("href") for a in root.findall(".//article//div[@class='head']/a")] == [
        "#CG201", "#CG201", None,
    ]  # fmt: skip
    (rule,) = texts(root, ".//article[@class='rule']")
    for part in re.split(r"```\w*|\n## |\n\n", (ROOT / "docs/rules/CG201.md").read_text())[3:]:
        assert " ".join(part.strip("# \n").replace("`", "").split()) in rule


def test_a_rule_leads_to_others_in_the_page_or_at_their_published_address() -> None:
    """The text of CG014 names CG107."""
    for others, address in (
        ([], "https://w3id.org/competency-graph/rules/CG107"),
        ([OTHER], "#CG107"),
    ):
        root = page(REDEFINED, *others)
        (rule,) = (r for r in root.findall(".//article") if r.get("id") == "CG014")
        assert [a.get("href") for a in rule.findall(".//a")] == [address]


def test_hostile_texts_stay_texts() -> None:
    root = page(hostile(), partial="<script>")
    assert root.findall(".//script") == []
    (message,) = root.findall(".//p[@class='message']")
    assert message.text == (
        "a\"b'c␍\n<script>alert(1)</script> & ␛[31m%0A, d: é麵\ufffd␀\ufffd ]]> {{ 7*7 }} \ufffd"
    )
    (partial,) = root.findall(".//p[@class='partial']")
    assert partial.text.endswith("ended early: <script>.")
