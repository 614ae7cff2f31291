"""Terms by the names that people use: a label, a code, a slug, a prefixed name or an IRI."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Collection, Iterator
from typing import Final

import pyoxigraph as ox

from competency_graph.errors import BadValueError, UnknownNameError
from competency_graph.rdf.rows import Bindings, Rows
from competency_graph.rdf.short_names import expand, local_name, shorten
from competency_graph.rdf.vocabulary import GRAPH_ASSERTED, GRAPH_INFERRED, GRAPH_LINKS, PREFIXES
from competency_graph.sparql.saved_queries import is_iri

_MAX_SUGGESTIONS: Final = 20
_TYPE: Final = ox.NamedNode(PREFIXES["rdf"] + "type")
_PREFIX_LINES: Final = "\n".join(
    f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in ("cg", "dcterms", "owl", "rdfs", "skos")
)
_PROPERTY_TYPES: Final = "owl:ObjectProperty, owl:DatatypeProperty, owl:AnnotationProperty"
_NAMING: Final = (
    "skos:prefLabel|skos:notation",
    "rdfs:label|dcterms:title",
    "skos:altLabel",
)
"""The properties that give a term its names, those that are most to the point first."""
_ALTERNATIVES: Final = " UNION ".join(
    f"""{{
    GRAPH ?graph {{ ?term {properties} ?said }}
    FILTER(isIRI(?term) && ?graph NOT IN (<{GRAPH_INFERRED}>, <{GRAPH_LINKS}>)%(condition)s)
    BIND({rank} AS ?rank)
  }}"""
    for rank, properties in enumerate(_NAMING)
)
_NAMED_QUERY: Final = f"""\
{_PREFIX_LINES}
SELECT DISTINCT ?term ?said ?rank ?isProperty ?name ?class WHERE {{
  {_ALTERNATIVES}
  %(among)s
  BIND(EXISTS {{ ?term a ?kind FILTER(?kind IN ({_PROPERTY_TYPES})) }} AS ?isProperty)
}}"""
_ANY_TERM: Final = f"""FILTER EXISTS {{
    ?term a ?any
    FILTER(STRSTARTS(STR(?any), STR(cg:)) || STRSTARTS(STR(?any), STR(owl:))
      || EXISTS {{ GRAPH <{GRAPH_ASSERTED}> {{ ?any a owl:Class }} }})
  }}"""
"""Terms of the ontology and of a dictionary with its own classes, but not of other frameworks."""
_IS_NAME: Final = " && LCASE(STR(?said)) = ?name"
_OF_CLASS: Final = "?term a ?class ."


def entry(
    name: str, rows: Rows, class_: ox.NamedNode | None = None, noun: str = "entry"
) -> ox.NamedNode:
    """The entry, class or dictionary with a name.

    Args:
        name: its label or code in any case, or its IRI or prefixed name, which need not exist; with
            a class, also the last part of its IRI.
        rows: queries the dictionary.
        class_: the class of the entry; None for any.
        noun: what messages call it.

    Raises:
        BadValueError: it is empty, or several things have this name.
        UnknownNameError: nothing has this name; the remedy suggests names.
    """
    return _named(name, noun, False, rows, class_)


def property_(name: str, rows: Rows) -> ox.NamedNode:
    """The property with a name; see `entry`. ``a`` is ``rdf:type``, as in Turtle."""
    return _TYPE if name == "a" else _named(name, "property", True, rows)


def _named(
    name: str, noun: str, is_property: bool, rows: Rows, class_: ox.NamedNode | None = None
) -> ox.NamedNode:
    name = name.strip()
    if not name:
        raise BadValueError(f"the {noun} is empty", "Name it by label, code or IRI")
    if is_iri(name):
        with contextlib.suppress(BadValueError):  # it only looks like an IRI
            return expand(name)
    wanted = "true" if is_property else "false"
    among = _OF_CLASS if class_ else _ANY_TERM
    given = {ox.Variable("class"): class_} if class_ else {}

    def names(condition: str, bound: Bindings) -> Iterator[tuple[ox.NamedNode, str, int]]:
        query = _NAMED_QUERY % {"among": among, "condition": condition}
        for term, said, rank, of_property, *_ in rows(query, {**given, **bound}):
            if isinstance(term, ox.NamedNode) and shorten(of_property) == wanted:
                yield term, shorten(said), int(shorten(rank))

    bound = {ox.Variable("name"): ox.Literal(name.casefold())}
    found: dict[int, set[ox.NamedNode]] = {}
    for term, _, rank in names(_IS_NAME, bound):
        found.setdefault(rank, set()).add(term)
    known: dict[str, None] = {}
    if not found:
        for term, said, _ in names("", {}):
            known[said] = None
            if class_ and local_name(term.value).casefold() == name.casefold():
                found.setdefault(len(_NAMING), set()).add(term)
    chosen = found[min(found)] if found else set()
    if len(chosen) == 1:
        return next(iter(chosen))
    if chosen:
        listed = "; ".join(sorted(map(shorten, chosen))[:_MAX_SUGGESTIONS])
        raise BadValueError(
            f"“{name}” is the name of {len(chosen)} things", f"Use the IRI of one: {listed}"
        )
    raise UnknownNameError(f"no {noun} is named “{name}”", _remedy(name, known))


def _remedy(name: str, known: Collection[str]) -> str:
    folded = {each.casefold(): each for each in known}
    near = [folded[each] for each in difflib.get_close_matches(name.casefold(), folded, n=3)]
    near = near or [each for low, each in folded.items() if name.casefold() in low]
    if near:
        named = [f"“{each}”" for each in near[:_MAX_SUGGESTIONS]]
        return f"Use {' or '.join(named)}, if you mean that"
    return "Name it by label or code, which “competency search” finds, or by IRI"
