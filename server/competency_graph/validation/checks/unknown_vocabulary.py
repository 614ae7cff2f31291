"""What the author's files say in words that no vocabulary here knows, so that nothing judges it."""

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
from competency_graph.validation.checks.nearest_names import divided

_DEFINING: Final = frozenset(
    (
        str(RDF.Property),
        str(RDFS.Class),
        str(RDFS.Datatype),
        *(str(term) for term in dir(OWL) if str(term).endswith(("Class", "Property"))),
    )
)
"""Classes of which a term is that its file defines."""
_SHOWN: Final = 5
"""Terms that are named."""


def unfamiliar(draft: AuthorStatements) -> Iterator[CheckResult]:
    """For each file how much has no known class, and how much no known property."""
    for said in draft.files:
        classes = _unknown_classes(draft, said)
        if classes:
            yield _slip(said, classes, "thing", "of no known class", "classes")
        properties = {term: number for term, number in said.used.items() if not _known(draft, term)}
        if properties:
            yield _slip(said, properties, "statement", "with no known property", "properties")


def _unknown_classes(draft: AuthorStatements, said: FileStatements) -> dict[str, int]:
    """The classes of things that have no known one, with the number of these things."""
    unknown = {
        kinds
        for kinds in set(said.facts.types.values())
        if not any(_known(draft, k) for k in kinds)
    }
    found: dict[str, int] = {}
    for thing, kinds in said.facts.types.items() if unknown else ():
        if kinds in unknown and not any(_known(draft, kind) for kind in draft.types[thing]):
            first = min(kinds)
            found[first] = found.get(first, 0) + 1
    return found


def _known(draft: AuthorStatements, term: str) -> bool:
    defined = not _DEFINING.isdisjoint(draft.types.get(term, ()))
    return defined or term in draft.named or divided(term)[0] in KNOWN


def _slip(
    said: FileStatements, terms: dict[str, int], noun: str, which: str, kind: str
) -> CheckResult:
    number = sum(terms.values())
    link = said.terms[next(iter(terms))]
    is_class = link.predicate == TYPE
    return CheckResult(
        UNFAMILIAR,
        link.subject,
        f"Nothing judges the {number:,} {noun}{'' if number == 1 else 's'} {which} in this file: "
        f"{_listed(terms)}",
        f"Check their names and namespaces; {kind} of your own, define with rdf:type",
        link.predicate,
        f"<{link.object}>" if is_class else "",
        "" if is_class else link.predicate,
    )


def _listed(terms: Iterable[str]) -> str:
    names = list(terms)
    more = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
