"""A queue of the requests of many clients, which serves the client that used least lately first.

This is the fair share scheduling of Kay and Lauder, “A Fair Share Scheduler”, CACM 31(1), 1988: the
usage of a client is the time that its requests took, and halves in each half-life. Unlike the
virtual time of fair queueing for packets (Demers, Keshav and Shenker, SIGCOMM 1989), it needs no
cost in advance, and remembers expensive requests after the client's last one was served. Clients
that always wait receive equal shares, as the one with the least usage is always next; its usage
then exceeds that of the others by one request at most.

As all usage decays at the same rate, the order of clients changes only when one of them uses
something. Usage is therefore kept in units that grow instead, and a heap remains in order.
"""

from __future__ import annotations

import heapq
import math
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Generic, TypeVar

Item = TypeVar("Item")
_MAX_EXPONENT = 200.0
"""Half-lives after which the growing units start anew, long before a float overflows."""
_NEGLIGIBLE_SECONDS = 0.001
"""Usage of which a client that has no requests is forgotten."""
_FIRST_SECONDS = 0.01
"""Seconds that the first request is expected to take, before any is known."""
_MIN_SERVED, _MIN_SECONDS = 8.0, 2.0
"""Requests of a client, and seconds, after which the interval between them is known well enough."""


@dataclass(eq=False)
class Client(Generic[Item]):
    """What is known about a client.

    Args:
        name: what identifies it, such as its address.
        usage: the seconds that it used lately, in growing units: only comparable with others.
        expected: the seconds that its next request is expected to take.
        waiting: its requests in the queue, in order of arrival.
        stopped: those that ran and were stopped, as no more slow ones could run; they wait too.
        length: how many of its requests wait.
        quick: how many of its requests run, and have not run for long.
        slow: how many of its requests have run for long.
        failures: how many of its requests were stopped since one was quick.
        barred_until: until when no request of it starts that must not become a slow one.
    """

    name: str
    usage: float = 0.0
    expected: float = 0.0
    waiting: OrderedDict[Item, None] = field(default_factory=OrderedDict)
    stopped: OrderedDict[Item, None] = field(default_factory=OrderedDict)
    length: int = 0
    quick: int = 0
    slow: int = 0
    failures: int = 0
    barred_until: float = -math.inf
    entry: tuple[float, int, Client[Item]] | None = None
    _served: float = 0.0
    _waited: float = 0.0
    _last_served: float = 0.0

    @property
    def is_idle(self) -> bool:
        """Whether it has no request."""
        return not (self.length or self.quick or self.slow)

    def served(self, now: float, half_life: float) -> None:
        """Count that one of its requests was served, to know the interval between them."""
        seconds = now - self._last_served
        kept = 0.5 ** (seconds / half_life)
        self._waited = self._waited * kept + seconds
        self._served = self._served * kept + 1
        self._last_served = now

    def starts_waiting(self, now: float) -> None:
        """Forget the interval: its queue was empty, so it says nothing about this time."""
        self._served = self._waited = 0.0
        self._last_served = now

    def wait(self) -> float:
        """Estimate how many seconds its next request waits; 0 if that is not known."""
        if self._served < _MIN_SERVED or self._waited < _MIN_SECONDS:
            return 0.0
        return (self.length + 1) * self._waited / self._served


