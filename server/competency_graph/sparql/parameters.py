"""The parameters of saved queries: the values that they take, and their defaults."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence

import pyoxigraph as ox

from competency_graph.errors import BadValueError
from competency_graph.rdf.rows import Rows
from competency_graph.rdf.short_names import shorten
from competency_graph.rdf.vocabulary import CG, PREFIXES
from competency_graph.sparql.saved_queries import Parameter, SavedQuery, is_iri

MOST_LISTED = 1_000
"""Entries that are listed at most."""
_MOST_NAMED = 20
"""Entries that an error names."""
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
_CALLED = f"""\
PREFIX skos: <{PREFIXES["skos"]}>
SELECT DISTINCT ?entry ?first ?label ?code ?class ?name WHERE {{
  ?entry a ?class .
  {{ ?entry skos:prefLabel|skos:notation ?said BIND(true AS ?first) }}
  UNION
  {{ ?entry skos:altLabel ?said BIND(false AS ?first) }}
  FILTER(LCASE(STR(?said)) = ?name)
  OPTIONAL {{ ?entry skos:prefLabel ?label }}
  OPTIONAL {{ ?entry skos:notation ?code }}
}}"""
_IN_LANGUAGE = f"""\
PREFIX skos: <{PREFIXES["skos"]}>
SELECT ?label ?tag WHERE {{ ?entry skos:prefLabel ?label FILTER(LANGMATCHES(LANG(?label), ?tag)) }}
LIMIT 1"""
_LANGUAGES = f"""\
PREFIX skos: <{PREFIXES["skos"]}>
SELECT DISTINCT ?tag WHERE {{ ?entry skos:prefLabel ?label BIND(LANG(?label) AS ?tag) }}"""


def bind(
    query: SavedQuery, values: Mapping[str, str], rows: Rows
) -> dict[ox.Variable, ox.NamedNode | ox.Literal]:
    """The terms for all parameters: those of ``values``, else as `default`.

    An entry is named by its IRI or prefixed name, or by its label or code in upper or lower case.

    Args:
        query: a saved query.
        values: what a person gave, by the parameters' names.
        rows: asks the dictionary.

    Raises:
        BadValueError: a value is empty, names no entry of the class that the query asks for, or
            several; the remedy lists what would do. Otherwise as `SavedQuery.bind`.
    """
    found = dict(values)
    for parameter in query.parameters:
        value = values.get(parameter.name)
        if value is None:
            found[parameter.name] = default(parameter, rows, found.values())
        elif not value.strip():
            usual = default(parameter, rows, found.values())
            raise BadValueError(
                f"the parameter “{parameter.name}” is empty",
                f"Give it a value, or leave it out to have {usual}",
            )
        elif _class(parameter) is not None and not is_iri(value):
            found[parameter.name] = _called(parameter, value.strip(), rows)
    bound = query.bind(found)
    for parameter in query.parameters:
        if parameter.name in values:
            _check(parameter, bound[ox.Variable(parameter.name)], rows)
    return bound


def default(parameter: Parameter, rows: Rows, taken: Collection[str] = ()) -> str:
    """The value of a parameter where none is given.

    It is the one that the query's header names; where that is an entry that the dictionary lacks,
    the first that would do, as far as there is one.

    Args:
        parameter: a parameter of a saved query.
        rows: asks the dictionary.
        taken: the values of the query's other parameters, which are avoided.
    """
    kind = _class(parameter)
    if kind is None or _is_one(parameter.term(parameter.default), kind, rows):
        return parameter.default
    listed = [shorten(entry) for entry, _ in choices(parameter, rows)]
    free = (each for each in listed if each not in taken)
    return next(free, listed[0] if listed else parameter.default)


def _called(parameter: Parameter, name: str, rows: Rows) -> str:
    """The IRI of the entry with a label or code."""
    asked = {_KIND: _class(parameter) or _KIND, _NAME: ox.Literal(name.casefold())}
    found: dict[bool, dict[ox.NamedNode, str]] = {True: {}, False: {}}
    for entry, first, label, code, *_ in rows(_CALLED, asked):  # type: ignore[arg-type]
        if isinstance(entry, ox.NamedNode):
            told = ", ".join(filter(None, (shorten(label), shorten(code), shorten(entry))))
            found[shorten(first) == "true"][entry] = told
    chosen = found[True] or found[False]
    if len(chosen) == 1:
        return next(iter(chosen)).value
    what = f"“{name}” is no value for the parameter “{parameter.name}” ({parameter.type})"
    if chosen:
        raise BadValueError(
            f"{what}: {len(chosen)} entries are called so",
            f"Use the IRI of one: {'; '.join(sorted(chosen.values())[:_MOST_NAMED])}",
        )
    labels = [f"“{label}”" for _, label in choices(parameter, rows) if label]
    raise BadValueError(f"{what}: no entry is called so", _remedy(name, labels))


def warnings(query: SavedQuery, values: Mapping[str, str], rows: Rows) -> Iterator[str]:
    """A sentence for each parameter that leaves the answer without what was asked for.

    That is a language that no label is in, and an entry that nobody named and the dictionary has
    none of.
    """
    for parameter in query.parameters:
        kind = None if parameter.name in values else _class(parameter)
        if (
            kind
            and kind.value.startswith(CG)
            and not any(True for _ in rows(_IS_ONE, {_KIND: kind}))
        ):
            yield f"the dictionary has no entry of the class {parameter.type}"
        tag = values.get(parameter.name, "")
        if parameter.type == "language" and tag:
            yield from no_label(tag, rows)


def no_label(language: str, rows: Rows) -> Iterator[str]:
    """A sentence for a language that no label is in."""
    if not any(True for _ in rows(_IN_LANGUAGE, {_TAG: ox.Literal(language.lower())})):
        known = sorted({shorten(each) for each, *_ in rows(_LANGUAGES, {})} - {""})
        there = f"there are labels in {', '.join(known)}" if known else "no label has a language"
        yield f"no label is in “{language}”; {there}"


def _check(parameter: Parameter, value: ox.NamedNode | ox.Literal, rows: Rows) -> None:
    """Let a value pass that is an entry of the class that the query asks for."""
    kind = _class(parameter)
    if kind is None or _is_one(value, kind, rows):
        return
    listed = [shorten(entry) for entry, _ in choices(parameter, rows)]
    if not listed and not kind.value.startswith(CG):
        return  # of a framework that is not here, so there is nothing to ask
    raise BadValueError(
        f"“{shorten(value)}” is no value for the parameter “{parameter.name}” "
        f"({parameter.type}): the dictionary has no such entry",
        _remedy(shorten(value), listed),
    )


def _is_one(value: ox.NamedNode | ox.Literal, kind: ox.NamedNode, rows: Rows) -> bool:
    return any(True for _ in rows(_IS_ONE, {ox.Variable("entry"): value, _KIND: kind}))


def _remedy(given: str, listed: Sequence[str]) -> str:
    """What would do: what is near, else what holds the words that were given, else some of it."""
    folded = {each.casefold(): each for each in listed}
    name = given.casefold()
    near = [folded[each] for each in difflib.get_close_matches(name, folded, n=3)]
    near = near or [each for word, each in folded.items() if name in word][:_MOST_NAMED]
    if near:
        *others, last = near
        several = f"{', '.join(others)} or {last}, if you mean one of them"
        return f"Use {several}" if others else f"Use {last}, if you mean that"
    if len(listed) > _MOST_NAMED:
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


_KIND, _NAME, _TAG = (ox.Variable(name) for name in ("class", "name", "tag"))


def _class(parameter: Parameter) -> ox.NamedNode | None:
    """The class whose entries the parameter takes, if it takes entries."""
    prefix, colon, local = parameter.type.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local) if colon else None
