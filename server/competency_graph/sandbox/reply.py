"""What a request is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, Self


def _nothing() -> None:
    """Leave a reply of which everything is here."""


class Reply(NamedTuple):
    """An answer being received. Use it as a context manager, or call `leave` when done with it.

    Args:
        kind: ``table``, ``boolean``, ``graph`` or ``report``.
        format: the name of the format of ``chunks``; "" if the client does not want this kind.
        chunks: the answer, in pieces. Iteration raises `LimitError` or `EvaluationError` if the
            answer breaks off.
        leave: informs the worker that no more is wanted.
        warnings: see `evaluator.Answer`.
        arrived: whether all of it has arrived, in a single piece.
    """

    kind: str
    format: str
    chunks: Iterator[bytes]
    leave: Callable[[], None] = _nothing
    warnings: tuple[str, ...] = ()
    arrived: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()
