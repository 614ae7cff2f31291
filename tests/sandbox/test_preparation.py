"""A worker can open no file, so everything that queries need is loaded before it is forked."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

from competency_graph.sandbox.index_request import IndexRequest

SCRIPT = """
import io, resource, sys
import pyoxigraph as ox
from competency_graph.errors import QuerySyntaxError
from competency_graph.rdf.formats import FORMATS
from competency_graph.sandbox.preparation import prepare_queries
from competency_graph.sparql import evaluator

if sys.argv[1] == "prepared":
    prepare_queries()
resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
store = ox.Store()
for query in ("SELECT *", "SELECT * { ?a b: ?c }", "SELECT * { ?s ?p", "ASK { <x:y> <x:z> 'a }"):
    try:
        evaluator.evaluate(store, query)
        sys.exit("no error")
    except QuerySyntaxError as error:
        assert error.line == 1, error
for query, kind in (("SELECT ('é' AS ?t) {}", "table"), ("CONSTRUCT { <x:a> <x:b> 1 } {}", "graph")):
    for form in FORMATS[kind]:
        output = io.BytesIO()
        evaluator.evaluate(store, query).write(form.name, output)
        assert output.getvalue(), form
print("done")
"""


@pytest.mark.parametrize(("state", "output"), [("prepared", "done\n"), ("unprepared", "")])
def test_queries_open_no_file_once_they_are_prepared(state: str, output: str) -> None:
    """Syntax errors and all formats; without preparation, some of it fails."""
    done = subprocess.run([sys.executable, "-c", SCRIPT, state], capture_output=True, text=True)
    assert done.stdout == output, done.stderr


INDEXING = """
import io, pickle, resource, sys
import pyoxigraph as ox
from competency_graph.sandbox.preparation import prepare_queries

store = ox.Store()
entry, label = ox.NamedNode("x:r"), ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
type_ = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
role = ox.NamedNode("https://w3id.org/competency-graph/ontology#Role")
store.extend([ox.Quad(entry, type_, role), ox.Quad(entry, label, ox.Literal("Moss gardener"))])
if sys.argv[1] == "prepared":
    prepare_queries()
resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
output = io.BytesIO()
pickle.loads(bytes.fromhex(sys.argv[2])).answer(store, None).write(output)
assert b"Moss gardener" in output.getvalue()
print("done")
"""


@pytest.mark.parametrize(("state", "output"), [("prepared", "done\n"), ("unprepared", "")])
def test_the_index_is_built_without_files_once_queries_are_prepared(
    state: str, output: str
) -> None:
    pickled = pickle.dumps(IndexRequest()).hex()
    script = [sys.executable, "-c", INDEXING, state, pickled]
    done = subprocess.run(script, capture_output=True, text=True)
    assert done.stdout == output, done.stderr
