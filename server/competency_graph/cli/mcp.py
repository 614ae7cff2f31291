"""``competency mcp``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from competency_graph.cli.options import (
    check_elsewhere,
    dictionary_option,
    elsewhere_options,
    limit_options,
    with_option,
)
from competency_graph.dictionary.model import Dictionary
from competency_graph.errors import UnavailableError


@click.command()
@limit_options
@elsewhere_options
@with_option
@dictionary_option
def command(
    time_limit: float,
    memory_limit: int,
    store: Path | None,
    endpoint: str | None,
    dictionary: Dictionary,
) -> None:
    """Serve a dictionary to an assistant, by the Model Context Protocol on standard input/output.

    An MCP client, such as Claude Desktop or VS Code, starts this command. “competency serve” serves
    the same over HTTP, at /mcp.
    """
    from competency_graph.engines.backend import Backend
    from competency_graph.engines.elsewhere import open_store, readers
    from competency_graph.engines.kept import Kept
    from competency_graph.engines.remote import Remote
    from competency_graph.engines.search_index import SearchIndex
    from competency_graph.sandbox.fork_server import ForkServer
    from competency_graph.sandbox.request import Limits
    from competency_graph.sandbox.scheduler import Scheduler
    from competency_graph.sandbox.worker_pool import WorkerPool
    from competency_graph.sparql.evaluator import PUBLISHED, graphs_of

    try:
        from competency_graph.mcp.served import Served
        from competency_graph.mcp.stdio import run
    except ImportError as error:
        raise UnavailableError(
            f"the library of the Model Context Protocol is not installed ({error.name})",
            "Install it: pip install 'competency-graph[mcp]'",
        ) from None
    check_elsewhere(store, endpoint)
    # Workers are forked from this process, which must have a single thread and all imports by now.
    limits = Limits(time_limit, memory_limit * 1024**2)
    graphs: Sequence[str] = PUBLISHED
    if store:
        fork_server, graphs = open_store(store, limits)
    elif endpoint is not None:
        fork_server = readers(limits)
    else:
        fork_server = ForkServer(dictionary.store, limits)
        fork_server.prepare()  # for validations and links, while the first messages are answered
        graphs = graphs_of(dictionary.store)
    workers = WorkerPool(fork_server)
    backend: Backend = workers if endpoint is None else Remote(endpoint, workers)
    fixed = endpoint is None
    index = SearchIndex(backend, fixed)
    index.start()
    if sys.stdin is not None and sys.stdin.isatty():
        click.echo(
            "Waiting for messages on standard input (Ctrl-C ends this). An MCP client starts this "
            "command by itself; see docs/assistants.md.",
            err=True,
        )
    run(Served(backend, Scheduler(), index, Kept(fixed), graphs))
    workers.close()
    fork_server.close()
