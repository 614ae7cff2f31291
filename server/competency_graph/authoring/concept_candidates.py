"""The concepts of frameworks that a link may lead to."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nsmallest

from competency_graph.authoring.candidate import CONCEPT, MAX_CANDIDATES, Candidate
from competency_graph.authoring.descriptions import kinds_of, preferred
from competency_graph.authoring.live_store import LiveStore
from competency_graph.authoring.spelling import Speller


def concept_candidates(
    store: LiveStore, speller: Speller, written: str, language: str, declared_only: bool = False
) -> Iterator[Candidate]:
    """Yield the concepts of further graphs whose label or name contains what is written.

    Args:
        store: the statements. It may have tens of thousands of concepts, so only those that fit
            are described, up to one more than are shown.
        speller: spells them.
        written: what is written.
        language: the language of labels, a tag of BCP 47.
        declared_only: whether to leave out those whose prefix the file does not declare.
    """
    wanted = written.lower().lstrip("<")
    prefix, _, local = wanted.partition(":")
    namespaces = tuple(filter(None, speller.declared.values()))
    matching = []
    for iri, labels in store.concepts.items():
        if declared_only and not iri.startswith(namespaces):
            continue
        label = preferred(labels, language)
        lower = label.lower()
        if wanted in lower or (local in iri.lower() and speller.is_spelled_with(iri, prefix)):
            matching.append((not lower.startswith(wanted), lower, label, iri))
    for _, _, label, iri in nsmallest(MAX_CANDIDATES + 1, matching):
        spelled, declaration = speller.spell(iri)
        detail = " · ".join([spelled, *kinds_of(store, iri, language)])
        yield Candidate(label, spelled, CONCEPT, iri, detail, declaration)
