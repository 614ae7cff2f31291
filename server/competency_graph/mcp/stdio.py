"""Serves one client over standard input and output."""

from __future__ import annotations

import signal

import anyio
from mcp.server.stdio import stdio_server

from competency_graph.mcp.served import Client, Served
from competency_graph.mcp.server import server_for


def run(served: Served) -> None:
    """Serve until standard input ends. Nothing else may write to standard output meanwhile.

    Raises:
        BrokenPipeError: the client reads no more.
    """
    server = server_for(Client(served, "stdio"), served.scheduler.per_client)

    async def serve() -> None:
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())

    # Ctrl-C ends the process at once: Python would wait for the thread that reads standard input.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        anyio.run(serve)
    except ExceptionGroup as group:
        if group.split(BrokenPipeError)[1] is not None:
            raise
        raise BrokenPipeError from None
