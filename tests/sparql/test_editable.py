"""The text of a saved query that readers edit: it gives the same answer as the saved query."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from competency_graph import Dictionary
from competency_graph.sparql.editable import editable_text
from competency_graph.sparql.evaluator import evaluate
from competency_graph.sparql.parameters import bind
from competency_graph.sparql.saved_queries import Catalogue, parse_query


@pytest.mark.parametrize("name", Catalogue())
def test_it_gives_the_answer_of_the_saved_query(name: str, sales: Dictionary) -> None:
    query = Catalogue()[name]
    bound = bind(query, {}, lambda text, terms: evaluate(sales.store, text, terms).rows())
    saved = evaluate(sales.store, query.text, bound)
    text = editable_text(query, bound)
    assert "# parameter" not in text
    assert text.startswith(f"# {query.question}\n")
    edited = evaluate(sales.store, text)
    assert edited.kind == saved.kind
    if saved.kind != "table":
        form = "ntriples" if saved.kind == "graph" else "json"
        lines = [sorted(each.serialize(form).splitlines()) for each in (edited, saved)]
        assert lines[0] == lines[1]
        return
    assert not {parameter.name for parameter in query.parameters} & set(edited.columns)
    positions = [edited.columns.index(column) for column in saved.columns]
    rows = [[row[p] for p in positions] for row in edited.rows()]
    assert rows == [list(row) for row in saved.rows()]


def test_the_values_are_terms_whatever_they_contain() -> None:
    query = parse_query("# parameter: t | text | x | a text\nSELECT ?t WHERE { }", "q", "q.rq")
    text = editable_text(query, {ox.Variable("t"): ox.Literal('a" } # \n')})
    assert text == 'SELECT ?t WHERE {\n  VALUES ?t { "a\\" } # \\n" }\n }\n'


def test_a_prefix_is_added_once() -> None:
    query = parse_query("# parameter: r | cg:Role | role:a | a role\nASK { ?r ?p ?o }", "q", "q.rq")
    role = "https://w3id.org/competency-graph/sales/role/"
    text = editable_text(query, {ox.Variable("r"): ox.NamedNode(role + "analyst")})
    assert text.splitlines()[:3] == [
        f"PREFIX role: <{role}>",
        "ASK {",
        "  VALUES ?r { role:analyst }",
    ]
    text = editable_text(query, {ox.Variable("r"): ox.NamedNode("http://e/r")})
    assert "VALUES ?r { <http://e/r> }" in text
