"""Explanations found with the reasoner alone, for what the rules of `axioms` do not cover.

They name the facts and axioms that a statement follows from, but not the steps between.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import OWL, RDF

from competency_graph.dictionary.explanations.axioms import AXIOM_PROPERTIES, AXIOM_TYPES
from competency_graph.dictionary.explanations.explanation import Axiom, Explanation, Triple
from competency_graph.dictionary.explanations.reasoner import follows, minimal
from competency_graph.dictionary.explanations.rule import TYPE
from competency_graph.dictionary.explanations.statements import Statements
from competency_graph.rdf.short_names import Term

_HUBS: Final = frozenset({TYPE, ox.NamedNode(RDF.nil), ox.NamedNode(OWL.Thing)})
"""Terms that so many statements share that they say nothing of what belongs together."""
_MAX_DISTANCE: Final = 6
"""How far from its subject and object the premises of a statement are looked for."""
_MAX_STATEMENTS: Final = 2_000
"""How many statements the reasoner is run on."""


def justify(goal: Triple, axioms: Sequence[Triple], statements: Statements) -> Explanation | None:
    """An explanation from which no statement can be left out; None if none is found.

    Statements further and further from the goal are added until the reasoner infers it from them,
    and then as many as possible are left out.

    Args:
        goal: an inferred statement.
        axioms: the statements that express the ontology's axioms.
        statements: the statements known to hold.
    """

    def holds(premises: Sequence[Triple]) -> bool:
        return follows(premises, goal)

    near: dict[Triple, None] = {}
    border = set(goal)
    reached: set[Term] = set()
    for _ in range(_MAX_DISTANCE):
        reached |= border
        found = list(_stated_about(border, statements))
        near |= dict.fromkeys(found)
        linked = (t for t in axioms if t[0] in reached or (t[2] in reached and t[1] != TYPE))
        axioms_near = dict.fromkeys(linked)
        border = {term for s, p, o in found for term in ((s, p, o) if p != TYPE else (s, p))}
        border |= {term for s, p, o in axioms_near for term in ((s, o) if p != TYPE else (s,))}
        border -= reached | _HUBS
        candidates = list(near | axioms_near)
        if len(candidates) > _MAX_STATEMENTS:
            return None
        if holds(candidates):
            return _explanation(goal, minimal(candidates, holds))
    return None


def _stated_about(terms: Iterable[Term], statements: Statements) -> Iterable[Triple]:
    """Yield the stated statements with one of these terms as subject or object.

    Texts are left out, as nothing follows from them.
    """
    for term in terms:
        as_object = () if isinstance(term, ox.Literal) else statements.match(None, None, term)
        for triple in (*statements.match(term, None, None), *as_object):
            value = triple[2]
            is_text = isinstance(value, ox.Literal) and value.language is not None
            if not is_text and statements.is_stated(triple):
                yield triple


def _explanation(goal: Triple, premises: Sequence[Triple]) -> Explanation:
    axioms = tuple(t for t in premises if t[1] in AXIOM_PROPERTIES or t[2] in AXIOM_TYPES)
    facts = tuple(Explanation(t) for t in premises if t not in axioms)
    return Explanation(goal, (Axiom("axioms", (), axioms),), facts)
