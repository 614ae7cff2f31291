"""The links and hierarchies that statements contain, as needed to check them as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from rdflib.namespace import OWL, SKOS

from competency_graph.mappings import frameworks
from competency_graph.mappings.skos_graph import (
    BROAD,
    CLOSE,
    EXACT,
    HIERARCHICAL,
    NARROW,
    RELATED,
    Relation,
)
from competency_graph.rdf.vocabulary import PREFIXES

MATCHES: Final = frozenset((EXACT, CLOSE, BROAD, NARROW, RELATED))
"""The mapping properties of SKOS (SKOS Reference, section 10)."""
_TARGET: Final = str(OWL.annotatedTarget)
_CATEGORY: Final = PREFIXES["sssom"] + "object_category"
_LABEL: Final = PREFIXES["sssom"] + "object_label"
_PREF_LABEL: Final = str(SKOS.prefLabel)


@dataclass(frozen=True)
class ConceptFacts:
    """What is known of the concepts of frameworks.

    Args:
        relations: their hierarchical statements.
        labels: their labels, by IRI.
        kinds: their kinds, by IRI.
    """

    relations: tuple[Relation, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)


class MatchStatements:
    """The links and hierarchies in some statements, with labels and kinds of what they relate.

    Args:
        facts: what is known of the concepts of frameworks otherwise.
    """

    def __init__(self, facts: ConceptFacts | None = None) -> None:
        self._facts = facts or ConceptFacts()
        self.links: dict[Relation, None] = {}
        """The statements with a mapping property."""
        self.hierarchy: dict[Relation, None] = dict.fromkeys(self._facts.relations)
        """The other hierarchical statements."""
        self._targets: dict[str, str] = {}
        self._texts: dict[str, dict[str, str]] = {_CATEGORY: {}, _LABEL: {}, _PREF_LABEL: {}}

    def link(self, subject: str, predicate: str, value: str) -> None:
        """Add a statement whose object is an IRI."""
        if predicate in MATCHES:
            self.links[Relation(subject, predicate, value)] = None
        elif predicate in HIERARCHICAL:
            self.hierarchy[Relation(subject, predicate, value)] = None
        elif predicate == _TARGET:
            self._targets[subject] = value

    def literal(self, subject: str, predicate: str, value: str) -> None:
        """Add a statement whose object is a literal."""
        if predicate in self._texts:
            self._texts[predicate].setdefault(subject, value)

    def kind(self, concept: str) -> str:
        """The kind of a concept, which its framework, its mappings or its IRI give.

        It is "" if unknown: also if its mappings and its IRI disagree (rules CG525 and CG528).
        """
        if concept in self._facts.kinds:
            return self._facts.kinds[concept]
        by_iri = {kind.name for kind in frameworks.kinds_of(concept)}
        kinds = self._of_targets(_CATEGORY).get(concept, by_iri)
        if by_iri and not kinds <= by_iri:
            return ""
        return next(iter(kinds)) if len(kinds) == 1 else ""

    def name(self, thing: str) -> str:
        """The label of an entry or concept in quotes, or its IRI if no label is known."""
        labels = sorted(self._of_targets(_LABEL).get(thing, ()))
        label = (
            self._texts[_PREF_LABEL].get(thing)
            or self._facts.labels.get(thing)
            or next(iter(labels), "")
        )
        return f"“{label}”" if label else thing

    def _of_targets(self, property: str) -> dict[str, set[str]]:
        """What mappings say of their targets."""
        if property not in self._by_target:
            found = self._by_target[property] = {}
            for node, text in self._texts[property].items():
                if node in self._targets:
                    found.setdefault(self._targets[node], set()).add(text)
        return self._by_target[property]

    @cached_property
    def _by_target(self) -> dict[str, dict[str, set[str]]]:
        return {}

    def relations(self) -> Iterator[Relation]:
        """Yield all links and hierarchical statements."""
        yield from self.links
        yield from self.hierarchy

    def update(self, others: MatchStatements) -> None:
        """Add other statements."""
        self.links |= others.links
        self.hierarchy |= others.hierarchy
        self._targets |= others._targets
        for property, texts in others._texts.items():
            self._texts[property] = texts | self._texts[property]
