"""Decides which request runs next, which waits, and which is refused."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Timer

from competency_graph.errors import BusyError
from competency_graph.sandbox.admission import Admission
from competency_graph.sandbox.fair_queue import Client, FairQueue
from competency_graph.sandbox.places import QUICK_SECONDS, Places
from competency_graph.sandbox.ticket import State, Ticket

OF_ONE_CLIENT, OF_ALL, QUEUE = "queries of one client", "queries in all", "queue"
"""The limits for which requests are refused, as in `BusyError.limit`."""


class Scheduler:
    """Admits requests in fair order, within limits; thread-safe, and never blocks.

    A request has one of a few places until it ends or has run for `places.QUICK_SECONDS`. From then
    on it is a slow one, which others need not wait for, and whose number is limited as well. At
    most ``places`` + 1 + 2 * ``concurrent`` requests run at the same time.

    Args:
        per_client: how many slow requests one client may run at once.
        concurrent: how many slow requests may run at once in total; clients without a slow one may
            run as many again.
        patience: seconds that a request waits before it is refused.
        places: how many quick requests run at once; None for two for each processor.
        max_waiting: how many requests may wait in total. Those of one client may be as many as
            places are free in the queue, so that others can always enter (Choudhury and Hahne,
            “Dynamic Queue Length Thresholds for Shared-Memory Packet Switches”, 1998).
        always_slow: whether each request counts as slow from its start, because nothing reports
            when it becomes so.
        half_life: seconds in which the usage of a client halves.
        clock: returns the current time in seconds.
        call_later: calls a function after so many seconds.

    Attributes:
        on_admitted: called with the seconds that a request waited.
        on_refused: called with the limit for which a request was refused.
    """

    def __init__(
        self,
        per_client: int = 4,
        concurrent: int = 8,
        patience: float = 5.0,
        places: int | None = None,
        max_waiting: int = 2048,
        always_slow: bool = False,
        half_life: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
        call_later: Callable[[float, Callable[[], None]], object] | None = None,
    ) -> None:
        self.per_client, self.patience = per_client, patience
        self.on_admitted: Callable[[float], object] = lambda seconds: None
        self.on_refused: Callable[[str], object] = lambda limit: None
        self._max_waiting, self._clock = max_waiting, clock
        self._call_later = call_later or _call_in_thread
        self._queue: FairQueue[Ticket] = FairQueue(clock, half_life)
        self._places = Places(places, per_client, concurrent, always_slow, clock)
        self._lock = Lock()

    @property
    def most_quick(self) -> int:
        """How many quick requests run at most at once."""
        return self._places.most_quick

    @property
    def waiting(self) -> int:
        """The number of requests that wait now."""
        return len(self._queue)

    @property
    def running(self) -> tuple[int, int]:
        """The numbers of quick and of slow requests that run now."""
        return len(self._places.quick), len(self._places.slow)

    def enter(self, name: str) -> Ticket:
        """Add a request to the queue. Call `leave` when it has ended or its client has gone.

        Args:
            name: what identifies the client, such as its address.

        Raises:
            BusyError: it would have to wait for longer than ``patience``, or too many wait.
        """
        with self._lock:
            client = self._queue.client(name)
            refusal = self._refusal_at_entry(client)
            if refusal is None:
                ticket = Ticket(self, client, self._clock())
                if not self._queue and self._places.free and self._places.may_start(client):
                    self._queue.pass_by(client)
                    self._start(ticket)
                    admitted = [(ticket, 0.0)]
                else:
                    self._queue.add(client, ticket)
                    admitted = self._admit()
        if refusal is not None:
            self.on_refused(refusal.limit)
            raise refusal
        self._notify(admitted)
        return ticket

    def give_up(self, ticket: Ticket) -> None:
        """Refuse a request that waits at its deadline; one that has been admitted is ignored."""
        with self._lock:
            if not self._queue.remove(ticket.client, ticket):
                return
            ticket.state = State.LEFT
            refusal = self._refusal(ticket.client)
        self.on_refused(refusal.limit)
        ticket.admitted.decide(refusal)

    def leave(self, ticket: Ticket, seconds: float | None = None) -> None:
        """Report that a request has ended, or that its client does not wait any longer.

        Args:
            ticket: the request; one that has left already is ignored.
            seconds: for how long it ran; None for what was reported with `Ticket.spend`, or else
                for the time since it was admitted.
        """
        with self._lock:
            if ticket.state is State.LEFT:
                return
            if ticket.state is State.WAITING:
                self._queue.remove(ticket.client, ticket)
            else:
                held = self._places.end(ticket)
                if ticket.state is State.QUICK:
                    self._queue.learn(ticket.client, min(held, QUICK_SECONDS))
                if seconds is None:
                    seconds = ticket.seconds or held
                self._queue.use(ticket.client, seconds - ticket.charged)
            ticket.state = State.LEFT
            admitted = self._admit()
        self._notify(admitted)

    def spend(self, ticket: Ticket, seconds: float) -> None:
        """See `Ticket.spend`."""
        with self._lock:
            ticket.seconds += seconds
            if ticket.seconds > ticket.charged and ticket.state is not State.LEFT:
                self._queue.use(ticket.client, ticket.seconds - ticket.charged)
                ticket.charged = ticket.seconds

    def slow(self, ticket: Ticket, stoppable: bool = True) -> bool:
        """See `Ticket.slow`."""
        with self._lock:
            if ticket.state is not State.QUICK:
                return ticket.state is State.SLOW
            self._queue.learn(ticket.client, QUICK_SECONDS)
            may_continue = self._places.become_slow(ticket, stoppable)
            if not may_continue:
                ticket.state, ticket.admitted, ticket.was_stopped = State.WAITING, Admission(), True
                ticket.since = self._clock()
                self._queue.add(ticket.client, ticket, stopped=True)
            admitted = self._admit()
            barred_seconds = self.seconds_until(ticket.client.barred_until)
        if barred_seconds:
            self._call_later(barred_seconds, self._admit_waiting)
        self._notify(admitted)
        return may_continue

    def seconds_until(self, deadline: float) -> float:
        """How many seconds remain until a deadline, at least 0."""
        return max(deadline - self._clock(), 0.0)

    @contextmanager
    def run(self, name: str) -> Iterator[Ticket]:
        """Wait in this thread until a request may run, then run it.

        Args:
            name: what identifies the client, such as its address.

        Raises:
            BusyError: it is refused, at once or after ``patience`` seconds.
        """
        ticket = self.enter(name)
        try:
            ticket.wait()
            yield ticket
        finally:
            self.leave(ticket)

    def _admit_waiting(self) -> None:
        with self._lock:
            admitted = self._admit()
        self._notify(admitted)

    def _admit(self) -> list[tuple[Ticket, float]]:
        """Admit what may run now; return it with the seconds that each waited."""
        admitted = []
        while (first := self._queue.first()) is not None:
            if self._places.free:
                ticket = self._queue.pop(self._places.next_of)
            elif self._places.express(first) is not None:
                ticket = self._queue.pop(self._places.express)
            else:
                break
            if ticket is None:
                break
            admitted.append((ticket, self._clock() - ticket.since))
            self._start(ticket)
        return admitted

    def _start(self, ticket: Ticket) -> None:
        self._places.start(ticket)
        if ticket.state is State.QUICK:
            ticket.charged = ticket.client.expected
            self._queue.use(ticket.client, ticket.charged)

    def _notify(self, admitted: list[tuple[Ticket, float]]) -> None:
        """Report decisions; without the lock, as callbacks may use this scheduler."""
        for ticket, waited in admitted:
            self.on_admitted(waited)
            ticket.admitted.decide()

    def _refusal_at_entry(self, client: Client[Ticket]) -> BusyError | None:
        """Why a request of a client cannot even wait.

        Those that wait for slow ones to end are not refused in advance: when these end is unknown,
        and a client that ignores refusals would only ask more often.
        """
        if client.length >= self._max_waiting - len(self._queue):
            return self._refusal(client, QUEUE)
        if not self._places.is_suspect(client) and client.wait() > self.patience:
            return self._refusal(client)
        return None

    def _refusal(self, client: Client[Ticket], limit: str = "") -> BusyError:
        """The error for a request of a client; other clients are the reason if they use more."""
        if self._places.is_suspect(client):
            shared = client.slow == 0
            seconds = self._places.seconds_until_slow_one_ends(client)
        else:
            shared = client.is_idle or not self._queue.takes_its_share(client)
            seconds = client.wait() - self.patience
        what = "requests of other clients" if shared else "your other requests"
        return BusyError(
            f"the service is busy with {what}",
            "Wait a moment, then try again",
            limit=limit or (OF_ALL if shared else OF_ONE_CLIENT),
            shared=shared,
            retry_after=max(math.ceil(seconds), 1),
        )


def _call_in_thread(seconds: float, function: Callable[[], None]) -> None:
    timer = Timer(seconds, function)
    timer.daemon = True
    timer.start()
