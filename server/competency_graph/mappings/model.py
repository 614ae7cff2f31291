"""A mapping, and a set of them, as a file has them: all values are texts, as they are spelled."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Final, TypeAlias

from competency_graph.rdf.input_files import LINKS
from competency_graph.rdf.vocabulary import PREFIXES

ENDING: Final = LINKS
"""How the name of a file of mappings ends."""
NO_TERM: Final = "sssom:NoTermFound"
"""The object of a mapping that says that there is nothing to map to (SSSOM, since 1.0)."""
PREDICATES: Final = tuple(
    f"skos:{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")
)
"""The predicates of mappings (SKOS, section 10): with ``broadMatch`` the object is broader."""
BUILT_IN: Final = {
    name: PREFIXES[name] for name in ("owl", "rdf", "rdfs", "semapv", "skos", "sssom", "xsd")
} | {"linkml": "https://w3id.org/linkml/"}
"""The prefixes that every file has without declaring them."""
Span: TypeAlias = tuple[int, int]
"""Where something begins and ends in a text: offsets in characters, counted from 0."""
_PIPE = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Mapping:
    """One row: how an entry relates to a thing of another framework, and who says so why.

    Each field that is no ``Args`` here is the column of its name.

    Args:
        others: the columns that are no field, by name.
        line: the line of its file at which it begins, counted from 1; 0 where it is of none.
        spans: where its cells are in the text of its file, by column.
    """

    subject_id: str = ""
    subject_label: str = ""
    subject_category: str = ""
    predicate_id: str = ""
    object_id: str = ""
    object_label: str = ""
    object_category: str = ""
    mapping_justification: str = ""
    mapping_tool: str = ""
    reviewer_label: str = ""
    reviewer_agreement: str = ""
    confidence: str = ""
    mapping_date: str = ""
    comment: str = ""
    others: Map[str, str] = field(default_factory=dict)
    line: int = field(default=0, compare=False)
    spans: Map[str, Span] = field(default_factory=dict, compare=False, repr=False)

    @property
    def cells(self) -> dict[str, str]:
        """The columns that say something, with their values, fields first."""
        own = {name: getattr(self, name) for name in COLUMNS}
        return {name: value for name, value in (own | dict(self.others)).items() if value}

    @property
    def negated(self) -> bool:
        """Whether it says that the relation does not hold."""
        return self.others.get("predicate_modifier") == "Not"

    @classmethod
    def of(
        cls, cells: Map[str, str], line: int = 0, spans: Map[str, Span] | None = None
    ) -> Mapping:
        """The mapping with these cells, by column."""
        own = {name: cells[name] for name in COLUMNS if name in cells}
        others = {name: value for name, value in cells.items() if name not in own and value}
        return cls(**own, others=others, line=line, spans=spans or {})


COLUMNS: Final = tuple(f.name for f in fields(Mapping) if f.name not in ("others", "line", "spans"))
"""The columns that a new file has, in their order."""


@dataclass(frozen=True)
class MappingSet:
    """All that a file says.

    Args:
        metadata: its head: texts, or lists of them, by key; ``curie_map`` is a map of texts.
        mappings: its rows, in their order.
        columns: its columns, in their order.
        head: the text of its head, which is kept as long as it says the same.
        spans: where the lines of its head's keys are in its text.
    """

    metadata: Map[str, object]
    mappings: tuple[Mapping, ...] = ()
    columns: tuple[str, ...] = COLUMNS
    head: str = field(default="", compare=False, repr=False)
    spans: Map[str, Span] = field(default_factory=dict, compare=False, repr=False)

    @property
    def iri(self) -> str:
        """Its IRI."""
        return self.texts("mapping_set_id")[0]

    def texts(self, key: str) -> list[str]:
        """The values of a key of its head; none where it has no such key."""
        value = self.metadata.get(key)
        if value is None:
            return []
        return [str(each) for each in value] if isinstance(value, list) else [str(value)]

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The prefixes of its CURIEs."""
        own = self.metadata.get("curie_map")
        return BUILT_IN | (dict(own) if isinstance(own, dict) else {})

    def expand(self, curie: str) -> str:
        """The IRI that a CURIE means; "" where its prefix is not declared."""
        prefix, _, local = curie.partition(":")
        return self.prefixes[prefix] + local if prefix in self.prefixes else ""

    def curie(self, iri: str) -> str:
        """The CURIE of an IRI, with the longest prefix that fits; "" where none does."""
        fitting = [(len(space), name) for name, space in self.prefixes.items()
                   if space and iri.startswith(space) and iri != space]  # fmt: skip
        return f"{max(fitting)[1]}:{iri[max(fitting)[0] :]}" if fitting else ""

    def having(self, mappings: Iterable[Mapping]) -> MappingSet:
        """The same set with other mappings; columns that they bring are its last."""
        rows = tuple(mappings)
        brought = dict.fromkeys(name for row in rows for name in row.cells)
        return replace(self, mappings=rows, columns=tuple(dict.fromkeys([*self.columns, *brought])))


def values(text: str, many: bool) -> list[str]:
    """The values in a cell, of which there can be ``many``, with ``|`` between them."""
    if not many:
        return [text] if text else []
    return [part.strip().replace(r"\|", "|") for part in _PIPE.split(text) if part.strip()]
