"""How long servers take from their start to their first answer, side by side in the same run.

`make bench-all` runs it. Each server holds the shipped dictionary: this service from its files,
with its cache written, and from a store on disk; Oxigraph's from a store on disk; rdflib-endpoint
from a file. They are started in turn, and the least of several runs counts, as other programs on
the machine only ever slow them down. Processor time is that of all processes of a server.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from generate import write
from processes import family
from questions import SHIPPED
from servers import BIN
from sparql_servers import free_port

QUERY = "query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D"
TO_REACH = 0.5
PATIENCE = 300.0


@dataclass
class Start:
    """How one server is started, and what was measured.

    Args:
        name: its name.
        command: starts it; the port is added to it.
        path: the path of its endpoint.
        seconds: seconds until the first answer, for each run.
        processor: processor seconds until then.
    """

    name: str
    command: Sequence[str | Path]
    path: str
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def run(self, environment: dict[str, str]) -> None:
        """Start it, wait for the first answer, and stop it."""
        port = free_port()
        command = [str(part).replace("PORT", str(port)) for part in self.command]
        since = time.perf_counter()
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            while not _answers(port, self.path):
                if process.poll() is not None or time.perf_counter() - since > PATIENCE:
                    raise RuntimeError(f"{self.name} did not start")
                time.sleep(0.001)
            self.seconds.append(time.perf_counter() - since)
            self.processor.append(sum(map(_processor_seconds, family({process.pid}))))
        finally:
            process.terminate()
            process.wait(30)


def _answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(connection):
        accept = {"Accept": "application/sparql-results+json"}
        connection.request("GET", f"{path}?{QUERY}", headers=accept)
        reply = connection.getresponse()
        return reply.status == 200 and b"true" in reply.read()
    return False


def _processor_seconds(pid: int) -> float:
    """The processor time of the threads of a process, in nanoseconds in their files."""
    total = 0
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            total += int((thread / "schedstat").read_text().split()[0])
    return total / 1e9


def starts(folder: Path) -> list[Start]:
    """The servers, this service first, each with the shipped dictionary."""
    data = folder / "data.nq"
    write(SHIPPED, data)
    competency, oxigraph = BIN / "competency", BIN / "oxigraph"
    ours, others = folder / "ours", folder / "oxigraph"
    subprocess.run([competency, "publish", "--store", ours], check=True, capture_output=True)
    subprocess.run(
        [oxigraph, "load", "--location", others, "--file", data], check=True, capture_output=True
    )
    serve: list[str | Path] = [competency, "serve", "--log", "off", "--port", "PORT"]
    on_disk = ("serve-read-only", "--union-default-graph", "--location")
    return [
        Start("this service", serve, "/sparql"),
        Start("this service, --store", [*serve, "--store", ours], "/sparql"),
        Start(
            "Oxigraph",
            [oxigraph, *on_disk, others, "--bind", "127.0.0.1:PORT"],
            "/query",
        ),
        Start(
            "rdflib-endpoint",
            [BIN / "rdflib-endpoint", "serve", "--host", "127.0.0.1", "--port", "PORT", data],
            "/",
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    options = parser.parse_args()
    # Processes that a server has forked may still load modules when it has ended.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # As in an installed package, modules are compiled: after the run that does not count.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        found = starts(folder)
        for number in range(options.runs + 1):
            for each in found:
                if each is not found[-1] or number < 4:  # rdflib-endpoint takes seconds
                    each.run(environment)
    print(f"{SHIPPED:,} statements; seconds to the first answer, of {options.runs} runs:")
    mine = min(found[0].seconds[1:])
    for each in found:
        seconds, processor = each.seconds[1:], each.processor[1:]
        print(
            f"  {each.name:<22} {min(seconds):6.3f} s (median {statistics.median(seconds):6.3f} s; "
            f"processor {min(processor):6.3f} s); this service {min(seconds) / mine:6.2f} x as fast"
        )
    print(f"  to reach: {TO_REACH} s")


if __name__ == "__main__":
    main()
