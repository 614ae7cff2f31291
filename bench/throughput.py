"""How many answers a second, as ratios against Oxigraph's own server, and where the time goes.

`python bench/throughput.py` starts both servers with the same statements. wrk (Debian: `wrk`) sends
the same query to each in turn, over 1, 16 and 64 connections: distinct queries, which differ in a
comment, and repeated ones. With the published dictionary, it also prints the floor: what a handler
that does nothing under the same HTTP server and the engine alone would reach together, without
queue, limits, formats, log and the way to a process that can be killed. `--breakdown` prints the
steps of one answer instead.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import httpx
import pyoxigraph as ox

from competency_graph import Dictionary
from competency_graph.sandbox.fork_server import ForkServer
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.request import Limits
from competency_graph.sandbox.scheduler import Scheduler
from competency_graph.sandbox.worker_pool import WorkerPool
from competency_graph.web.http.query_answers import plan
from competency_graph.web.querying import sparql_protocol
from competency_graph.web.server.exchange import Exchange
from generate import write
from questions import SHIPPED, TYPES
from served_in_thread import served
from servers import Server, ours, oxigraph, with_tcmalloc
from serving import GOOD

SCRIPT = """\
local number, thread = 0, 0
function setup(each) each:set("thread", thread); thread = thread + 1 end
function init() math.randomseed(os.time()); seed = math.random(1, 1e9) end
function request()
  number = number + 1
  local body = [[query=%s]] .. (%s and ("%%23" .. seed .. "-" .. thread .. "-" .. number) or "")
  return wrk.format("POST", nil, {["Accept"] = "%s",
    ["Content-Type"] = "application/x-www-form-urlencoded"}, body)
