"""Explanations: a conclusion, the axiom that gives it, and the explanations of its premises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox

from competency_graph.rdf.short_names import Term

Triple = tuple[Term, Term, Term]
"""Subject, property and object of a statement."""


@dataclass(frozen=True)
class Axiom:
    """An axiom of an ontology, or a rule of OWL 2 RL that applies to every ontology.

    Args:
        kind: the construct, such as ``chain`` or ``inverse``; see `axioms` and `general_rules`.
        terms: the terms that it relates, in the order in which it is read.
        statements: the statements that express it; none for a rule that applies to every ontology.
    """

    kind: str
    terms: tuple[Term, ...] = ()
    statements: tuple[Triple, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """Why a statement holds: it is stated, or it follows from premises by an axiom.

    Args:
        conclusion: the statement.
        axioms: the axioms of this step: none if the statement is stated, usually one, and several
            only if the steps between premises and conclusion are not known.
        premises: the explanations of the statements that it follows from, in reading order.
    """

    conclusion: Triple
    axioms: tuple[Axiom, ...] = ()
    premises: tuple[Explanation, ...] = ()

    @property
    def is_stated(self) -> bool:
        """Whether the statement is stated rather than inferred."""
        return not self.axioms

    @property
    def facts(self) -> list[Triple]:
        """The stated statements that the conclusion follows from, in reading order."""
        return list(dict.fromkeys(step.conclusion for step in self.steps() if step.is_stated))

    @property
    def all_axioms(self) -> list[Axiom]:
        """The axioms that the conclusion follows from, without repetition."""
        return list(dict.fromkeys(axiom for step in self.steps() for axiom in step.axioms))

    def steps(self) -> Iterator[Explanation]:
        """Yield this explanation and those of its premises, at any depth."""
        yield self
        for premise in self.premises:
            yield from premise.steps()

    def graph(self) -> list[ox.Triple]:
        """The facts and axioms as triples, from which the conclusion follows by themselves."""
        axioms = (triple for axiom in self.all_axioms for triple in axiom.statements)
        return [ox.Triple(*triple) for triple in dict.fromkeys([*self.facts, *axioms])]  # type: ignore[arg-type]
