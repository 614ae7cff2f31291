"""Statistics of a dictionary's content."""

from __future__ import annotations

from typing import NamedTuple

from rdflib import Graph, URIRef
from rdflib.namespace import RDF

from competency_graph.rdf.vocabulary import CG


class Count(NamedTuple):
    """A number of things.

    Args:
        what: what is counted, in words.
        number: how many there are.
    """

    what: str
    number: int


def count(graph: Graph) -> list[Count]:
    """Count the entries and links that a dictionary's files assert.

    A link counts once, whichever direction of an inverse pair states it.
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
