"""The names that Python code uses for the classes and properties of a dictionary.

They are the local names of the ontology's terms, and of those that an extension adds, in the style
of Python: ``cg:coversArea`` is ``covers_area``, ``cg:AreaOfExpertise`` is ``area_of_expertise``.
The kinds of entries have their usual names as well: ``area``.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from competency_graph.errors import UnknownNameError
from competency_graph.rdf.short_names import local_name
from competency_graph.rdf.vocabulary import CG, KINDS, PREFIXES
from competency_graph.sparql.answering import rows_of

TYPE: Final = ox.NamedNode(PREFIXES["rdf"] + "type")
_PREFIX_LINES: Final = "".join(
    f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("owl", "rdf", "rdfs")
)
_PROPERTIES_QUERY: Final = f"""{_PREFIX_LINES}
SELECT DISTINCT ?term WHERE {{
  {{ ?any ?term ?value }}
  UNION
  {{ VALUES ?type {{ owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty rdf:Property }}
     ?term a ?type }}
}}"""
_CLASSES_QUERY: Final = f"""{_PREFIX_LINES}
SELECT DISTINCT ?term WHERE {{ VALUES ?type {{ owl:Class rdfs:Class }} ?term a ?type }}"""


class UnknownAttributeError(UnknownNameError, AttributeError):
    """An entry, or a selection of entries, has no such attribute."""


class Names(Mapping[str, ox.NamedNode]):
    """Terms by their names in Python. Of terms with the same name, the ontology's own is meant.

    Args:
        terms: the IRIs.
        more: further terms, by name.
    """

    def __init__(self, terms: Iterable[str], more: Mapping[str, str]) -> None:
        ranked = sorted(terms, key=lambda iri: (not iri.startswith(CG), iri), reverse=True)
        iris = {in_python(local_name(iri)): iri for iri in ranked} | dict(more)
        self._terms = {name: ox.NamedNode(iri) for name, iri in iris.items() if name.isidentifier()}
        self._iris = frozenset(ranked)

    def __getitem__(self, name: str) -> ox.NamedNode:
        return self._terms[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    def find(self, name: str, what: str) -> ox.NamedNode:
        """The term with a name, or with an IRI.

        Raises:
            UnknownAttributeError: there is none; the remedy suggests the nearest names.
        """
        if name in self:
            return self[name]
        if name in self._iris:
            return ox.NamedNode(name)
        near = difflib.get_close_matches(name, self, n=3)
        raise UnknownAttributeError(
            f"there is no {what} “{name}”",
            f"Use {' or '.join(near)}, if you mean that" if near else "List them with dir()",
        )


def in_python(name: str) -> str:
    """A name in the style of Python: ``coversArea`` becomes ``covers_area``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|-", "_", name).lower()


class Terms:
    """The classes and properties of a dictionary.

    Args:
        store: its statements.
    """

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    @cached_property
    def properties(self) -> Names:
        """The properties that the ontology defines or the dictionary uses."""
        return Names(self._iris(_PROPERTIES_QUERY), {})

    @cached_property
    def classes(self) -> Names:
        """The classes of the ontology and the dictionary."""
        return Names(self._iris(_CLASSES_QUERY), {kind: str(iri) for kind, iri in KINDS.items()})

    def is_a(self, subject: ox.NamedNode, class_: ox.NamedNode | None) -> bool:
        """Whether something is of a class, stated or inferred; None for any class."""
        return any(True for _ in self._store.quads_for_pattern(subject, TYPE, class_, None))

    def members(self, class_: ox.NamedNode) -> list[str]:
        """The IRIs of what is of a class, stated or inferred."""
        quads = self._store.quads_for_pattern(None, TYPE, class_, None)
        return [quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)]

    def _iris(self, query: str) -> list[str]:
        found = rows_of(self._store)(query, {})
        return [term.value for term, *_ in found if isinstance(term, ox.NamedNode)]
