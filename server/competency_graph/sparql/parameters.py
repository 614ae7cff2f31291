"""Values and defaults of the parameters of saved queries."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence

import pyoxigraph as ox

from competency_graph.errors import BadValueError
from competency_graph.rdf.rows import Rows
from competency_graph.rdf.short_names import local_name, shorten, text_of
from competency_graph.rdf.vocabulary import CLASS_OF_KIND, PREFIXES
from competency_graph.sparql.label_language import in_language
from competency_graph.sparql.saved_queries import Parameter, SavedQuery, is_iri

MAX_CHOICES = 1_000
"""The maximum number of entries listed."""
_MAX_SUGGESTIONS = 20
"""The maximum number of entries named in an error."""
# Without inference, a role is not stated to be a skos:Concept.
_OF_CLASS = "?entry a ?own_class . ?own_class rdfs:subClassOf* ?class ."
_IS_ENTRY_QUERY = f"""\
PREFIX rdfs: <{PREFIXES["rdfs"]}>
SELECT ?entry ?class WHERE {{ {_OF_CLASS} }} LIMIT 1"""
_ENTRIES_QUERY = f"""\
PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX skos: <{PREFIXES["skos"]}>
SELECT ?entry (COALESCE(MIN(?own), MIN(?english), MIN(?name)) AS ?label) ?class ?language WHERE {{
  {_OF_CLASS}
  OPTIONAL {{ ?entry skos:prefLabel ?name }}
  OPTIONAL {{ ?entry skos:prefLabel ?english FILTER(LANGMATCHES(LANG(?english), "en")) }}
  OPTIONAL {{ ?entry skos:prefLabel ?own FILTER(LANGMATCHES(LANG(?own), ?language)) }}
}}
GROUP BY ?entry ?class ?language
ORDER BY ?entry
LIMIT {MAX_CHOICES}
"""
_BY_NAME_QUERY = f"""\
PREFIX rdfs: <{PREFIXES["rdfs"]}>
PREFIX skos: <{PREFIXES["skos"]}>
SELECT DISTINCT ?entry ?first ?label ?code ?class ?name WHERE {{
  {_OF_CLASS}
  {{ ?entry skos:prefLabel|skos:notation ?said BIND(true AS ?first) }}
  UNION
  {{ ?entry skos:altLabel ?said BIND(false AS ?first) }}
  FILTER(LCASE(STR(?said)) = ?name)
  OPTIONAL {{ ?entry skos:prefLabel ?label }}
  OPTIONAL {{ ?entry skos:notation ?code }}
}}"""
_LABEL_IN_LANGUAGE_QUERY = f"""\
PREFIX skos: <{PREFIXES["skos"]}>
SELECT ?label ?tag WHERE {{ ?entry skos:prefLabel ?label FILTER(LANGMATCHES(LANG(?label), ?tag)) }}
LIMIT 1"""
_LANGUAGES_QUERY = f"""\
PREFIX skos: <{PREFIXES["skos"]}>
SELECT DISTINCT ?tag WHERE {{ ?entry skos:prefLabel ?label BIND(LANG(?label) AS ?tag) }}"""


def bind(
    query: SavedQuery, values: Mapping[str, str], rows: Rows
) -> dict[ox.Variable, ox.NamedNode | ox.Literal]:
    """Bind all parameters: to the terms of ``values``, else as `default`.

    An entry can be given by its IRI or prefixed name, or by its label or code in any case.

    Args:
        query: a saved query.
        values: the values that the user gave, by parameter.
        rows: queries the dictionary.

    Raises:
        BadValueError: a value is empty, or names no entry of the required class, or several; the
            remedy lists valid ones. Otherwise as for `SavedQuery.bind`.
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
                f"Give it a value, or omit it to use {usual}",
            )
        elif _class(parameter) is not None and not is_iri(value):
            found[parameter.name] = _entry_named(parameter, value.strip(), rows)
    bound = query.bind(found)
    for parameter in query.parameters:
        if parameter.name in values:
            _check_value(parameter, bound[ox.Variable(parameter.name)], rows)
    return bound


def entry_of_kind(kind: str, name: str, rows: Rows) -> ox.NamedNode:
    """The entry of a kind that has an IRI, prefixed name, label or code.

    Args:
        kind: one of `vocabulary.CLASS_OF_KIND`.
        name: the name, a label or code in any case.
        rows: queries the dictionary.

    Raises:
        BadValueError: as `bind`.
    """
    parameter = Parameter("entry", f"cg:{local_name(CLASS_OF_KIND[kind])}", "", "")
    bound = bind(SavedQuery("", "", "", (parameter,), ""), {"entry": name}, rows)
    entry = bound[ox.Variable("entry")]
    if not isinstance(entry, ox.NamedNode):
        raise BadValueError(f"“{name}” is not an entry", "Give its IRI, label or code")
    return entry


def default(parameter: Parameter, rows: Rows, taken: Collection[str] = ()) -> str:
    """The value of a parameter that the user does not give.

    It is the default in the query's header; if that is an entry that the dictionary lacks, the
    first suitable entry, if any; if it is a language without any label, one that has some.

    Args:
        parameter: a parameter of a saved query.
        rows: queries the dictionary.
        taken: the values of the query's other parameters, which are avoided.
    """
    if parameter.type == "language":
        return _language_of_labels(parameter.default, rows)
    kind = _class(parameter)
    if kind is None or _is_entry_of_class(parameter.term(parameter.default), kind, rows):
        return parameter.default
    listed = [shorten(entry) for entry, _ in choices(parameter, rows)]
    free = (each for each in listed if each not in taken)
    return next(free, listed[0] if listed else parameter.default)


