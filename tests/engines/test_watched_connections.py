"""Connections that the event loop watches: used again, handed over, and closed as the server does."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator

import pytest

from competency_graph.engines.connection import Connection
from competency_graph.engines.connections import Connections
from competency_graph.engines.watched_connections import WatchedConnections

RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    running = asyncio.new_event_loop()
    yield running
    running.close()


class Asked:
    """A connection that is open, and the end that the server has of it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop, self.events = loop, 0
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.all = Connections(f"http://127.0.0.1:{listener.getsockname()[1]}/")
            mine = socket.create_connection(listener.getsockname())
            self.server = listener.accept()[0]
        self.watched = WatchedConnections(self.all)
        self.connection = Connection(mine, self.all.keep)
        self.connection.response.is_complete = self.connection.response.keep_alive = True
        self.connection.leave()

    def begin(self) -> Connection | None:
        found = self.watched.begin(b"", {}, 10)
        if found is not None:
            self.watched.watch(self.loop, found, lambda: self.arrived(found))
        return found

    def arrived(self, connection: Connection) -> None:
        self.events += 1
        connection.arrive()
        if connection.response.is_complete:
            assert connection.response.take(10) == b"ok"
            connection.leave()

    def turn(self) -> None:
        """Let the event loop notice what has arrived."""
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.run_until_complete(asyncio.sleep(0))


@pytest.fixture
def asked(loop: asyncio.AbstractEventLoop) -> Iterator[Asked]:
    found = Asked(loop)
    yield found
    found.server.close()
    found.connection.close()


def test_a_connection_is_used_again(asked: Asked) -> None:
    for number in range(1, 4):
        assert asked.begin() is asked.connection
        assert asked.begin() is None, "it is in use"
        asked.server.sendall(RESPONSE)
        asked.turn()
        assert asked.events == number


def test_one_that_the_server_closes_is_closed(asked: Asked) -> None:
    asked.begin()
    asked.server.sendall(RESPONSE)
    asked.turn()
    asked.server.close()
    asked.turn()
    assert asked.connection.fileno() == -1
    assert asked.begin() is None
    assert asked.events == 1


def test_a_thread_receives_the_rest_over_one_that_is_handed_over(asked: Asked) -> None:
    asked.begin()
    asked.server.sendall(RESPONSE[:-1])
    asked.turn()
    asked.watched.hand_over(asked.connection)
    asked.server.sendall(RESPONSE[-1:])
    asked.turn()
    assert asked.events == 1
    assert asked.connection.read(10) == b"ok"
    asked.connection.leave()
    assert asked.all.take() is asked.connection


def test_an_answer_waits_until_it_is_wanted(asked: Asked) -> None:
    """As one that arrives before its query is checked."""
    asked.begin()
    asked.server.sendall(RESPONSE)
    asked.turn()
    assert asked.watched.begin(b"", {}, 10) is asked.connection
    asked.server.sendall(RESPONSE)
    asked.turn()
    assert asked.events == 1
    asked.watched.watch(asked.loop, asked.connection, lambda: asked.arrived(asked.connection))
    asked.turn()
    assert asked.events == 2
