"""What sheets are compared with: the present dictionary, and what the author asks for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox
from rdflib.namespace import RDF

from competency_graph.dictionary.sheets.contents import Contents
from competency_graph.dictionary.sheets.plan import Plan
from competency_graph.importing.spreadsheet.new_entries import NewEntries

_TYPE = str(RDF.type)


@dataclass(frozen=True)
class State:
    """The present dictionary, and what the author asks for.

    Args:
        contents: its statements and those of its base.
        plan: its sheets.
        own: the statements of its own files.
        namespace: the namespace of new entries; "" for the one that its entries have.
        deleting: whether entries whose row was removed are deleted, instead of deprecated.
        overwriting: whether a row wins over a change of the dictionary since the export.
        is_new: whether the dictionary is yet to be written.
    """

    contents: Contents
    plan: Plan
    own: frozenset[ox.Triple]
    namespace: str = ""
    deleting: bool = False
    overwriting: bool = False
    is_new: bool = False

    @cached_property
    def own_entries(self) -> frozenset[str]:
        """The IRIs that the dictionary's own files give a class."""
        return frozenset(
            triple.subject.value
            for triple in self.own
            if triple.predicate.value == _TYPE and isinstance(triple.subject, ox.NamedNode)
        )

    @cached_property
    def new(self) -> NewEntries:
        """Gives IRIs and codes to new entries."""
        return NewEntries(self.contents, self.own_entries, self.namespace)

    def title(self, kind: str) -> str:
        """The title of the sheet of a kind, which is its name."""
        return self.plan.by_kind[kind].title

    def name(self, iri: str) -> str:
        """The name of an entry; "" for a new one."""
        return self.contents.names.get(iri, "")
