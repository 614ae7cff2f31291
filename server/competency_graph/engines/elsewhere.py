"""Data that is not in the files of a dictionary: a store on disk, or another SPARQL server."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from competency_graph.errors import UnavailableError, UnreadableInputError
from competency_graph.sandbox.fork_server import ForkServer
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.request import Limits
from competency_graph.sandbox.worker_pool import WorkerPool
from competency_graph.sparql.evaluator import GRAPHS, PUBLISHED, Answer


def open_store(path: Path, limits: Limits) -> tuple[ForkServer, tuple[str, ...]]:
    """Open a store on disk, made by ``competency publish``, for reading.

    Args:
        path: its folder.
        limits: the limits of queries.

    Returns:
        What forks the workers that query it, and the names of its graphs.

    Raises:
        UnreadableInputError: the store does not exist or cannot be opened.
    """
    # Only workers open the store, as opening it starts threads, which do not survive a fork.
    fork_server = ForkServer(path, limits)
    try:
        if not (path / "CURRENT").is_file():
            raise UnavailableError("there is no such store", "")
        return fork_server, _graph_names(fork_server)
    except UnavailableError:
        fork_server.close()
        raise UnreadableInputError(
            "this is not a store, or it cannot be opened",
            "Create one with “competency publish --store”",
            str(path),
        ) from None


def _graph_names(fork_server: ForkServer) -> tuple[str, ...]:
    """The graphs of a store, queried in a worker."""
    workers = WorkerPool(fork_server)
    names = QueryRequest("SELECT ?name WHERE { GRAPH ?name {} }", {"table": "json"})
    with workers.ask(names) as reply:
        content = b"".join(reply.chunks)
    workers.close()
    answer = Answer(ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON))
    stored = {row[0].value for row in answer.rows() if isinstance(row[0], ox.NamedNode)}
    return tuple(dict.fromkeys([*GRAPHS, *sorted(stored)]))


def readers(limits: Limits) -> ForkServer:
    """What forks the workers that read queries for another server, see `remote.Remote`."""
    store_of_names = ox.Store()  # without statements, but with the graphs to query
    for name in PUBLISHED:
        store_of_names.add_graph(ox.NamedNode(name))
    return ForkServer(store_of_names, limits)
