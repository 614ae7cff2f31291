"""The servers that are compared, each with the same statements in the same graphs, on loopback."""

from __future__ import annotations

import contextlib
import http.client
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.parse
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from competency_graph.web.server import allocator
from generate import write
from questions import SHIPPED, TYPES
from sparql_servers import free_port

BIN = Path(sys.executable).parent
IN_MEMORY = 1_000_000
"""Above so many statements, this service serves a store on disk."""
_CHUNK = 100_000
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
def served(
    name: str,
    command: list[str | Path],
    port: int,
    path: str,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """A server that answers, with some further variables in its environment."""
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **(environment or {})},
    )
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
        sparql_servers.end(process)


@contextlib.contextmanager
def ours(data: Path, size: int, tcmalloc: bool = True) -> Iterator[Server]:
    """This service, with the statements in memory, and with tcmalloc if it has that."""
    port = free_port()
    command: list[str | Path] = [
        BIN / "competency", "serve", "--port", str(port), "--log", "off", "--time-limit", "30",
    ]  # fmt: skip
    command += _own_data(data, size)
    environment = {} if tcmalloc else {"LD_PRELOAD": ""}
    with served("this service", command, port, "/sparql", environment) as server:
        yield server


def _own_data(data: Path, size: int) -> list[str | Path]:
    """The options with which this service has so many statements; none for the shipped ones."""
    if size <= SHIPPED:
        return []
    triples = data.with_suffix(".nt")
    write(size, triples)
    return ["--data", triples, "--base", "none", "--no-inference"]


def with_tcmalloc() -> dict[str, str]:
    """The environment in which a program has what this service has, see `allocator`."""
    library = allocator.tcmalloc()
    return {"LD_PRELOAD": str(library)} if library else {}


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
    own = _own_data(data, size)
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
    with served("bare engine", command, port, "/", with_tcmalloc()) as server:
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
