"""Explains statements of one version of a dictionary."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import pyoxigraph as ox
from rdflib.namespace import RDFS

from competency_graph.dictionary.explanations.axioms import (
    AXIOM_PROPERTIES,
    AXIOM_TYPES,
    rules_of,
)
from competency_graph.dictionary.explanations.explanation import Explanation, Triple
from competency_graph.dictionary.explanations.general_rules import GENERAL_RULES
from competency_graph.dictionary.explanations.justifications import justify
from competency_graph.dictionary.explanations.labels import Labels
from competency_graph.dictionary.explanations.nearest import does_not_hold
from competency_graph.dictionary.explanations.reasoner import confirms
from competency_graph.dictionary.explanations.rule import TYPE, RuleSet
from competency_graph.dictionary.explanations.search import derive
from competency_graph.dictionary.explanations.sentences import lines
from competency_graph.dictionary.explanations.statements import (
    QueriedStatements,
    Statements,
    StoredStatements,
)
from competency_graph.errors import UnavailableError
from competency_graph.rdf.rows import Rows
from competency_graph.rdf.vocabulary import GRAPH_INFERRED, GRAPH_LINKS


class Explainer:
    """Explains the statements of a dictionary.

    Args:
        statements: the statements of the dictionary and its ontology, stated and inferred.
        axioms: those that express axioms, from the ontology and the dictionary; they may include
            labels of terms, which are then not looked up.
        thorough: whether to run the reasoner alone, for seconds, on what no rule covers.
        language: the language of labels, where they are in several.
    """

    def __init__(
        self,
        statements: Statements,
        axioms: Iterable[Triple],
        thorough: bool = True,
        language: str = "en",
    ) -> None:
        self._thorough = thorough
        self.statements = statements
        self._axioms = tuple(axioms)
        self._rules = _rule_set(self._axioms)
        self.label = Labels(statements, self._axioms, language)

    @classmethod
    def of_store(cls, store: ox.Store) -> Explainer:
        """Explain the statements of a store in memory, as `Dictionary.store` is."""
        statements = StoredStatements(store)
        return cls(statements, _axioms(statements))

    @classmethod
    def of_queries(cls, rows: Rows, axioms: Iterable[Triple], language: str = "en") -> Explainer:
        """Explain the statements of a SPARQL service, without searches that take seconds.

        Args:
            rows: runs a query.
            axioms: the result of `queried_axioms`, which can be kept for a version of the data.
            language: the language of labels, where they are in several.
        """
        return cls(QueriedStatements(rows), axioms, thorough=False, language=language)

    def prepare(self, subject: ox.NamedNode) -> None:
        """Query what the explanations of statements about a subject usually need, all at once."""
        if isinstance(self.statements, QueriedStatements):
            self.statements.load_neighbourhood(subject)

    def explain(self, triple: Triple) -> Explanation | None:
        """The shortest explanation of a statement; None if there is none or it does not hold.

        An explanation of an inferred statement is one that the reasoner confirms.
        """
        found = derive(triple, self._rules, self.statements)
        if found is not None and (found.is_stated or confirms(found)):
            return found
        if self._thorough and self._is_known(triple):
            return justify(triple, self._axioms, self.statements)
        return None

    def why(self, triple: Triple) -> Explanation:
        """The shortest explanation of a statement.

        Raises:
            UnknownNameError: the statement does not hold; the remedy names what holds instead.
            UnavailableError: it holds, but no explanation was found.
        """
        found = self.explain(triple)
        if found is None and self._is_known(triple):
            raise UnavailableError(
                "the statement is inferred, but no explanation of it was found here",
                "Look at the axioms of the ontology about its terms"
                if self._thorough
                else "Run “competency why” on the files, which searches longer",
            )
        if found is None:
            raise does_not_hold(triple, self.statements, self.label)
        return found

    def _is_known(self, triple: Triple) -> bool:
        return any(True for _ in self.statements.match(*triple))

    def text(self, explanation: Explanation) -> str:
        """An explanation in sentences, each step indented below the one that it is for."""
        found = lines(explanation, self.label)
        return "\n".join("  " * line.depth + line.text for line in found)


def queried_axioms(rows: Rows) -> tuple[Triple, ...]:
    """Query the axioms of the ontology and the dictionary, and the labels of their terms."""
    found = rows(_AXIOMS_QUERY, {})
    return tuple(
        (s, p, o) for s, p, o in found if s is not None and p is not None and o is not None
    )


_AXIOMS_QUERY = """\
SELECT ?subject ?property ?object WHERE {{
  GRAPH ?graph {{ ?subject ?property ?object }}
  FILTER(?graph NOT IN ({inferred}, {links}))
  FILTER(
    ?property IN ({properties}) || ?property = {label}
    || (?property = {type} && ?object IN ({types}))
  )
}}""".format(
    inferred=ox.NamedNode(GRAPH_INFERRED),
    links=ox.NamedNode(GRAPH_LINKS),
    properties=", ".join(sorted(map(str, AXIOM_PROPERTIES))),
    label=ox.NamedNode(RDFS.label),
    type=TYPE,
    types=", ".join(sorted(map(str, AXIOM_TYPES))),
)


def _axioms(statements: Statements) -> Iterator[Triple]:
    """Yield the stated statements that express axioms."""
    for property_ in sorted(AXIOM_PROPERTIES, key=str):
        yield from filter(statements.is_stated, statements.match(None, property_, None))
    for type_ in sorted(AXIOM_TYPES, key=str):
        yield from filter(statements.is_stated, statements.match(None, TYPE, type_))


@lru_cache(8)
def _rule_set(axioms: tuple[Triple, ...]) -> RuleSet:
    return RuleSet([*rules_of(axioms), *GENERAL_RULES])
