"""How fast the service answers, as ratios against two others in the same run.

`make bench` runs it. For each size, three servers hold the same statements in the same graphs:
this one, rdflib-endpoint and Oxigraph's own in memory. One client asks the same queries of each in
turn, over a connection that is kept open. A ratio above 1 means that this service is so many times
as fast.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import math
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from competency_graph import Dictionary
from competency_graph.rdf.vocabulary import PREFIXES
from competency_graph.sparql import query_text
from competency_graph.sparql.parameter_values import with_values
from competency_graph.sparql.saved_queries import Catalogue
from generate import write
from sparql_servers import free_port

BIN = Path(sys.executable).parent
TYPES = {
    "table": "application/sparql-results+json",
    "boolean": "application/sparql-results+json",
    "graph": "application/n-triples",
}
SHIPPED = sum(1 for _ in Dictionary().quads())
WHOLE = "SELECT * { ?s ?p ?o } LIMIT 200000"
GOOD = f"""SELECT ?label {{
  <{PREFIXES["role"]}analyst> <{PREFIXES["cg"]}requires> ?entry .
  ?entry <{PREFIXES["skos"]}prefLabel> ?label
}}"""
ATTACK = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SLOWEST = 20.0
"""Seconds after which a query is given up, and counted as having taken so long."""


@dataclass
class Server:
    """A server under measurement."""

    name: str
    host: str
    port: int
    path: str
    parameters: Sequence[tuple[str, str]] = ()

    def __post_init__(self) -> None:
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, query: str, kind: str = "table") -> tuple[float, float, int]:
        """Seconds to the first byte, seconds to the last, bytes."""
        body = urllib.parse.urlencode([("query", query), *self.parameters]).encode()
        headers = {"Accept": TYPES[kind], "Content-Type": "application/x-www-form-urlencoded"}
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self.host, self.port, timeout=SLOWEST)
        since = time.perf_counter()
        try:
            self._connection.request("POST", self.path, body, headers)
            reply = self._connection.getresponse()
            first = reply.read(1)
            at_first = time.perf_counter() - since
            size = len(first) + len(reply.read())
            if reply.status == 503:
                return SLOWEST, SLOWEST, 0
            if reply.status != 200:
                raise RuntimeError(f"{self.name} answered {reply.status} to {query[:200]}")
            return at_first, time.perf_counter() - since, size
        except (TimeoutError, http.client.HTTPException, ConnectionError):
            self._connection.close()
            self._connection = None
            return SLOWEST, SLOWEST, 0


@contextlib.contextmanager
def served(name: str, command: list[str | Path], port: int, path: str) -> Iterator[Server]:
    """A server that answers."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 900
        address = f"http://127.0.0.1:{port}{path}?query=ASK%7B%7D"
        while True:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(address, timeout=60, trust_env=False).is_success:
                    break
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{name} did not start")
            time.sleep(0.1)
        yield Server(name, "127.0.0.1", port, path)
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def ours(data: Path, size: int) -> Iterator[Server]:
    port = free_port()
    command: list[str | Path] = [
        BIN / "competency", "serve", "--port", str(port), "--log", "off", "--time-limit", "30",
    ]  # fmt: skip
    if size > SHIPPED:
        triples = data.with_suffix(".nt")
        write(size, triples)
        command += ["--data", triples, "--base", "none", "--no-inference"]
    with served("this service", command, port, "/sparql") as server:
        yield server


@contextlib.contextmanager
def rdflib_endpoint(data: Path) -> Iterator[Server]:
    port = free_port()
    command: list[str | Path] = [
        BIN / "rdflib-endpoint", "serve", "--host", "127.0.0.1", "--port", str(port), data,
    ]  # fmt: skip
    with served("rdflib-endpoint", command, port, "/") as server:
        yield server


@contextlib.contextmanager
def oxigraph(data: Path) -> Iterator[Server]:
    port = free_port()
    command: list[str | Path] = [
        BIN / "oxigraph", "serve", "--union-default-graph", "--bind", f"127.0.0.1:{port}",
    ]  # fmt: skip
    with served("Oxigraph", command, port, "/query") as server:
        with data.open("rb") as file:
            httpx.post(
                f"http://127.0.0.1:{port}/store",
                content=file,
                headers={"Content-Type": "application/n-quads"},
                timeout=900,
                trust_env=False,
            ).raise_for_status()
        yield server


