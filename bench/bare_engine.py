"""The engine behind this service's event loop, and nothing else: the least that a query can take.

`python bench/bare_engine.py PORT DATA` answers at PORT queries about the N-Quads of a file, in the
event loop itself. With `--process`, a process that could be ended answers them, as in this service.
No checks, no limits, no queue, no choice of a format, no cache, no log.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import io
import os
import socket
from collections import deque
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import uvloop

from competency_graph.web.http.form_parameters import form_parameters
from competency_graph.web.server.exchange import Exchange
from competency_graph.web.server.listening import listen
from competency_graph.web.server.service import Service
from competency_graph.web.server.settings import Settings
from competency_graph.web.server.wsgi import Threads

MOST_BYTES = 200_000
JSON, TRIPLES = "application/sparql-results+json", "application/n-triples"


def answer(store: ox.Store, text: str) -> bytes:
    """The result of a query as JSON or N-Triples."""
    output = io.BytesIO()
    result = store.query(text, use_default_graph_as_union=True)
    if isinstance(result, ox.QueryTriples):
        ox.serialize(result, output, format=ox.RdfFormat.N_TRIPLES)
    else:
        result.serialize(output, format=ox.QueryResultsFormat.JSON)
    return output.getvalue()


class InEventLoop:
    """Answers in the event loop.

    Args:
        store: the data.
    """

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    def __call__(self, exchange: Exchange, _: Threads) -> bool:
        """Answer a request."""
        respond(exchange, answer(self._store, text_of(exchange)))
        return True


class InProcess:
    """Has a process of its own answer, one query after another.

    Args:
        store: the data.
    """

    def __init__(self, store: ox.Store) -> None:
        self._channel, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for each in (self._channel, other):
            each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MOST_BYTES)
        gc.freeze()
        if os.fork() == 0:
            self._channel.close()
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))  # as in this service
            while text := other.recv(MOST_BYTES):
                other.send(answer(store, text.decode()))
            os._exit(0)
        other.close()
        self._waiting: deque[Exchange] = deque()

    def __call__(self, exchange: Exchange, threads: Threads) -> bool:
        """Pass a request on."""
        if not hasattr(self, "_watched"):
            threads.loop.add_reader(self._channel, self._answered)
            self._watched = True
        self._waiting.append(exchange)
        self._channel.send(text_of(exchange).encode())
        return True

    def _answered(self) -> None:
        respond(self._waiting.popleft(), self._channel.recv(MOST_BYTES))


def text_of(exchange: Exchange) -> str:
    environ = exchange.environ
    form = environ["wsgi.input"].read() or environ["QUERY_STRING"].encode()
    return dict(form_parameters(form))["query"]


def respond(exchange: Exchange, content: bytes) -> None:
    form = TRIPLES if exchange.environ.get("HTTP_ACCEPT") == TRIPLES else JSON
    exchange.respond("200 OK", [("Content-Type", form)], content)


async def serve(port: int, handler: InEventLoop | InProcess) -> None:
    unused: Any = None
    service = Service(unused, Settings(body=10**6, buffered=10**9), handler)
    await service.listen([listen("127.0.0.1", port)])
    while True:
        service.tick()
        await asyncio.sleep(1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("data", type=Path)
    parser.add_argument("--process", action="store_true")
    options = parser.parse_args()
    store = ox.Store()
    store.bulk_load(path=str(options.data), format=ox.RdfFormat.N_QUADS)
    uvloop.run(serve(options.port, (InProcess if options.process else InEventLoop)(store)))


if __name__ == "__main__":
    main()
