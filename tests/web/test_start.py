"""What is imported before the first answer, which waits for it."""

from __future__ import annotations

import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator

import pytest

from competency_graph.dictionary.model import Dictionary
from conftest import first_match

SLOW = {
    "babel", "flask", "html5rdf", "httpx", "jinja2", "lark", "owlrl", "pandas", "pydantic",
    "pyshacl", "rdflib", "xlsxwriter", "yaml",
}  # fmt: skip
"""Libraries that take long to import, and that the process which answers a query does not need."""
SCRIPT = """
import sys
from importlib import import_module
from competency_graph.cli import main
from competency_graph.web.server import background

class Modules:
    def __init__(self, create):
        pass

    def start(self):
        '''Load nothing in the background, so that what queries load can be told apart.'''

    def __call__(self, environ, start):
        if name := environ["QUERY_STRING"]:
            import_module(name)
        start("200 OK", [])
        return [" ".join(sys.modules).encode()]

background.BackgroundApplication = Modules
main()
"""
"""The command, whose pages list the modules of the process that serves, in place of the others."""


@pytest.fixture(scope="module")
def address(sales: Dictionary) -> Iterator[str]:
    sales.store  # noqa: B018  (after which what is inferred is in the cache)
    command = [sys.executable, "-c", SCRIPT, "serve", "--port", "0", "--log", "off"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield first_match(r"(http://[\d.]+:\d+)", process.stdout)
        process.terminate()


def modules(address: str, also: str = "") -> set[str]:
    """The modules of the process that serves, once it has imported another one."""
    with urllib.request.urlopen(f"{address}/modules?{also}", timeout=20) as reply:
        return set(reply.read().decode().split())


def test_a_query_is_answered_before_slow_libraries_are_imported(address: str) -> None:
    query = urllib.parse.urlencode({"query": "ASK { ?role a ?kind }", "format": "json"})
    with urllib.request.urlopen(f"{address}/sparql?{query}", timeout=20) as reply:
        assert b"true" in reply.read()
    found = modules(address)
    assert {"competency_graph.web.querying.fast_path", "pyoxigraph"} <= found
    assert found & SLOW == set()
    assert "competency_graph.web.app" not in found


def test_an_imported_library_is_seen(address: str) -> None:
    assert modules(address, "yaml") & SLOW == {"yaml"}
