"""Whether a request may run, decided once."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from competency_graph.errors import BusyError


class Admission:
    """The decision of a scheduler about a request.

    Most requests need not wait for it, so this has no lock of its own, unlike
    `concurrent.futures.Future`.

    Attributes:
        error: why the request is refused; None if it is admitted, or undecided.
    """

    __slots__ = ("_callbacks", "_done", "error")

    def __init__(self) -> None:
        self.error: BusyError | None = None
        self._done = False
        self._callbacks: list[Callable[[], object]] = []

    def done(self) -> bool:
        """Whether it is decided."""
        return self._done

    def decide(self, error: BusyError | None = None) -> None:
        """Admit the request, or refuse it; to be called once.

        Args:
            error: why it is refused; None to admit it.
        """
        self.error, self._done = error, True
        self._run_callbacks()

    def when_done(self, callback: Callable[[], object]) -> None:
        """Call a function once it is decided, at once or in the thread that decides."""
        self._callbacks.append(callback)
        if self._done:  # the thread that takes the function from the list calls it
            self._run_callbacks()

    def wait(self, seconds: float | None) -> bool:
        """Wait in this thread, for at most so many seconds; return whether it is decided."""
        if not self._done:
            decided = Event()
            self.when_done(decided.set)
            decided.wait(seconds)
        return self._done

    def _run_callbacks(self) -> None:
        while self._callbacks:
            try:
                callback = self._callbacks.pop()
            except IndexError:
                return
            callback()
