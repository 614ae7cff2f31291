"""Findings about codes in words that name the code, and the entries that have it or should."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import SKOS

from competency_graph.rdf.vocabulary import CG, PREFIXES
from competency_graph.validation.checks.author_statements import AuthorStatements
from competency_graph.validation.findings import Finding
from competency_graph.validation.sources.positions import Places, Written

CODE: Final = str(SKOS.notation)
UNIQUE: Final = PREFIXES["shape"] + "notation-unique"
_OF_ACTIONS: Final = PREFIXES["shape"] + "key-action-notation-owner"
"""Finds owners of key actions, with the codes of these as values."""
CODED: Final = frozenset((UNIQUE, _OF_ACTIONS))
"""The shape and the constraint that are about codes, by IRI."""
_OWNS: Final = str(CG.hasKeyAction)
_OWNED: Final = str(CG.keyActionOf)


def told(finding: Finding, places: Places, draft: AuthorStatements) -> Finding:
    """A finding about codes with their names and places; any other as it is.

    Args:
        finding: what a shape found.
        places: where the statements stand of its entry, of the others with its code, and of those
            that have a code of which it tells.
        draft: what is said.
    """
    if finding.shape == UNIQUE:
        return _shared(finding, places, draft)
    if finding.constraint == _OF_ACTIONS:
        return _of_action(finding, places)
    return finding


def _shared(finding: Finding, places: Places, draft: AuthorStatements) -> Finding:
    for written in places.statements(_spelled(finding.focus), CODE):
        for other in _others(written, places, draft):
            return replace(
                finding,
                message=f"The code {_quoted(written.value)} is also that of {other}.",
                place=written.value_place,
            )
    return finding


def _others(written: Written, places: Places, draft: AuthorStatements) -> Iterator[str]:
    """Other entries with a code, each with what tells where it is."""
    for other in places.links(CODE, written.value):
        if other.subject != written.subject:
            place = other.value_place
            yield f"{other.subject.strip('<>')} ({place.file}:{place.line})"
    for text in draft.base_texts:
        if text.predicate == CODE and str(text.value) == written.value:
            yield f"{text.entry}, which is in the dictionary that this one extends"


def _of_action(finding: Finding, places: Places) -> Finding:
    owner = _spelled(finding.focus)
    actions = {written.value for written in places.statements(owner, _OWNS)}
    actions |= {written.subject for written in places.links(_OWNED, owner)}
    own = places.statement(owner, CODE)
    for written in places.links(CODE, finding.value):
        if written.subject in actions:
            begins = f", {_quoted(own.value)}" if own else ""
            return replace(
                finding,
                message=f"The code {_quoted(finding.value)} of the key action "
                f"{written.subject.strip('<>')} does not begin with that of what it belongs to, "
                f"{finding.focus}{begins}.",
                place=written.value_place,
            )
    return finding


def _spelled(entry: str) -> str:
    return entry if entry.startswith("_:") else f"<{entry}>"


def _quoted(literal: str) -> str:
    """The text of a literal in N-Triples, in quotes."""
    (quad,) = ox.parse(f"<x:s> <x:p> {literal} .", format=ox.RdfFormat.N_TRIPLES, lenient=True)
    return f"“{quad.object.value}”" if isinstance(quad.object, ox.Literal) else literal
