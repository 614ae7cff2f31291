"""A request in the hands of a scheduler."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from competency_graph.sandbox.admission import Admission
from competency_graph.sandbox.fair_queue import Client

if TYPE_CHECKING:
    from competency_graph.sandbox.scheduler import Scheduler


class State(Enum):
    """What a request does: it has a place of a quick one, or counts as slow, while it runs."""

    WAITING, QUICK, SLOW, LEFT = range(4)


class Ticket:
    """A request in the hands of a `Scheduler`.

    Args:
        scheduler: the scheduler.
        client: who sent the request.
        now: the current time, by the clock of the scheduler.

    Attributes:
        admitted: whether the request may run.
        deadline: when the request is to be refused if it still waits.
        state: what it does, since when it does so.
        on_trial: whether it has a place although it must not become slow.
        has_room: whether it has a place and is likely to become slow, which it may.
        was_stopped: whether it ran and was stopped when it became slow.
        seconds: for how long it ran, as far as that was reported.
        charged: which part of that was added to the usage of its client.
    """

    def __init__(self, scheduler: Scheduler, client: Client[Ticket], now: float) -> None:
        self.admitted = Admission()
        self.client, self.since, self.deadline = client, now, now + scheduler.patience
        self.state = State.WAITING
        self.on_trial = self.has_room = self.was_stopped = False
        self.seconds = self.charged = 0.0
        self._scheduler = scheduler

    @property
    def is_suspect(self) -> bool:
        """Whether it has a place although it is likely to become slow."""
        return self.on_trial or self.has_room

    @property
    def usage(self) -> float:
        """How much its client used lately; a number that only orders clients."""
        return self.client.usage

    def spend(self, seconds: float) -> None:
        """Report for how long the request ran, in addition to what was reported before."""
        self._scheduler.spend(self, seconds)

    def slow(self, stoppable: bool = True) -> bool:
        """Report that the request has run for `places.QUICK_SECONDS`.

        Args:
            stoppable: whether it can be stopped and started anew; one whose answer is being sent
                cannot, and keeps the place of a quick one if it must not become slow.

        Returns:
            Whether it may continue. If not, the caller must stop it. It waits again, and may be
            started anew when ``admitted``, which is a new one, is decided.
        """
        return self._scheduler.slow(self, stoppable)

    def wait(self) -> None:
        """Wait in this thread until the request may run.

        Raises:
            BusyError: it is refused.
        """
        if not self.admitted.wait(self._scheduler.seconds_until(self.deadline)):
            self._scheduler.give_up(self)
            self.admitted.wait(None)  # now it is refused, or another thread is admitting it
        if self.admitted.error is not None:
            raise self.admitted.error
