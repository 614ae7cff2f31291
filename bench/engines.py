"""How fast a store on disk and another server are, as ratios against those asked directly.

`make bench-all` runs it. Each saved query is asked in turn of this service and of the engine behind
it, over connections that are kept open, and neither has seen it before. A ratio above 1 means that
this service takes so many times as long; for `--endpoint`, that it is so many times as fast.

For `--endpoint`, a proxy that does nothing else (`bare_proxy.py`) is asked as well: nothing in the
same event loop can be faster. Queries are new in two ways: with another comment, as programs send
them with another IRI, text or comment, and with a template of their own (`query_templates.py`), as
people write them. Processor time is measured too, with that of the server behind, as other work on
the machine changes it less.

`python bench/engines.py --store FOLDER` measures a store that exists already.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import sparql_servers
from competency_graph import Dictionary
from competency_graph.engines.publishing import to_endpoint
from competency_graph.sparql.evaluator import PUBLISHED
from generate import write
from processes import ProcessorClock, settle
from questions import middle, questions
from servers import BIN, Server, served, with_tcmalloc

GRAPHS = [(f"{kind}-graph-uri", graph) for kind in ("default", "named") for graph in PUBLISHED]
"""The graphs that this service asks another server for."""
LONG = 0.1
"""Seconds; a query that takes longer is not asked again."""


def compare(
    ours: Server, other: Server, rounds: int, small: bool, fresh: bool = True
) -> dict[str, tuple[float, float]]:
    """The median seconds of each query, here and there, after a round that does not count."""
    found = {}
    for name, query, kind in questions(small):
        here, there = [], []
        for _ in range(rounds + 1):
            text = f"{query}\n# {time.perf_counter_ns()}" if fresh else query
            there.append(other.ask(text, kind)[1])
            here.append(ours.ask(text, kind)[1])
            if here[-1] > LONG:
                break
        found[name] = statistics.median(here[1:] or here), statistics.median(there[1:] or there)
    return found


def tell(found: dict[str, tuple[float, float]], ratio: Callable[[float, float], float]) -> None:
    for name, (here, there) in sorted(found.items(), key=lambda pair: -ratio(*pair[1])):
        print(
            f"    {name:<28} {ratio(here, there):7.2f} x   "
            f"{here * 1e3:9.2f} ms here, {there * 1e3:9.2f} ms there"
        )


def publish(folder: Path, size: int) -> Path:
    """A new store of so many statements."""
    store = folder / "store"
    write(size, folder / "data.nq")
    subprocess.run(
        [BIN / "competency", "publish", "--store", store, "--as-is", "--data", folder / "data.nq"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return store


@contextlib.contextmanager
def serving(*options: str | Path) -> Iterator[Server]:
    """This service."""
    port = sparql_servers.free_port()
    command: list[str | Path] = [
        BIN / "competency", "serve", "--port", str(port), "--log", "off", "--time-limit", "30",
        *options,
    ]  # fmt: skip
    with served("this service", command, port, "/sparql") as server:
        yield server


def measure_store(store: Path, rounds: int, detail: bool) -> None:
    since = time.perf_counter()
    opened = ox.Store.read_only(str(store))
    took = time.perf_counter() - since
    print(f"\nA store of {len(opened):,} statements opens in {took * 1e3:.0f} ms (to reach: 1000)")
    del opened
    port = sparql_servers.free_port()
    command: list[str | Path] = [
        BIN / "oxigraph", "serve-read-only", "--location", store, "--union-default-graph",
        "--bind", f"127.0.0.1:{port}",
    ]  # fmt: skip
    since = time.perf_counter()
    with serving("--store", store) as ours:
        ours.ask("ASK { ?s ?p ?o }", "boolean")
        print(f"  first answer, {time.perf_counter() - since:.1f} s after the command is started")
        settle(ours.port, 300)  # until the search index is built, or has proved to be too large
        with served("Oxigraph", command, port, "/query") as other:
            # over a new connection, as the first one has not been used for too long
            found = compare(dataclasses.replace(ours), other, rounds, small=False)
    ratio = middle([here / there for here, there in found.values()])
    print(
        f"  time of a query, against Oxigraph's server: {ratio:.2f} x (to reach: 1.3)", flush=True
    )
    if detail:
        tell(found, lambda here, there: here / there)


def with_comment(query: str) -> str:
    """The query with a comment that no other has: another text, of the same template."""
    return f"{query}\n# {time.perf_counter_ns()}"


def with_prefix(query: str) -> str:
    """The query with a prefix that no other has, and so a template that no other has."""
    return f"PREFIX p{time.perf_counter_ns()}: <http://example.org/>\n{query}"


def unchanged(query: str) -> str:
    return query


def costs(
    servers: list[Server], rounds: int, small: bool, changed: Callable[[str], str]
) -> dict[str, list[tuple[float, float]]]:
    """For each query, the median seconds at each server, and of the processors for it.

    The servers are asked in turn, after a round that does not count.
    """
    clock = ProcessorClock(*(server.port for server in servers))
    found = {}
    for name, query, kind in questions(small):
        taken: list[list[tuple[float, float]]] = [[] for _ in servers]
        for _ in range(rounds + 1):
            for server, its in zip(servers, taken, strict=True):
                # A text of its own for each server, as the one behind may remember plans.
                text = changed(query)
                before = clock.seconds()
                took = server.ask(text, kind)[1]
                its.append((took, clock.seconds() - before))
            if took > LONG:
                break
        found[name] = [
            tuple(statistics.median(each) for each in zip(*(its[1:] or its), strict=True))
            for its in taken
        ]
    return found


@contextlib.contextmanager
def proxying(address: str) -> Iterator[Server]:
    port = sparql_servers.free_port()
    command = [sys.executable, Path(__file__).with_name("bare_proxy.py"), str(port), address]
    path = urlsplit(address).path
    with served("a bare proxy", command, port, path, with_tcmalloc()) as server:
        yield dataclasses.replace(server, parameters=GRAPHS)


def measure_endpoint(name: str, size: int, rounds: int, detail: bool) -> None:
    print(f"\n--endpoint, in front of {name}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        dictionary = Dictionary()
        if small := size <= 0:
            size = sum(1 for _ in dictionary.quads())
        else:
            write(size, path / "data.nq")
            dictionary = Dictionary(path / "data.nq", inferring=False, as_is=True)
        with getattr(sparql_servers, name)(path) as server:
            to_endpoint(dictionary, server.graphs, server.auth)
            parts = urlsplit(server.queries)
            other = Server(name, str(parts.hostname), int(parts.port or 0), parts.path, GRAPHS)
            with serving("--endpoint", server.queries) as ours, proxying(server.queries) as proxy:
                asked = [ours, proxy, other]
                settle(ours.port)
                new = costs(asked, rounds, small, with_prefix)
                known = costs(asked, rounds, small, with_comment)
                again = costs(asked, rounds, small, unchanged)
    print(f"  {size:,} statements, against asking it directly:")
    for text, column, results in (
        ("time, each query for the first time", 0, known),
        ("processor time, each query for the first time", 1, known),
        ("time, each query with a template of its own", 0, new),
        ("processor time, each query with a template of its own", 1, new),
        ("time, a repeated query", 0, again),
    ):
        figures = [[costs[column] for costs in by_server] for by_server in results.values()]
        measured = [each for each in figures if min(each) > 0]
        here, least = (middle([each[2] / each[number] for each in measured]) for number in (0, 1))
        print(f"    {text}: {here:.2f} x; a bare proxy: {least:.2f} x", flush=True)
        if len(measured) < len(figures):
            print(f"      without {len(figures) - len(measured)} that took too little to measure")
    print("  to reach: 0.8 x for the first time")
    if detail:
        for question, by_server in known.items():
            print(
                f"    {question:<28}", *(f"{1e3 * s:8.2f} {1e3 * p:8.2f} ms" for s, p in by_server)
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", type=Path, help="a store to measure, instead of a new one")
    parser.add_argument("--store-size", type=int, default=2_600_000)
    parser.add_argument("--endpoint-size", type=int, default=300_000, help="0: the published one")
    parser.add_argument("--only", choices=["store", "oxigraph", "virtuoso"])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--detail", action="store_true", help="print a line for each query")
    options = parser.parse_args()
    if options.only in (None, "store"):
        with tempfile.TemporaryDirectory() as folder:
            store = options.store or publish(Path(folder), options.store_size)
            measure_store(store, options.rounds, options.detail)
    for name in ("oxigraph", "virtuoso"):
        if options.only not in (None, name):
            continue
        if name == "virtuoso" and not sparql_servers.VIRTUOSO:
            print("\nvirtuoso-t is not installed (Debian: virtuoso-opensource)")
            continue
        measure_endpoint(name, options.endpoint_size, options.rounds, options.detail)


if __name__ == "__main__":
    main()
