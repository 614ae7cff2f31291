"""What is known about the served data without querying it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from competency_graph.sparql.evaluator import GRAPHS

if TYPE_CHECKING:
    from rdflib import Graph

    from competency_graph.mappings import MappingSet
    from competency_graph.versions.released.archive import Archive


@dataclass(frozen=True)
class Content:
    """What is known about the served data without querying it.

    Args:
        version: identifies this version of the data; "" if the data may change at any time.
        sizes: the number of triples in each named graph, by its IRI; empty if unknown.
        sources: the graphs from files, by their names, with all terms spelled as in the files.
        graphs: the names of all graphs that can be queried.
        links: returns the links to other frameworks that come from files.
        own: the statements of an extension's own files; None for a dictionary that extends nothing.
        fault: returns why no query can be answered now; "" if queries are answered.
        archive: the released versions of the dictionary; None if there is no place for them.
    """

    version: str = ""
    sizes: Mapping[str, int] | None = None
    sources: Mapping[str, Graph] | None = None
    graphs: tuple[str, ...] = GRAPHS
    links: Callable[[], Sequence[MappingSet]] = tuple
    own: Graph | None = None
    fault: Callable[[], str] = str
    archive: Archive | None = None
