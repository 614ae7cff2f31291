"""The prefixes of a new mapping file."""

from __future__ import annotations

import re
from collections.abc import Iterable

from competency_graph.mappings.model import BUILT_IN
from competency_graph.rdf.vocabulary import PREFIXES


def curie_map(iris: Iterable[str]) -> dict[str, str]:
    """Choose prefixes for IRIs: the project's own, else the last folder of the namespace."""
    known = {space: name for name, space in PREFIXES.items()}
    found: dict[str, str] = {}
    for iri in filter(None, iris):
        match = re.match(r"(.*[/#:])(.+)", iri)
        space = match[1] if match else iri
        if space in BUILT_IN.values() or space in found.values():
            continue
        folder = re.search(r"[^/]/([A-Za-z][\w-]*)[/#]+$", space)
        preferred = folder[1] if folder else "ns"
        taken = {*PREFIXES, *BUILT_IN, *found}
        names = (f"{preferred}{number or ''}" for number in range(10**6))
        found[known.get(space) or next(name for name in names if name not in taken)] = space
    return found
