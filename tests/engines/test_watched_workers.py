"""Workers that the event loop watches."""

from __future__ import annotations

import asyncio
import os
import select
import signal
from concurrent.futures import ThreadPoolExecutor

import pyoxigraph as ox

from competency_graph.engines.watched_workers import WatchedWorkers
from competency_graph.sandbox.fork_server import ForkServer
from competency_graph.sandbox.query_request import QueryRequest
from competency_graph.sandbox.request import Limits
from competency_graph.sandbox.worker import Worker
from competency_graph.sandbox.worker_pool import WorkerPool

QUESTION = QueryRequest("ASK {}", {"boolean": "json"})


async def _answer(watched: WatchedWorkers, pool: WorkerPool) -> Worker | None:
    """The worker that answered, which is idle again; None if none was idle."""
    loop = asyncio.get_running_loop()
    arrived: asyncio.Future[Worker] = loop.create_future()
    worker = watched.begin(loop, QUESTION, None, arrived.set_result)
    if worker is None:
        return None
    with pool.finish(await asyncio.wait_for(arrived, 10)) as reply:
        assert b"true" in b"".join(reply.chunks)
    return worker


def test_a_worker_that_has_just_ended_is_not_asked() -> None:
    """Also before the event loop has noticed that it ended."""
    server = ForkServer(ox.Store(), Limits())
    pool = WorkerPool(server)

    async def ask() -> None:
        with pool.ask(QUESTION) as reply:  # so that a worker is idle
            b"".join(reply.chunks)
        watched = WatchedWorkers(pool)
        worker = await _answer(watched, pool)
        assert worker is not None
        assert await _answer(watched, pool) is worker
        process = worker._process
        signal.pidfd_send_signal(process, signal.SIGKILL)
        assert select.select([process], [], [], 10)[0]
        assert await _answer(watched, pool) is None
        assert worker.closed

    with ThreadPoolExecutor(1) as thread:  # where no other test has left an event loop running
        thread.submit(lambda: asyncio.run(ask())).result()
    pool.close()
    server.close()
    assert os.waitpid(server.process, 0)
