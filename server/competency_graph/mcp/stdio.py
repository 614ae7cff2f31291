"""Serves one client over standard input and output."""

from __future__ import annotations

import anyio
from mcp.server.stdio import stdio_server

from competency_graph.mcp.served import Client, Served
from competency_graph.mcp.server import server_for


def run(served: Served) -> None:
    """Serve until standard input ends. Nothing else may write to standard output meanwhile."""
    server = server_for(Client(served, "stdio"), served.admission.for_one)

    async def serve() -> None:
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())

    anyio.run(serve)
