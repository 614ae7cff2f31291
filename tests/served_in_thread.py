"""An application on a real socket of this process, served by the event loop of the server."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import uvloop

from competency_graph.web.server.listening import listen
from competency_graph.web.server.service import FastPath, Service
from competency_graph.web.server.settings import Settings

Address = tuple[str, int]


@contextlib.contextmanager
def served(
    app: Any, settings: Settings | None = None, fast_path: FastPath | None = None
) -> Iterator[Address]:
    """The address of an application, while it is served."""
    listener = listen("127.0.0.1", 0)
    address: Address = listener.getsockname()[:2]
    ready, stop = threading.Event(), asyncio.Event()
    loop = uvloop.new_event_loop()

    async def serve(listener: socket.socket) -> None:
        service = Service(app, settings or Settings(body=1_000_000, buffered=10**8), fast_path)
        await service.listen([listener])
        ready.set()
        while not stop.is_set():
            service.tick()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 0.2)
        await service.drain(5)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve(listener)))
    thread.start()
    assert ready.wait(10)
    try:
        yield address
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        assert not thread.is_alive()
        loop.close()
