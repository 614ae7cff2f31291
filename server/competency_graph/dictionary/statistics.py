"""Counting what a dictionary holds."""

from __future__ import annotations

from typing import NamedTuple

from rdflib import Graph, URIRef
from rdflib.namespace import RDF

from competency_graph.rdf.vocabulary import CG


class Count(NamedTuple):
    """How many there are of something.

    Args:
        what: of what, in a person's words.
        number: how many.
    """

    what: str
    number: int


def count(graph: Graph) -> list[Count]:
    """The figures of a dictionary, from what its files assert.

    Links count however they are written: from either end of an inverse pair.
    """

    def entries(cls: URIRef) -> int:
        return len(set(graph.subjects(RDF.type, cls)))

    def links(forth: URIRef, back: URIRef | None = None, owner: URIRef | None = None) -> int:
        pairs = set(graph.subject_objects(forth))
        if back is not None:
            pairs |= {(value, subject) for subject, value in graph.subject_objects(back)}
        return sum(owner is None or (subject, RDF.type, owner) in graph for subject, _ in pairs)

    return [
        Count("roles", entries(CG.Role)),
        Count("example job titles", entries(CG.JobTitle)),
        Count("role-area links", links(CG.coversArea, CG.coveredByRole)),
        Count("clusters", entries(CG.CompetencyCluster)),
        Count("foundational competencies", entries(CG.Competency)),
        Count("their key actions", links(CG.hasKeyAction, CG.keyActionOf, CG.Competency)),
        Count("areas of expertise", entries(CG.AreaOfExpertise)),
        Count("their key actions", links(CG.hasKeyAction, CG.keyActionOf, CG.AreaOfExpertise)),
        Count("knowledge entries of areas", links(CG.requiresKnowledge)),
        Count("distinct knowledge entries", entries(CG.Knowledge)),
        Count("abilities", entries(CG.Ability)),
        Count("outputs", entries(CG.Output)),
        Count("statements", len(graph)),
    ]
