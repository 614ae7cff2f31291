"""Whether two Turtle files state the same.

Blank nodes with labels must have the same labels, and those without the same description. This is
stricter than isomorphism of graphs (RDF 1.1 Concepts, section 3.6), and is decided in linear time.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from hashlib import blake2b
from typing import Final

import pyoxigraph as ox

_LABEL: Final = re.compile(rb"_:([^\s;,()\[\]<>\"'#]+)")
Statements = tuple[frozenset[bytes], Counter[bytes]]


def same_statements(first: bytes, second: bytes) -> bool:
    """Whether two texts in Turtle state the same.

    Args:
        first: Turtle 1.1 without syntax errors.
        second: the same.
    """
    labels = {m[1].decode().rstrip(".") for text in (first, second) for m in _LABEL.finditer(text)}
    return _statements(first, labels) == _statements(second, labels)


def _statements(text: bytes, labels: set[str]) -> Statements:
    """Digests of the statements: of those without unlabelled blank nodes, and of the others.

    An unlabelled blank node cannot occur in two descriptions, so those are trees.
    """
    plain: set[bytes] = set()
    described: dict[str, list[tuple[str, str | None, bytes]]] = defaultdict(list)
    objects: set[str] = set()
    others: list[tuple[bytes, str]] = []

    def unlabelled(term: object) -> str | None:
        if isinstance(term, ox.BlankNode) and term.value not in labels:
            return term.value
        return None

    for quad in ox.parse(text, format=ox.RdfFormat.TURTLE):
        subject, value = unlabelled(quad.subject), unlabelled(quad.object)
        if value is not None:
            objects.add(value)
        if subject is not None:
            described[subject].append(
                (quad.predicate.value, value, b"" if value else _digest(str(quad.object)))
            )
        elif value is not None:
            others.append((_digest(f"{quad.subject} {quad.predicate}"), value))
        else:
            plain.add(_digest(str(quad)))
    digests = _describe(described)
    nested = Counter(begin + digests.get(value, b"") for begin, value in others)
    nested.update(digests[node] for node in described.keys() - objects)
    return frozenset(plain), nested


def _describe(described: dict[str, list[tuple[str, str | None, bytes]]]) -> dict[str, bytes]:
    """Digests of the descriptions of blank nodes, the inner ones first."""
    digests: dict[str, bytes] = {}
    for root in described:
        stack = [root]
        while stack:
            node = stack[-1]
            inner = [v for _, v, _ in described.get(node, ()) if v and v not in digests]
            if inner and node not in digests:
                stack += inner
                continue
            stack.pop()
            about = described.get(node, ())
            plain = {predicate.encode() + digest for predicate, value, digest in about if not value}
            inner_lines = [p.encode() + digests[value] for p, value, _ in about if value]
            digests[node] = _digest(b"\n".join([*sorted(plain), b"", *sorted(inner_lines)]))
    return digests


def _digest(text: str | bytes) -> bytes:
    content = text.encode() if isinstance(text, str) else text
    return blake2b(content, digest_size=16).digest()
