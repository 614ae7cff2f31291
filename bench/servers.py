"""The servers that are compared, each with the same statements in the same graphs, on loopback."""

from __future__ import annotations

import contextlib
import importlib.metadata
import math
import os
import re
import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pyoxigraph as ox

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import sparql_servers
from generate import write
from serving import BIN, SHIPPED, Server, oxigraph, rdflib_endpoint, served

IN_MEMORY = 1_000_000
"""Above so many statements, this service serves a store on disk."""
_CHUNK = 100_000


@dataclass(frozen=True)
class Peer:
    """A server to compare.

    Args:
        name: its name.
        version: its version; "" if it is not installed.
        missing: what to install then.
        start: starts it with the N-Quads of a file, and their number.
    """

    name: str
    version: str
    missing: str
    start: Callable[[Path, int], AbstractContextManager[Server]]


def peers() -> list[Peer]:
    """This service first."""
    return [
        Peer("competency-graph", _version("competency-graph"), "make serve", _ours),
        Peer("Oxigraph", _version("oxigraph"), "pip: oxigraph", lambda data, _: oxigraph(data)),
        Peer("Virtuoso", _virtuoso_version(), "Debian: virtuoso-opensource", _virtuoso),
        Peer(
            "rdflib-endpoint",
            _version("rdflib-endpoint"),
            "pip: rdflib-endpoint[cli,web]",
            lambda data, _: rdflib_endpoint(data),
        ),
    ]


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _virtuoso_version() -> str:
    if sparql_servers.VIRTUOSO is None:
        return ""
    said = subprocess.run(
        [sparql_servers.VIRTUOSO, "-?"], capture_output=True, text=True, check=False
    )
    found = re.search(r"Version ([\d.]*\d)", said.stdout + said.stderr)
    return found[1] if found else "of unknown version"


@contextlib.contextmanager
def _ours(data: Path, size: int) -> Iterator[Server]:
    """With its usual limits, but for one client that opens many connections."""
    port = sparql_servers.free_port()
    command: list[str | Path] = [
        BIN / "competency", "serve", "--port", str(port), "--log", "off",
        "--per-client", "256", "--connections-per-client", "256",
    ]  # fmt: skip
    if size > SHIPPED:
        triples = data.with_suffix(".nt")
        write(size, triples)
        own: list[str | Path] = ["--data", triples, "--base", "none", "--no-inference"]
        if size > IN_MEMORY:
            store = data.with_suffix(".store")
            subprocess.run([BIN / "competency", "publish", "--store", store, *own], check=True)
            own = ["--store", store]
        command += own
    with served("competency-graph", command, port, "/sparql") as server:
        yield server


def bare_engines() -> list[Peer]:
    """The engine behind this service's HTTP server and nothing else, see `bare_engine`."""
    return [
        Peer(name, _version("pyoxigraph"), "pip: pyoxigraph", partial(_bare, options=options))
        for name, options in (("bare engine", ()), ("bare engine in processes", ("--processes",)))
    ]


@contextlib.contextmanager
def _bare(data: Path, size: int, options: tuple[str, ...]) -> Iterator[Server]:
    port = sparql_servers.free_port()
    script = Path(__file__).with_name("bare_engine.py")
    command: list[str | Path] = [sys.executable, script, str(port), data, *options]
    with served("bare engine", command, port, "/") as server:
        yield server


@contextlib.contextmanager
def _virtuoso(data: Path, size: int) -> Iterator[Server]:
    folder = data.with_suffix(".virtuoso")
    folder.mkdir()
    try:
        with sparql_servers.virtuoso(
            folder, buffers=max(20_000, size // 20), connections=300
        ) as found:
            with httpx.Client(auth=found.auth, timeout=900, trust_env=False) as client:
                for graph, chunk in _chunks(data):
                    client.post(
                        found.graphs,
                        params={"graph-uri": graph},
                        content=chunk,
                        headers={"Content-Type": "application/n-triples"},
                    ).raise_for_status()
            parts = urlsplit(found.queries)
            yield Server("Virtuoso", str(parts.hostname), int(parts.port or 0), parts.path)
    finally:
        shutil.rmtree(folder)


def _chunks(data: Path) -> Iterator[tuple[str, bytes]]:
    """The graphs of a file, in parts that Virtuoso takes; the first has all blank nodes."""
    graphs: dict[str, list[ox.Triple]] = defaultdict(list)
    for quad in ox.parse(path=data, format=ox.RdfFormat.N_QUADS):
        graphs[str(quad.graph_name)[1:-1]].append(quad.triple)
    for graph, triples in graphs.items():
        for chunk in _batches(triples):
            yield graph, ox.serialize(chunk, format=ox.RdfFormat.N_TRIPLES) or b""


def _batches(triples: list[ox.Triple]) -> Iterator[list[ox.Triple]]:
    for start in range(0, len(triples), _CHUNK):
        yield triples[start : start + _CHUNK]


def settle(port: int, seconds: float = 30) -> None:
    """Wait until the server at a port has nothing left to do, but no longer than these seconds."""
    until, before = time.monotonic() + seconds, -math.inf
    while time.monotonic() < until and (now := _processor_seconds(port)) - before > 0.1:
        before = now
        time.sleep(1)


class ProcessorClock:
    """What the servers at some ports use of the processors."""

    def __init__(self, *ports: int) -> None:
        processes = set().union(*(family(_listening(port)) for port in ports))
        self._seconds = dict.fromkeys(processes, 0.0)

    def seconds(self) -> float:
        """So far; processes that end meanwhile keep what they used last."""
        for process in self._seconds:
            with contextlib.suppress(OSError):
                self._seconds[process] = time.clock_gettime(
                    ~process << 3 | 2
                )  # clock_getcpuclockid(3)
        return sum(self._seconds.values())


def _processor_seconds(port: int) -> float:
    ticks = 0
    for pid in family(_listening(port)):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))  # with those of children that have ended
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(port: int) -> float:
    """Megabytes of the processes that belong to the server at a port, shared ones once."""
    total = 0
    for pid in family(_listening(port)):
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += sum(int(kilobytes) for kilobytes in re.findall(r"^Pss: +(\d+)", text, re.M))
    return total / 1024


def _listening(port: int) -> set[int]:
    """The processes that have the socket that listens at a port."""
    inodes = {
        fields[9]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if (fields := line.split())[1].endswith(f":{port:04X}") and fields[3] == "0A"
    }
    sockets = {f"socket:[{inode}]" for inode in inodes}
    found = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        with contextlib.suppress(OSError):
            if str(link.readlink()) in sockets:
                found.add(int(link.parts[2]))
    return found


def family(pids: set[int]) -> set[int]:
    """Processes with all that descend from them."""
    found, pending = set(), list(pids)
    while pending:
        pid = pending.pop()
        if pid not in found:
            found.add(pid)
            with contextlib.suppress(OSError):
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
                pending += map(int, children.split())
    return found
