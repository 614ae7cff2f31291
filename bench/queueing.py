"""How long requests wait when many arrive at once: of one client, and next to attackers.

Prints refusals and percentiles for 256 connections of one client with distinct quick queries, by
wrk (Debian: `wrk`), and for a client with one connection next to eight whose queries never end. The
mean service time is that of one query alone, over one connection.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import re
import subprocess
import sys
import time
import urllib.parse
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from load_client import WRK, Load, load

COMMAND = Path(sys.executable).with_name("competency")
QUICK = """SELECT ?label {{
  <https://w3id.org/competency-graph/sales/role/analyst>
    <https://w3id.org/competency-graph/ontology#requires> ?entry .
  ?entry <http://www.w3.org/2004/02/skos/core#prefLabel> ?label
}} # {}"""
SLOW = "SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }} # {}"
ATTACKERS, ATTACKING_CONNECTIONS = 8, 64
_numbers = itertools.count()


@dataclass
class Measured:
    """The responses to the queries of one kind."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def percentile(self, part: float) -> float:
        """The time in which such a part of the queries was answered."""
        return sorted(self.seconds)[int(len(self.seconds) * part)] if self.seconds else 0.0

    def __str__(self) -> str:
        answered = self.statuses[200]
        others = {status: number for status, number in self.statuses.items() if status != 200}
        return (
            f"{answered:,} answered, others: {others or 'none'}; "
            f"p50 {self.percentile(0.5) * 1e3:.1f} ms, p99 {self.percentile(0.99) * 1e3:.1f} ms"
        )


@dataclass(frozen=True)
class Server:
    """The server under measurement."""

    host: str
    port: int

    async def keep_asking(
        self, query: str, client: str, until: float, measured: Measured, number: int = sys.maxsize
    ) -> None:
        """Send queries over one connection, each once the one before is answered."""
        reader = writer = None
        while time.monotonic() < until and number:
            number -= 1
            form = urllib.parse.urlencode({"query": query.format(next(_numbers))})
            since = time.monotonic()
            try:
                if reader is None or writer is None:
                    reader, writer = await asyncio.open_connection(
                        self.host, self.port, local_addr=(client, 0)
                    )
                writer.write(_request(form))
                status = await asyncio.wait_for(_response(reader), 90)
            except (OSError, TimeoutError, asyncio.IncompleteReadError):
                status, reader = 0, None
                if writer is not None:
                    writer.close()
                await asyncio.sleep(0.01)
            measured.statuses[status] += 1
            if status == 200:
                measured.seconds.append(time.monotonic() - since)
        if writer is not None:
            writer.close()

    async def alone(self, seconds: float) -> Measured:
        """One connection, while nothing else runs."""
        measured = Measured()
        await self.keep_asking(QUICK, "127.0.0.1", time.monotonic() + seconds, measured)
        return measured

    def many_connections(self, connections: int, seconds: float) -> Load:
        """Many connections of one client."""
        url = f"http://{self.host}:{self.port}/sparql"
        return load(url, [QUICK.format("")], connections, seconds, distinct=True)

    async def attacked(self, seconds: float) -> tuple[Measured, Measured]:
        """One connection of a good client, next to many of attackers; and these."""
        good, bad = Measured(), Measured()
        until = time.monotonic() + seconds + 3
        attacks = [
            asyncio.create_task(self.keep_asking(SLOW, f"127.0.1.{client}", until, bad))
            for client in range(1, ATTACKERS + 1)
            for _ in range(ATTACKING_CONNECTIONS)
        ]
        await asyncio.sleep(3)  # until all of them are at it
        await self.keep_asking(QUICK, "127.0.0.1", until, good)
        await asyncio.gather(*attacks)
        return good, bad


def _request(form: str) -> bytes:
    return (
        "POST /sparql HTTP/1.1\r\nHost: localhost\r\nAccept: application/sparql-results+json\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n\r\n"
        f"{form}"
    ).encode()


async def _response(reader: asyncio.StreamReader) -> int:
    """Read a response that has a length; return its status."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = re.search(r"(?i)\r\ncontent-length: *(\d+)", head)
    await reader.readexactly(int(length[1]) if length else 0)
    return int(head.split()[1])


def measure_many(server: Server, connections: int, seconds: float) -> None:
    one = server.many_connections(1, min(seconds, 10))
    mean = 1000 / one.per_second
    print(f"one connection: p50 {one.p50:.2f} ms, p99 {one.p99:.2f} ms; mean {mean:.2f} ms")
    many = server.many_connections(connections, seconds)
    print(
        f"one client, {connections} connections, distinct quick queries: {many.per_second:,.0f} "
        f"answers a second, {many.failed} refused; p50 {many.p50:.0f} ms, p99 {many.p99:.0f} ms"
    )
    bound = connections * mean
    print(f"  p99 is to stay under {connections} x the mean: {bound:.0f} ms", flush=True)


async def measure_attacked(server: Server, seconds: float) -> None:
    alone = await server.alone(min(seconds, 10))
    print(f"a good client alone: {alone}", flush=True)
    good, bad = await server.attacked(seconds)
    ratio = good.percentile(0.99) / alone.percentile(0.99)
    print(f"next to {ATTACKERS} attackers with {ATTACKING_CONNECTIONS} connections each: {good}")
    print(f"  p99 is {ratio:.2f} x of alone (to reach: 3); attackers: {dict(bad.statuses)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=256)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    command = [COMMAND, "serve", "--port", "0", "--log", "off"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://([\d.]+):(\d+)", process.stdout.readline())
            assert found is not None
            server = Server(found[1], int(found[2]))
            if WRK:
                measure_many(server, options.connections, options.seconds)
            else:
                print("many connections are not measured, as wrk is not installed")
            asyncio.run(measure_attacked(server, options.seconds))
        finally:
            process.terminate()


if __name__ == "__main__":
    main()
