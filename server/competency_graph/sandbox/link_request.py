"""Requests for links to a framework, for workers."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Final

import pyoxigraph as ox

from competency_graph import linking
from competency_graph.errors import UnavailableError
from competency_graph.linking.concepts import Concept, entries_of, target_of
from competency_graph.linking.decisions import MATCHES, Decisions
from competency_graph.linking.suggest import suggest_from
from competency_graph.mappings.frameworks import FRAMEWORKS
from competency_graph.rdf.vocabulary import GRAPH_ASSERTED
from competency_graph.sandbox.request import Answer, Limits, Remedies
from competency_graph.validation import Published

if TYPE_CHECKING:
    from competency_graph.linking.matching import Matcher

_MATCHING: Final = "competency_graph.linking.matching"
_LANGUAGE: Final = "en"
"""The language of the texts that are prepared."""


@dataclass(frozen=True)
class LinkRequest:
    """Texts to link to the concepts of a framework.

    Args:
        texts: what to link: labels or IRIs of entries, or any other names.
        kind: the class of what the other names stand for, such as ``cg:Ability``.
        graph: the graph of the framework.
        language: the language of the texts.
        most: the maximum number of candidates for each text.
    """

    texts: tuple[str, ...]
    kind: str
    graph: str
    language: str
    most: int

    noun: ClassVar = "search for links"
    remedies: ClassVar = Remedies(
        "Start the server with a higher --time-limit, or run “competency link suggest”",
        "Start the server with a higher --memory-limit, or run “competency link suggest”",
        "Link less at a time",
    )
    last: ClassVar = False
    needs_all: ClassVar = True

    def limited_by(self, limits: Limits) -> Limits:
        """The limits of all clients' requests."""
        return limits

    def check(self, limits: Limits) -> None:
        """Do nothing: the number and length of the texts are limited before."""

    def answer(self, store: ox.Store, published: Published | None) -> Answer:
        """Compare the texts with the concepts of the framework.

        The answer is a JSON array with an array for each text: its candidates, best first, each
        with ``iri``, ``label``, ``kind``, ``match``, ``confidence`` and ``reason``.

        Raises:
            UnavailableError: the worker has not loaded what it needs, or there is no concept.
        """
        if _MATCHING not in sys.modules:
            raise UnavailableError(
                "this server cannot suggest links",
                "Start it from files, with --with and the RDF of a framework, and with "
                "competency-graph[link] installed",
            )
        own, matcher = _loaded(store, self.graph, self.language)
        wanted = [
            own.get(text.casefold())
            or own.get(text)
            or Concept(f"urn:text:{place}", text, kind=self.kind)
            for place, text in enumerate(self.texts)
        ]
        found = suggest_from(matcher, list(dict.fromkeys(wanted)), self.most)
        by_entry: dict[str, list[dict[str, str]]] = {}
        for mapping in found.mappings:
            by_entry.setdefault(found.expand(mapping.subject_id), []).append(
                {
                    "iri": found.expand(mapping.object_id),
                    "label": mapping.object_label,
                    "kind": mapping.object_category,
                    "match": mapping.predicate_id.removeprefix("skos:"),
                    "confidence": mapping.confidence,
                    "reason": mapping.comment,
                }
            )
        body = json.dumps([by_entry.get(each.iri, []) for each in wanted]).encode()
        return Answer("links", "json", lambda output: output.write(body))


def prepare(store: ox.Store) -> None:
    """Compare the concepts of the frameworks in a store, so that workers share the result.

    Without a framework, or without the libraries for linking, this does nothing.
    """
    graphs = [each.graph for each in FRAMEWORKS.values()]
    loaded = [graph for graph in graphs if store.contains_named_graph(ox.NamedNode(graph))]
    if loaded:
        linking.prepare()
    if _MATCHING in sys.modules:
        for graph in loaded:
            with suppress(UnavailableError):  # the request for its concepts reports it
                _loaded(store, graph, _LANGUAGE)


@lru_cache(4)
def _loaded(store: ox.Store, graph: str, language: str) -> tuple[dict[str, Concept], Matcher]:
    """The entries by label and IRI, and what compares with a framework.

    A worker keeps those of further languages.

    Raises:
        UnavailableError: there is no concept.
    """
    from competency_graph.linking.matching import Matcher

    entries = entries_of(_quads(store, str(GRAPH_ASSERTED)), language)
    named = {name: each for each in entries for name in (each.label.casefold(), each.iri)}
    concepts = target_of(_quads(store, graph), language)
    if not concepts:
        raise UnavailableError(
            "the framework is loaded without a concept that has a label",
            "Make its file again with “competency import”",
        )
    links = Decisions((), _links(store))
    return named, Matcher(concepts, entries, language, linked=links.linked(entries))


def _quads(store: ox.Store, graph: str) -> Iterator[ox.Quad]:
    return store.quads_for_pattern(None, None, None, ox.NamedNode(graph))


def _links(store: ox.Store) -> Iterator[ox.Quad]:
    for predicate in MATCHES:
        yield from store.quads_for_pattern(None, ox.NamedNode(predicate), None)
