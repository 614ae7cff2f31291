"""What workers are asked and what they answer, and the limits of both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, ClassVar, NamedTuple, Protocol

import pyoxigraph as ox

if TYPE_CHECKING:
    from competency_graph.validation import Published


@dataclass(frozen=True)
class Limits:
    """The limits for one request.

    Args:
        seconds: time from the request to the end of its answer, without waiting for a slow client.
        memory: bytes that its evaluation may add to the process.
        answer: bytes of the answer.
        query: characters of the query text.
        body: bytes of the HTTP request body.
    """

    seconds: float = 10.0
    memory: int = 1024**3
    answer: int = 256 * 1024**2
    query: int = 100_000
    body: int = 1_000_000


class Remedies(NamedTuple):
    """What to do if a request exceeds a limit, each as one sentence without full stop.

    Args:
        seconds: if it took too long.
        memory: if it needed too much memory or was nested too deeply.
        answer: if its answer is too long.
    """

    seconds: str
    memory: str
    answer: str


class Request(Protocol):
    """A request to a worker; it is pickled, so it must be a plain value."""

    noun: ClassVar[str]
    """What users call it."""
    remedies: ClassVar[Remedies]
    last: ClassVar[bool]
    """Whether its worker ends afterwards, so that no trace of the request remains."""
    needs_all: ClassVar[bool]
    """Whether its worker needs more than queries do."""

    def limited_by(self, limits: Limits) -> Limits:
        """Its limits, where these are those of clients' requests."""

    def check(self, limits: Limits) -> None:
        """Raise `LengthError` if it is too long to be processed."""

    def answer(self, store: ox.Store, published: Published | None) -> Answer:
        """Answer it or raise a `CompetencyError`. Runs in a worker, so it must not open files."""


class Answer(NamedTuple):
    """A worker's answer.

    Args:
        kind: ``table``, ``boolean``, ``graph`` or ``report``.
        format: the name of its format; "" if the client does not want this kind.
        write: writes it to a file.
        warnings: remarks for the user.
    """

    kind: str
    format: str
    write: Callable[[IO[bytes]], object]
    warnings: tuple[str, ...] = ()
