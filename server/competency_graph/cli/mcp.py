"""``competency mcp``."""

from __future__ import annotations

import sys

import click

from competency_graph.cli.options import dictionary_option, limit_options, with_option
from competency_graph.dictionary.model import Dictionary
from competency_graph.errors import UnavailableError


@click.command()
@limit_options
@with_option
@dictionary_option
def command(time_limit: float, memory_limit: int, dictionary: Dictionary) -> None:
    """Serve a dictionary to an assistant, by the Model Context Protocol on standard input/output.

    An MCP client, such as Claude Desktop or VS Code, starts this command. “competency serve” serves
    the same over HTTP, at /mcp.
    """
    from competency_graph.engines.kept import Kept
    from competency_graph.engines.search_index import SearchIndex
    from competency_graph.sandbox.admission import Admission
    from competency_graph.sandbox.fork_server import ForkServer
    from competency_graph.sandbox.request import Limits
    from competency_graph.sandbox.worker_pool import WorkerPool
    from competency_graph.sparql.evaluator import graphs_of

    try:
        from competency_graph.mcp.served import Served
        from competency_graph.mcp.stdio import run
    except ImportError as error:
        raise UnavailableError(
            f"the library of the Model Context Protocol is not installed ({error.name})",
            "Install it: pip install 'competency-graph[mcp]'",
        ) from None
    # Workers are forked from this process, which must have a single thread and all imports by now.
    limits = Limits(time_limit, memory_limit * 1024**2)
    fork_server = ForkServer(dictionary.store, limits)
    workers = WorkerPool(fork_server)
    index = SearchIndex(workers, fixed=True)
    index.start()
    if sys.stdin is not None and sys.stdin.isatty():
        click.echo(
            "Waiting for messages on standard input (Ctrl-C ends this). An MCP client starts this "
            "command by itself; see docs/assistants.md.",
            err=True,
        )
    run(Served(workers, Admission(), index, Kept(fixed=True), graphs_of(dictionary.store)))
    workers.close()
    fork_server.close()
