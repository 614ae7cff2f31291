"""What terms are called in explanations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from competency_graph.dictionary.explanations.explanation import Triple
from competency_graph.dictionary.explanations.statements import Statements
from competency_graph.rdf.short_names import TaggedText, Term, local_name, shorten, text_of
from competency_graph.rdf.tables import in_words
from competency_graph.rdf.vocabulary import CG

Naming = Callable[[Term], str]
_LABEL_PROPERTIES: Final = tuple(
    ox.NamedNode(term) for term in (SKOS.prefLabel, RDFS.label, DCTERMS.title)
)
_RDFS_LABEL: Final = ox.NamedNode(RDFS.label)
_VERBS: Final = {
    str(RDF.type): "is a",
    str(RDFS.subClassOf): "is a subclass of",
    str(RDFS.subPropertyOf): "is a subproperty of",
    str(RDFS.domain): "has the domain",
    str(RDFS.range): "has the range",
    str(OWL.sameAs): "is the same as",
    str(OWL.equivalentClass): "is the same class as",
    str(OWL.equivalentProperty): "is the same property as",
    str(SKOS.broader): "has the broader concept",
    str(SKOS.narrower): "has the narrower concept",
    str(SKOS.inScheme): "is in the dictionary",
    str(CG.titleOfRole): "is a title of the role",
}
_PREPOSITIONS: Final = frozenset(("at", "for", "from", "in", "of", "on", "to", "with"))


class Labels:
    """The labels of terms, in one language if they have it, else in English if they can.

    Args:
        statements: statements with the labels.
        read: statements that were read already, among which labels are looked for first.
        language: the language.
    """

    def __init__(
        self, statements: Statements, read: Iterable[Triple] = (), language: str = "en"
    ) -> None:
        self._statements, self._language = statements, language
        self._known: dict[Term, str] = {}
        found: dict[Term, list[ox.Literal]] = {}
        for term, property_, value in read:
            if property_ == _RDFS_LABEL and isinstance(value, ox.Literal):
                found.setdefault(term, []).append(value)
        for term, labels in found.items():
            self._known[term] = text_of(min(labels, key=self._preference))

    def __call__(self, term: Term) -> str:
        """The label of a term, else its short form."""
        if term not in self._known:
            self._known[term] = self._find(term) or _fallback(term)
        return self._known[term]

    def _find(self, term: Term) -> str:
        if not isinstance(term, ox.NamedNode):
            return ""
        for property_ in _LABEL_PROPERTIES:
            found = [
                value
                for _, _, value in self._statements.match(term, property_, None)
                if isinstance(value, ox.Literal)
            ]
            if found:
                return text_of(min(found, key=self._preference))
        return ""

    def _preference(self, label: ox.Literal) -> tuple[bool, bool, str]:
        language = (label.language or "").partition("-")[0]
        return language != self._language, language != "en", label.value


def _fallback(term: Term) -> str:
    if isinstance(term, ox.BlankNode):
        return "unnamed class"
    if isinstance(term, ox.NamedNode) and shorten(term).count(":") == 1:
        return in_words(local_name(term.value)) or shorten(term)
    return shorten(term)


def verb(property_: Term, name: Naming) -> str:
    """A property as the verb of a sentence: “covers area”, “is output of”, “has example title”.

    A label in another language than English is left as it is.
    """
    if isinstance(property_, ox.NamedNode) and property_.value in _VERBS:
        return _VERBS[property_.value]
    label = name(property_)
    if isinstance(label, TaggedText) and label.language.partition("-")[0] not in ("", "en"):
        return label
    label = label[:1].lower() + label[1:] if label[1:2].islower() else label
    first, *others = label.split() or [""]
    last = others[-1] if others else first
    if first == "in" or "by" in others or (last in _PREPOSITIONS and not first.endswith("s")):
        return f"is {label}"
    if first.endswith("s") and not first.endswith("ss"):
        return label
    return f"has {label}"
