"""Runs work in a child process that can be killed and whose crash does no harm."""

from __future__ import annotations

import contextlib
import multiprocessing
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from typing import TypeVar

from competency_graph.errors import CompetencyError, EvaluationError, LimitError

Result = TypeVar("Result")


def run_in_child(work: Callable[[], Result], seconds: float, memory: int) -> Result:
    """Run ``work`` in a forked process and return its result.

    Args:
        work: the function to run; its result is pickled.
        seconds: the time limit.
        memory: the limit of the process's address space in bytes; 0 sets none.

    Raises:
        CompetencyError: raised by ``work``.
        KeyboardInterrupt: SIGINT arrived.
        LimitError: it took too long, needed too much memory, or crashed.
    """
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(work, sender, memory), daemon=True)
    with _defer_interrupts():
        process.start()
    sender.close()
    try:
        if not receiver.poll(seconds):
            raise LimitError(
                f"validation took longer than the limit of {seconds:g} seconds",
                "Allow more with --time-limit, or validate fewer files at a time",
                limit="seconds",
            )
        try:
            succeeded, result = receiver.recv()
        except EOFError:
            raise LimitError(
                "validation was stopped: it needs more memory than allowed, or nests too deeply",
                "Validate fewer files at a time, or simplify the shapes",
                limit="memory",
            ) from None
    finally:
        process.kill()
        process.join()
        receiver.close()
    if succeeded:
        done: Result = result
        return done
    raise (
        result
        if isinstance(result, CompetencyError)
        else EvaluationError(
            f"validation failed ({result})", "Report this to the developers of this tool"
        )
    )


@contextlib.contextmanager
def _defer_interrupts() -> Iterator[None]:
    """Defer KeyboardInterrupt, which would be lost if raised in a fork hook."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread receives interrupts
        return
    arrived: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _: arrived.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
    if arrived:
        signal.raise_signal(signal.SIGINT)


def _run(work: Callable[[], object], channel: Connection, memory: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with contextlib.suppress(BrokenPipeError, MemoryError):
        try:
            channel.send((True, work()))
        except CompetencyError as error:
            channel.send((False, error))
        except MemoryError:
            return
        except Exception as error:  # noqa: BLE001  (the parent reports any error)
            channel.send((False, repr(error)))
