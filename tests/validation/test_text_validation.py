"""A process that has validated the sample has all that a later validation needs."""

from __future__ import annotations

import pytest

from competency_graph.validation import Source, read_published, sample_report, validate_sources
from competency_graph.validation.prepared_base import prepare

PREFIXES = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
TEXTS = {
    "an extension": "<x:a> a cg:Role .",
    "an extension with links": "<x:a> a cg:Role ; skos:exactMatch <x:b> .",
    "a dictionary": "<x:a> a cg:CompetencyDictionary .",
}


@pytest.mark.parametrize("name", TEXTS)
def test_no_base_is_prepared_again(name: str) -> None:
    published = read_published()
    prepare.cache_clear()
    sample_report(published)
    prepared = prepare.cache_info().misses
    base = published.ontology if name == "a dictionary" else published.dictionary
    source = Source("text", (PREFIXES + TEXTS[name]).encode(), form="turtle")
    assert validate_sources([source], base, published.shapes).findings
    assert prepare.cache_info().misses == prepared == 3
