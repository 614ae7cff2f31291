"""The same work on many values, in processes forked from this one."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Any, Final, TypeVar

from competency_graph.errors import UnavailableError

_Value = TypeVar("_Value")
_Result = TypeVar("_Result")
_CHUNK: Final = 8
"""So many values are sent to a process at once."""
_work: Callable[[Any], Any]
"""The work of a forked process."""


@contextmanager
def forked(
    make: Callable[[], Callable[[_Value], _Result]],
) -> Iterator[Callable[[Iterable[_Value]], Iterator[_Result]]]:
    """Processes that do some work, as many as there are processors.

    They share the memory of this process as it is now, and end with it.

    Args:
        make: makes the function that does the work, in each process.

    Returns:
        A function that applies the work to values, and yields the results in their order.

    Raises:
        UnavailableError: a process ended, for example because memory ran out.
    """
    processes = len(os.sched_getaffinity(0))
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(processes, context, _prepare, (make,))
    try:
        yield lambda values: pool.map(_run, values, chunksize=_CHUNK)
    except BrokenProcessPool:
        raise UnavailableError(
            "a process that rendered pages ended", "Check whether there is enough memory"
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _prepare(make: Callable[[], Callable[[Any], Any]]) -> None:
    global _work
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent process ends this one
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _work = make()


def _run(value: Any) -> Any:  # noqa: ANN401
    return _work(value)


def _end_with_parent() -> None:
    """End this process if its parent is killed, as nobody reads what it makes."""
    if parent := multiprocessing.parent_process():
        wait([parent.sentinel])
    os._exit(1)
