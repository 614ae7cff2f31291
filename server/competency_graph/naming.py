"""Terms as a person reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyoxigraph as ox

from competency_graph.vocabulary import PREFIXES

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_LONGEST_FIRST = sorted(PREFIXES.items(), key=lambda pair: -len(pair[1]))
_LOCAL = re.compile(r"[\w-]+(?:\.[\w-]+)*")


def shorten(term: Term | None) -> str:
    """A term in its shortest form: prefixed name, plain text of a literal, "" for none.

    An IRI outside the prefix table stays whole.
    """
    if term is None:
        return ""
    if not isinstance(term, ox.NamedNode):
        return term.value if isinstance(term, ox.Literal) else str(term)
    for prefix, namespace in _LONGEST_FIRST:
        local = term.value.removeprefix(namespace)
        if local != term.value and _LOCAL.fullmatch(local):
            return f"{prefix}:{local}"
    return term.value


def prefixes_of(triples: Iterable[ox.Triple]) -> dict[str, str]:
    """Those prefixes of the table that shorten a term of ``triples``, for a tidy head."""
    short = {shorten(t) for triple in triples for t in triple if isinstance(t, ox.NamedNode)}
    used = {text.partition(":")[0] for text in short}
    return {prefix: iri for prefix, iri in PREFIXES.items() if prefix in used}
