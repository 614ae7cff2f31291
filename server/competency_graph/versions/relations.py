"""The properties by which one entry belongs to another, in either direction."""

from __future__ import annotations

from typing import Final, NamedTuple

import pyoxigraph as ox
from rdflib.namespace import RDFS, SKOS

from competency_graph.rdf.vocabulary import CG


class Relation(NamedTuple):
    """A way in which entries belong together.

    Args:
        name: what the upper entry is for the lower one.
        up: the property from the lower entry to the upper one, or "".
        down: the property from the upper entry to the lower one, or "".
        moving: whether an entry that gets another upper entry has moved.
    """

    name: str
    up: str
    down: str
    moving: bool = True


class Link(NamedTuple):
    """A statement that one entry belongs to another, whichever direction it is written in."""

    relation: Relation
    lower: ox.NamedNode
    upper: ox.NamedNode


_RELATIONS: Final = (
    Relation("cluster", str(CG.inCluster), str(CG.hasCompetency)),
    Relation("owner", str(CG.keyActionOf), str(CG.hasKeyAction)),
    Relation("role", str(CG.titleOfRole), str(CG.exampleTitle)),
    Relation("area", str(CG.outputOf), str(CG.producesOutput)),
    Relation("area", "", str(CG.requiresKnowledge)),
    Relation("area", "", str(CG.requiresAbility)),
    Relation("dictionary", str(CG.areaOf), str(CG.hasArea)),
    Relation("dictionary", "", str(CG.foundationalCompetency)),
    Relation("role", str(CG.coveredByRole), str(CG.coversArea), moving=False),
    Relation("broader entry", str(SKOS.broader), str(SKOS.narrower)),
    Relation("dictionary", str(SKOS.inScheme), ""),
    Relation("dictionary", str(SKOS.topConceptOf), str(SKOS.hasTopConcept)),
    Relation("superclass", str(RDFS.subClassOf), ""),
    Relation("superproperty", str(RDFS.subPropertyOf), ""),
)
_UP: Final = {relation.up: relation for relation in _RELATIONS if relation.up}
_DOWN: Final = {relation.down: relation for relation in _RELATIONS if relation.down}


def link(quad: ox.Quad) -> Link | None:
    """What a statement says about what belongs to what; None if it says nothing about it."""
    subject, value, predicate = quad.subject, quad.object, quad.predicate.value
    if not (isinstance(subject, ox.NamedNode) and isinstance(value, ox.NamedNode)):
        return None
    if relation := _UP.get(predicate):
        return Link(relation, subject, value)
    if relation := _DOWN.get(predicate):
        return Link(relation, value, subject)
    return None
