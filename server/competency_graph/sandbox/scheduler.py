"""Decides which request runs next, which waits, and which is refused."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from enum import Enum
from threading import Lock

from competency_graph.errors import BusyError
from competency_graph.sandbox.fair_queue import Client, FairQueue

QUICK_SECONDS = 0.1
"""Seconds in which most requests are answered; those that take longer are slow."""
_BARRED_SECONDS = 50 * QUICK_SECONDS
"""For how long a client waits whose request was stopped because no more slow ones could run: its
attempts then take two hundredths of a processor at most."""
_EXPRESS_FACTOR = 2
"""A client that used so many times less than those that run does not wait for them."""
OF_ONE_CLIENT, OF_ALL, QUEUE = "queries of one client", "queries in all", "queue"
"""The limits for which requests are refused, as in `BusyError.limit`."""


class _State(Enum):
    WAITING, QUICK, SLOW, LEFT = range(4)


class Ticket:
    """A request in the hands of a `Scheduler`.

    Args:
        admitted: completes when the request may run; raises `BusyError` if it is refused.
        deadline: when it is refused if it still waits, by the clock of its scheduler.
    """

    def __init__(self, scheduler: Scheduler, client: Client[Ticket], now: float) -> None:
        self.admitted: Future[None] = Future()
        self._scheduler, self.client, self.since = scheduler, client, now
        self.deadline = now + scheduler.patience
        self.state = _State.WAITING
        self.on_trial = self.has_room = self.was_stopped = False
        self.seconds = self.used = 0.0

    @property
    def usage(self) -> float:
        """The seconds that its client used lately, in units that only order clients."""
        return self.client.usage

    def spend(self, seconds: float) -> None:
        """Report time that the request ran, in addition to what was reported before."""
        self._scheduler.spend(self, seconds)

    def slow(self, stoppable: bool = True) -> bool:
        """Report that the request is a slow one, which no longer takes a place from quick ones.

        Args:
            stoppable: whether it can be stopped; else it keeps its place if it must not be slow,
                as one whose answer is being sent already.

        Returns:
            Whether it may continue. If not, no more slow ones may run, and the caller must stop it.
            It waits again: once ``admitted``, which is a new future, completes, start it anew.
        """
        return self._scheduler.slow(self, stoppable)

    def wait(self) -> None:
        """Wait in this thread until the request may run.

        Raises:
            BusyError: it is refused.
        """
        try:
            self.admitted.result(self._scheduler.seconds_until(self.deadline))
        except TimeoutError:
            self._scheduler.give_up(self)
            self.admitted.result()


class Scheduler:
    """Admits requests in fair order, within limits; thread-safe, and never blocks.

    A request takes one of ``places`` until it ends or has run for `QUICK_SECONDS`. From then on it
    counts as slow, and others take its place. A client that runs slow requests, or lately tried to,
    starts another one only if that may become slow as well; one such request at a time starts on
    trial, so that quick ones of the same client are still answered, and is stopped if it becomes
    slow. At most ``places`` + 1 + 2 * ``concurrent`` requests run at the same time.

    Args:
        per_client: how many slow requests one client may run at once.
        concurrent: how many slow requests may run at once in total; clients without a slow one may
            run as many again.
        patience: seconds that a request waits before it is refused.
        places: how many quick requests run at once; None for the number of processors.
        max_waiting: how many requests may wait in total. One client may occupy as many of these
            places as are free (Choudhury and Hahne, “Dynamic Queue Length Thresholds for
            Shared-Memory Packet Switches”, 1998), so that others can always enter.
        always_slow: whether each request counts as slow from its start, because nothing reports
            when it becomes so.
        half_life: seconds in which the usage of a client halves.
        clock: returns the current time in seconds.
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
    ) -> None:
        self.per_client, self.concurrent, self.patience = per_client, concurrent, patience
        self.places = places or len(os.sched_getaffinity(0))
        self.on_admitted: Callable[[float], object] = lambda seconds: None
        """Called with the seconds that a request waited."""
        self.on_refused: Callable[[str], object] = lambda limit: None
        """Called with the limit for which a request was refused."""
        self._max_waiting, self._always_slow, self._clock = max_waiting, always_slow, clock
        self._queue: FairQueue[Ticket] = FairQueue(clock, half_life)
        self._quick: set[Ticket] = set()
        self._slow: set[Ticket] = set()
        self._on_trial = self._with_room = 0
        self._slow_seconds = 0.0
        self._lock = Lock()

    @property
    def waiting(self) -> int:
        """The number of requests that wait now."""
        return len(self._queue)

    @property
    def running(self) -> tuple[int, int]:
        """The numbers of quick and of slow requests that run now."""
        return len(self._quick), len(self._slow)

    def enter(self, name: str) -> Ticket:
        """Add a request to the queue. Call `leave` for it in any case.

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
                self._queue.add(client, ticket)
                admitted = self._admit()
        if refusal is not None:
            self.on_refused(refusal.limit)
            raise refusal
        self._notify(admitted)
        return ticket

    def give_up(self, ticket: Ticket) -> None:
        """Refuse a request that has waited for ``patience`` seconds; it may just be admitted."""
        with self._lock:
            if not self._queue.remove(ticket.client, ticket):
                return
            ticket.state = _State.LEFT
            refusal = self._refusal(ticket.client)
        self.on_refused(refusal.limit)
        if ticket.admitted.set_running_or_notify_cancel():
            ticket.admitted.set_exception(refusal)

    def leave(self, ticket: Ticket, seconds: float | None = None) -> None:
        """Report that a request has ended, or that its client does not wait any longer.

        Args:
            ticket: the request; one that has left already is ignored.
            seconds: the processor time that it took; None for the time that was reported with
                `Ticket.spend`, or else for the time since it was admitted.
        """
        with self._lock:
            state, ticket.state = ticket.state, _State.LEFT
            if state is _State.LEFT:
                return
            client = ticket.client
            if state is _State.WAITING:
                self._queue.remove(client, ticket)
            else:
                elapsed = self._clock() - ticket.since
                if state is _State.QUICK:
                    self._release_place(ticket, elapsed)
                else:
                    client.slow -= 1
                    self._slow.remove(ticket)
                    average = self._slow_seconds or elapsed
                    self._slow_seconds = average + (elapsed - average) / 8
                spent = ticket.seconds or elapsed if seconds is None else seconds
                self._queue.use(client, spent - ticket.used)
            admitted = self._admit()
        self._notify(admitted)

    def spend(self, ticket: Ticket, seconds: float) -> None:
        """See `Ticket.spend`."""
        with self._lock:
            ticket.seconds += seconds
            if ticket.seconds > ticket.used and ticket.state is not _State.LEFT:
                self._queue.use(ticket.client, ticket.seconds - ticket.used)
                ticket.used = ticket.seconds

    def slow(self, ticket: Ticket, stoppable: bool = True) -> bool:
        """See `Ticket.slow`."""
        with self._lock:
            if ticket.state is not _State.QUICK:
                return ticket.state is _State.SLOW
            client, now = ticket.client, self._clock()
            has_room = self._has_room(client.slow, client, len(self._slow))
            if not has_room:
                client.barred_until = now + _BARRED_SECONDS
                if not stoppable:
                    return True
            self._release_place(ticket, now - ticket.since)
            if has_room:
                self._make_slow(ticket)
            else:
                ticket.state, ticket.since, ticket.admitted = _State.WAITING, now, Future()
                ticket.was_stopped = True
                self._queue.add(client, ticket, stopped=True)
            admitted = self._admit()
        self._notify(admitted)
        return has_room

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

    def _admit(self) -> list[tuple[Ticket, float]]:
        """Admit what may run now; return it with the seconds that each waited."""
        admitted = []
        while (client := self._queue.first()) is not None:
            if len(self._quick) < self.places:
                ticket = self._queue.pop(self._next_of)
            elif len(self._quick) == self.places and self._is_light(client):
                ticket = self._queue.pop(lambda light: next(iter(light.waiting), None))
            else:
                break
            if ticket is None:
                break
            if not ticket.admitted.set_running_or_notify_cancel():
                ticket.state = _State.LEFT
                continue
            now = self._clock()
            admitted.append((ticket, now - ticket.since))
            ticket.since = now
            if self._always_slow or ticket.was_stopped:
                self._make_slow(ticket)
            else:
                self._take_place(ticket)
        return admitted

    def _notify(self, admitted: list[tuple[Ticket, float]]) -> None:
        """Complete the futures; without the lock, as callbacks may use this scheduler."""
        for ticket, waited in admitted:
            self.on_admitted(waited)
            ticket.admitted.set_result(None)

    def _take_place(self, ticket: Ticket) -> None:
        client = ticket.client
        if self._is_suspect(client):
            ticket.on_trial = not self._has_room_for_next(client)
            ticket.has_room = not ticket.on_trial
        self._on_trial += ticket.on_trial
        self._with_room += ticket.has_room
        ticket.state = _State.QUICK
        client.quick += 1
        self._quick.add(ticket)
        ticket.used = client.expected
        self._queue.use(client, ticket.used)

    def _release_place(self, ticket: Ticket, elapsed: float) -> None:
        self._quick.remove(ticket)
        ticket.client.quick -= 1
        self._on_trial -= ticket.on_trial
        self._with_room -= ticket.has_room
        self._queue.learn(ticket.client, min(elapsed, QUICK_SECONDS))

    def _make_slow(self, ticket: Ticket) -> None:
        ticket.state = _State.SLOW
        ticket.client.slow += 1
        self._slow.add(ticket)

    def _next_of(self, client: Client[Ticket]) -> Ticket | None:
        """The request of a client that may start now; None if it must wait."""
        if self._has_room_for_next(client):
            return next(iter(client.stopped or client.waiting))
        if not client.waiting or self._always_slow:
            return None
        if not self._is_suspect(client) or self._may_try(client):
            return next(iter(client.waiting))
        return None

    def _may_try(self, client: Client[Ticket]) -> bool:
        """Whether a request may start on trial; a place must remain for others."""
        is_spare = self.places == 1 or len(self._quick) < self.places - 1
        return is_spare and not self._on_trial and client.barred_until <= self._clock()

    def _is_light(self, client: Client[Ticket]) -> bool:
        """Whether a client used far less than each of those whose requests take the places."""
        least = min(ticket.client.usage for ticket in self._quick)
        used_less = client.usage * _EXPRESS_FACTOR <= least
        return used_less and bool(client.waiting) and not self._is_suspect(client)

    def _is_suspect(self, client: Client[Ticket]) -> bool:
        """Whether the next request of a client is likely to be slow."""
        return client.slow > 0 or client.barred_until > self._clock()

    def _has_room_for_next(self, client: Client[Ticket]) -> bool:
        of_all = len(self._slow) + self._with_room
        return self._has_room(client.slow + client.quick, client, of_all)

    def _has_room(self, of_client: int, client: Client[Ticket], of_all: int) -> bool:
        """Whether one more request of a client may become slow."""
        return of_client < self.per_client and of_all < self.concurrent * (1 if client.slow else 2)

    def _refusal_at_entry(self, client: Client[Ticket]) -> BusyError | None:
        """Why a request of a client cannot even wait.

        Those that wait for slow ones to end are not refused in advance: when these end is unknown,
        and a client that ignores refusals would only ask more often.
        """
        if client.length >= self._max_waiting - len(self._queue):
            return self._refusal(client, QUEUE)
        if not self._is_suspect(client) and client.wait() > self.patience:
            return self._refusal(client)
        return None

    def _refusal(self, client: Client[Ticket], limit: str = "") -> BusyError:
        """The error for a request of a client; other clients are the reason if they use more."""
        waits_for_slow = self._always_slow or self._is_suspect(client)
        takes_its_share = client.slow if waits_for_slow else self._queue.takes_its_share(client)
        shared = not takes_its_share
        what = "requests of other clients" if shared else "your other requests"
        return BusyError(
            f"the service is busy with {what}",
            "Wait a moment, then try again",
            limit=limit or (OF_ALL if shared else OF_ONE_CLIENT),
            shared=shared,
            retry_after=max(math.ceil(self._seconds_until_room(client)), 1),
        )

    def _seconds_until_room(self, client: Client[Ticket]) -> float:
        """Estimate when a request of a client would wait for less than ``patience``."""
        if (self._is_suspect(client) or self._always_slow) and self._slow:
            own = [ticket for ticket in self._slow if ticket.client is client]
            first = min(ticket.since for ticket in own or self._slow)
            average = self._slow_seconds or self.patience
            return max(first + average - self._clock(), average / 4)
        return client.wait() - self.patience
