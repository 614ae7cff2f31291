"""Generated dictionaries of any size: the published one, with others of its kind.

`python bench/generate.py 300000 big.nt` writes so many statements, the same ones each time.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import pyoxigraph as ox

from competency_graph import Dictionary
from competency_graph.rdf.vocabulary import BASE, CG, GRAPH_ASSERTED, KINDS

_GRAPH = ox.NamedNode(GRAPH_ASSERTED)
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_WORDS = [
    "account",
    "analysis",
    "approach",
    "business",
    "buying",
    "channel",
    "client",
    "coaching",
    "communication",
    "contract",
    "customer",
    "data",
    "decision",
    "delivery",
    "demand",
    "design",
    "discovery",
    "evaluation",
    "forecast",
    "growth",
    "insight",
    "knowledge",
    "leadership",
    "management",
    "margin",
    "market",
    "message",
    "need",
    "negotiation",
    "objective",
    "offer",
    "partner",
    "performance",
    "pipeline",
    "planning",
    "portfolio",
    "practice",
    "price",
    "process",
    "product",
    "proposal",
    "quality",
    "quota",
    "relationship",
    "reporting",
    "research",
    "resource",
    "review",
    "risk",
    "sales",
    "segment",
    "service",
    "solution",
    "stakeholder",
    "strategy",
    "support",
    "system",
    "target",
    "team",
    "territory",
    "tool",
    "training",
    "trend",
    "value",
    "vendor",
]
_LINKS = {
    "knowledge": "requiresKnowledge",
    "ability": "requiresAbility",
    "output": "producesOutput",
    "action": "hasKeyAction",
}


def statements(number: int) -> Iterator[ox.Quad]:
    """As many statements: the published dictionary with what follows from it, then generated ones.

    A generated dictionary has the published one's proportions: 6 roles, 13 areas, and for each area
    15 knowledge entries, 8 abilities, 7 key actions and 13 outputs, some of them shared. If any is
    generated, all statements are in the graph of what is asserted.
    """
    published = list(Dictionary().quads())
    if number <= len(published):
        return islice(published, number)
    every = chain((quad.triple for quad in published), _generated())
    return (ox.Quad(t.subject, t.predicate, t.object, _GRAPH) for t in islice(every, number))


def _generated() -> Iterator[ox.Triple]:
    chance = random.Random(29)
    for n in range(1, sys.maxsize):
        yield from _dictionary(f"{BASE}made/{n}", chance)


def _dictionary(base: str, chance: random.Random) -> Iterator[ox.Triple]:
    def named(kind: str, n: int) -> ox.NamedNode:
        return ox.NamedNode(f"{base}/{kind}/{n}")

    def text(words: int) -> ox.Literal:
        return ox.Literal(" ".join(chance.choices(_WORDS, k=words)).capitalize(), language="en")

    def entry(kind: str, n: int) -> Iterator[ox.Triple]:
        subject = named(kind, n)
        yield ox.Triple(subject, _TYPE, ox.NamedNode(KINDS[kind]))
        yield ox.Triple(subject, _TYPE, ox.NamedNode(_SKOS + "Concept"))
        yield ox.Triple(subject, ox.NamedNode(_SKOS + "prefLabel"), text(5))
        yield ox.Triple(subject, ox.NamedNode(_SKOS + "definition"), text(25))
        yield ox.Triple(
            subject, ox.NamedNode(_SKOS + "notation"), ox.Literal(f"{kind[0].upper()}{n}")
        )
        yield ox.Triple(subject, ox.NamedNode(_SKOS + "inScheme"), ox.NamedNode(base))

    sizes = {"role": 6, "area": 13, "knowledge": 189, "ability": 95, "action": 82, "output": 166}
    yield ox.Triple(ox.NamedNode(base), _TYPE, ox.NamedNode(CG.CompetencyDictionary))
    for kind, size in sizes.items():
        for n in range(size):
            yield from entry(kind, n)
    for area in range(sizes["area"]):
        for kind, link in _LINKS.items():
            for n in chance.sample(range(sizes[kind]), sizes[kind] // sizes["area"] + 1):
                yield ox.Triple(named("area", area), ox.NamedNode(CG[link]), named(kind, n))
    for role in range(sizes["role"]):
        for area in chance.sample(range(sizes["area"]), 5):
            yield ox.Triple(named("role", role), ox.NamedNode(CG.coversArea), named("area", area))


def write(number: int, path: Path) -> None:
    """Write so many statements to ``path``, as N-Quads if its ending is ``.nq``, else N-Triples."""
    quads = statements(number)
    with path.open("wb") as file:
        if path.suffix == ".nq":
            ox.serialize(quads, file, format=ox.RdfFormat.N_QUADS)
        else:
            triples = (quad.triple for quad in quads)
            ox.serialize(triples, file, format=ox.RdfFormat.N_TRIPLES)


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
