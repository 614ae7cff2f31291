"""Work in a process of its own, which can be ended, and whose end harms nobody."""

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
    """What ``work`` gives, from a forked process.

    Args:
        work: what is to be done; its result is pickled.
        seconds: how long it may take.
        memory: bytes of address space that the process may have; 0 sets no bound.

    Raises:
        CompetencyError: as ``work`` does.
        KeyboardInterrupt: SIGINT arrived.
        LimitError: it took too long, or needed too much memory, or broke its process.
    """
    context = multiprocessing.get_context("fork")
    mine, other = context.Pipe(duplex=False)
    process = context.Process(target=_do, args=(work, other, memory), daemon=True)
    with _defer_interrupts():
        process.start()
    other.close()
    try:
        if not mine.poll(seconds):
            raise LimitError(
                f"validation took longer than the limit of {seconds:g} seconds",
                "Give it more with --time-limit, or validate fewer files at a time",
                limit="seconds",
            )
        try:
            good, result = mine.recv()
        except EOFError:
            raise LimitError(
                "validation broke off: it needs more memory than it may have, or nests too deeply",
                "Validate fewer files at a time, or simplify the shapes",
                limit="memory",
            ) from None
    finally:
        process.kill()
        process.join()
        mine.close()
    if good:
        done: Result = result
        return done
    raise (
        result
        if isinstance(result, CompetencyError)
        else EvaluationError(f"validation failed ({result})", "Tell those who make this tool")
    )


@contextlib.contextmanager
def _defer_interrupts() -> Iterator[None]:
    """Put off KeyboardInterrupt, as what is raised in a hook of a fork is lost."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is interrupted
        return
    arrived: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _: arrived.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
    if arrived:
        signal.raise_signal(signal.SIGINT)


def _do(work: Callable[[], object], channel: Connection, memory: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when it ends
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
        except Exception as error:  # noqa: BLE001  (whatever it is, the parent tells it)
            channel.send((False, repr(error)))