def questions(small: bool) -> list[tuple[str, str, str]]:
    """Name, text and kind of each query: the saved ones with their defaults.

    DESCRIBE is left out, as what it holds is each engine's choice; of the large sizes, so is what
    compares all entries with all.
    """
    found = []
    for name, query in Catalogue().items():
        kind = query_text.kind(query.text) or ""
        entry = any(":" in parameter.type for parameter in query.parameters)
        if "DESCRIBE" in query.text or not (small or entry):
            continue
        terms = {v.value: str(term) for v, term in query.bind({}).items()}
        body = "\n".join(line for line in query.text.splitlines() if not line.startswith("#"))
        found.append((name, with_values(body, terms), kind))
    return found


def seconds(server: Server, query: str, kind: str, rounds: int, fresh: bool) -> float:
    """The median of several rounds, after one that does not count."""
    found = []
    for _ in range(rounds + 1):
        text = f"{query}\n# {time.perf_counter_ns()}" if fresh else query
        found.append(server.ask(text, kind)[1])
        if found[-1] > 5:
            break
    return statistics.median(found[1:] or found)


def middle(ratios: list[float]) -> float:
    """The geometric mean."""
    return math.exp(statistics.mean(map(math.log, ratios)))


def p99(ask: Callable[[], float], number: int) -> float:
    return sorted(ask() for _ in range(number))[int(number * 0.99) - 1]


def under_attack(server: Server) -> tuple[float, float]:
    """The 99th percentile of a good query's seconds: alone, and with 8 attacking clients."""

    def ask() -> float:
        return server.ask(f"{GOOD}\n# {time.perf_counter_ns()}")[1]

    alone = p99(ask, 300)
    stop = threading.Event()

    def attack(client: str) -> None:
        while not stop.is_set():
            connection = http.client.HTTPConnection(
                server.host, server.port, timeout=60, source_address=(client, 0)
            )
            with contextlib.suppress(OSError, http.client.HTTPException):
                body = urllib.parse.urlencode({"query": ATTACK})
                headers = {"Content-Type": "application/x-www-form-urlencoded"}
                connection.request("POST", server.path, body, headers)
                connection.getresponse().read()
            connection.close()

    attackers = [
        threading.Thread(target=attack, args=(f"127.0.1.{n}",), daemon=True) for n in range(1, 9)
    ]
    for thread in attackers:
        thread.start()
    time.sleep(2)  # until all of them are at it
    attacked = p99(ask, 300)
    stop.set()
    return alone, attacked


def measure(size: int, rounds: int, detail: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.nq"
        write(size, data)
        print(f"\n{size:,} statements", flush=True)
        asked = questions(size <= SHIPPED)
        took: dict[str, dict[str, float]] = {}
        large: dict[str, float] = {}
        with ours(data, size) as server:
            took["ours"] = {n: seconds(server, q, k, rounds, True) for n, q, k in asked}
            took["again"] = {n: seconds(server, q, k, rounds, False) for n, q, k in asked}
            large["ours"] = statistics.median(server.ask(WHOLE)[0] for _ in range(5))
            alone, attacked = under_attack(server)
        for start in (oxigraph, rdflib_endpoint):
            with start(data) as server:
                took[start.__name__] = {n: seconds(server, q, k, rounds, True) for n, q, k in asked}
                large[start.__name__] = server.ask(WHOLE)[0]
        for label, mine, other, wanted in (
            ("uncached, against rdflib-endpoint", "ours", "rdflib_endpoint", 15),
            ("uncached, against Oxigraph", "ours", "oxigraph", 0.7),
            ("repeated, against Oxigraph", "again", "oxigraph", 3),
        ):
            ratios = {name: took[other][name] / took[mine][name] for name, _, _ in asked}
            print(f"  {label}: {middle([*ratios.values()]):.2f} x (to reach: {wanted})")
            if detail:
                for name, ratio in sorted(ratios.items(), key=lambda pair: pair[1]):
                    print(
                        f"    {name:<24} {ratio:8.2f} x   "
                        f"{took[mine][name] * 1e3:8.2f} ms, {took[other][name] * 1e3:8.2f} ms"
                    )
        late = (large["ours"] - large["oxigraph"]) * 1e3
        print(f"  first byte of a large result, after Oxigraph's: {late:+.1f} ms (to reach: 20)")
        print(
            f"  p99 of a good query with 8 attackers: {attacked / alone:.2f} x of alone "
            f"({alone * 1e3:.1f} ms; to reach: 3)",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[SHIPPED, 300_000, 2_600_000])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--detail", action="store_true", help="print a line for each query")
    options = parser.parse_args()
    for size in options.sizes:
        measure(size, options.rounds, options.detail)


if __name__ == "__main__":
    main()
