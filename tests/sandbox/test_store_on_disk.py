"""Workers over a store on disk: they open its files as they need them, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pyoxigraph as ox
import pytest

from competency_graph.sandbox.file_access import is_supported
from competency_graph.sandbox.fork_server import ForkServer
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.request import Answer, Limits
from competency_graph.sandbox.worker_pool import WorkerPool

pytestmark = pytest.mark.usefixtures("prepared")
BATCHES = 4
"""Each adds files for each index; Oxigraph opens 16 of them at first."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("disk") / "store"
    written = ox.Store(str(folder))
    for number in range(BATCHES):
        subject, text = ox.NamedNode(f"e:{number}"), ox.Literal(f"text {number}")
        written.bulk_extend([ox.Quad(subject, ox.NamedNode("e:p"), text, ox.NamedNode("e:g"))])
    del written
    assert len([*folder.glob("*.sst")]) > 20
    return folder


@pytest.fixture(scope="module")
def workers(store: Path) -> Iterator[WorkerPool]:
    fork_server = ForkServer(store, Limits())
    pool = WorkerPool(fork_server)
    yield pool
    pool.close()
    fork_server.close()


@dataclass(frozen=True)
class Opening(QueryRequest):
    """Opens a file, as a fault of the engine might, and answers what came of it."""

    noun: ClassVar = "test"

    def answer(self, store: ox.Store, published: object = None) -> Answer:
        try:
            with Path(self.text).open("rb"):
                said = b"opened"
        except OSError as error:
            said = type(error).__name__.encode()
        return Answer("table", "json", lambda output: output.write(said))


def ask(workers: WorkerPool, request: QueryRequest) -> bytes:
    with workers.ask(request) as reply:
        return b"".join(reply.chunks)


def test_a_store_of_many_files_is_read_to_its_end(workers: WorkerPool) -> None:
    query = QueryRequest("SELECT ?o { ?s ?p ?o } ORDER BY ?o", {"table": "csv"})
    assert ask(workers, query).split(b"\r\n")[1:-1] == [b"text 0", b"text 1", b"text 2", b"text 3"]


def test_no_other_file_is_opened(workers: WorkerPool, store: Path) -> None:
    if not is_supported():
        pytest.skip("this kernel lacks Landlock (Linux 5.13)")
    assert ask(workers, Opening(str(store / "CURRENT"), {})) == b"opened"
    other = store.parent / "other.txt"
    other.write_text("secret")
    assert ask(workers, Opening(str(other), {})) == b"PermissionError"
    assert ask(workers, Opening(__file__, {})) == b"PermissionError"
