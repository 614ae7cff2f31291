"""Running the service: slow clients, renewal, faults that are mended, and a graceful end."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from competency_graph.sandbox.request import Limits
from competency_graph.web.backends import LoadedData
from competency_graph.web.server.arbiter import run
from competency_graph.web.server.listening import listen
from conftest import ROOT, first_match, forking_command
from hostile import SLOW

ROLES = "SELECT ?l { ?r a <https://w3id.org/competency-graph/ontology#Role> ; <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }"
SMALLEST = ROOT / "tests" / "dictionaries" / "pass" / "smallest.ttl"


class Service:
    """A served dictionary of one file, with its log."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.data = folder / "mine.ttl"
        self.data.write_bytes(SMALLEST.read_bytes())
        self.log = folder / "log"
        reading, writing = os.pipe()
        with self.log.open("wb") as log, Path(os.devnull).open() as nothing:
            self.process = forking_command().start(
                ["serve", "--port", "0", "--data", str(self.data), "--log", "json", *options],
                (nothing.fileno(), writing, log.fileno()),
                folder,
                os.environ,
            )
        os.close(writing)
        self.stdout = os.fdopen(reading)  # kept open, as a terminal is
        self.url = first_match(r"(http://[\d.]+:\d+)", self.stdout)
        parts = urllib.parse.urlsplit(self.url)
        self.address = (str(parts.hostname), int(parts.port or 0))

    def ask(self, query: str = ROLES) -> list[str]:
        path = f"{self.url}/sparql?" + urllib.parse.urlencode({"query": query, "format": "csv"})
        with urllib.request.urlopen(path, timeout=20) as reply:
            return reply.read().decode().split()[1:]

    def version(self) -> str:
        with urllib.request.urlopen(f"{self.url}/health", timeout=20) as reply:
            return json.loads(reply.read())["version"]

    def told(self, text: str) -> bool:
        return text in self.log.read_text()

    def processes(self) -> list[int]:
        """All that it consists of: itself, and what it started."""
        found, pending = [], [self.process.pid]
        while pending:
            pid = pending.pop()
            found.append(pid)
            with contextlib.suppress(OSError):
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
                pending += map(int, children.split())
        return found


@contextlib.contextmanager
def service_in(folder: Path, *options: str) -> Iterator[Service]:
    found = Service(folder, *options)
    try:
        yield found
    finally:
        found.process.signal(signal.SIGTERM)
        assert found.process.wait(30) == 0


