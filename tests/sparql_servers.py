"""Other SPARQL servers, started for a test on loopback, in a folder of their own."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from conftest import COMMAND

OXIGRAPH = COMMAND.with_name("oxigraph")
VIRTUOSO = shutil.which("virtuoso-t")


@dataclass(frozen=True)
class Server:
    """Where a server takes queries, and graphs."""

    queries: str
    graphs: str
    auth: httpx.Auth | None = None


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def running(command: list[str | Path], folder: Path, address: str) -> Iterator[None]:
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(address, timeout=5).close()
                break
            except urllib.error.HTTPError:
                break
            except OSError:
                assert process.poll() is None, (folder / "server.log").read_text()
                assert time.monotonic() < deadline, "the server did not start"
                time.sleep(0.1)
        yield
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a server; kill it if it does not end within 20 seconds."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def oxigraph(folder: Path, *options: str) -> Iterator[Server]:
    url = f"http://127.0.0.1:{(port := free_port())}"
    command: list[str | Path] = [
        OXIGRAPH, "serve", "--location", folder / "data", "--bind", f"127.0.0.1:{port}", *options,
    ]  # fmt: skip
    with running(command, folder, url):
        yield Server(f"{url}/query", f"{url}/store")


@contextlib.contextmanager
def virtuoso(folder: Path, buffers: int = 20_000, connections: int = 10) -> Iterator[Server]:
    """With so many buffers of 8 KB, for so many connections at once."""
    http_port, sql_port = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(
        f"""\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
ServerThreads = {connections}
NumberOfBuffers = {buffers}
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http_port}
ServerThreads = {connections}
MaxKeepAlives = {connections}
ServerRoot = {folder}
DefaultMailServer = localhost:25
[SPARQL]
ResultSetMaxRows = 100000
MaxQueryExecutionTime = 60
"""
    )
    command: list[str | Path] = [
        str(VIRTUOSO), "+foreground", "+configfile", folder / "virtuoso.ini",
    ]  # fmt: skip
    url = f"http://127.0.0.1:{http_port}"
    with running(command, folder, f"{url}/sparql?query=ASK%7B%7D"):
        auth = httpx.DigestAuth("dba", "dba")  # what a new Virtuoso has
        yield Server(f"{url}/sparql", f"{url}/sparql-graph-crud-auth", auth)
