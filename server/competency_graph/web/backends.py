"""Loads the data to serve: a dictionary's files, a store on disk, or another SPARQL server."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import pyoxigraph as ox
from cachetools import TTLCache, cached

from competency_graph import resources
from competency_graph.dictionary.model import Dictionary
from competency_graph.engines.elsewhere import open_store, readers
from competency_graph.engines.in_process import InProcess
from competency_graph.engines.under_way import QuickBackend, Workers
from competency_graph.rdf.vocabulary import GRAPH_ASSERTED, GRAPH_ONTOLOGY
from competency_graph.sandbox.fork_server import ForkServer
from competency_graph.sandbox.request import Limits
from competency_graph.sandbox.scheduler import Scheduler
from competency_graph.sandbox.worker_pool import WorkerPool
from competency_graph.sparql.evaluator import PUBLISHED, graphs_of
from competency_graph.web.content import Content

if TYPE_CHECKING:
    from flask import Flask

    from competency_graph.versions.released.archive import Archive
    from competency_graph.web.querying.fast_path import FastPath

_log = logging.getLogger(__name__)
_FAULT_CACHE_SECONDS = 5
"""How long it is remembered whether the other server answers."""
_MAX_SOURCE_BYTES = 8_000_000
"""Up to this size, graphs are also kept as spelled in the files, in addition to the store."""


@dataclass(frozen=True)
class LoadedData:
    """One loaded version of the data, with the processes that answer queries on it.

    Args:
        app: creates the application, in the process that runs it.
        alive: whether the processes that the application needs are running.
        close: ends these processes.
        fast_path: creates what answers without the application, in the same process; it may return
            None.
    """

    app: Callable[[], Flask]
    alive: Callable[[], bool] = lambda: True
    close: Callable[[], None] = lambda: None
    fast_path: Callable[[], FastPath | None] = lambda: None


def load_dictionary(
    dictionary: Dictionary, limits: Limits, scheduler: Scheduler, archive: Path | None = None
) -> LoadedData:
    """Load the files of a dictionary into memory.

    Args:
        dictionary: the dictionary.
        limits: the limits of queries.
        scheduler: decides which requests run, wait and are refused.
        archive: the folder with its released versions; None for the one in its own folder.

    Raises:
        UnreadableInputError: a file cannot be read or is not RDF.
    """
    sizes = _sizes(dictionary.store)
    return _from_fork_server(
        ForkServer(dictionary.store, limits),
        dictionary.version,
        lambda: _content(dictionary, sizes, archive),
        scheduler,
    )


def load_in_process(dictionary: Dictionary) -> Callable[[], Flask]:
    """Load the files of a dictionary for requests that come from this program only.

    Returns:
        A function that creates the application, in the process that runs it or one forked from it.

    Raises:
        UnreadableInputError: a file cannot be read or is not RDF.
    """
    from competency_graph.web.app import create_app

    content = _content(dictionary, _sizes(dictionary.store))
    return lambda: create_app(InProcess(dictionary.store), content)


def _sizes(store: ox.Store) -> dict[str, int]:
    """The number of statements in each graph that can be queried.

    To count them is to copy the whole store if it is shared with another process.
    """
    counted = store.query("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    found = {row["g"].value: int(row["n"].value) for row in counted}  # type: ignore[union-attr]
    return {name: found.get(name, 0) for name in graphs_of(store)}


def _content(
    dictionary: Dictionary, sizes: Mapping[str, int], archive: Path | None = None
) -> Content:
    graphs = graphs_of(dictionary.store)
    small = (
        sum(map(len, dictionary.contents.values())) <= _MAX_SOURCE_BYTES and not dictionary.as_is
    )
    sources = (
        {
            str(GRAPH_ONTOLOGY): dictionary.ontology,
            str(GRAPH_ASSERTED): dictionary.asserted,
        }
        if small
        else {}
    )
    own = dictionary.own if small and dictionary.base_files else None
    versions = None if dictionary.as_is else _archive(dictionary, archive)
    return Content(
        dictionary.version, sizes, sources, graphs, lambda: dictionary.links, own, archive=versions
    )


def _archive(dictionary: Dictionary, folder: Path | None) -> Archive:
    from competency_graph.versions.released.archive import Archive

    if folder is not None:
        return Archive(folder)
    return Archive.of(dictionary.folder if dictionary.has_own_files else resources.DATA)


def load_store(path: Path, limits: Limits, scheduler: Scheduler) -> LoadedData:
    """Open a store on disk, made by ``competency publish``, for reading.

    Raises:
        UnreadableInputError: the store does not exist or cannot be opened.
    """
    fork_server, graphs = open_store(path, limits)
    state = sorted((f.name, f.stat().st_size, f.stat().st_mtime_ns) for f in path.glob("*.sst"))
    version = hashlib.sha256(repr(state).encode()).hexdigest()
    return _from_fork_server(
        fork_server, version, lambda: Content(version, graphs=graphs), scheduler
    )


def load_endpoint(
    url: str, limits: Limits, scheduler: Scheduler, freshness: float = 0
) -> LoadedData:
    """Connect to another SPARQL 1.1 server, which holds what ``competency publish`` sent to it.

    If the server does not answer, this only logs a warning, as it may answer later.

    Args:
        url: its query endpoint.
        limits: the limits of queries.
        scheduler: decides which requests run, wait and are refused.
        freshness: for how many seconds an answer is given again; 0 for never.
    """
    from competency_graph.engines.remote import Remote, unavailability  # slow to import

    if reason := unavailability(url):
        _log.warning("the server at %s does not answer: %s", url, reason)
    content = Content(graphs=PUBLISHED, fault=_cached_fault(url))

    def answering(workers: WorkerPool) -> QuickBackend:
        from competency_graph.engines.recent_answers import RecentAnswers

        remote = Remote(url, workers)
        return RecentAnswers(remote, freshness) if freshness else remote

    return _from_fork_server(readers(limits), "", lambda: content, scheduler, answering)


def _cached_fault(url: str) -> Callable[[], str]:
    """`unavailability` with its result cached for a few seconds."""
    from competency_graph.engines.remote import unavailability

    @cached(TTLCache(1, _FAULT_CACHE_SECONDS), lock=Lock())
    def current_fault() -> str:
        return unavailability(url)

    return current_fault


def _from_fork_server(
    fork_server: ForkServer,
    version: str,
    content: Callable[[], Content],
    scheduler: Scheduler,
    answering: Callable[[WorkerPool], QuickBackend] = Workers,
) -> LoadedData:
    from competency_graph.web.parts import Parts  # slow to import; workers are prepared meanwhile

    parts = cache(lambda: Parts(fork_server, scheduler, version, answering))
    return LoadedData(
        lambda: parts().app(content()),
        fork_server.alive,
        fork_server.close,
        lambda: parts().fast_path(),
    )
