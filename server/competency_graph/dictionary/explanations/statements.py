"""Where explanations get statements from: a store, or the rows of queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Protocol

import pyoxigraph as ox

from competency_graph.dictionary.explanations.explanation import Triple
from competency_graph.errors import LimitError
from competency_graph.rdf.rows import Rows
from competency_graph.rdf.short_names import Term
from competency_graph.rdf.vocabulary import GRAPH_INFERRED, GRAPH_LINKS

_INFERRED: Final = ox.NamedNode(GRAPH_INFERRED)
_LINKS: Final = ox.NamedNode(GRAPH_LINKS)
"""The graph of links, from which nothing is inferred."""
_LINK: Final = None
_Found = dict[Triple, bool | None]
"""Statements, each with whether it is stated rather than inferred, or that it is only a link."""


class Statements(Protocol):
    """The statements of a dictionary and its ontology, stated and inferred.

    Links are stated, but do not match, as nothing is inferred from them.
    """

    def match(
        self, subject: Term | None, property_: Term | None, value: Term | None
    ) -> Iterable[Triple]:
        """Yield the statements with these terms; None stands for any term."""

    def is_stated(self, triple: Triple) -> bool:
        """Whether a file states this, which may be a file of links."""


class StoredStatements:
    """The statements of a store in memory, as `Dictionary.store` is."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    def match(
        self, subject: Term | None, property_: Term | None, value: Term | None
    ) -> Iterator[Triple]:
        """Yield the statements with these terms; None stands for any term."""
        if isinstance(subject, ox.Literal) or not isinstance(property_, ox.NamedNode | None):
            return
        for quad in self._store.quads_for_pattern(subject, property_, value, None):
            if quad.graph_name != _LINKS:
                yield quad.subject, quad.predicate, quad.object

    def is_stated(self, triple: Triple) -> bool:
        """Whether a file states this."""
        subject, property_, value = triple
        if isinstance(subject, ox.Literal) or not isinstance(property_, ox.NamedNode):
            return False
        found = self._store.quads_for_pattern(subject, property_, value, None)
        return any(quad.graph_name != _INFERRED for quad in found)


_VARIABLES = tuple(ox.Variable(name) for name in ("subject", "property", "object"))
_PATTERN_QUERY: Final = """\
SELECT ?subject ?property ?object ?graph WHERE { GRAPH ?graph { ?subject ?property ?object } }"""
_NEIGHBOURHOOD_QUERY: Final = f"""\
SELECT DISTINCT ?subject ?property ?object ?graph ?entry WHERE {{
  {{ ?entry ?p ?any BIND(?entry AS ?subject) }}
  UNION {{ GRAPH ?g {{ ?subject ?p ?entry }} FILTER(?g NOT IN ({_INFERRED}, {_LINKS})) }}
  UNION {{ GRAPH ?g {{ ?entry ?p ?subject }} FILTER(?g != {_LINKS}) }}
  GRAPH ?graph {{ ?subject ?property ?object }}
}}"""
"""The statements about an entry, about its objects, and about the subjects that state it."""


_MAX_QUERIES: Final = 200
"""How many queries the explanations of one request may take."""


class QueriedStatements:
    """The statements of any SPARQL service, queried when they are needed, and only once.

    Everything about a subject is queried together. `LimitError` is raised if this takes too many
    queries.

    Args:
        rows: runs a query.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows, self._queries = rows, 0
        self._by_subject: dict[Term, _Found] = {}
        self._by_subject_and_property: dict[tuple[Term, Term | None], list[Triple]] = {}
        self._by_property_and_value: dict[tuple[Term | None, Term | None], list[Triple]] = {}

    def load_neighbourhood(self, entry: ox.NamedNode) -> None:
        """Load what the explanations of an entry's statements usually need, in one query."""
        bound = {ox.Variable("entry"): entry}
        loaded: dict[Term, _Found] = {}
        for subject, property_, value, graph, *_ in self._rows(_NEIGHBOURHOOD_QUERY, bound):
            if subject is not None and property_ is not None and value is not None:
                _note(loaded.setdefault(subject, {}), (subject, property_, value), graph)
        self._by_subject |= loaded
        self._by_subject_and_property.clear()

    def match(
        self, subject: Term | None, property_: Term | None, value: Term | None
    ) -> Iterator[Triple]:
        """Yield the statements with these terms; None stands for any term."""
        if subject is None:
            yield from self._with(property_, value)
            return
        about = self._about(subject)
        if property_ is not None and value is not None:
            triple = subject, property_, value
            if about.get(triple, _LINK) is not _LINK:
                yield triple
            return
        for triple in self._by_property(subject, property_):
            if value is None or value == triple[2]:
                yield triple

    def is_stated(self, triple: Triple) -> bool:
        """Whether a file states this."""
        return self._about(triple[0]).get(triple, False) is not False

    def _about(self, subject: Term) -> _Found:
        """The statements about a subject."""
        if subject not in self._by_subject:
            found: _Found = {}
            if isinstance(subject, ox.NamedNode):
                self._query((subject, None, None), found)
            self._by_subject[subject] = found
        return self._by_subject[subject]

    def _by_property(self, subject: Term, property_: Term | None) -> list[Triple]:
        """The statements about a subject that may match, with this property if one is given."""
        if (subject, property_) not in self._by_subject_and_property:
            self._by_subject_and_property[subject, property_] = [
                triple
                for triple, how in self._about(subject).items()
                if how is not _LINK and property_ in (None, triple[1])
            ]
        return self._by_subject_and_property[subject, property_]

    def _with(self, property_: Term | None, value: Term | None) -> list[Triple]:
        """The statements with a property and a value, whatever their subject."""
        if (property_, value) not in self._by_property_and_value:
            found: _Found = {}
            self._query((None, property_, value), found)
            self._by_property_and_value[property_, value] = [
                triple for triple, how in found.items() if how is not _LINK
            ]
        return self._by_property_and_value[property_, value]

    def _query(self, pattern: tuple[Term | None, ...], found: _Found) -> None:
        bound = {
            variable: term
            for variable, term in zip(_VARIABLES, pattern, strict=True)
            if isinstance(term, ox.NamedNode | ox.Literal)
        }
        self._queries += 1
        if self._queries > _MAX_QUERIES:
            raise LimitError(
                f"the explanation takes more than {_MAX_QUERIES} queries",
                "Run “competency why” on the files",
                limit="queries of an explanation",
            )
        for row in self._rows(_PATTERN_QUERY, bound):  # without the variables that are bound
            *terms, graph = row
            unbound = iter(terms)
            subject, property_, value = (
                next(unbound) if variable not in bound else bound[variable]
                for variable in _VARIABLES
            )
            if subject is not None and property_ is not None and value is not None:
                _note(found, (subject, property_, value), graph)


def _note(found: _Found, triple: Triple, graph: Term | None) -> None:
    """Add a statement of a graph."""
    if graph != _LINKS:
        found[triple] = found.get(triple) or graph != _INFERRED
    else:
        found.setdefault(triple, _LINK)
