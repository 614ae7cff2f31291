"""The saved questions, as benchmarks ask them."""

from __future__ import annotations

import math
import statistics

from competency_graph import Dictionary
from competency_graph.sparql import query_text
from competency_graph.sparql.parameter_values import with_values
from competency_graph.sparql.saved_queries import Catalogue

TYPES = {
    "table": "application/sparql-results+json",
    "boolean": "application/sparql-results+json",
    "graph": "application/n-triples",
}
SHIPPED = sum(1 for _ in Dictionary().quads())


def questions(small: bool) -> list[tuple[str, str, str]]:
    """Name, text and kind of each query: the saved ones with their defaults.

    DESCRIBE is left out, as what it holds is each engine's choice; of the large sizes, so is what
    compares all entries with all.
    """
    found = []
    for name, query in Catalogue().items():
        kind = query_text.kind(query.text) or ""
        entry = any(":" in parameter.type for parameter in query.parameters)
        if "DESCRIBE" in query.text or not (small or entry):
            continue
        terms = {v.value: str(term) for v, term in query.bind({}).items()}
        body = "\n".join(line for line in query.text.splitlines() if not line.startswith("#"))
        found.append((name, with_values(body, terms), kind))
    return found


def middle(ratios: list[float]) -> float:
    """The geometric mean."""
    return math.exp(statistics.mean(map(math.log, ratios)))
