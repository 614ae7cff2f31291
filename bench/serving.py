"""How fast the service answers, as ratios against others in the same run.

`make bench-all` runs it. The servers hold the same statements in the same graphs in memory. One
client asks the same queries of this service and of Oxigraph's server in turn, over connections that
are kept open, so that what else happens on the machine changes both; then of the bare engine
(`bare_engine.py`), which is the least that this service could take, and Oxigraph's server; and of
rdflib-endpoint. A ratio above 1 means that this service is so many times as fast. It has its memory
managed by tcmalloc where that is installed.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import statistics
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from competency_graph.rdf.vocabulary import PREFIXES
from competency_graph.web.server.allocator import tcmalloc
from generate import write
from processes import settle
from questions import SHIPPED, middle, questions
from servers import Server, bare_engines, ours, oxigraph, rdflib_endpoint

Question = tuple[str, str, str]
"""The name, the text and the kind of a query."""
TOO_LONG = 5.0
"""Seconds; a query that takes longer is not asked again."""
WHOLE = "SELECT * { ?s ?p ?o } LIMIT 200000"
GOOD = f"""SELECT ?label {{
  <{PREFIXES["role"]}analyst> <{PREFIXES["cg"]}requires> ?entry .
  ?entry <{PREFIXES["skos"]}prefLabel> ?label
}}"""
ATTACK = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def in_turn(
    servers: Sequence[Server], asked: Sequence[Question], rounds: int, fresh: bool
) -> dict[str, list[float]]:
    """For each query, the median seconds of some rounds at each server, after one round more.

    Args:
        servers: the servers, which are asked in turn.
        asked: the queries.
        rounds: how many rounds count.
        fresh: whether each query has a comment that makes it a new one.
    """
    found = {}
    for name, query, kind in asked:
        taken: list[list[float]] = [[] for _ in servers]
        for _ in range(rounds + 1):
            text = f"{query}\n# {time.perf_counter_ns()}" if fresh else query
            for server, its in zip(servers, taken, strict=True):
                its.append(server.ask(text, kind)[1])
            if max(its[-1] for its in taken) > TOO_LONG:
                break
        found[name] = [statistics.median(its[1:] or its) for its in taken]
    return found


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


def tell(label: str, here: Sequence[float], there: Sequence[float], wanted: str = "") -> None:
    ratio = middle([other / mine for mine, other in zip(here, there, strict=True)])
    times = f"{middle([*here]) * 1e3:.2f} ms, {middle([*there]) * 1e3:.2f} ms"
    print(f"  {label}: {ratio:.2f} x ({times}{wanted})", flush=True)


def measure(size: int, rounds: int, detail: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.nq"
        write(size, data)
        asked = questions(size <= SHIPPED)
        print(f"\n{size:,} statements, {len(asked)} saved questions, geometric means", flush=True)
        with ours(data, size) as server:
            with oxigraph(data) as other:
                settle(server.port, 300)
                both = [server, other]
                new = in_turn(both, asked, rounds, fresh=True)
                again = in_turn(both, asked, rounds, fresh=False)
                tell("new, against Oxigraph", *zip(*new.values(), strict=True), "; to reach: 0.7 x")
                tell(
                    "repeated, against Oxigraph", *zip(*again.values(), strict=True),
                    "; to reach: 3 x",
                )  # fmt: skip
                if detail:
                    for name, (mine, its) in sorted(new.items(), key=lambda pair: pair[1][0]):
                        print(
                            f"    {name:<28} {its / mine:5.2f} x   "
                            f"{mine * 1e3:8.2f} ms, {its * 1e3:8.2f} ms"
                        )
                late = [statistics.median(each.ask(WHOLE)[0] for _ in range(5)) for each in both]
            print(
                "  first byte of a large result, after Oxigraph's: "
                f"{(late[0] - late[1]) * 1e3:+.1f} ms (to reach: 20)"
            )
            alone, attacked = under_attack(server)
            print(
                f"  p99 of a good query with 8 attackers: {attacked / alone:.2f} x of alone "
                f"({alone * 1e3:.1f} ms; to reach: 3)",
                flush=True,
            )
        starts = {peer.name: peer.start(data, size) for peer in bare_engines()}
        if tcmalloc():
            starts["this service without tcmalloc"] = ours(data, size, tcmalloc=False)
        for name, start in starts.items():
            with start as least, oxigraph(data) as other:
                settle(least.port, 300)
                its = in_turn([least, other], asked, rounds, fresh=True)
                tell(f"{name}, new, against Oxigraph", *zip(*its.values(), strict=True))
        with rdflib_endpoint(data) as third:
            slow = in_turn([third], asked, rounds, fresh=True)
        here, there = ([new[name][0] for name in slow], [its[0] for its in slow.values()])
        tell("new, against rdflib-endpoint", here, there, "; to reach: 15 x")


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
