"""IRIs for things that a file describes without one."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]+")
_NOT_NAME = re.compile(r"[^\w]+")
_MAX_LENGTH = 80


def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI (RFC 3987), as far as RDF requires."""
    return _IRI.fullmatch(text) is not None


class Names:
    """Gives each thing without an IRI one of its own, in the order of the file.

    Args:
        graph: the named graph of the import, whose IRI those of things begin with.
    """

    def __init__(self, graph: str) -> None:
        self._graph = graph
        self._used: Counter[str] = Counter()

    def __call__(self, name: str) -> str:
        """An IRI for a thing with a name, which no other thing has."""
        plain = unicodedata.normalize("NFC", name).casefold()
        slug = _NOT_NAME.sub("-", plain)[:_MAX_LENGTH].strip("-_") or "thing"
        self._used[slug] += 1
        again = f"-{self._used[slug]}" if self._used[slug] > 1 else ""
        return f"{self._graph}#{slug}{again}"
