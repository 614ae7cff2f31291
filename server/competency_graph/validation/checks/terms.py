"""Terms that do not exist in the ontology or in a standard vocabulary."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS, DefinedNamespace

from competency_graph.rdf.vocabulary import CG
from competency_graph.validation.checks.author_statements import TYPE, AuthorStatements, Link
from competency_graph.validation.checks.check_result import ADDED_TERM, UNKNOWN_TERM, CheckResult
from competency_graph.validation.checks.nearest_names import Names

_CLASS = str(OWL.Class)
_STANDARDS: tuple[type[DefinedNamespace], ...] = (DCTERMS, OWL, RDF, RDFS, SKOS)
"""Vocabularies whose terms are all known."""
_PROPERTIES = {str(OWL.ObjectProperty), str(OWL.DatatypeProperty)}


def unknown(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report each unknown property and class at its first use, with the most similar known one."""
    known = _ontology_terms(draft)
    classes = Names(term for term, kinds in known.items() if _CLASS in kinds)
    properties = Names(term for term, kinds in known.items() if _PROPERTIES & kinds)
    for term, link in draft.own_terms.items():
        if not term.startswith(str(CG)) or term in draft.base or term in draft.own:
            continue
        is_class = _is_class(term, link)
        near = (classes if is_class else properties).nearest(term)
        yield CheckResult(
            UNKNOWN_TERM,
            link.subject,
            f"The ontology has no {'class' if is_class else 'property'} {term}",
            f"Write {near}" if near else "Use an existing one",
            link.predicate,
            f"<{term}>" if is_class else "",
            term,
            near or "",
        )
    for term, link in draft.own_terms.items():
        for standard in _STANDARDS:
            if term.startswith(str(standard)) and term not in standard:
                yield _unknown_standard_term(term, link, standard)


def _unknown_standard_term(term: str, link: Link, standard: type[DefinedNamespace]) -> CheckResult:
    is_class = _is_class(term, link)
    # In all of these vocabularies, the names of classes begin with a capital.
    names = Names(
        known for known in map(str, dir(standard))
        if known.removeprefix(str(standard))[:1].isupper() == is_class
    )  # fmt: skip
    near = names.nearest(term)
    return CheckResult(
        UNKNOWN_TERM,
        link.subject,
        f"There is no {'class' if is_class else 'property'} {term}",
        f"Write {near}" if near else "Use an existing one",
        link.predicate,
        f"<{term}>" if is_class else "",
        term,
        near or "",
    )


def _is_class(term: str, link: Link) -> bool:
    return link.predicate == TYPE and term == link.object


def added(draft: AuthorStatements) -> Iterator[CheckResult]:
    """Report each term that the author's files define in the ontology's namespace."""
    names = Names(_ontology_terms(draft))
    for term in draft.own:
        if term.startswith(str(CG)) and term not in draft.base:
            near = names.nearest(term)
            define = "efine it in your own namespace"
            yield CheckResult(
                ADDED_TERM,
                term,
                f"{term} is in the ontology's namespace, and the ontology has no such term",
                f"Write {near} if you mean that, or d{define}" if near else f"D{define}",
            )


def _ontology_terms(draft: AuthorStatements) -> dict[str, frozenset[str]]:
    """The ontology's terms with their classes."""
    return {
        term: draft.types.get(term, frozenset[str]())
        for term in draft.base
        if term.startswith(str(CG))
    }
