"""A mapping and a set of mappings, as a file states them: all values are unparsed strings."""

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
"""The file ending of mapping files."""
NO_TERM: Final = "sssom:NoTermFound"
"""The object of a mapping that states that no match exists (SSSOM, since 1.0)."""
PREDICATES: Final = tuple(
    f"skos:{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")
)
"""The predicates of mappings (SKOS, section 10); ``broadMatch`` means the object is broader."""
BUILT_IN: Final = {
    name: PREFIXES[name] for name in ("owl", "rdf", "rdfs", "semapv", "skos", "sssom", "xsd")
} | {"linkml": "https://w3id.org/linkml/"}
"""The prefixes that every file may use without declaring them."""
Span: TypeAlias = tuple[int, int]
"""Start and end of a passage in a text: offsets in characters, counted from 0."""
_PIPE = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Mapping:
    """One row: how an entry relates to a concept of another framework, who says so, and why.

    Each field not listed below is the column of the same name.

    Args:
        others: the columns without a field, by name.
        line: its line in the file, counted from 1; 0 if it comes from no file.
        spans: the positions of its cells in the text of the file, by column.
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
        """The non-empty columns with their values, fields first."""
        own = {name: getattr(self, name) for name in COLUMNS}
        return {name: value for name, value in (own | dict(self.others)).items() if value}

    @property
    def negated(self) -> bool:
        """Whether it states that the relation does not hold."""
        return self.others.get("predicate_modifier") == "Not"

    @classmethod
    def from_cells(
        cls, cells: Map[str, str], line: int = 0, spans: Map[str, Span] | None = None
    ) -> Mapping:
        """Create a mapping from cells by column."""
        own = {name: cells[name] for name in COLUMNS if name in cells}
        others = {name: value for name, value in cells.items() if name not in own and value}
        return cls(**own, others=others, line=line, spans=spans or {})


COLUMNS: Final = tuple(f.name for f in fields(Mapping) if f.name not in ("others", "line", "spans"))
"""The columns of a new file, in order."""


@dataclass(frozen=True)
class MappingSet:
    """The content of a file.

    Args:
        metadata: its head: strings or lists of strings, by key; ``curie_map`` maps strings.
        mappings: its rows, in order.
        columns: its columns, in order.
        head: the text of its head, written back as it is unless the metadata changes.
        spans: the positions of the head's keys in the text.
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
        """The values of a key of the head; none if the key is missing."""
        value = self.metadata.get(key)
        if value is None:
            return []
        return [str(each) for each in value] if isinstance(value, list) else [str(value)]

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The prefixes of its CURIEs, with their namespaces."""
        own = self.metadata.get("curie_map")
        return BUILT_IN | (dict(own) if isinstance(own, dict) else {})

    def expand(self, curie: str) -> str:
        """Expand a CURIE to an IRI; "" if its prefix is not declared."""
        prefix, _, local = curie.partition(":")
        return self.prefixes[prefix] + local if prefix in self.prefixes else ""

    def curie(self, iri: str) -> str:
        """Shorten an IRI to a CURIE, using the longest matching prefix; "" if none matches."""
        fitting = [(len(space), name) for name, space in self.prefixes.items()
                   if space and iri.startswith(space) and iri != space]  # fmt: skip
        return f"{max(fitting)[1]}:{iri[max(fitting)[0] :]}" if fitting else ""

    def with_mappings(self, mappings: Iterable[Mapping]) -> MappingSet:
        """Copy the set with other mappings; columns that are new come last."""
        rows = tuple(mappings)
        brought = dict.fromkeys(name for row in rows for name in row.cells)
        return replace(self, mappings=rows, columns=tuple(dict.fromkeys([*self.columns, *brought])))


def values(text: str, many: bool) -> list[str]:
    """Split a cell into its values, which ``|`` separates if the slot can have ``many``."""
    if not many:
        return [text] if text else []
    return [part.strip().replace(r"\|", "|") for part in _PIPE.split(text) if part.strip()]
