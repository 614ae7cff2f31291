"""A saved query as a text to edit: with the values of its parameters written into it."""

from __future__ import annotations

import re
from functools import partial

import pyoxigraph as ox

from competency_graph.rdf.rows import Bindings
from competency_graph.rdf.short_names import shorten
from competency_graph.rdf.vocabulary import PREFIXES
from competency_graph.sparql.saved_queries import SavedQuery

_HEADER = re.compile(r"\A(?:#.*\n)+\s*")
_PATTERN = re.compile(r"(?<![\w?$:-])(?:WHERE|ASK)\s*\{", re.IGNORECASE)
_SELECTED = re.compile(r"(?<![\w?$:-])SELECT\b[^{]*(?=WHERE)", re.IGNORECASE)
_PREFIX = re.compile(r"^PREFIX\s+(\w+):", re.MULTILINE)


def editable_text(query: SavedQuery, bindings: Bindings) -> str:
    """The query, its question as a comment, and a ``VALUES`` line for each parameter.

    The parameters, whose values are the same in all rows, are not columns of the answer.

    Args:
        query: a saved query.
        bindings: the values of its parameters, see `SavedQuery.bind`.
    """
    body = _HEADER.sub("", query.text).strip()
    body = _SELECTED.sub(partial(_without_parameters, query), body, count=1)
    values, prefixes = [], set(_PREFIX.findall(body))
    missing = []
    for parameter in query.parameters:
        term = bindings[ox.Variable(parameter.name)]
        name = shorten(term) if isinstance(term, ox.NamedNode) else str(term)
        prefix = name.partition(":")[0]
        if isinstance(term, ox.NamedNode) and prefix in PREFIXES and name != term.value:
            if prefix not in prefixes:
                prefixes.add(prefix)
                missing.append(f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n")
        else:
            name = str(term)
        values.append(f"  VALUES ?{parameter.name} {{ {name} }}\n")
    if values:
        inserted = "".join(values)
        if found := _PATTERN.search(body):
            rest = body[found.end() :]
            body = body[: found.end()] + "\n" + inserted + rest.removeprefix("\n")
        else:  # a DESCRIBE without pattern
            body = f"{body}\nWHERE {{\n{inserted}}}"
    question = f"# {query.question}\n" if query.question else ""
    return f"{question}{''.join(missing)}{body}\n"


def _without_parameters(query: SavedQuery, selected: re.Match[str]) -> str:
    """The head of a SELECT without the parameters, unless nothing else is selected."""
    names = "|".join(re.escape(parameter.name) for parameter in query.parameters)
    if not names:
        return selected[0]
    rest = re.sub(rf"[ \t\n]+\?(?:{names})(?!\w)(?![^(]*\))", "", selected[0])
    return rest if "?" in rest else selected[0]
