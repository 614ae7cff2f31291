"""A proxy of this service's event loop that passes requests on and does nothing else.

`python bench/bare_proxy.py PORT ADDRESS` answers at PORT what the SPARQL server at ADDRESS answers.
It is the least that `--endpoint` can cost: no check, no queue, no choice of a format, no log.
"""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from typing import Any

import uvloop

from competency_graph.engines.connection import Connection
from competency_graph.engines.connections import Connections
from competency_graph.engines.watched_connections import WatchedConnections
from competency_graph.web.server.exchange import Exchange
from competency_graph.web.server.listening import listen
from competency_graph.web.server.service import Service
from competency_graph.web.server.settings import Settings
from competency_graph.web.server.wsgi import Threads

SECONDS = 600
MOST_BYTES = 10**9


class Proxy:
    """Passes each request on.

    Args:
        address: of the SPARQL server.
    """

    def __init__(self, address: str) -> None:
        self._connections = Connections(address)
        self._watched = WatchedConnections(self._connections)

    def __call__(self, exchange: Exchange, threads: Threads) -> bool:
        """Pass a request on."""
        environ = exchange.environ
        body = environ["wsgi.input"].read() or environ["QUERY_STRING"].encode()
        headers = {
            "Accept": environ.get("HTTP_ACCEPT", "*/*"),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection = self._watched.begin(body, headers, SECONDS)
        if connection is None:
            connection = self._connections.post(body, headers, SECONDS)
            respond(exchange, connection, connection.read(MOST_BYTES))
        else:
            self._watched.watch(threads.loop, connection, partial(arrived, exchange, connection))
        return True


def arrived(exchange: Exchange, connection: Connection) -> None:
    connection.arrive()
    if connection.response.is_complete:
        respond(exchange, connection, connection.response.take(MOST_BYTES))


def respond(exchange: Exchange, connection: Connection, content: bytes) -> None:
    exchange.respond(f"{connection.response.status} of the server", [], content)
    connection.leave()


async def serve(port: int, address: str) -> None:
    unused: Any = None
    service = Service(unused, Settings(body=10**6, buffered=10**9), Proxy(address))
    await service.listen([listen("127.0.0.1", port)])
    while True:
        service.tick()
        await asyncio.sleep(1)


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), sys.argv[2]))
