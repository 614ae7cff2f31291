"""A scheduler in virtual time: clients, whose requests take as long as they are said to."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from competency_graph.errors import BusyError
from competency_graph.sandbox.places import QUICK_SECONDS
from competency_graph.sandbox.scheduler import Scheduler
from competency_graph.sandbox.ticket import Ticket


@dataclass
class Outcome:
    """A request that takes so many seconds: when it was sent, waited and ended, or was refused."""

    client: str
    seconds: float
    sent: float
    waited: float | None = None
    ended: float | None = None
    refusal: BusyError | None = None


@dataclass
class Simulation:
    """Runs events in order of their time."""

    now: float = 0.0
    outcomes: list[Outcome] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._events: list[tuple[float, int, Callable[[], object]]] = []
        self._numbers = count()

    def scheduler(self, **options: float) -> Scheduler:
        options = {"places": 2, "per_client": 4, "concurrent": 8, "patience": 5.0} | options
        return Scheduler(
            clock=lambda: self.now,
            call_later=lambda seconds, call: self.at(self.now + seconds, call),
            **options,
        )  # type: ignore[arg-type]

    def at(self, time: float, event: Callable[[], object]) -> None:
        heapq.heappush(self._events, (time, next(self._numbers), event))

    def run(self, until: float = float("inf")) -> None:
        while self._events and self._events[0][0] <= until:
            self.step()
        if until < float("inf"):
            self.now = until

    def step(self) -> bool:
        """Run the next event; return whether there was one."""
        if self._events:
            self.now, _, event = heapq.heappop(self._events)
            event()
            return True
        return False

    def request(
        self, scheduler: Scheduler, client: str, seconds: float, then: Callable[[], object] = bool
    ) -> Outcome:
        """Send a request that takes so many seconds; ``then`` is called when it is over."""
        outcome = Outcome(client, seconds, self.now)
        self.outcomes.append(outcome)

        def refuse(error: BusyError) -> None:
            outcome.refusal, outcome.ended = error, self.now
            self.at(self.now + 0.001, then)

        try:
            ticket = scheduler.enter(client)
        except BusyError as error:
            refuse(error)
            return outcome
        self.tickets.append(ticket)

        def admitted() -> None:
            if error := ticket.admitted.error:
                refuse(error)
                return
            outcome.waited = self.now - outcome.sent
            if seconds > QUICK_SECONDS:
                self.at(self.now + QUICK_SECONDS, become_slow)
            else:
                self.at(self.now + seconds, lambda: end(seconds))

        def become_slow() -> None:
            ticket.spend(QUICK_SECONDS)
            if ticket.slow():
                self.at(self.now + seconds - QUICK_SECONDS, lambda: end(seconds))
            else:
                wait()

        def end(used: float) -> None:
            outcome.ended = self.now
            scheduler.leave(ticket, used)
            self.at(self.now, then)

        def wait() -> None:
            ticket.admitted.when_done(admitted)
            self.at(max(ticket.deadline, self.now), lambda: scheduler.give_up(ticket))

        wait()
        return outcome

    def keep_asking(
        self, scheduler: Scheduler, client: str, seconds: float, connections: int, until: float
    ) -> None:
        """Send requests over so many connections, each as soon as the one before is over."""

        def ask() -> None:
            if self.now < until:
                self.request(scheduler, client, seconds, ask)

        for _ in range(connections):
            self.at(self.now, ask)

    def of(self, client: str) -> Iterator[Outcome]:
        return (outcome for outcome in self.outcomes if outcome.client == client)


def entered(scheduler: Scheduler, client: str, number: int = 1) -> list[Ticket]:
    """Requests of a client that entered the queue at once."""
    return [scheduler.enter(client) for _ in range(number)]
