"""Terms of the ontology's namespace that it does not have."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib.namespace import OWL

from competency_graph.validation.checks.nearest import Names
from competency_graph.validation.draft import TYPE, Draft
from competency_graph.validation.slip import UNKNOWN_TERM, Slip
from competency_graph.vocabulary import CG

_CLASS = str(OWL.Class)
_PROPERTIES = {str(OWL.ObjectProperty), str(OWL.DatatypeProperty)}


def unknown(draft: Draft) -> Iterator[Slip]:
    """Each such property and class, with the nearest that there is, at its first use."""
    known = {
        term: draft.types.get(term, frozenset[str]())
        for term in draft.base
        if term.startswith(str(CG))
    }
    classes = Names(term for term, kinds in known.items() if _CLASS in kinds)
    properties = Names(term for term, kinds in known.items() if _PROPERTIES & kinds)
    for term, link in draft.own_terms.items():
        if not term.startswith(str(CG)) or term in draft.base or term in draft.own:
            continue
        is_class = link.predicate == TYPE and term == link.object
        near = (classes if is_class else properties).nearest(term)
        yield Slip(
            UNKNOWN_TERM,
            link.subject,
            f"The ontology has no {'class' if is_class else 'property'} {term}",
            f"Write {near}" if near else "Use one that there is",
            link.predicate,
            f"<{term}>" if is_class else "",
            term,
            near or "",
        )
