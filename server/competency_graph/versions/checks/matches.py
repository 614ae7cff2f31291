"""Exact matches that others rely on and that are exact no longer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from competency_graph.rdf.short_names import Term
from competency_graph.versions import model
from competency_graph.versions.checks.rules import WIDENED, Breaking
from competency_graph.versions.descriptions import key
from competency_graph.versions.details import MATCHES
from competency_graph.versions.formats.wording import name
from competency_graph.versions.model import Change, Changes
from competency_graph.versions.usual_names import usual_name

_EXACT: Final = MATCHES[0]


def widened(changes: Changes) -> Iterator[Breaking]:
    """Exact matches that the new version replaces by weaker ones, by other targets, or by none."""
    for change in changes.of(model.RELINKED):
        entry = ox.NamedNode(change.entry.iri) if ":" in change.entry.iri else None
        for quad in change.removed:
            if quad.subject == entry and quad.predicate.value == _EXACT:
                yield _withdrawn(change, quad, changes)


def _withdrawn(change: Change, quad: ox.Quad, changes: Changes) -> Breaking:
    message = f"“{name(change.entry)}” was an exact match of {_named(quad.object, changes)} and "
    path, value = _EXACT, ""
    weaker = [
        each
        for each in change.added
        if each.subject == quad.subject
        and each.object == quad.object
        and each.predicate.value in MATCHES
    ]
    others = [
        each
        for each in change.added
        if each.subject == quad.subject and each.predicate.value == _EXACT
    ]
    if weaker:
        path, value = weaker[0].predicate.value, str(weaker[0].object)
        message += f"is now only a {usual_name(path)}."
    elif others:
        value = str(others[0].object)
        message += f"is now one of {_named(others[0].object, changes)}."
    else:
        message += "no longer is."
    statement = f"{key(quad.subject)} skos:exactMatch {key(quad.object)}"
    return Breaking(
        WIDENED,
        change.entry.iri,
        f"{message} Data that were exchanged by this match change their meaning.",
        f"Restore {statement}, or give the new meaning to a new entry and deprecate this one.",
        path,
        value,
    )


def _named(term: Term, changes: Changes) -> str:
    """A target by its label, else by its IRI."""
    label = changes.descriptions.labels.get(key(term))
    return f"“{label}”" if label else key(term)
