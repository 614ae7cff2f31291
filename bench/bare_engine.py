"""The engine behind this service's event loop, and nothing else: the least that a query can take.

`python bench/bare_engine.py PORT DATA` answers queries about the N-Quads of a file, in the event
loop. With `--processes`, processes answer them that could be ended, as in this service. No checks,
no limits, no queue, no choice of a format, no cache, no log.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import io
import os
import socket
from collections import defaultdict, deque
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import uvloop

from competency_graph.sandbox.fork_server import LAST, MORE, PACKET
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


class InProcesses:
    """Has processes answer, one query each at a time; as many as this service has places.

    Args:
        store: the data.
    """

    def __init__(self, store: ox.Store) -> None:
        gc.freeze()
        self._idle = [forked(store) for _ in range(2 * len(os.sched_getaffinity(0)))]
        self._asked: dict[socket.socket, Exchange] = {}
        self._arrived: defaultdict[socket.socket, bytearray] = defaultdict(bytearray)
        self._watched: set[socket.socket] = set()
        self._waiting: deque[Exchange] = deque()

    def __call__(self, exchange: Exchange, threads: Threads) -> bool:
        """Pass a request on."""
        if self._idle:
            self._ask(self._idle.pop(), exchange, threads)
        else:
            self._waiting.append(exchange)
        return True

    def _ask(self, channel: socket.socket, exchange: Exchange, threads: Threads) -> None:
        self._asked[channel] = exchange
        if channel not in self._watched:
            self._watched.add(channel)
            threads.loop.add_reader(channel, self._answered, channel, threads)
        channel.send(text_of(exchange).encode())

    def _answered(self, channel: socket.socket, threads: Threads) -> None:
        packet = channel.recv(MOST_BYTES)
        self._arrived[channel] += packet[1:]
        if packet[:1] == MORE:
            return
        respond(self._asked.pop(channel), bytes(self._arrived.pop(channel)))
        if self._waiting:
            self._ask(channel, self._waiting.popleft(), threads)
        else:
            self._idle.append(channel)


def forked(store: ox.Store) -> socket.socket:
    """A connection to a new process that answers queries."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for each in (here, there):
        each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, MOST_BYTES)
    if os.fork() == 0:
        here.close()
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))  # as in this service
        while text := there.recv(MOST_BYTES):
            content = answer(store, text.decode())
            while len(content) > PACKET:
                there.send(MORE + content[:PACKET])
                content = content[PACKET:]
            there.send(LAST + content)
        os._exit(0)
    there.close()
    return here


def text_of(exchange: Exchange) -> str:
    environ = exchange.environ
    form = environ["wsgi.input"].read() or environ["QUERY_STRING"].encode()
    return dict(form_parameters(form))["query"]


def respond(exchange: Exchange, content: bytes) -> None:
    form = TRIPLES if exchange.environ.get("HTTP_ACCEPT") == TRIPLES else JSON
    exchange.respond("200 OK", [("Content-Type", form)], content)


async def serve(port: int, handler: InEventLoop | InProcesses) -> None:
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
    parser.add_argument("--processes", action="store_true")
    options = parser.parse_args()
    store = ox.Store()
    store.bulk_load(path=str(options.data), format=ox.RdfFormat.N_QUADS)
    uvloop.run(serve(options.port, (InProcesses if options.processes else InEventLoop)(store)))


if __name__ == "__main__":
    main()
