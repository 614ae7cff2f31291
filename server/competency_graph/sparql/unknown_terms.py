"""Warns about terms in a query that occur nowhere in the data.

In the project's own namespaces these are typos; those of a framework may just not be loaded.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import pyoxigraph as ox

from competency_graph.mappings.frameworks import FRAMEWORKS, Framework
from competency_graph.rdf.short_names import local_name, shorten
from competency_graph.rdf.vocabulary import BASE, PREFIXES
from competency_graph.sparql import query_text

_WATCHED_NAMESPACES = (
    BASE,
    *(f.namespace for f in FRAMEWORKS.values() if not f.namespace.startswith(BASE)),
)
_WATCHED = f"(?:{'|'.join(map(re.escape, _WATCHED_NAMESPACES))})"
_FULL_IRI = re.compile(rf"<({_WATCHED}[^<>\s]*)>")
_PREFIX = re.compile(r"[\w.-]{0,100}(?=:$)")
_MAX_DECLARATION = 200
"""How many characters before an IRI may belong to its declaration."""
_LOCAL_NAME = r"((?:[\w:%-]+|\\.|\.+(?=[\w:%\\-]))+)"
_MAX_COMPARED_LENGTH = 300
"""The maximum length of a term for which similar ones are looked up."""
_MAX_COMPARED_TERMS = 20_000
"""The number of known terms compared with it."""
_MAX_EXPLAINED_TERMS = 3
"""The number of unknown terms of a query for which similar ones are looked up."""
_MAX_REMEMBERED_TERMS, _MAX_REMEMBERED_LENGTH = 10_000, 200
"""The number of terms that are remembered, and their maximum length."""
_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")


class UnknownTerm(NamedTuple):
    """A term that occurs nowhere in the data.

    Args:
        start: the offset of its first mention in the query.
        end: the offset after that.
        message: what to know about it.
    """

    start: int
    end: int
    message: str


def warnings(
    text: str, store: ox.Store, remembered: dict[str, bool] | None = None
) -> Iterator[str]:
    """Yield a warning for each unknown term, see `unknown`."""
    for term in unknown(text, store, remembered):
        yield term.message


def unknown(
    text: str, store: ox.Store, remembered: dict[str, bool] | None = None
) -> Iterator[UnknownTerm]:
    """Yield each unknown term, with the most similar known one, or its framework.

    Args:
        text: a valid query.
        store: the data.
        remembered: whether terms occur in the data, as far as that was looked up before; what is
            looked up is added.
    """
    occurs = {} if remembered is None else remembered

    def is_known(iri: str) -> bool:
        found = occurs.get(iri)
        if found is None:
            found = _occurs(store, iri)
            if len(occurs) < _MAX_REMEMBERED_TERMS and len(iri) <= _MAX_REMEMBERED_LENGTH:
                occurs[iri] = found
        return found

    if all(map(is_known, _watched_terms(text))):  # which may be in comments or strings
        return
    named = {
        iri: place
        for iri, place in _watched_terms(query_text.masked(text)).items()
        if not is_known(iri)
    }
    absent: dict[str, tuple[int, int]] = {}
    similar: list[str] = []
    compared = 0
    for iri, place in named.items():
        framework = next((f for f in FRAMEWORKS.values() if iri.startswith(f.namespace)), None)
        if framework and not store.contains_named_graph(ox.NamedNode(framework.graph)):
            absent.setdefault(framework.name, place)
        elif iri.startswith(BASE):
            near = None
            if compared < _MAX_EXPLAINED_TERMS:
                similar = similar or _own_terms(store)
                near = _nearest([*similar, *_siblings(store, framework, iri)], iri)
            compared += 1
            also = f"; the nearest name is {shorten(ox.NamedNode(near))}" if near else ""
            yield UnknownTerm(*place, f"there is no term {shorten(ox.NamedNode(iri))}{also}")
    for name, place in absent.items():
        yield UnknownTerm(
            *place,
            f"nothing of {FRAMEWORKS[name].title} is here; make a file of it with “competency "
            f"import {name}”, and name that with --with",
        )


def _watched_terms(text: str) -> dict[str, tuple[int, int]]:
    """The watched terms in ``text``, each with the offsets of its first mention."""
    found: dict[str, tuple[int, int]] = {}
    for iri in _FULL_IRI.finditer(text):
        before = text[max(0, iri.start() - _MAX_DECLARATION) : iri.start()].rstrip()
        if before.endswith(":"):
            prefix = _PREFIX.search(before)
            for name in _names(prefix[0] if prefix else "").finditer(text):
                found.setdefault(iri[1] + name[1], name.span())
        elif before[-4:].upper() != "BASE":
            found.setdefault(iri[1], iri.span())
    return found


@lru_cache(256)
def _names(prefix: str) -> re.Pattern[str]:
    """Matches the names with a prefix; the group is the local name."""
    written = re.escape(prefix)
    return re.compile(rf"{written}:(?<![\w.?$-]{written}:){_LOCAL_NAME}")


def _occurs(store: ox.Store, iri: str) -> bool:
    if iri.endswith(("#", "/")):
        return True  # a namespace
    term = ox.NamedNode(iri)
    subject, predicate, object_ = (
        (term, None, None, None),
        (None, term, None, None),
        (None, None, term, None),
    )
    # the likeliest first: a property or a class, or else an entry
    patterns = (predicate, object_, subject) if "#" in iri else (subject, object_, predicate)
    return any(
        next(store.quads_for_pattern(*pattern), None) for pattern in patterns
    ) or store.contains_named_graph(term)


def _own_terms(store: ox.Store) -> list[str]:
    """The project's own terms with a class, in graphs other than those of frameworks."""
    frameworks = {each.graph for each in FRAMEWORKS.values()}
    graphs = [ox.DefaultGraph(), *(each for each in store.named_graphs())]
    typed = (
        quad.subject.value
        for graph in graphs
        if not isinstance(graph, ox.NamedNode) or graph.value not in frameworks
        for quad in store.quads_for_pattern(None, _TYPE, None, graph)
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(BASE)
    )
    return list(dict.fromkeys(islice(typed, _MAX_COMPARED_TERMS)))


def _siblings(store: ox.Store, framework: Framework | None, iri: str) -> list[str]:
    """The terms of a framework that are directly in the same namespace."""
    if framework is None:
        return []
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    typed = store.quads_for_pattern(None, _TYPE, None, ox.NamedNode(framework.graph))
    near = (
        quad.subject.value
        for quad in typed
        if isinstance(quad.subject, ox.NamedNode)
        and quad.subject.value.startswith(iri[:cut])
        and not re.search("[/#]", quad.subject.value[cut:])
    )
    return list(islice(near, _MAX_COMPARED_TERMS))


def _nearest(known: list[str], iri: str) -> str | None:
    """The most similar known term, of the same namespace if possible."""
    if len(iri) > _MAX_COMPARED_LENGTH:
        return None
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    siblings = {other[cut:]: other for other in known if other.startswith(iri[:cut])}
    near = difflib.get_close_matches(iri[cut:], siblings, n=1, cutoff=0.6)
    if near:
        return siblings[near[0]]
    names = {local_name(other): other for other in known}
    near = difflib.get_close_matches(iri[cut:], names, n=1, cutoff=0.75)
    return names[near[0]] if near else None
