"""The statements of a dictionary, indexed for the cells of sheets, and the names of its entries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, RDF, SKOS

from competency_graph.rdf.vocabulary import CG, KINDS

Object = ox.NamedNode | ox.BlankNode | ox.Literal
DICTIONARY: Final = "dictionary"
"""The kind of the dictionary itself, next to those of `vocabulary.KINDS`."""
_KIND_OF_CLASS: Final = {
    str(CG.CompetencyDictionary): DICTIONARY,
    **{str(cls): kind for kind, cls in KINDS.items()},
}
_LABEL, _CODE, _TYPE = str(SKOS.prefLabel), str(SKOS.notation), str(RDF.type)


def key(text: str) -> str:
    """The form in which texts of cells are compared: programs change blanks and line endings."""
    if "\n" not in text and "\r" not in text:
        return text.strip()
    return "\n".join(line.strip() for line in text.replace("\r", "\n").split("\n") if line.strip())


def dictionary_of(own: Iterable[ox.Triple], said: Iterable[ox.Triple]) -> str:
    """The IRI of the dictionary of entries: the own one, else that of the base, else ""."""
    for triples in (own, said):
        found = (
            triple.subject.value
            for triple in triples
            if triple.predicate.value == _TYPE
            and isinstance(triple.object, ox.NamedNode)
            and isinstance(triple.subject, ox.NamedNode)
            and _KIND_OF_CLASS.get(triple.object.value) == DICTIONARY
        )
        if iri := min(found, default=""):
            return iri
    return ""


class Contents:
    """The statements of a dictionary.

    Args:
        triples: all its statements, of its own files and of its base.
        dictionary: the IRI of the dictionary.
    """

    def __init__(self, triples: Iterable[ox.Triple], dictionary: str = "") -> None:
        self.dictionary = dictionary
        self._values: dict[str, dict[str, list[Object]]] = {}
        self._subjects: dict[str, dict[str, list[str]]] = defaultdict(dict)
        for triple in dict.fromkeys(triples):  # a base may repeat what an own file says
            subject, value = triple.subject, triple.object
            if not isinstance(subject, ox.NamedNode) or isinstance(value, ox.Triple):
                continue
            iri, predicate = subject.value, triple.predicate.value
            self._values.setdefault(iri, {}).setdefault(predicate, []).append(value)
            if isinstance(value, ox.NamedNode) and predicate != _TYPE:
                self._subjects[predicate].setdefault(value.value, []).append(iri)

    def values(self, subject: str, predicate: str) -> Sequence[Object]:
        """The values of a property of an entry."""
        return self._values.get(subject, {}).get(predicate, ())

    def subjects(self, predicate: str, value: str) -> Sequence[str]:
        """The IRIs that have an IRI as value of a property."""
        return self._subjects[predicate].get(value, ()) if predicate in self._subjects else ()

    def uses(self, predicate: str) -> int:
        """How many statements link two IRIs with a property."""
        return sum(map(len, self._subjects.get(predicate, {}).values()))

    def described(self, iri: str) -> bool:
        """Whether there is a statement about it."""
        return iri in self._values

    def statements(self, iri: str) -> Iterator[tuple[str, Object]]:
        """The statements about an entry: property and value."""
        for predicate, values in self._values.get(iri, {}).items():
            yield from ((predicate, value) for value in values)

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """The entries and the dictionaries, each with its kind."""
        found = {}
        for iri, said in self._values.items():
            for value in said.get(_TYPE, ()):
                if isinstance(value, ox.NamedNode) and value.value in _KIND_OF_CLASS:
                    found[iri] = _KIND_OF_CLASS[value.value]
                    break
        return found

    @cached_property
    def language(self) -> str:
        """The language of the names of entries: the dictionary's, else that of most labels."""
        counted = Counter(
            value.language or ""
            for iri in self.kinds
            for value in self.values(iri, _LABEL)
            if isinstance(value, ox.Literal)
        )
        for value in self.values(self.dictionary, str(DCTERMS.language)):
            if isinstance(value, ox.Literal) and (not counted or value.value.lower() in counted):
                return value.value.lower()
        most = sorted(counted, key=lambda tag: (-counted[tag], tag[:2] != "en", tag))
        return most[0] if most else "en"

    def languages(self, predicate: str) -> list[str]:
        """The languages in which entries have a property, the main one first; "" for none."""
        found = {
            (value.language or "").lower()
            for iri in self.kinds
            for value in self.values(iri, predicate)
            if isinstance(value, ox.Literal)
        }
        return sorted(found, key=lambda tag: (tag != self.language, tag))

    def text(self, iri: str, predicate: str) -> str:
        """A text of something, in English if there is one, else in the first language, or ""."""
        found = {
            (value.language or "")[:2] != "en": value.value
            for value in sorted(self.values(iri, str(predicate)), key=str, reverse=True)
            if isinstance(value, ox.Literal)
        }
        return found.get(False) or found.get(True, "")

    def code(self, iri: str) -> str:
        """The code of an entry, or ""."""
        return min(
            (v.value for v in self.values(iri, _CODE) if isinstance(v, ox.Literal)), default=""
        )

    def label(self, iri: str) -> str:
        """The label of an entry in the main language, on one line, or ""."""
        labels = [
            key(value.value).replace("\n", " ")
            for value in self.values(iri, _LABEL)
            if isinstance(value, ox.Literal)
            and (value.language or "").lower() == self.language
        ]  # fmt: skip
        return min(labels, default="")

    @cached_property
    def names(self) -> Mapping[str, str]:
        """How cells name entries: by label if no other of the kind has it, else by code or IRI."""
        found = {}
        for iri, kind in self.kinds.items():
            names = (self.label(iri), key(self.code(iri)).replace("\n", " "), iri)
            unique = (n for n in names if n and len(self.by_name[kind, n.casefold()]) == 1)
            found[iri] = next(unique, iri)
        return found

    @cached_property
    def by_name(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """Kind and label, code or IRI, in lower case, to the entries that they name."""
        found: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        for iri, kind in self.kinds.items():
            for name in (self.label(iri), key(self.code(iri)).replace("\n", " "), iri):
                if name:
                    found[kind, name.casefold()][iri] = None
        return {name: tuple(iris) for name, iris in found.items()}
