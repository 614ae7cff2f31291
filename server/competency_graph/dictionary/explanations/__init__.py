"""Why a statement holds: the stated facts and the axioms that it follows from.

It uses `rdf`. Start with `explain`, which finds the shortest derivation by backward chaining
(`search`) over the rules that an ontology's axioms stand for (`axioms`), and has the reasoner
confirm it (`reasoner`). `sentences` puts an explanation into words, `document` into JSON.
"""

from __future__ import annotations

from competency_graph.dictionary.explanations.explaining import Explainer, queried_axioms
from competency_graph.dictionary.explanations.explanation import Axiom, Explanation, Triple

__all__ = ["Axiom", "Explainer", "Explanation", "Triple", "queried_axioms"]
