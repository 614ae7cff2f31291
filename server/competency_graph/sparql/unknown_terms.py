"""Terms that a query names and nothing knows.

In our own namespaces they are slips of the pen; those of a framework may only not be loaded.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from itertools import islice

import pyoxigraph as ox

from competency_graph.mappings.frameworks import FRAMEWORKS
from competency_graph.rdf.short_names import local_name, shorten
from competency_graph.rdf.vocabulary import BASE
from competency_graph.sparql import query_text

_WATCHED = (BASE, *(f.namespace for f in FRAMEWORKS.values() if not f.namespace.startswith(BASE)))
_BEGINNING = "|".join(map(re.escape, _WATCHED))
_IN_FULL = re.compile(rf"<((?:{_BEGINNING})[^<>\s]*)>")
_DECLARED = re.compile(rf"(?<![\w.-])([\w.-]*):{query_text.GAP}*<((?:{_BEGINNING})[^<>\s]*)>")
_LOCAL = r"((?:[\w:%-]|\\.|\.+(?=[\w:%\\-]))+)"
_LONGEST_COMPARED = 300
"""Characters of a term that is looked for among the known ones."""
_MOST_COMPARED = 20_000
"""Terms among which the nearest is looked for."""


def warnings(text: str, store: ox.Store) -> Iterator[str]:
    """A sentence for each such term of a query, with the nearest that there is, or its framework.

    Args:
        text: a query that follows the grammar.
        store: what is known.
    """
    watched = any(beginning in text for beginning in _WATCHED)
    if not watched or all(_known(store, ox.NamedNode(iri)) for iri in _names_of_ours(text)):
        return
    named = dict.fromkeys(iri for _, iri in query_text.iris(text) if iri.startswith(_WATCHED))
    absent: dict[str, None] = {}
    for iri in named:
        term = ox.NamedNode(iri)
        if _known(store, term):
            continue
        framework = next((f for f in FRAMEWORKS.values() if iri.startswith(f.namespace)), None)
        if framework and not store.contains_named_graph(ox.NamedNode(framework.graph)):
            absent[framework.name] = None
        elif iri.startswith(BASE):
            near = _nearest(store, iri)
            also = f"; the nearest name is {shorten(ox.NamedNode(near))}" if near else ""
            yield f"nothing is known of {shorten(term)}{also}"
    for name in absent:
        yield (
            f"nothing of {FRAMEWORKS[name].title} is here; make a file of it with “competency "
            f"import {name}”, and name that with --with"
        )


def _names_of_ours(text: str) -> set[str]:
    """The terms of ours that ``text`` names, and perhaps others; quicker than to read it."""
    found = set(_IN_FULL.findall(text))
    for prefix, namespace in _DECLARED.findall(text):
        names = re.findall(rf"(?<![\w.-]){re.escape(prefix)}:{_LOCAL}", text)
        found |= {namespace + name for name in names}
    return found


def _known(store: ox.Store, term: ox.NamedNode) -> bool:
    if term.value.endswith(("#", "/")):
        return True  # a namespace
    patterns = ((term, None, None, None), (None, term, None, None), (None, None, term, None))
    return store.contains_named_graph(term) or any(
        next(store.quads_for_pattern(*pattern), None) for pattern in patterns
    )


def _nearest(store: ox.Store, iri: str) -> str | None:
    """The nearest term of the same namespace, else of any of ours."""
    if len(iri) > _LONGEST_COMPARED:
        return None
    everything = store.quads_for_pattern(None, None, None, None)
    known = {
        quad.subject.value
        for quad in islice(everything, 10 * _MOST_COMPARED)
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(BASE)
    }
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    beside = {other[cut:]: other for other in known if other.startswith(iri[:cut])}
    near = difflib.get_close_matches(iri[cut:], beside, n=1, cutoff=0.5)
    if near:
        return beside[near[0]]
    names = {local_name(other): other for other in known}
    near = difflib.get_close_matches(iri[cut:], names, n=1, cutoff=0.75)
    return names[near[0]] if near else None
