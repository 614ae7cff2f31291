"""A worker can open no file, so everything that queries need is loaded before it is forked."""

from __future__ import annotations

import subprocess
import sys

import pytest

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
