"""Why a statement holds, for Python: an explanation that displays its sentences."""

from __future__ import annotations

from dataclasses import dataclass, field

from competency_graph.api.display import Displayed, render
from competency_graph.dictionary import explanations
from competency_graph.dictionary.explanations.explaining import Explainer
from competency_graph.dictionary.explanations.sentences import Line, lines
from competency_graph.rdf.tables import Cell


@dataclass(frozen=True, repr=False)
class Explanation(Displayed, explanations.Explanation):
    """Why a statement holds: it is stated, or it follows from premises by an axiom.

    ``str`` gives its sentences, each step indented below the one that it is for.

    Attributes:
        conclusion: the statement: subject, property and object, as terms of pyoxigraph.
        axioms: the axioms of this step, each with ``kind``, ``terms`` and ``statements``; none if
            the statement is stated.
        premises: the explanations of the statements that it follows from.
        is_stated: whether the statement is stated rather than inferred.
        facts: the stated statements that the conclusion follows from.
        all_axioms: the axioms that it follows from.

    >>> from competency_graph import Dictionary
    >>> print(Dictionary().why("analyst", "a", "skos:Concept"))
    Analyst is a Role. Therefore Analyst is a Concept (cg:Role → skos:Concept).
    """

    premises: tuple[Explanation, ...] = ()
    explainer: Explainer = field(kw_only=True, compare=False)

    @classmethod
    def of(cls, found: explanations.Explanation, explainer: Explainer) -> Explanation:
        """The explanation, to be displayed."""
        premises = tuple(cls.of(each, explainer) for each in found.premises)
        return cls(found.conclusion, found.axioms, premises, explainer=explainer)

    def __str__(self) -> str:
        return self.explainer.text(self)

    def __repr__(self) -> str:
        return f"<Explanation: {self._lines()[0].text}>"

    def _lines(self) -> list[Line]:
        return lines(self, self.explainer.label)

    def _repr_html_(self) -> str:
        shown = [
            (line.depth, [(part.text, Cell(part.term).address) for part in line.parts])
            for line in self._lines()
        ]
        return render("explanation.html", lines=shown)
