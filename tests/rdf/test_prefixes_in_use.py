"""The prefixes at the head of a file are those that its terms use."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from competency_graph.rdf.short_names import prefixes_of, shorten
from competency_graph.rdf.vocabulary import PREFIXES

ROLE = f"{PREFIXES['role']}analyst"
NAMES = {
    ROLE: {"role"},
    PREFIXES["role"]: set(),  # a namespace has no local name
    f"{PREFIXES['role']}a/b": set(),
    f"{PREFIXES['role']}a%20b": set(),
    f"{PREFIXES['skos']}prefLabel": {"skos"},
    "http://example.org/analyst": set(),
}


@pytest.mark.parametrize("iri", NAMES)
def test_a_prefix_is_declared_if_a_term_can_be_written_with_it(iri: str) -> None:
    triple = ox.Triple(ox.BlankNode("b"), ox.NamedNode("http://example.org/p"), ox.NamedNode(iri))
    assert set(prefixes_of([triple])) == NAMES[iri]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_prefix_of_the_table_is_found(prefix: str) -> None:
    term = ox.NamedNode(f"{PREFIXES[prefix]}x")
    assert shorten(term) == f"{prefix}:x"
    assert list(prefixes_of([ox.Triple(term, term, term)])) == [prefix]
