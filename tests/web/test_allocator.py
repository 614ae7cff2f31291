"""The server has its memory managed by tcmalloc where that is installed, within the same limits."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from competency_graph.web.server.allocator import restart_with_tcmalloc, tcmalloc
from conftest import first_match
from hostile import SLOW

COMMAND = [
    str(Path(sys.executable).with_name("competency")),
    *("serve", "--port", "0", "--log", "off", "--memory-limit", "256", "--time-limit", "30"),
]
GOOD = "SELECT (COUNT(*) AS ?n) { ?role a ?kind }"
TOO_LARGE = SLOW["sort of a product"]

needs_it = pytest.mark.skipif(
    tcmalloc() is None, reason="tcmalloc is not installed (Debian: libtcmalloc-minimal4)"
)


@contextmanager
def served(environment: dict[str, str]) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address of the command as a shell starts it, and its process."""
    usual = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    with subprocess.Popen(
        COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=usual | environment
    ) as process:
        assert process.stdout is not None
        try:
            yield first_match(r"(http://[\d.]+:\d+)", process.stdout), process
        finally:
            process.terminate()


def ask(address: str, query: str) -> dict[str, object]:
    parameters = urllib.parse.urlencode({"query": query, "format": "json"})
    try:
        with urllib.request.urlopen(f"{address}/sparql?{parameters}", timeout=60) as reply:
            return dict(json.load(reply))
    except urllib.error.HTTPError as error:
        return dict(json.load(error))


def libraries(process: int) -> set[str]:
    """The names of the libraries that a process and all that descend from it have loaded."""
    found = set(re.findall(r"\blib[\w-]+", Path(f"/proc/{process}/maps").read_text()))
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return found.union(*(libraries(int(child)) for child in children))


@needs_it
def test_it_is_used_and_the_memory_of_a_query_stays_limited() -> None:
    with served({}) as (address, process):
        assert "libtcmalloc_minimal" in libraries(process.pid)
        assert Path(f"/proc/{process.pid}/comm").read_text() == "competency\n"
        before = ask(address, GOOD)
        assert "results" in before
        assert ask(address, TOO_LARGE)["limit"] == "memory"
        process.send_signal(signal.SIGHUP)
        assert process.stderr is not None
        assert "reloaded (SIGHUP)" in process.stderr.readline()
        assert ask(address, GOOD) == before
        assert "libtcmalloc_minimal" in libraries(process.pid)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")


@needs_it
def test_it_is_not_used_where_another_library_or_none_is_to_be() -> None:
    with served({"LD_PRELOAD": ""}) as (address, process):
        assert "results" in ask(address, GOOD)
        assert "libtcmalloc_minimal" not in libraries(process.pid)


def test_a_program_that_calls_the_command_as_a_function_stays() -> None:
    before = os.getpid(), dict(os.environ)
    restart_with_tcmalloc()
    assert (os.getpid(), dict(os.environ)) == before
