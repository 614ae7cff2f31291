"""Statements of the author's files in unknown vocabularies, which nothing validates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rdflib.namespace import OWL, RDF, RDFS

from competency_graph.validation.checks.author_statements import (
    TYPE,
    AuthorStatements,
    FileStatements,
)
from competency_graph.validation.checks.check_result import UNFAMILIAR, CheckResult
from competency_graph.validation.checks.near_namespaces import KNOWN
from competency_graph.validation.checks.nearest_names import split_iri

_TERM_CLASSES: Final = frozenset(
    (
        str(RDF.Property),
        str(RDFS.Class),
        str(RDFS.Datatype),
        *(str(term) for term in dir(OWL) if str(term).endswith(("Class", "Property"))),
    )
)
"""Classes whose instances are terms that the file itself defines."""
_MAX_NAMED: Final = 5
"""The maximum number of terms named."""


def unfamiliar(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report, for each file, resources without known class and statements with unknown property."""
    for file_statements in draft.files:
        classes = _unknown_classes(draft, file_statements)
        if classes:
            yield _result(file_statements, classes, "thing", "of no known class", "classes")
        properties = {
            term: number
            for term, number in file_statements.used.items()
            if not _is_known(draft, term)
        }
        if properties:
            yield _result(
                file_statements, properties, "statement", "with no known property", "properties"
            )


def _unknown_classes(draft: AuthorStatements, file_statements: FileStatements) -> dict[str, int]:
    """The classes of resources that have no known class, with the number of these resources."""
    unknown = {
        kinds
        for kinds in set(file_statements.facts.types.values())
        if not any(_is_known(draft, k) for k in kinds)
    }
    found: dict[str, int] = {}
    for thing, kinds in file_statements.facts.types.items() if unknown else ():
        if kinds in unknown and not any(_is_known(draft, kind) for kind in draft.types[thing]):
            first = min(kinds)
            found[first] = found.get(first, 0) + 1
    return found


def _is_known(draft: AuthorStatements, term: str) -> bool:
    defined = not _TERM_CLASSES.isdisjoint(draft.types.get(term, ()))
    return defined or term in draft.named or split_iri(term)[0] in KNOWN


def _result(
    file_statements: FileStatements, terms: dict[str, int], noun: str, which: str, kind: str
) -> CheckResult:
    number = sum(terms.values())
    link = file_statements.terms[next(iter(terms))]
    is_class = link.predicate == TYPE
    return CheckResult(
        UNFAMILIAR,
        link.subject,
        f"No rule checks the {number:,} {noun}{'' if number == 1 else 's'} {which} in this file: "
        f"{_list_names(terms)}",
        f"Check their names and namespaces; define your own {kind} with rdf:type",
        link.predicate,
        f"<{link.object}>" if is_class else "",
        "" if is_class else link.predicate,
    )


def _list_names(terms: Iterable[str]) -> str:
    names = list(terms)
    more = f" and {len(names) - _MAX_NAMED:,} more" if len(names) > _MAX_NAMED else ""
    return ", ".join(names[:_MAX_NAMED]) + more
