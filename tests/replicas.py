"""Several servers of one dictionary, which are killed and stopped while clients ask without a pause."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from conftest import first_match, forking_command
from sparql_servers import free_port

OPTIONS = (
    "--trusted-proxy", "127.0.0.1", "--connections-per-client", "1000", "--log", "json", "--time-limit", "25",
)  # fmt: skip
"""What deploy/ says to start a server with."""


class Replica:
    """One server, at a port that it keeps."""

    def __init__(self, folder: Path, *options: str | Path) -> None:
        self.folder, self._options = folder, tuple(map(str, options))
        folder.mkdir(parents=True)
        self.port = free_port()
        self.start()

    def start(self) -> None:
        """Return when it serves."""
        reading, writing = os.pipe()
        with (self.folder / "log").open("ab") as log, Path(os.devnull).open() as nothing:
            self._process = forking_command().start(
                ["serve", "--port", str(self.port), *OPTIONS, *self._options],
                (nothing.fileno(), writing, log.fileno()),
                self.folder,
                os.environ,
            )
        os.close(writing)
        self._stdout = os.fdopen(reading)
        first_match(r"(http://[\d.]+:\d+)", self._stdout)

    def kill(self) -> None:
        """All its processes at once, as when the machine fails."""
        pending, found = [self._process.pid], []
        while pending:
            found.append(pid := pending.pop())
            with contextlib.suppress(OSError):
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
                pending += map(int, children.split())
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        assert self._process.wait(30) == -signal.SIGKILL
        self._stdout.close()

    def stop(self) -> None:
        """As a supervisor does when it replaces a server."""
        self._process.signal(signal.SIGTERM)
        assert self._process.wait(60) == 0
        self._stdout.close()

    def log(self) -> str:
        return (self.folder / "log").read_text()


@contextlib.contextmanager
def replicas(folder: Path, number: int, *options: str | Path) -> Iterator[list[Replica]]:
    """So many servers with these options."""
    found: list[Replica] = []
    try:
        found.extend(Replica(folder / str(n), *options) for n in range(1, number + 1))
        yield found
    finally:
        for each in found:
            with contextlib.suppress(AssertionError, OSError, ValueError):
                each.kill()


class Clients:
    """Clients that ask without a pause, each from an address of its own, until the block ends.

    `requests` are functions of a number, which makes each query a new one, to method, path, body,
    media type of the body and a text that the response must contain. `answered` counts the
    requests, `lost` those without the right response, `slowest` has the seconds of the longest.
    """

    def __init__(self, address: str, requests: list[Request], number: int) -> None:
        self._address, self._requests = address, requests
        self._threads = [threading.Thread(target=self._ask, args=(n,)) for n in range(number)]
        self._ended = threading.Event()
        self._more = threading.Condition()
        self.answered, self.slowest = 0, 0.0
        self.lost: Counter[str] = Counter()

    def __enter__(self) -> Clients:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(60)

    def go_on(self, number: int) -> None:
        """Wait until so many more requests have been answered."""
        with self._more:
            until = self.answered + number
            assert self._more.wait_for(lambda: self.answered >= until, 120), self.lost

    def _ask(self, client: int) -> None:
        host = self._address.removeprefix("http://")
        connection = http.client.HTTPConnection(
            host, timeout=60, source_address=(f"127.0.3.{client + 1}", 0)
        )
        for number in count():
            if self._ended.is_set():
                break
            method, path, body, type_, expected = self._requests[number % len(self._requests)](
                f"{client}-{number}"
            )
            headers = {"Content-Type": type_} if body else {}
            since = time.perf_counter()
            try:
                connection.request(method, path, body, headers)
                reply = connection.getresponse()
                text = reply.read().decode()
                fault = "" if reply.status == 200 and expected in text else f"{reply.status} {text}"
            except (OSError, http.client.HTTPException) as error:
                fault = repr(error)
                connection.close()
            with self._more:
                self.answered += 1
                self.slowest = max(self.slowest, time.perf_counter() - since)
                if fault:
                    self.lost[f"{method} {path[:20]}: {fault[:200]}"] += 1
                self._more.notify_all()
        connection.close()


Request = Callable[[str], tuple[str, str, bytes | None, str, str]]


SOME = "{ SELECT * { ?s ?p ?o } LIMIT 300 }"
PAIRS = f"SELECT (COUNT(*) AS ?n) {{ {SOME} {SOME.replace('?', '?other_')} }}"
"""A query on 90,000 pairs, which takes long enough to be under way when a server is killed."""


def usual_requests(label: str) -> list[Request]:
    """A page, and queries by each way of the protocol, for a dictionary with a role of this label."""

    def query(new: str) -> str:
        return (
            "SELECT ?label { ?role a <https://w3id.org/competency-graph/ontology#Role> ; "
            f"<http://www.w3.org/2004/02/skos/core#prefLabel> ?label }} # {new}"
        )

    return [
        lambda new: ("GET", "/queries/class-counts?format=csv", None, "", "class,classLabel,entries"),
        lambda new: (
            "GET", f"/sparql?{urllib.parse.urlencode({'query': query(new)})}", None, "", label,
        ),
        lambda new: (
            "POST", "/sparql", urllib.parse.urlencode({"query": query(new)}).encode(),
            "application/x-www-form-urlencoded", label,
        ),
        lambda new: ("POST", "/sparql", query(new).encode(), "application/sparql-query", label),
        lambda new: (
            "POST", "/sparql", f"{PAIRS} # {new}".encode(), "application/sparql-query", '"90000"',
        ),
    ]  # fmt: skip
