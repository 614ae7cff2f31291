"""This service, Oxigraph's, Virtuoso and rdflib-endpoint side by side, in the same run.

`make bench` runs it. Each server in turn holds the same statements in the same graphs. wrk sends
short queries by entry over 1, 16 and 64 connections: first each with a comment that makes it a new
one, then repeated ones; then one client asks the saved questions. It prints a table, and writes it
into docs/benchmark.md with a picture. The last two columns are the least that this service could
take: its engine behind its HTTP server, and nothing else.
"""

from __future__ import annotations

import argparse
import http.client
import math
import statistics
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import pyoxigraph as ox

import comparison_report
from competency_graph import Dictionary
from competency_graph.cli.progress import ProgressLine
from competency_graph.rdf.vocabulary import CG, PREFIXES
from generate import write
from load_client import WRK, Load, load
from processes import memory, settle
from questions import SHIPPED, TYPES, questions
from servers import Peer, Server, bare_engines, peers

ROOT = Path(__file__).parents[1]
CONNECTIONS = (1, 16, 64)
ROUNDS = 5
LONGEST = 8.0
"""A load that the server could not answer twice on each connection in these seconds is left out."""
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
PATIENCE = 10.0
"""Seconds that a saved question may take."""
ALL_QUESTIONS = 45.0
"""Seconds after which a server is asked no more questions."""
_ENTRIES = sorted(
    quad.subject.value
    for kind in (CG.Role, CG.AreaOfExpertise)
    for quad in Dictionary().store.quads_for_pattern(None, _TYPE, ox.NamedNode(kind), None)
)
SHORT = [
    f"SELECT ?p ?label {{ <{entry}> ?p ?other . ?other <{PREFIXES['skos']}prefLabel> ?label }} "
    f"ORDER BY ?p ?label LIMIT {limit}"
    for limit in (5, 10)
    for entry in _ENTRIES
]
"""Short queries, as pages and programs send them: what an entry leads to."""


@dataclass
class Result:
    """What was measured of one server with one number of statements.

    Args:
        loads: the load by the number of connections and whether each query was a new one.
        questions: milliseconds that each saved question took, in the median.
        failed: the questions that it did not answer.
        megabytes: its memory after all this.
    """

    loads: dict[tuple[int, bool], Load] = field(default_factory=dict)
    questions: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    megabytes: float = 0.0


def measured(server: Server, small: bool, seconds: float, show: ProgressLine) -> Result:
    found = Result()
    url = f"http://{server.host}:{server.port}{server.path}"
    settle(server.port)
    if WRK:
        for distinct in (True, False):
            one = load(url, SHORT, 1, 1, distinct=distinct)  # does not count
            for connections in CONNECTIONS:
                show(f"{server.name}: queries over {connections} connections", 0)
                twice = 2 * connections / max(one.per_second, 0.1)
                if connections > 1 and twice > LONGEST:
                    continue
                found.loads[connections, distinct] = load(
                    url, SHORT, connections, max(seconds, twice), distinct=distinct
                )
                if connections == 1:
                    one = found.loads[1, distinct]
    settle(server.port)
    until = time.monotonic() + ALL_QUESTIONS
    for number, (name, query, kind) in enumerate(questions(small), 1):
        show(f"{server.name}: saved questions", number)
        try:
            if time.monotonic() > until:
                raise TimeoutError
            found.questions[name] = _milliseconds(server, query, kind)
        except (OSError, http.client.HTTPException, ValueError):
            found.failed.append(name)
    found.megabytes = memory(server.port)
    return found


def _milliseconds(server: Server, query: str, kind: str) -> float:
    """The median of some rounds, after one that does not count unless it takes long."""
    connection = http.client.HTTPConnection(server.host, server.port, timeout=PATIENCE)
    headers = {"Accept": TYPES[kind], "Content-Type": "application/x-www-form-urlencoded"}
    took: list[float] = []
    while len(took) <= ROUNDS and sum(took) < 2_000:
        text = f"{query}\n# {time.perf_counter_ns()}"
        since = time.perf_counter()
        connection.request("POST", server.path, urllib.parse.urlencode({"query": text}), headers)
        reply = connection.getresponse()
        reply.read()
        if reply.status != 200:
            raise ValueError(reply.status)
        took.append((time.perf_counter() - since) * 1000)
    connection.close()
    return statistics.median(took[1:] or took)


def mean(results: Sequence[Result]) -> list[float]:
    """The geometric mean of the `common` questions for each server; NaN if it lacks some."""
    names = comparison_report.common(results)
    return [
        math.exp(statistics.mean(math.log(result.questions[name]) for name in names))
        if names and names <= set(result.questions)
        else math.nan
        for result in results
    ]


def compared(
    size: int, chosen: list[Peer], seconds: float, show: ProgressLine
) -> dict[str, Result]:
    """The results of the servers that could be started."""
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.nq"
        show(f"{size:,} statements: writing them", 0)
        write(size, data)
        for peer in chosen:
            show(f"{peer.name}: loading {size:,} statements", 0)
            try:
                with peer.start(data, size) as server:
                    results[peer.name] = measured(server, size <= SHIPPED, seconds, show)
            except (OSError, RuntimeError, AssertionError) as error:
                show.clear()
                print(f"{peer.name} with {size:,} statements: not measured ({error})", flush=True)
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[SHIPPED, 300_000])
    parser.add_argument("--seconds", type=float, default=3, help="of each load")
    parser.add_argument("--servers", nargs="+", help="their names; all, if not given")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "docs", help="folder for benchmark.md and its picture"
    )
    options = parser.parse_args()
    since = time.monotonic()
    known = [*peers(), *bare_engines()]
    known = [peer for peer in known if not options.servers or peer.name in options.servers]
    for peer in known:
        if not peer.version:
            print(f"{peer.name} is not installed, and left out ({peer.missing}).")
    if not WRK:
        print("wrk is not installed (Debian: wrk); only the saved questions are measured.")
    chosen = [peer for peer in known if peer.version]
    show = ProgressLine()
    tables = {}
    for size in options.sizes:
        results = compared(size, chosen, options.seconds, show)
        show.clear()
        if results:
            means = dict(zip(results, mean(list(results.values())), strict=True))
            tables[size] = comparison_report.Table(size, results, means)
            print(f"\n{tables[size].markdown()}", flush=True)
    versions = {peer.name: peer.version for peer in chosen}
    sizes = " ".join(map(str, options.sizes))
    command = f"python bench/compare_servers.py --sizes {sizes} --seconds {options.seconds:g}"
    comparison_report.write(list(tables.values()), versions, command, options.output)
    print(f"\n{(time.monotonic() - since) / 60:.1f} minutes. Written to {options.output}.")


if __name__ == "__main__":
    main()
