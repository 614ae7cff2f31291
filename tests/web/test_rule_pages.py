"""``/rules``: the rules for dictionaries, as pages and as data."""

from __future__ import annotations

import json
import re

import html5rdf
import pytest
from test_protocol import Reply, send
from test_validate_http import WRONG, post

from competency_graph.validation import rule_pages
from conftest import ROOT

FILES = {path.stem: path for path in (ROOT / "docs" / "rules").glob("CG*.md")}
PAGE = "text/html"


def get(server: str, path: str, accept: str) -> Reply:
    return send(server, "GET", path, headers={"Accept": accept})


def parsed(text: str):
    return html5rdf.HTMLParser(namespaceHTMLElements=False).parse(text)


def words(node) -> str:
    return " ".join("".join(node.itertext()).split())


def test_the_list_links_to_every_rule(server: str) -> None:
    listed = json.loads(get(server, "/rules", "application/json").body)
    assert {rule["href"] for rule in listed} == {f"/rules/{code}" for code in FILES}
    assert listed[0] == {
        "code": "CG001", "name": "syntax", "severity": "violation",
        "title": "The file follows the grammar of its format", "href": "/rules/CG001",
    }  # fmt: skip
    reply = get(server, "/rules", PAGE)
    assert (reply.type, reply.headers["Vary"]) == (PAGE, "Accept, Accept-Language, Cookie")
    root = parsed(reply.body.decode())
    links = {a.get("href") for a in root.findall(".//main//a")}
    assert {link for link in links if link.startswith("/")} == {
        f"/rules/{code}" for code in FILES
    } | {f"/rules/{name}" for name in rule_pages.EXAMPLES}
    assert "how-to-read-a-page" in {h.get("id") for h in root.findall(".//h2")}
    for name, kind in rule_pages.EXAMPLES.items():
        example = get(server, f"/rules/{name}", "*/*")
        assert (example.type, example.body) == (kind, (ROOT / "docs/rules" / name).read_bytes())


def test_a_rule_is_available_as_json(server: str) -> None:
    reply = get(server, "/rules/CG401", "application/json")
    assert (reply.type, reply.headers["Vary"]) == ("application/json", "Accept")
    assert json.loads(reply.body) == {
        "code": "CG401",
        "name": "notation-unique",
        "severity": "violation",
        "title": "No two entries have the same code",
        "why": "A code identifies one entry. If Acme’s role has the code of a published one, every "
        "spreadsheet, course list and HR\nrecord with that code refers to two roles.",
        "wrong": 'acme:sustainability-adviser\n    skos:notation "R1" ;\n    .\n',
        "right": 'acme:sustainability-adviser\n    skos:notation "ACME-R1" ;\n    .\n',
        "remedy": "Put your own letters before all your codes. If both codes are your own, give the "
        "newer entry the next free one.\n\n`--fix` leaves this to you.",
    }


@pytest.mark.parametrize("code", ["CG003", "CG014", "CG208", "CG501"])
def test_a_rule_has_a_page(server: str, code: str) -> None:
    """The page shows its whole file; HTML in an example is escaped."""
    reply = get(server, f"/rules/{code}", PAGE)
    assert (reply.type, reply.headers["Vary"]) == (PAGE, "Accept, Accept-Language, Cookie")
    root = parsed(reply.body.decode())
    shown = words(root.find(".//main"))
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", FILES[code].read_text())
    for part in re.split(r"```\w*\n|\n\n", text)[2:]:
        assert " ".join(part.strip("# \n").replace("`", "").split()) in shown
    for link in root.findall(".//main//a"):
        where, _, part = link.get("href").partition("#")
        target = parsed(get(server, where, PAGE).body.decode())
        assert not part or part in {h.get("id") for h in target.findall(".//h2")}


def test_every_file_is_parsed_completely() -> None:
    assert rule_pages.pages().keys() == FILES.keys()
    for code, page in rule_pages.pages().items():
        text = FILES[code].read_text()
        kind = next(
            kind for kind in ("tsv", "csv", "turtle", "text", "yaml") if f"```{kind}\n" in text
        )
        assert text == (
            f"# {code} {page.name}\n\nSeverity: {page.severity}. [How to read this page]"
            f"(README.md#how-to-read-a-page).\n\n{page.why}\n\n"
            f"## Wrong\n\n```{kind}\n{page.wrong}```\n\n"
            f"## Right\n\n```{kind}\n{page.right}```\n\n"
            f"## Remedy\n\n{page.remedy}\n"
        )


def test_html_in_a_text_is_escaped() -> None:
    result = rule_pages.html(
        'A <script src="x">, [one](javascript:x) and [two](CG011.md).', str.lower
    )
    assert "<script" not in result
    assert "javascript" not in result.replace("[one](javascript:x)", "")
    assert '<a href="cg011">two</a>' in result


@pytest.mark.parametrize(
    "path", ["/rules/CG999", "/rules/cg011", "/rules/README", "/rules/..%2Facme.ttl"]
)
def test_an_unknown_rule_is_not_found(server: str, path: str) -> None:
    assert get(server, path, "application/json").status == 404


def test_reports_of_a_server_link_to_its_own_pages(server: str) -> None:
    (result, *_) = json.loads(post(server, WRONG).body)["findings"]
    assert result["rule"]["page"] == f"{server}/rules/{result['rule']['code']}"
    (run,) = json.loads(post(server, WRONG, "application/sarif+json").body)["runs"]
    for rule in run["tool"]["driver"]["rules"]:
        if rule["id"] in FILES:
            assert rule["helpUri"] == f"{server}/rules/{rule['id']}"
    root = parsed(post(server, WRONG, PAGE).body.decode())
    links = {a.get("href") for a in root.findall(".//p[@class='which']/a[@title]")}
    assert "/rules/CG011" in links
    assert {get(server, link, PAGE).status for link in links} == {200}
