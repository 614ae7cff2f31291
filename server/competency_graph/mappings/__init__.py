"""Mappings to other frameworks, kept as SSSOM: tables that people can read, convertible to RDF.

An SSSOM file (https://mapping-commons.github.io/sssom/, version 1.1) is TSV: the comment lines at
its head hold the metadata of the set in YAML; each row is one mapping with its justification.

    from competency_graph.mappings import read, write

    found = read(Path("mine.sssom.tsv"))
    write(Path("mine.sssom.tsv"), found.with_mappings([*found.mappings, another]))
"""

from __future__ import annotations

from competency_graph.mappings.curies import curie_map
from competency_graph.mappings.model import ENDING, NO_TERM, PREDICATES, Mapping, MappingSet
from competency_graph.mappings.statements import statements, triples
from competency_graph.mappings.tsv import parse, parse_leniently, read, text, write

__all__ = [
    "ENDING", "NO_TERM", "PREDICATES", "Mapping", "MappingSet", "curie_map", "parse",
    "parse_leniently", "read", "statements", "text", "triples", "write",
]  # fmt: skip
