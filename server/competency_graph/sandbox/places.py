"""How many requests run at once, and which may start."""

from __future__ import annotations

import os
from collections.abc import Callable

from competency_graph.sandbox.fair_queue import Client
from competency_graph.sandbox.ticket import State, Ticket

QUICK_SECONDS = 0.1
"""Seconds in which most requests are answered; those that take longer are slow."""
_BARRED_SECONDS, _MAX_DOUBLINGS = 0.5, 5
"""For how long no request of a client starts on trial after one was stopped. This doubles with each
further one, until a quick one is answered: if all are slow, trials take hardly any time."""
_EXPRESS_FACTOR = 2
"""A client that used so many times less than those that run does not wait for them."""


class Places:
    """The requests that run: quick ones take places, slow ones are limited separately.

    A client is suspect if it runs slow requests, or if one was stopped lately. Its next request is
    likely to be slow, and starts if it may become so. One such request at a time starts on trial
    although it must not, so that quick ones of the same client are still answered.

    Args:
        quick: how many quick requests run at once; one more if its client used far less than those
            of the others. None for two for each processor, so that one is evaluated while another
            is read or sent.
        per_client: how many slow requests of a client run at once.
        concurrent: how many slow requests run at once, and as many again that are the only slow one
            of their client.
        always_slow: whether each request counts as slow from its start.
        clock: returns the current time in seconds.
    """

    def __init__(
        self,
        quick: int | None,
        per_client: int,
        concurrent: int,
        always_slow: bool,
        clock: Callable[[], float],
    ) -> None:
        processors = len(os.sched_getaffinity(0))
        self._places = quick or 2 * processors
        self._of_suspects = max((quick or processors) - 1, 1)
        self._per_client, self._concurrent = per_client, concurrent
        self._always_slow, self._clock = always_slow, clock
        self._on_trial = self._with_room = 0
        self._slow_seconds = 0.0
        self.quick: set[Ticket] = set()
        self.slow: set[Ticket] = set()

    @property
    def most_quick(self) -> int:
        """How many quick requests run at most at once."""
        return self._places + 1

    @property
    def free(self) -> bool:
        """Whether there is a place for a quick request."""
        return len(self.quick) < self._places

    def next_of(self, client: Client[Ticket]) -> Ticket | None:
        """The request of a client that may start in a free place; None if it must wait."""
        is_suspect = self.is_suspect(client)
        if is_suspect and not self._is_open_to_suspects():
            return None
        if self._has_room_for_next(client):
            return next(iter(client.stopped or client.waiting))
        if is_suspect and not self._may_try(client):
            return None
        return next(iter(client.waiting), None)

    def may_start(self, client: Client[Ticket]) -> bool:
        """Whether a request of a client may start in a free place at once; no other one waits."""
        return not self.is_suspect(client) or (
            self._is_open_to_suspects()
            and (self._has_room_for_next(client) or self._may_try(client))
        )

    def express(self, client: Client[Ticket]) -> Ticket | None:
        """The request of a client that may start without a free place; None if it must wait."""
        if client.quick or len(self.quick) > self._places or self.is_suspect(client):
            return None  # a client with a request that runs used no less than that
        least = min(ticket.client.usage for ticket in self.quick)
        return next(iter(client.waiting), None) if client.usage * _EXPRESS_FACTOR < least else None

    def start(self, ticket: Ticket) -> None:
        """Give a request a place, or let it continue as a slow one if it was stopped as such."""
        ticket.since = self._clock()
        client = ticket.client
        if self._always_slow or ticket.was_stopped:
            self._make_slow(ticket)
            return
        if self.is_suspect(client):
            ticket.has_room = self._has_room_for_next(client)
            ticket.on_trial = not ticket.has_room
        self._on_trial += ticket.on_trial
        self._with_room += ticket.has_room
        ticket.state = State.QUICK
        client.quick += 1
        self.quick.add(ticket)

    def become_slow(self, ticket: Ticket, stoppable: bool) -> bool:
        """Let a quick request become a slow one; return whether it may continue.

        Args:
            ticket: the request.
            stoppable: whether it can be stopped; else it keeps its place if it must not be slow.
        """
        client = ticket.client
        has_room = self._has_room(client, client.slow, len(self.slow))
        failures = client.failures + 1
        if has_room or stoppable:
            self.end(ticket)
        if has_room:
            self._make_slow(ticket)
        else:
            client.failures = min(failures, _MAX_DOUBLINGS)
            client.barred_until = self._clock() + _BARRED_SECONDS * 2**client.failures / 2
        return has_room or not stoppable

    def end(self, ticket: Ticket) -> float:
        """Free the place of a request; return for how many seconds it had it."""
        client, seconds = ticket.client, self._clock() - ticket.since
        if ticket.state is State.SLOW:
            client.slow -= 1
            self.slow.remove(ticket)
            average = self._slow_seconds or seconds
            self._slow_seconds = average + (seconds - average) / 8
        else:
            client.quick -= 1
            client.failures = 0
            self.quick.remove(ticket)
            self._on_trial -= ticket.on_trial
            self._with_room -= ticket.has_room
        return seconds

    def is_suspect(self, client: Client[Ticket]) -> bool:
        """Whether the next request of a client is likely to be slow."""
        return self._always_slow or client.slow > 0 or client.barred_until > self._clock()

    def seconds_until_slow_one_ends(self, client: Client[Ticket]) -> float:
        """Estimate when one of the slow requests of a client ends, or one of all if it has none."""
        own = [ticket for ticket in self.slow if ticket.client is client]
        if not self.slow:
            return 0.0
        first = min(ticket.since for ticket in own or self.slow)
        average = self._slow_seconds or self._clock() - first
        return max(first + average - self._clock(), average / 4)

    def _make_slow(self, ticket: Ticket) -> None:
        ticket.state, ticket.since = State.SLOW, self._clock()
        ticket.client.slow += 1
        self.slow.add(ticket)

    def _is_open_to_suspects(self) -> bool:
        """Whether a place, and a processor, remain for clients that are not suspect."""
        return (
            len(self.quick) < max(self._places - 1, 1)
            and self._on_trial + self._with_room < self._of_suspects
        )

    def _may_try(self, client: Client[Ticket]) -> bool:
        """Whether a request may start on trial."""
        is_barred = client.barred_until > self._clock()
        return not (self._on_trial or is_barred or self._always_slow)

    def _has_room_for_next(self, client: Client[Ticket]) -> bool:
        of_all = len(self.slow) + self._with_room
        return self._has_room(client, client.slow + client.quick, of_all)

    def _has_room(self, client: Client[Ticket], of_client: int, of_all: int) -> bool:
        """Whether one more request of a client may become slow."""
        limit = self._concurrent * (1 if client.slow else 2)
        return of_client < self._per_client and of_all < limit
