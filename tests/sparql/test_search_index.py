"""Entries are found by words in any form, with a slip of the pen, or by a code."""

from __future__ import annotations

import csv
import json
import urllib.parse
import urllib.request
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from competency_graph import Dictionary
from competency_graph.errors import BadValueError
from competency_graph.rdf.rows import Bindings
from competency_graph.rdf.short_names import Term
from competency_graph.sparql.evaluator import evaluate
from competency_graph.sparql.search.databases import databases
from competency_graph.sparql.search.index import Index
from conftest import Run, serving


@pytest.fixture(scope="module")
def index(sales: Dictionary) -> Index:
    return Index(databases(lambda text, terms: evaluate(sales.store, text, terms).rows()))


FIRST = {
    "forecasts": {"Forecast updates", "Sales forecasts"},
    "forecast": {"Forecast updates", "Sales forecasts"},
    "forecst": {"Forecast updates", "Sales forecasts"},
    "forecasting tools": {"Forecasting and aggregation methods or tools"},
    "FORECASTING TOOLS": {"Forecasting and aggregation methods or tools"},
    "negociation": {"Negotiation methods", "Negotiation strategy", "Negotiating Positions"},
    "negotiate positions": {"Negotiating Positions"},
    "analyst": {"Analyst"},
    "analysts": {"Analyst"},
    "anlyst": {"Analyst"},
    "K001": {"Product or service features, benefits, and value propositions"},
    "k001": {"Product or service features, benefits, and value propositions"},
    "C06": {"Building Relationships"},
    "resume filing": {"Résumé filing and retrieval"},
    "cold calling": {"Cold-calling sales techniques"},
    "maintaining account": {"Maintaining Accounts"},
}
"""What is looked for, and which entries a person would want first."""


@pytest.mark.parametrize("text", FIRST)
def test_the_first_is_what_is_meant(index: Index, text: str) -> None:
    hits = index.search(text).hits
    assert hits[0].label in FIRST[text], [hit.label for hit in hits[:5]]


@pytest.mark.parametrize("text", ["zzzzzz", '") OR (', "'; DROP TABLE texts; --zzz"])
def test_what_is_not_there_is_not_found(index: Index, text: str) -> None:
    assert [hit for hit in index.search(text).hits if "zzz" in hit.value] == []
    assert len(index.search("analyst").hits) > 1


@pytest.mark.parametrize("text", ["", "   ", "\t\n"])
def test_an_empty_text_is_refused(index: Index, competency: Run, text: str) -> None:
    with pytest.raises(BadValueError, match="search text is empty"):
        index.search(text)
    done = competency("search", text)
    assert (done.returncode, done.stdout) == (2, "")
    assert "search text is empty" in done.stderr


def test_a_text_without_a_word_is_told(competency: Run) -> None:
    done = competency("search", "?!")
    assert (done.returncode, len(done.stdout.splitlines())) == (1, 2)
    assert done.stderr == "competency: there is no word in “?!” to look for.\n(0 rows)\n"


def test_a_language_that_the_labels_lack_is_told(competency: Run) -> None:
    done = competency("search", "forecasts", "--language", "de")
    assert done.returncode == 0
    assert done.stderr.startswith("competency: no label is in “de”; there are labels in en.\n")


def test_what_is_left_out_of_a_long_answer_is_told(competency: Run, tmp_path: Path) -> None:
    (tmp_path / "many.ttl").write_text(
        "PREFIX cg: <https://w3id.org/competency-graph/ontology#>\n"
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        + "".join(
            f'<https://e.example/{n}> a cg:Knowledge ; skos:prefLabel "Moss of kind {n}"@en .\n'
            for n in range(201)
        )
        + '<https://e.example/r> a cg:Role ; skos:prefLabel "Moss gardener"@en .\n'
    )
    own = ("--data", "many.ttl", "--base", "none")
    told = "competency: only the best 200 entries are listed; add words to find fewer.\n"
    assert competency("search", "moss", *own).stderr == f"{told}(200 rows)\n"
    assert competency("search", "moss", "--kind", "role", *own).stderr == "(1 row)\n"
    asked = competency("query", "text-search", "-p", "text=moss", *own)
    assert asked.stderr == f"{told}(200 rows)\n"
    with serving(tmp_path, *own) as address:
        path = f"{address}/queries/text-search?text=moss"
        asked = urllib.request.Request(path, headers={"Accept": "text/html"})
        with urllib.request.urlopen(asked) as reply:
            assert "Only the best 200 entries are listed" in reply.read().decode()
            assert "only the best 200" in reply.headers["X-Query-Warning"]