end
"""


def wrk(server: Server, query: str, distinct: bool, connections: int, seconds: int) -> float:
    """Answers a second; an answer that is none counts as an error."""
    from urllib.parse import quote

    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        text = quote(f"{query}\n")
        script.write(SCRIPT % (text, str(distinct).lower(), TYPES["table"]))
        script.flush()
        done = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", script.name,
             f"http://{server.host}:{server.port}{server.path}"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    if refused := re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout):
        print(f"  {server.name} refused {refused[1]} of them")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])  # type: ignore[index]


def settled(server: Server) -> Server:
    """A server that has loaded all it loads in the background."""
    address = f"http://{server.host}:{server.port}"
    deadline = time.monotonic() + 300
    with httpx.Client(timeout=300, trust_env=False) as client:
        while client.get(f"{address}/search", params={"q": "analyst"}).status_code == 503:
            if time.monotonic() > deadline:
                print("  the search index was not ready, and is built during the measurements")
                break
            time.sleep(1)
        client.post(f"{address}/validate", content=b"", headers={"Content-Type": "text/turtle"})
    wrk(server, GOOD, True, 4, 2)
    return server


def measure(size: int, rounds: int, seconds: int) -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        data = Path(folder) / "data.nq"
        write(size, data)
        mine = settled(stack.enter_context(ours(data, size)))
        other = stack.enter_context(oxigraph(data))
        print(f"\n{size:,} statements: answers a second, here and by Oxigraph's server", flush=True)
        for distinct, wanted in ((True, 0.5), (False, 3.0)):
            for connections in (1, 16, 64):
                found: dict[str, list[float]] = {mine.name: [], other.name: []}
                for _ in range(rounds):
                    for server in (mine, other):
                        found[server.name].append(wrk(server, GOOD, distinct, connections, seconds))
                here, there = (statistics.median(each) for each in found.values())
                kind = "distinct" if distinct else "repeated"
                line = (
                    f"  {kind}, {connections:2} connections: {here:8,.0f} {there:8,.0f}  "
                    f"{here / there:.2f} x (to reach: {wanted})"
                )
                if distinct and size == SHIPPED:
                    most = floor(connections, rounds, seconds)
                    line += f"; floor {most:,.0f}, {most / there:.2f} x"
                print(line, flush=True)


def floor(connections: int, rounds: int, seconds: int) -> float:
    """Answers a second of the engine and the HTTP server without anything between them.

    Each answer takes a processor for the time of the engine and for that of the HTTP server, which
    uses one processor while wrk uses the other.
    """
    processors = len(os.sched_getaffinity(0)) if connections > 1 else 1
    with bare() as server:
        rates = [wrk(server, GOOD, True, connections, seconds) for _ in range(rounds)]
    return 1 / (1 / statistics.median(rates) + engine_seconds() / processors)


def engine_seconds() -> float:
    """The time of the engine for the query and its result as JSON."""
    store = Dictionary().store

    def answer() -> None:
        found = store.query(GOOD, use_default_graph_as_union=True)
        found.serialize(io.BytesIO(), format=ox.QueryResultsFormat.JSON)

    return microseconds(answer) / 1e6


def microseconds(step: Callable[[], object], number: int = 2_000) -> float:
    """The median time of a step."""
    for _ in range(number // 10):
        step()
    times = []
    for _ in range(number):
        since = time.perf_counter()
        step()
        times.append(time.perf_counter() - since)
    return statistics.median(times) * 1e6


@contextlib.contextmanager
def bare() -> Iterator[Server]:
    """The HTTP server with a handler that does nothing, and the answer to the query."""
    body = QueryRequest(GOOD, {"table": "json"}).answer(Dictionary().store)
    output = io.BytesIO()
    body.write(output)

    def answer(exchange: Exchange, _: object) -> bool:
        exchange.respond("200 OK", [("Content-Type", TYPES["table"])], output.getvalue())
        return True

    with served(None, fast_path=answer) as (host, port):
        yield Server("a bare handler", host, port, "/sparql")


def breakdown() -> None:
    store = Dictionary().store
    fork_server = ForkServer(store, Limits())
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": "/sparql", "wsgi.url_scheme": "http",
        "SERVER_NAME": "x", "SERVER_PORT": "80", "HTTP_ACCEPT": TYPES["table"],
        "QUERY_STRING": "query=" + GOOD.replace(" ", "+").replace("#", "%23"),
    }  # fmt: skip
    request = QueryRequest(GOOD, {"table": "json"})

    def evaluate() -> None:
        request.answer(store).write(io.BytesIO())

    workers, scheduler = WorkerPool(fork_server), Scheduler()

    def ask() -> None:
        with workers.ask(request) as reply:
            b"".join(reply.chunks)

    def read() -> None:
        asked = sparql_protocol.read(environ, bytes)
        plan(environ, "1", asked.text, asked.format, asked.graphs)

    at_engine, evaluated, asked = engine_seconds() * 1e6, microseconds(evaluate), microseconds(ask)
    steps = {
        "the engine: the query, and its result as JSON": at_engine,
        "before and after it: checks, corrections, unknown terms": evaluated - at_engine,
        "to a worker and back": asked - evaluated,
        "reading the request, choosing the format": microseconds(read),
        "waiting in an empty queue": microseconds(lambda: scheduler.leave(scheduler.enter("x"))),
    }
    workers.close()
    fork_server.close()
    with bare() as server:
        steps["HTTP with a handler that does nothing"] = 1e6 / wrk(server, GOOD, True, 1, 5)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data.nq"
        write(SHIPPED, data)
        with ours(data, SHIPPED) as mine, oxigraph(data) as other:
            whole = 1e6 / wrk(settled(mine), GOOD, True, 1, 5)
            theirs = 1e6 / wrk(other, GOOD, True, 1, 5)
    steps["the rest: head of the response, cache, log, metrics, event loop"] = whole - sum(
        steps.values()
    )
    for name, time_of_step in steps.items():
        print(f"{time_of_step / 1e3:6.2f} ms  {name}")
    print(
        f"{whole / 1e3:6.2f} ms  in all, over one connection; Oxigraph's server: {theirs / 1e3:.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[SHIPPED, 300_000, 2_600_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5, help="of each measurement")
    parser.add_argument("--breakdown", action="store_true", help="print the steps of one answer")
    options = parser.parse_args()
    if "LD_PRELOAD" not in os.environ and (environment := with_tcmalloc()):
        # The steps that are measured in this process take what they take in the server.
        os.execve(sys.executable, sys.orig_argv, {**os.environ, **environment})
    if options.breakdown:
        breakdown()
        return
    for size in options.sizes:
        measure(size, options.rounds, options.seconds)


if __name__ == "__main__":
    main()