class FairQueue(Generic[Item]):
    """The waiting requests; each operation takes O(log n) steps, for n clients. Not thread-safe.

    Args:
        clock: returns the current time in seconds.
        half_life: the seconds in which the usage of a client halves.
    """

    def __init__(self, clock: Callable[[], float], half_life: float) -> None:
        self._clock, self._half_life = clock, half_life
        self._clients: dict[str, Client[Item]] = {}
        self._heap: list[tuple[float, int, Client[Item]]] = []
        self._numbers = count()
        self._since = clock()
        self._forget_at = 64
        self._length = 0
        self._expected = _FIRST_SECONDS

    def __len__(self) -> int:
        return self._length

    def client(self, name: str) -> Client[Item]:
        """The client with a name; a new one if it is not known."""
        found = self._clients.get(name)
        if found is None:
            if len(self._clients) >= self._forget_at:
                self._forget()
            found = self._clients[name] = Client(name, expected=self._expected)
        return found

    def add(self, client: Client[Item], item: Item, stopped: bool = False) -> None:
        """Append a request to those of its client: to the new or to the stopped ones."""
        if not client.length:
            client.starts_waiting(self._clock())
        (client.stopped if stopped else client.waiting)[item] = None
        client.length += 1
        self._length += 1
        if client.entry is None:
            self._push(client)

    def pass_by(self, client: Client[Item]) -> None:
        """Count a request that need not wait, as if it was added and served at once."""
        now = self._clock()
        client.starts_waiting(now)
        client.served(now, self._half_life)

    def remove(self, client: Client[Item], item: Item) -> bool:
        """Remove a request; return whether it was waiting."""
        for items in (client.waiting, client.stopped):
            if item in items:
                del items[item]
                client.length -= 1
                self._length -= 1
                if not client.length:
                    client.entry = None
                return True
        return False

    def first(self) -> Client[Item] | None:
        """The waiting client with the least usage."""
        while self._heap:
            entry = self._heap[0]
            if entry[2].entry is entry:
                return entry[2]
            heapq.heappop(self._heap)  # its client used something or left since
        return None

    def pop(self, choose: Callable[[Client[Item]], Item | None]) -> Item | None:
        """Remove and return a request of the client with the least usage.

        Args:
            choose: chooses a request of a client; None if another client is to be considered.
        """
        passed = []
        item = None
        while (client := self.first()) is not None:
            if (item := choose(client)) is not None:
                client.served(self._clock(), self._half_life)
                self.remove(client, item)
                break
            passed.append(heapq.heappop(self._heap))
        for entry in passed:
            heapq.heappush(self._heap, entry)
        return item

    def use(self, client: Client[Item], seconds: float) -> None:
        """Add to the usage of a client; less than 0 corrects what was added before."""
        client.usage = max(client.usage + seconds * self._growth(), 0.0)
        if client.length:
            self._push(client)

    def learn(self, client: Client[Item], seconds: float) -> None:
        """Note how long a request took."""
        client.expected += (seconds - client.expected) / 8
        self._expected += (seconds - self._expected) / 32

    def usage(self, client: Client[Item]) -> float:
        """The seconds that a client used lately, each halved once for each half-life since."""
        return client.usage / self._growth()

    def takes_its_share(self, client: Client[Item]) -> bool:
        """Whether a client used at least as much lately as the waiting clients on average."""
        waiting = {id(client): client} | {
            id(other): other for _, _, other in self._heap if other.length
        }
        return client.usage * len(waiting) >= sum(other.usage for other in waiting.values())

    def _push(self, client: Client[Item]) -> None:
        client.entry = (client.usage, next(self._numbers), client)
        heapq.heappush(self._heap, client.entry)
        if len(self._heap) > 64 + 4 * len(self._clients):
            self._rebuild()

    def _rebuild(self) -> None:
        self._heap = []
        for client in self._clients.values():
            client.entry = None
            if client.length:
                client.entry = (client.usage, next(self._numbers), client)
                self._heap.append(client.entry)
        heapq.heapify(self._heap)

    def _growth(self) -> float:
        """How many of the growing units a second is now."""
        exponent = (self._clock() - self._since) / self._half_life
        if exponent > _MAX_EXPONENT:
            for client in self._clients.values():
                client.usage *= 2.0**-exponent
            self._since, exponent = self._clock(), 0.0
            self._rebuild()
        return float(2.0**exponent)

    def _forget(self) -> None:
        """Forget the clients without requests and usage."""
        negligible = _NEGLIGIBLE_SECONDS * self._growth()
        now = self._clock()
        self._clients = {
            name: client
            for name, client in self._clients.items()
            if not client.is_idle or client.usage > negligible or client.barred_until > now
        }
        self._forget_at = 64 + 2 * len(self._clients)
