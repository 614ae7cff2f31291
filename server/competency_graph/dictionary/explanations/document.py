"""Explanations as JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyoxigraph as ox

from competency_graph.dictionary.explanations.explanation import Axiom, Explanation, Triple
from competency_graph.dictionary.explanations.labels import Naming
from competency_graph.dictionary.explanations.sentences import axiom_in_words, axiom_parts, lines
from competency_graph.rdf.short_names import Term

Json = dict[str, Any]


def document(
    explanation: Explanation, name: Naming, place: Callable[[Triple], Json | None] = lambda _: None
) -> Json:
    """An explanation for programs.

    Args:
        explanation: the explanation.
        name: the labels of terms.
        place: where a stated statement is, if that is known.

    Returns:
        ``subject``, ``property`` and ``object`` of the statement, each with its label; whether it
        is ``inferred``; the explanation as ``text``; and, for an inferred statement, the
        ``axioms`` of the last step, each with kind, name, notation and statements in N-Triples,
        and its ``premises``, each of them an object of this form; for a stated one,
        its ``place``, if known.
    """
    subject, property_, value = explanation.conclusion
    found: Json = {
        "subject": _term(subject, name),
        "property": _term(property_, name),
        "object": _term(value, name),
        "inferred": not explanation.is_stated,
        "text": lines(explanation, name)[0].text,
    }
    if not explanation.is_stated:
        found["axioms"] = [_axiom(axiom, name) for axiom in explanation.axioms]
        found["premises"] = [document(premise, name, place) for premise in explanation.premises]
    elif at := place(explanation.conclusion):
        found["place"] = at
    return found


def _term(term: Term, name: Naming) -> Json:
    if isinstance(term, ox.NamedNode):
        return {"iri": term.value, "label": name(term)}
    if isinstance(term, ox.Literal):
        return {"value": term.value, "label": term.value}
    return {"label": name(term)}


def _axiom(axiom: Axiom, name: Naming) -> Json:
    return {
        "kind": axiom.kind,
        "name": axiom_in_words(axiom, name),
        "notation": "".join(part.text for part in axiom_parts(axiom)),
        "statements": _ntriples(axiom.statements),
    }


def _ntriples(triples: Sequence[Triple]) -> list[str]:
    """Statements in N-Triples, their blank nodes numbered in the order in which they occur."""
    blanks = dict.fromkeys(t for each in triples for t in each if isinstance(t, ox.BlankNode))
    names = {blank: f"_:b{number}" for number, blank in enumerate(blanks)}
    return [
        " ".join(names[t] if isinstance(t, ox.BlankNode) else str(t) for t in triple) + " ."
        for triple in triples
    ]