@pytest.fixture
def service(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Service]:
    """A service of one test, which changes its options or its data."""
    with service_in(tmp_path, *getattr(request, "param", ())) as found:
        yield found


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that several tests disturb, and that must be as before after each of them."""
    with service_in(tmp_path_factory.mktemp("steady")) as found:
        yield found


def eventually(true: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something that is on its way has come."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)


def rename(service: Service, old: str, new: str) -> None:
    text = service.data.read_text()
    assert f'"{old}"@en' in text
    service.data.write_text(text.replace(f'"{old}"@en', f'"{new}"@en'))


def test_slow_clients_hold_nothing_up(steady: Service) -> None:
    """Bodies that never end, heads that never end, answers that are never read."""
    sending = []
    for n in range(50):
        client = socket.create_connection(steady.address, 20, ("127.0.2.1", 0))
        sending.append(client)
        if n % 2:
            client.sendall(
                b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
                b"Content-Length: 1000\r\n\r\nSELECT"
            )
        else:
            client.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nX: ")
    whole = urllib.parse.quote("SELECT * { ?a ?b ?c . ?d ?e ?f }")
    for _ in range(3):
        client = socket.create_connection(steady.address, 20, ("127.0.2.1", 0))
        sending.append(client)
        client.sendall(f"GET /sparql?query={whole} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    for _ in range(20):
        assert steady.ask()
    for client in sending:
        client.close()


@pytest.mark.parametrize("service", [("--answer-limit", "8")], indirect=True)
def test_answers_that_nobody_takes_do_not_fill_the_disk(service: Service) -> None:
    """Of what lies for slow clients only so much is kept: 16 times the longest answer."""
    whole = urllib.parse.quote("SELECT * { ?a ?b ?c . ?d ?e ?f }")
    slow = []
    for n in range(48):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.bind((f"127.0.2.{1 + n // 2}", 0))
        client.connect(service.address)
        client.sendall(f"GET /sparql?query={whole} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        slow.append(client)
        assert service.ask()
    eventually(lambda: service.told("reads too slowly"), 60)
    assert service.ask()
    for client in slow:
        client.close()


@pytest.mark.parametrize("service", [("--connections-per-client", "5")], indirect=True)
def test_one_client_cannot_take_all_connections(service: Service) -> None:
    held = [socket.create_connection(service.address, timeout=20) for _ in range(30)]
    open_ = 0
    for client in held:
        with contextlib.suppress(OSError):
            client.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            open_ += client.recv(12) == b"HTTP/1.1 200"
    assert open_ == 5
    other = http.client.HTTPConnection(
        *service.address, timeout=20, source_address=("127.0.0.9", 0)
    )
    other.request("GET", "/health")
    assert other.getresponse().status == 200
    other.close()
    for client in held:
        client.close()
    eventually(lambda: _answers(service))


def _answers(service: Service, query: str = ROLES) -> bool:
    try:
        return bool(service.ask(query))
    except OSError:
        return False


@pytest.mark.parametrize("length", ["Content-Length: 10000000", "Transfer-Encoding: chunked"])
def test_a_body_of_10_mb_is_not_taken(steady: Service, length: str) -> None:
    body = b"SELECT * { ?s ?p ?o } #" + b"x" * 10_000_000
    with socket.create_connection(steady.address, timeout=20) as client:
        client.sendall(
            f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n{length}\r\n\r\n".encode()
        )
        with contextlib.suppress(ConnectionError):
            if "chunked" in length:
                client.sendall(b"%x\r\n" % len(body))
            client.sendall(body)
        line = b""
        with contextlib.suppress(ConnectionError):
            line = client.recv(4096).split(b"\r\n")[0]
    assert line in (b"", b"HTTP/1.1 413 Request Entity Too Large")
    assert steady.ask()


def test_the_data_is_renewed_on_sighup_and_a_broken_file_changes_nothing(service: Service) -> None:
    before, roles = service.version(), service.ask()
    (old,) = roles
    service.process.signal(signal.SIGHUP)
    eventually(lambda: service.told("reloaded"))
    assert service.ask() == roles

    good = service.data.read_text()
    service.data.write_text(good + "\n<x> a")
    service.process.signal(signal.SIGHUP)
    eventually(lambda: service.told("still serving the previous version"))
    assert service.told("mine.ttl")
    assert (service.version(), service.ask()) == (before, roles)

    service.data.write_text(good)
    rename(service, old, "Renamed")
    service.process.signal(signal.SIGHUP)
    eventually(lambda: service.ask() == ["Renamed"])
    assert service.version() != before


@pytest.mark.parametrize("service", [("--watch",)], indirect=True)
def test_a_file_that_changes_is_loaded_and_no_request_fails_meanwhile(service: Service) -> None:
    (old,) = service.ask()
    seen: list[list[str]] = []
    stop = threading.Event()

    def go_on_asking() -> None:
        while not stop.is_set():
            seen.append(service.ask())

    thread = threading.Thread(target=go_on_asking)
    thread.start()
    try:
        rename(service, old, "Renamed")
        eventually(lambda: bool(seen) and seen[-1] == ["Renamed"])
    finally:
        stop.set()
        thread.join()
    assert {tuple(one) for one in seen} == {(old,), ("Renamed",)}


@pytest.mark.parametrize("which", [1, 2, 3])
def test_a_process_that_is_lost_is_replaced(steady: Service, which: int) -> None:
    """The fork server, the gunicorn worker, a worker of its own: whichever goes, the service is there again."""
    new = f"{ROLES} # {which}"  # no response to it is cached, so all its processes are needed
    eventually(lambda: _answers(steady, new) and len(steady.processes()) >= 4)
    processes = steady.processes()
    os.kill(processes[which], signal.SIGKILL)
    eventually(lambda: processes[which] not in steady.processes())
    eventually(lambda: _answers(steady, f"{new} again"))
    assert processes[which] not in steady.processes()


def test_slow_queries_of_a_worker_that_is_lost_end(steady: Service) -> None:
    """Those too that were stopped, as it was not their turn."""

    def ask() -> None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            steady.ask(SLOW["cartesian product"])

    def state(pid: int) -> str:
        with contextlib.suppress(OSError):
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return "gone"

    spare = max(len(os.sched_getaffinity(0)) - 1, 1)
    if spare > 3:
        pytest.skip("one client may not ask so much that a query has to wait for its turn here")
    asking = [threading.Thread(target=ask) for _ in range(spare + 1)]
    for thread in asking:
        thread.start()
    stopped: set[int] = set()

    def some_stopped() -> bool:
        stopped.update(pid for pid in steady.processes() if state(pid) == "T")
        return bool(stopped)

    eventually(some_stopped)
    front = steady.processes()[2]
    assert front not in stopped
    os.kill(front, signal.SIGKILL)
    for thread in asking:
        thread.join(30)
    eventually(lambda: _answers(steady))
    eventually(lambda: all(state(pid) in ("gone", "Z") for pid in stopped))
    assert steady.ask()


def test_it_ends_when_its_answers_are_given(tmp_path: Path) -> None:
    service = Service(tmp_path, "--time-limit", "2")
    processes: list[int] = []
    told: list[int] = []

    def ask() -> None:
        connection = http.client.HTTPConnection(*service.address, timeout=20)
        connection.request(
            "POST",
            "/sparql",
            SLOW["cartesian product"],
            {"Content-Type": "application/sparql-query"},
        )
        told.append(connection.getresponse().status)

    asking = threading.Thread(target=ask)

    def is_running() -> bool:
        with urllib.request.urlopen(f"{service.url}/metrics", timeout=20) as reply:
            return b'competency_queries_running{kind="slow"} 1.0' in reply.read()

    asking.start()
    eventually(is_running)
    processes = service.processes()
    service.process.signal(signal.SIGTERM)
    assert service.process.wait(30) == 0
    asking.join()
    assert told in ([200], [503])  # it was answered, in full or that it took too long

    def gone(pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except OSError:
            return True

    eventually(lambda: all(map(gone, processes)))


def test_the_log_has_a_line_of_json_for_each_request(steady: Service) -> None:
    connection = http.client.HTTPConnection(*steady.address, timeout=20)
    connection.request("GET", "/nowhere?x=%0Aforged", headers={"X-Request-ID": "r-1"})
    assert connection.getresponse().status == 404
    eventually(lambda: steady.told("r-1"))
    lines = [json.loads(line) for line in steady.log.read_text().splitlines()]
    (line,) = [line for line in lines if line.get("id") == "r-1"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/nowhere", 404)
    assert line["milliseconds"] >= 0


@pytest.mark.parametrize("service", [("--trusted-proxy", "*")], indirect=True)
def test_any_proxy_can_be_trusted(service: Service) -> None:
    connection = http.client.HTTPConnection(
        *service.address, timeout=20, source_address=("127.0.0.8", 0)
    )
    forwarded = {"X-Forwarded-For": "203.0.113.7", "X-Request-ID": "forwarded"}
    connection.request("GET", "/health", headers=forwarded)
    assert connection.getresponse().status == 200
    connection.close()
    lines = [json.loads(line) for line in service.log.read_text().splitlines()]
    assert [line["client"] for line in lines if line.get("id") == "forwarded"] == ["203.0.113.7"]


def state(service: Service, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(*service.address, timeout=20)
    connection.request("GET", path)
    reply = connection.getresponse()
    found = reply.status, json.loads(reply.read())["status"]
    connection.close()
    return found


def test_before_it_stops_it_tells_proxies_and_still_answers(tmp_path: Path) -> None:
    with service_in(tmp_path, "--drain", "600") as service:
        roles = service.ask()
        service.process.signal(signal.SIGHUP)
        eventually(lambda: service.told("reloaded"))
        assert [state(service, path) for path in ("/health", "/ready")] == [(200, "ok")] * 2
        service.process.signal(signal.SIGTERM)
        eventually(lambda: state(service, "/ready") == (503, "draining"))
        assert state(service, "/health") == (200, "ok")
        assert service.ask(f"{ROLES} # while it drains") == roles
        os.kill(service.processes()[2], signal.SIGKILL)
        eventually(lambda: _answers(service, f"{ROLES} # of a new process"))
        assert state(service, "/ready") == (503, "draining")
    # The second SIGTERM, of service_in, ended it at once.


def test_it_stops_when_it_has_drained(tmp_path: Path) -> None:
    service = Service(tmp_path, "--drain", "1")
    service.process.signal(signal.SIGTERM)
    assert service.process.wait(30) == 0


@pytest.mark.parametrize("seconds", [0.1, 0.3])
def test_a_server_that_is_stopped_while_it_prepares_reports_nothing(
    tmp_path: Path, seconds: float
) -> None:
    """The search index is being built then, by a worker of its own."""
    with service_in(tmp_path) as service:
        time.sleep(seconds)
    assert "Error" not in service.log.read_text()


def test_a_server_that_is_stopped_as_soon_as_it_is_ready_ends_well() -> None:
    """Before it waits for requests, and so before it handles signals as it does from then on."""
    child = os.fork()
    if not child:
        code = 99
        try:
            run(
                LoadedData(lambda: Flask(__name__)),
                lambda: LoadedData(lambda: Flask(__name__)),
                listen("127.0.0.1", 0),
                lambda: os.kill(os.getpid(), signal.SIGTERM),
                Limits(),
            )
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