def _entry_named(parameter: Parameter, name: str, rows: Rows) -> str:
    """The IRI of the entry that has a label or code."""
    asked = {_KIND: _class(parameter) or _KIND, _NAME: ox.Literal(name.casefold())}
    found: dict[bool, dict[ox.NamedNode, str]] = {True: {}, False: {}}
    for entry, first, label, code, *_ in rows(_BY_NAME_QUERY, asked):  # type: ignore[arg-type]
        if isinstance(entry, ox.NamedNode):
            described = ", ".join(filter(None, (shorten(label), shorten(code), shorten(entry))))
            found[shorten(first) == "true"][entry] = described
    chosen = found[True] or found[False]
    if len(chosen) == 1:
        return next(iter(chosen)).value
    what = f"“{name}” is not a valid value for the parameter “{parameter.name}” ({parameter.type})"
    if chosen:
        raise BadValueError(
            f"{what}: {len(chosen)} entries have this name",
            f"Use the IRI of one: {'; '.join(sorted(chosen.values())[:_MAX_SUGGESTIONS])}",
        )
    labels = [f"“{label}”" for _, label in choices(parameter, rows) if label]
    raise BadValueError(f"{what}: no entry has this name", _remedy(name, labels))


def warnings(query: SavedQuery, values: Mapping[str, str], rows: Rows) -> Iterator[str]:
    """Warn about each parameter whose value must leave the answer empty or without labels.

    That is a language without any label, or an entry that the user did not name and of whose class
    the dictionary has none.
    """
    for parameter in query.parameters:
        kind = None if parameter.name in values else _class(parameter)
        if (
            kind
            and kind.value.startswith(PREFIXES["cg"])
            and not any(True for _ in rows(_IS_ENTRY_QUERY, {_KIND: kind}))
        ):
            yield f"the dictionary has no entry of the class {parameter.type}"
        tag = values.get(parameter.name, "")
        if parameter.type == "language" and tag:
            yield from no_label(tag, rows)


def no_label(language: str, rows: Rows) -> Iterator[str]:
    """Warn about a language that no label has."""
    if not has_label(language, rows):
        known = _languages(rows)
        there = (
            f"there are labels in {', '.join(known)}" if known else "no label has a language tag"
        )
        yield f"no label is in “{language}”; {there}"


def _language_of_labels(usual: str, rows: Rows) -> str:
    """The usual language if there are labels in it, else the first in which there are."""
    return usual if has_label(usual, rows) else next(iter(_languages(rows)), usual)


def has_label(language: str, rows: Rows) -> bool:
    """Whether any label is in a language, given by its tag."""
    tag = ox.Literal(language.lower())
    return any(True for _ in rows(_LABEL_IN_LANGUAGE_QUERY, {_TAG: tag}))


def _languages(rows: Rows) -> list[str]:
    return sorted({shorten(each) for each, *_ in rows(_LANGUAGES_QUERY, {})} - {""})


def _check_value(parameter: Parameter, value: ox.NamedNode | ox.Literal, rows: Rows) -> None:
    """Refuse a value that is not an entry of the required class."""
    kind = _class(parameter)
    if kind is None or _is_entry_of_class(value, kind, rows):
        return
    listed = [shorten(entry) for entry, _ in choices(parameter, rows)]
    if not listed and not kind.value.startswith(PREFIXES["cg"]):
        return  # the class is of a framework that is not loaded, so it cannot be checked
    raise BadValueError(
        f"“{shorten(value)}” is not a valid value for the parameter “{parameter.name}” "
        f"({parameter.type}): the dictionary has no such entry",
        _remedy(shorten(value), listed),
    )


def _is_entry_of_class(value: ox.NamedNode | ox.Literal, kind: ox.NamedNode, rows: Rows) -> bool:
    return any(True for _ in rows(_IS_ENTRY_QUERY, {ox.Variable("entry"): value, _KIND: kind}))


def _remedy(given: str, listed: Sequence[str]) -> str:
    """Suggest similar names, else names that contain the given text, else some or all names."""
    folded = {each.casefold(): each for each in listed}
    name = given.casefold()
    near = [folded[each] for each in difflib.get_close_matches(name, folded, n=3)]
    near = near or [each for word, each in folded.items() if name in word][:_MAX_SUGGESTIONS]
    if near:
        *others, last = near
        several = f"{', '.join(others)} or {last}, if you mean one of them"
        return f"Use {several}" if others else f"Use {last}, if you mean that"
    if len(listed) > _MAX_SUGGESTIONS:
        return f"Use one such as {', '.join(listed[:5])}"
    return f"Use one of {', '.join(listed)}" if listed else "The dictionary has none"


def choices(
    parameter: Parameter, rows: Rows, language: str = "en"
) -> list[tuple[ox.NamedNode, str]]:
    """The entries that ``parameter`` can name, with their labels, in the order of their IRIs.

    At most `MAX_CHOICES` are returned; none if the parameter does not take an entry.

    Args:
        parameter: a parameter of a saved query.
        rows: queries the dictionary.
        language: the language of labels, where they are in several.
    """
    kind = _class(parameter)
    if kind is None:
        return []
    given = {_KIND: kind, **in_language(language)}
    found = ((row[0], text_of(row[1])) for row in rows(_ENTRIES_QUERY, given))
    return [(entry, label) for entry, label in found if isinstance(entry, ox.NamedNode)]


_KIND, _NAME, _TAG = (ox.Variable(name) for name in ("class", "name", "tag"))


def _class(parameter: Parameter) -> ox.NamedNode | None:
    """The class whose entries the parameter takes; None if it takes no entries."""
    prefix, colon, local = parameter.type.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local) if colon else None
