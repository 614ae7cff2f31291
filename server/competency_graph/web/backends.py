"""What stands behind the application: a dictionary's files, a store on disk, another server."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import pyoxigraph as ox
from cachetools import TTLCache, cached
from flask import Flask

from competency_graph.dictionary.model import Dictionary
from competency_graph.engines.remote import Remote, fault
from competency_graph.errors import UnavailableError, UnreadableInputError
from competency_graph.rdf.vocabulary import GRAPH_ASSERTED, GRAPH_ONTOLOGY
from competency_graph.sandbox.admission import Admission
from competency_graph.sandbox.fork_server import ForkServer, Limits
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.worker_pool import WorkerPool
from competency_graph.sparql.evaluator import GRAPHS, PUBLISHED, Answer, graphs_of
from competency_graph.web.app import Content, create_app

_log = logging.getLogger(__name__)
_FRESH = 5
"""Seconds for which it is known whether a server elsewhere answers."""
_SMALL = 8_000_000
"""Bytes of files whose graphs are kept as they are spelled, beside the store."""


@dataclass(frozen=True)
class LoadedData:
    """One version of what is served.

    Args:
        app: makes the application, in the process that runs it.
        alive: whether what the application leans on is still there.
        close: lets go of it.
    """

    app: Callable[[], Flask]
    alive: Callable[[], bool] = lambda: True
    close: Callable[[], None] = lambda: None


def load_dictionary(dictionary: Dictionary, limits: Limits, admission: Admission) -> LoadedData:
    """The files of a dictionary, loaded into memory.

    Raises:
        UnreadableInputError: a file cannot be read or is not RDF.
    """
    store = dictionary.store
    graphs = graphs_of(store)
    sizes = {
        name: sum(1 for _ in store.quads_for_pattern(None, None, None, ox.NamedNode(name)))
        for name in graphs
    }
    small = sum(map(len, dictionary.contents.values())) <= _SMALL and not dictionary.as_is
    sources = (
        {
            str(GRAPH_ONTOLOGY): dictionary.ontology,
            str(GRAPH_ASSERTED): dictionary.asserted,
        }
        if small
        else {}
    )
    own = dictionary.own if small and dictionary.base_files else None
    content = Content(dictionary.version, sizes, sources, graphs, lambda: dictionary.links, own)
    return _served(ForkServer(store, limits), content, admission)


def load_store(path: Path, limits: Limits, admission: Admission) -> LoadedData:
    """A store on disk, as ``competency publish`` makes it. It is only read.

    Raises:
        UnreadableInputError: there is none that can be opened.
    """
    # Only workers open it: the engine starts threads then, which no process can fork with.
    fork_server = ForkServer(lambda: ox.Store.read_only(str(path)), limits)
    try:
        if not (path / "CURRENT").is_file():
            raise UnavailableError("there is no such store", "")
        graphs = _graphs(fork_server)
    except UnavailableError:
        fork_server.close()
        raise UnreadableInputError(
            "this is no store that can be opened",
            "Make one with “competency publish --store”",
            str(path),
        ) from None
    state = sorted((f.name, f.stat().st_size, f.stat().st_mtime_ns) for f in path.glob("*.sst"))
    content = Content(hashlib.sha256(repr(state).encode()).hexdigest(), graphs=graphs)
    return _served(fork_server, content, admission)


def _graphs(fork_server: ForkServer) -> tuple[str, ...]:
    """The graphs of a store that only workers open."""
    workers = WorkerPool(fork_server)
    names = QueryRequest("SELECT ?name WHERE { GRAPH ?name {} }", {"table": "json"})
    with workers.ask(names) as reply:
        content = b"".join(reply.chunks)
    workers.close()
    answer = Answer(ox.parse_query_results(content, format=ox.QueryResultsFormat.JSON))
    found = {row[0].value for row in answer.rows() if isinstance(row[0], ox.NamedNode)}
    return tuple(dict.fromkeys([*GRAPHS, *sorted(found)]))


def load_endpoint(url: str, limits: Limits, admission: Admission) -> LoadedData:
    """A SPARQL 1.1 server elsewhere, which holds what ``competency publish`` gave it.

    One that does not answer now may do so later, so that it is only told in the log.
    """
    if said := fault(url):
        _log.warning("the server at %s does not answer: %s", url, said)
    knowing = ox.Store()  # no statement, only which graphs may be asked
    for name in PUBLISHED:
        knowing.add_graph(ox.NamedNode(name))
    fork_server = ForkServer(knowing, limits)
    content = Content(graphs=PUBLISHED, fault=_kept(url))
    return LoadedData(
        lambda: create_app(Remote(url, WorkerPool(fork_server)), content, admission),
        fork_server.alive,
        fork_server.close,
    )


def _kept(url: str) -> Callable[[], str]:
    """`fault`, asked anew when some seconds have passed, however often it is wanted."""

    @cached(TTLCache(1, _FRESH), lock=Lock())
    def told() -> str:
        return fault(url)

    return told


def _served(fork_server: ForkServer, content: Content, admission: Admission) -> LoadedData:
    return LoadedData(
        lambda: create_app(WorkerPool(fork_server), content, admission),
        fork_server.alive,
        fork_server.close,
    )
