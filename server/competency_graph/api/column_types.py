"""The types of columns that have no values, from the query and the dictionary.

A column has the type of its values (`frames`). One without values has the type that they would
have: a number where the query counts, and where it reads a property, that of its other values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from threading import Lock

import pyoxigraph as ox
from rdflib import Literal, URIRef, Variable
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.processor import prepareQuery

from competency_graph.rdf.vocabulary import PREFIXES

_INTEGER, _BOOLEAN = PREFIXES["xsd"] + "integer", PREFIXES["xsd"] + "boolean"
_SAME = ("Aggregate_Sample", "Aggregate_Min", "Aggregate_Max")
_TESTS = (
    "RelationalExpression", "ConditionalAndExpression", "ConditionalOrExpression", "UnaryNot",
    "Builtin_BOUND", "Builtin_EXISTS", "Builtin_NOTEXISTS",
)  # fmt: skip
_parser = Lock()
"""pyparsing learns how to call its actions at their first use, and confuses this in threads."""


def column_types(text: str, store: ox.Store) -> Mapping[str, str]:
    """The datatypes of a query's variables, as far as they can be told, by variable.

    Args:
        text: a query.
        store: the statements that it is about.
    """
    types: dict[str, str] = {}
    sources: dict[str, str] = {}
    for part in _algebra(text):
        if part.name == "BGP":
            for _, property_, value in part.triples:
                if isinstance(property_, URIRef) and isinstance(value, Variable):
                    types.setdefault(value, _type_of_values(property_, store))
        elif part.name == "Aggregate_Count":
            types[part.res] = _INTEGER
        elif part.name in _SAME and isinstance(part.vars, Variable):
            sources[part.res] = part.vars
        elif part.name == "Extend":
            if isinstance(part.expr, Variable):
                sources[part.var] = part.expr
            elif isinstance(part.expr, Literal):
                types[part.var] = str(part.expr.datatype or "")
            elif isinstance(part.expr, CompValue) and part.expr.name in _TESTS:
                types[part.var] = _BOOLEAN
    return {str(name): _resolved(name, types, sources) for name in {*types, *sources}}


def _algebra(text: str) -> Iterator[CompValue]:
    """The parts of a query in the algebra of SPARQL (section 18.2)."""
    try:
        with _parser:
            algebra = prepareQuery(text, initNs=PREFIXES).algebra
        yield from _parts(algebra)
    except Exception:  # noqa: BLE001  (rdflib cannot read all that Oxigraph can)
        return


def _parts(part: object) -> Iterator[CompValue]:
    if isinstance(part, CompValue):
        yield part
    if isinstance(part, dict | list | tuple):
        for each in part.values() if isinstance(part, dict) else part:
            yield from _parts(each)


def _type_of_values(property_: str, store: ox.Store) -> str:
    quads = store.quads_for_pattern(None, ox.NamedNode(property_), None, None)
    value = getattr(next(iter(quads), None), "object", None)
    return value.datatype.value if isinstance(value, ox.Literal) else ""


def _resolved(name: str, types: Mapping[str, str], sources: Mapping[str, str]) -> str:
    """The type of a variable, or of the first in the chain of those whose values it has."""
    seen: set[str] = set()
    while name not in types and name in sources and name not in seen:
        seen.add(name)
        name = sources[name]
    return types.get(name, "")
