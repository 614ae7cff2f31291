"""Results stay small, whatever is asked for, and say what they leave out and how to get it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from assistant import Assistant, connected

from competency_graph.mcp.tools.sizes import MAX_CHARACTERS, fitting, left_out

PREFIX = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
BARE = "".join(
    f"<https://acme.example/{n}> a <https://w3id.org/competency-graph/ontology#Role> .\n"
    for n in range(60)
)
LARGE: list[tuple[str, dict[str, Any], str]] = [
    ("find_entries", {"words": "sales", "limit": 50}, r"entries 1 to 50 of \d+ are listed: ask again with offset 50"),
    ("get_entry", {"entry": "Analyst", "limit": 200}, r"of \d+ cg:requires are listed; .* so run the query"),
    ("compare_entries", {"entries": ["Analyst", "Strategist", "Consultant"], "limit": 200}, r"of \d+ knowledge, .* so run the query"),
    ("ask_question", {"question": "role-knowledge", "limit": 200}, r"rows 1 to \d+ of \d+ are listed: ask again with offset \d+"),
    ("query", {"query": PREFIX + "SELECT * { ?s skos:definition ?o }", "limit": 200}, r"rows 1 to \d+ are listed, and there are more: ask again with offset \d+"),
    ("query", {"query": "CONSTRUCT WHERE { ?s ?p ?o }", "limit": 200}, r"ask again with offset \d+"),
    ("validate", {"text": BARE, "limit": 100}, r"the first \d+ of \d+ findings are listed: fix them and validate again"),
]  # fmt: skip


@pytest.fixture(scope="module")
def assistant(server: str) -> Iterator[Assistant]:
    with connected(f"{server}/mcp") as found:
        yield found


@pytest.mark.parametrize(("tool", "arguments", "more"), LARGE)
def test_the_largest_results_are_bounded(
    assistant: Assistant, tool: str, arguments: dict[str, Any], more: str
) -> None:
    text = assistant.ask("call_tool", tool, arguments).content[0].text
    assert len(text) <= 20_000
    assert re.search(more, json.loads(text)["more"])


def test_the_list_of_all_questions_is_bounded(assistant: Assistant) -> None:
    assert len(json.dumps(assistant.call("list_questions"), ensure_ascii=False)) < 20_000


def test_a_row_that_is_too_long_for_a_result_is_an_error(assistant: Assistant) -> None:
    columns = " ".join(f"(REPLACE(STR(?t), '.', 'xxxx') AS ?c{n})" for n in range(40))
    said = assistant.error(
        "query",
        query=f"{PREFIX}SELECT {columns} {{ ?s skos:definition ?t FILTER (STRLEN(?t) > 150) }}",
    )
    assert re.match(r"the result has [\d,]+ characters, and the limit is 20,000\. ", said)
    assert "Select fewer columns" in said


def test_all_pages_of_a_question_make_the_whole(assistant: Assistant) -> None:
    first = assistant.call("ask_question", question="role-knowledge", limit=200)
    total = int(re.search(r"of (\d+) are listed", first["more"])[1])
    rows = first["rows"]
    while len(rows) < total:
        rest = {"limit": 200, "offset": len(rows)}
        page = assistant.call("ask_question", question="role-knowledge", **rest)
        assert page["rows"]
        rows = rows + page["rows"]
    assert "more" not in page
    assert len({json.dumps(row) for row in rows}) == total


def test_all_pages_of_a_search_differ(assistant: Assistant) -> None:
    pages = [
        assistant.call("find_entries", words="sales", limit=50, offset=offset)
        for offset in (0, 50, 100)
    ]
    entries = [each["iri"] for page in pages for each in page["entries"]]
    assert len(entries) == len(set(entries)) == min(150, pages[0]["total"])


def test_as_many_items_as_fit_are_kept() -> None:
    def result(limit: int) -> dict[str, object]:
        return {"items": ["x" * 97] * limit}  # 100 characters each, with quotes and comma

    assert len(fitting(result, 50)["items"]) == 50
    assert len(fitting(result, 1_000)["items"]) == (MAX_CHARACTERS - len('{"items":[]}') + 1) // 100
    assert len(fitting(lambda limit: {"items": ["x" * 30_000] * limit}, 10)["items"]) == 1


@pytest.mark.parametrize(
    ("listed", "limit", "expected"),
    [
        (20, 20, "20 of 61 a are listed; for the rest, raise limit (up to 50) or run the query"),
        (20, 50, "20 of 61 a are listed; for the rest, more would be too long for one result, so run the query"),
        (50, 50, "50 of 61 a are listed; for the rest, run the query"),
        (61, 100, ""),
    ],
)  # fmt: skip
def test_what_is_left_out_is_said(listed: int, limit: int, expected: str) -> None:
    assert left_out({"a": 61, "b": 3}, listed, limit, 50) == expected
