"""What terms are called in explanations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from competency_graph.dictionary.explanations.explanation import Triple
from competency_graph.dictionary.explanations.statements import Statements
from competency_graph.rdf.short_names import Term, local_name, shorten
from competency_graph.rdf.tables import in_words

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
}
_PREPOSITIONS: Final = frozenset(("at", "for", "from", "in", "of", "on", "to", "with"))


class Labels:
    """The labels of terms, in English if there are any.

    Args:
        statements: statements with the labels.
        read: statements that were read already, among which labels are looked for first.
    """

    def __init__(self, statements: Statements, read: Iterable[Triple] = ()) -> None:
        self._statements = statements
        self._known: dict[Term, str] = {}
        for term, property_, value in read:
            if property_ == _RDFS_LABEL and isinstance(value, ox.Literal):
                if value.language == "en":
                    self._known[term] = value.value
                else:
                    self._known.setdefault(term, value.value)

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
                (value.language != "en", value.value)
                for _, _, value in self._statements.match(term, property_, None)
                if isinstance(value, ox.Literal)
            ]
            if found:
                return min(found)[1]
        return ""


def _fallback(term: Term) -> str:
    if isinstance(term, ox.BlankNode):
        return "unnamed class"
    if isinstance(term, ox.NamedNode) and shorten(term).count(":") == 1:
        return in_words(local_name(term.value)) or shorten(term)
    return shorten(term)


def verb(property_: Term, name: Naming) -> str:
    """A property as the verb of a sentence: “covers area”, “is output of”, “has example title”."""
    if isinstance(property_, ox.NamedNode) and property_.value in _VERBS:
        return _VERBS[property_.value]
    label = name(property_)
    label = label[:1].lower() + label[1:] if label[1:2].islower() else label
    first, *others = label.split() or [""]
    last = others[-1] if others else first
    if first == "in" or "by" in others or (last in _PREPOSITIONS and not first.endswith("s")):
        return f"is {label}"
    if first.endswith("s") and not first.endswith("ss"):
        return label
    return f"has {label}"
