"""RDF terms as Python values."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

import pyoxigraph as ox

from competency_graph.rdf.rdflib_graphs import to_rdflib
from competency_graph.rdf.short_names import Term
from competency_graph.rdf.vocabulary import PREFIXES

Value = str | bool | int | float | Decimal | date | datetime | None
"""A value in Python; IRIs and texts are strings."""
_XSD: Final = PREFIXES["xsd"]
_INTEGERS: Final = (
    "integer", "nonPositiveInteger", "negativeInteger", "long", "int", "short", "byte",
    "nonNegativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
    "positiveInteger",
)  # fmt: skip
DATATYPES: Final[dict[str, type]] = {
    **{_XSD + name: int for name in _INTEGERS},
    _XSD + "boolean": bool,
    _XSD + "decimal": Decimal,
    _XSD + "double": float,
    _XSD + "float": float,
    _XSD + "date": date,
    _XSD + "dateTime": datetime,
}
"""The datatypes with a type of their own (XSD 1.1 Part 2, section 3); others become strings."""


def python_value(term: Term | None) -> Value:
    """Convert a term; a literal that is not a valid value of its datatype stays a string."""
    if isinstance(term, ox.Literal) and (expected := DATATYPES.get(term.datatype.value)):
        value: Value = to_rdflib(term).toPython()  # type: ignore[attr-defined]  # it is a literal
        return value if type(value) is expected else term.value
    return plain_text(term)


def plain_text(term: Term | None) -> str | None:
    """A term as text: an IRI or the characters of a literal."""
    if isinstance(term, ox.NamedNode | ox.Literal):
        return term.value
    return None if term is None else str(term)


def to_term(value: object) -> ox.NamedNode | ox.Literal:
    """The term for a Python value: an entry's IRI, or a literal."""
    if isinstance(value, ox.NamedNode | ox.Literal):
        return value
    if iri := getattr(value, "iri", ""):
        return ox.NamedNode(iri)
    if isinstance(value, bool | int | float | str):
        return ox.Literal(value)
    if isinstance(value, date | Decimal):
        name = next(n for n, kind in reversed(DATATYPES.items()) if kind is type(value))
        text = value.isoformat() if isinstance(value, date) else f"{value:f}"
        return ox.Literal(text, datatype=ox.NamedNode(name))
    raise TypeError(f"{type(value).__name__} has no RDF term; give a text, a number or an entry")
