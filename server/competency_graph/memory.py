"""Answers that were given, kept to be given again while the data is the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from threading import Lock

from cachetools import LRUCache

from competency_graph.isolation import Reply
from competency_graph.nursery import PACKET, Question

FICKLE = re.compile(r"\b(NOW|RAND|UUID|STRUUID|BNODE)\b", re.IGNORECASE)
"""Functions that give another answer each time."""
_OVERHEAD = 1024
"""Bytes that an answer takes besides its own, about."""
_Key = tuple[object, ...]


class Memory:
    """Short answers, those asked for least lately forgotten first; any thread may use it.

    Args:
        size: bytes of all that is kept; 0 keeps nothing.
        longest: bytes of the longest answer that is kept.
    """

    def __init__(self, size: int = 64 * 1024**2, longest: int = 1024**2) -> None:
        self._longest = min(longest, size - _OVERHEAD)
        self._kept: LRUCache[_Key, tuple[Reply, bytes]] = LRUCache(
            size, getsizeof=lambda entry: len(entry[1]) + _OVERHEAD
        )
        self._lock = Lock()

    def recall(self, question: Question) -> Reply | None:
        """The answer to ``question``, where it is known."""
        with self._lock:
            found = self._kept.get(_key(question))
        if found is None:
            return None
        reply, content = found
        return replace(reply, chunks=_packets(content))

    def remember(self, question: Question, reply: Reply) -> Reply:
        """The same ``reply``; read to its end, it is kept."""
        if self._longest < 0 or FICKLE.search(question.text):
            return reply
        return replace(reply, chunks=self._kept_when_whole(question, reply))

    def _kept_when_whole(self, question: Question, reply: Reply) -> Iterator[bytes]:
        content = bytearray()
        for chunk in reply.chunks:
            if len(content) <= self._longest:
                content += chunk
            yield chunk
        if len(content) <= self._longest:
            with self._lock:
                bare = replace(reply, chunks=iter(()), leave=_nothing)
                self._kept[_key(question)] = (bare, bytes(content))


def _nothing() -> None:
    """There is nothing to leave."""


def _packets(content: bytes) -> Iterator[bytes]:
    return (content[start : start + PACKET] for start in range(0, len(content), PACKET))


def _key(question: Question) -> _Key:
    return (
        question.text,
        *sorted(question.formats.items()),
        *question.bindings.items(),
        question.default_graphs,
        question.named_graphs,
    )
