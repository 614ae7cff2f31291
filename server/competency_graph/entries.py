"""The entries of a dictionary: which a saved query's parameter can name, and where they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import pyoxigraph as ox

from competency_graph.catalogue import Parameter, SavedQuery
from competency_graph.errors import BadValueError
from competency_graph.naming import Term, shorten
from competency_graph.vocabulary import CG, KINDS, PREFIXES

Bindings = Mapping[ox.Variable, ox.NamedNode | ox.Literal]
Rows = Callable[[str, Bindings], Iterable[Sequence[Term | None]]]
"""Asks a query with terms for some of its variables, and gives the table's rows."""
MOST_LISTED = 1_000
"""Entries that are listed at most."""
_MOST_TOLD = 250
"""Entries that an error tells of."""
_IS_ONE = "SELECT ?entry ?class WHERE { ?entry a ?class } LIMIT 1"
_ALL = f"""\
PREFIX skos: <{PREFIXES["skos"]}>
SELECT ?entry (MIN(?name) AS ?label) ?class WHERE {{
  ?entry a ?class .
  OPTIONAL {{ ?entry skos:prefLabel ?name }}
}}
GROUP BY ?entry ?class
ORDER BY ?entry
LIMIT {MOST_LISTED}
"""
_SPACES = f"""\
PREFIX cg: <{CG}>
PREFIX owl: <{PREFIXES["owl"]}>
SELECT DISTINCT ?iri ?whole WHERE {{
  ?thing a ?class
  FILTER(?class IN ({", ".join(f"<{kind}>" for kind in KINDS.values())},
    cg:CompetencyDictionary, owl:Ontology))
  BIND(?class IN (cg:CompetencyDictionary, owl:Ontology) AS ?whole)
  BIND(IF(?whole, STR(?thing), REPLACE(STR(?thing), "[^/#]*$", "")) AS ?iri)
  FILTER(isIRI(?thing))
}}"""


class Spaces(NamedTuple):
    """Where the entries are.

    Args:
        entries: what the IRIs of entries begin with, each ending in ``/`` or ``#``.
        whole: the IRIs of dictionaries, and of what extends them.
    """

    entries: frozenset[str]
    whole: frozenset[str]


def spaces(rows: Rows) -> Spaces:
    """The namespaces of all entries, and the IRIs of their dictionaries."""
    found: dict[bool, set[str]] = {True: set(), False: set()}
    for iri, whole in rows(_SPACES, {}):
        if iri is not None:
            found[shorten(whole) == "true"].add(shorten(iri))
    return Spaces(frozenset(found[False]), frozenset(found[True]))


def check(query: SavedQuery, bound: Bindings, rows: Rows) -> None:
    """Let values pass that are entries of the classes that the query asks for.

    Raises:
        BadValueError: one is not; the remedy lists what would do.
    """
    for parameter in query.parameters:
        kind = _class(parameter)
        value = bound[ox.Variable(parameter.name)]
        if kind is None or not isinstance(value, ox.NamedNode):
            continue
        if not any(True for _ in rows(_IS_ONE, {ox.Variable("entry"): value, _KIND: kind})):
            listed = [shorten(entry) for entry, _ in choices(parameter, rows)]
            if not listed and not kind.value.startswith(CG):
                continue  # of a framework that is not here, so there is nothing to ask
            raise BadValueError(
                f"“{shorten(value)}” is no value for the parameter “{parameter.name}” "
                f"({parameter.type}): the dictionary has no such entry",
                _remedy(listed),
            )


def _remedy(listed: list[str]) -> str:
    """What would do, or some of it."""
    if len(listed) > _MOST_TOLD:
        return f"Use one such as {', '.join(listed[:5])}"
    return f"Use one of {', '.join(listed)}" if listed else "The dictionary has none at all"


def choices(parameter: Parameter, rows: Rows) -> list[tuple[ox.NamedNode, str]]:
    """The entries that ``parameter`` can name, with their labels, in the order of their IRIs.

    At most `MOST_LISTED` are listed. There are none where the parameter does not name an entry.
    """
    kind = _class(parameter)
    if kind is None:
        return []
    found = ((row[0], shorten(row[1])) for row in rows(_ALL, {_KIND: kind}))
    return [(entry, label) for entry, label in found if isinstance(entry, ox.NamedNode)]


_KIND = ox.Variable("class")


def _class(parameter: Parameter) -> ox.NamedNode | None:
    """The class whose entries the parameter takes, if it takes entries."""
    prefix, colon, local = parameter.type.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local) if colon else None
