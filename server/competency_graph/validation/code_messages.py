"""Rewords findings about codes to name the code and the entries concerned."""

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
_ACTION_CODE_CONSTRAINT: Final = PREFIXES["shape"] + "key-action-notation-owner"
"""The constraint that finds owners of key actions, with the codes of these as values."""
CODED: Final = frozenset((UNIQUE, _ACTION_CODE_CONSTRAINT))
"""The shape and the constraint about codes, by IRI."""
_HAS_KEY_ACTION: Final = str(CG.hasKeyAction)
_KEY_ACTION_OF: Final = str(CG.keyActionOf)


def reworded(finding: Finding, places: Places, draft: AuthorStatements) -> Finding:
    """Reword a finding about codes; any other is returned unchanged.

    Args:
        finding: the finding of a shape.
        places: the positions of the statements about its entry, about other entries with its code,
            and with the code that it mentions.
        draft: the author's statements.
    """
    if finding.shape == UNIQUE:
        return _duplicate_code(finding, places, draft)
    if finding.constraint == _ACTION_CODE_CONSTRAINT:
        return _action_code(finding, places)
    return finding


def _duplicate_code(finding: Finding, places: Places, draft: AuthorStatements) -> Finding:
    for written in places.statements(_as_term(finding.focus), CODE):
        for other in _other_holders(written, places, draft):
            return replace(
                finding,
                message=f"The code {_quoted(written.value)} is also the code of {other}.",
                place=written.value_place,
            )
    return finding


def _other_holders(written: Written, places: Places, draft: AuthorStatements) -> Iterator[str]:
    """Other entries with a code, each with its location."""
    for other in places.links(CODE, written.value):
        if other.subject != written.subject:
            place = other.value_place
            yield f"{other.subject.strip('<>')} ({place.file}:{place.line})"
    for text in draft.base_texts:
        if text.predicate == CODE and str(text.value) == written.value:
            yield f"{text.entry}, which is in the dictionary that this one extends"


def _action_code(finding: Finding, places: Places) -> Finding:
    owner = _as_term(finding.focus)
    actions = {written.value for written in places.statements(owner, _HAS_KEY_ACTION)}
    actions |= {written.subject for written in places.links(_KEY_ACTION_OF, owner)}
    own = places.statement(owner, CODE)
    for written in places.links(CODE, finding.value):
        if written.subject in actions:
            begins = f", {_quoted(own.value)}" if own else ""
            return replace(
                finding,
                message=f"The code {_quoted(finding.value)} of the key action "
                f"{written.subject.strip('<>')} does not begin with the code of its owner, "
                f"{finding.focus}{begins}.",
                place=written.value_place,
            )
    return finding


def _as_term(entry: str) -> str:
    return entry if entry.startswith("_:") else f"<{entry}>"


def _quoted(literal: str) -> str:
    """The text of a literal in N-Triples, in quotation marks."""
    (quad,) = ox.parse(f"<x:s> <x:p> {literal} .", format=ox.RdfFormat.N_TRIPLES, lenient=True)
    return f"“{quad.object.value}”" if isinstance(quad.object, ox.Literal) else literal