def test_each_entry_is_found_once_and_best_first(index: Index) -> None:
    hits = index.search("customer").hits
    assert len({hit.entry for hit in hits}) == len(hits) > 20
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert all("customer" in hit.label.lower() for hit in hits[:5])


def test_the_labels_of_what_an_entry_is_linked_to_are_found(index: Index) -> None:
    """No text of the dictionary has the word, and ESCO's label of a linked concept has."""
    hits = index.search("recruitment consultant").hits
    assert [hit.property.rpartition("#")[2][-5:] for hit in hits[:1]] == ["Match"]


@pytest.mark.parametrize(("kind", "count"), [("role", 1), ("title", 1), ("cluster", 0)])
def test_one_kind_can_be_found_alone(index: Index, kind: str, count: int) -> None:
    hits = index.search("strategist", kind).hits
    assert {hit.kind for hit in hits} <= {kind}
    assert (len(hits) >= count) == (count == 1 or not hits)


def test_the_rows_for_the_index_are_passed_on_as_the_engine_writes_them(sales: Dictionary) -> None:
    """To leave out a column of millions of rows takes more memory than a query may use."""
    left_out: set[str] = set()

    def rows(text: str, terms: Bindings) -> Iterable[Sequence[Term | None]]:
        answer = evaluate(sales.store, text, terms)
        left_out.update(answer.repeated)
        return answer.rows()

    assert Index(databases(rows)).search("strategist").hits
    assert not left_out


def test_the_command_finds(competency: Run) -> None:
    done = competency("search", "forecst", "--kind", "output", "-f", "csv")
    assert done.returncode == 0
    found = list(csv.DictReader(done.stdout.splitlines()))
    assert {row["entryLabel"] for row in found[:2]} == {"Forecast updates", "Sales forecasts"}
    assert {row["kind"] for row in found} == {"output"}
    shown = competency("search", "forecasting", "tools").stdout.splitlines()
    assert shown[0].split() == ["Entry", "Kind", "Code", "Score", "Property", "Value"]
    assert shown[2].split("  ")[0] == "Forecasting and aggregation methods or tools"
    nothing = competency("search", "zzzzzz")
    assert (nothing.returncode, nothing.stderr) == (1, "(0 rows)\n")


def test_it_finds_in_a_dictionary_of_ones_own(competency: Run, tmp_path: Path) -> None:
    competency("new", "acme", "--namespace", "https://acme.example/competencies/")
    done = competency("search", "sustainabel", "--data", "acme", "-f", "json")
    first = json.loads(done.stdout)["results"]["bindings"][0]
    assert first["entry"]["value"].startswith("https://acme.example/competencies/")


@pytest.mark.parametrize("form", ["text/csv", "application/json", "text/html"])
def test_the_question_uses_the_same_index(server: str, form: str) -> None:
    asked = urllib.request.Request(
        f"{server}/queries/text-search?text=forecst", headers={"Accept": form}
    )
    with urllib.request.urlopen(asked, timeout=30) as reply:
        body = reply.read().decode()
    assert "Sales forecasts" in body
    if form == "text/csv":
        assert body.splitlines()[0] == "entry,entryLabel,property,value"
        entries = [row["entry"] for row in csv.DictReader(body.splitlines())]
        assert len(entries) == len(set(entries))


def test_what_breaks_a_query_breaks_nothing(server: str) -> None:
    for text in ('") } } # {', "NEAR(a b)", "a AND", "col:x", "x" * 5_000):
        path = f"{server}/queries/text-search?" + urllib.parse.urlencode({"text": text})
        with urllib.request.urlopen(path, timeout=30) as reply:
            assert reply.status == 200
