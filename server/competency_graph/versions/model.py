"""Changes between two versions, by entry and kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from competency_graph.rdf.short_names import Term
from competency_graph.versions.blank_nodes import Difference
from competency_graph.versions.sources import Version

if TYPE_CHECKING:
    from competency_graph.versions.descriptions import Descriptions

ADDED, GONE, RENAMED, REWORDED = "added", "gone", "renamed", "reworded"
TRANSLATED, RECODED, RECLASSED, MOVED = "translated", "recoded", "reclassed", "moved"
RELINKED, DEPRECATED, REINSTATED = "relinked", "deprecated", "reinstated"
REFERENCES, RESTATED, OTHER = "references", "restated", "other"
KINDS: Final = {
    ADDED: "Added",
    GONE: "Gone",
    DEPRECATED: "Deprecated",
    REINSTATED: "No longer deprecated",
    RECLASSED: "Of another class",
    RECODED: "With another code",
    RENAMED: "Renamed",
    REWORDED: "Reworded",
    TRANSLATED: "Translated",
    MOVED: "Moved",
    RELINKED: "Mapped differently",
    REFERENCES: "With other references",
    RESTATED: "Stated in the other direction",
    OTHER: "With other values",
}
"""The kinds of changes in the order of reports, each with its heading."""


@dataclass(frozen=True)
class Entry:
    """What readers know an entry by.

    Args:
        iri: its IRI; a blank node's label with ``_:`` if no term with an IRI leads to it.
        label: its label, or "".
        class_: the IRI of its class, or "".
        code: its notation, or "".
    """

    iri: str
    label: str = ""
    class_: str = ""
    code: str = ""


@dataclass(frozen=True)
class Detail:
    """What changed in one respect.

    Args:
        what: the property by its IRI, or the name of a relation such as ``cluster``.
        removed: the values that only the old version has.
        added: the values that only the new version has.
        about: what has these values, if not the entry itself: such as one of its mappings.
    """

    what: str
    removed: tuple[Term, ...] = ()
    added: tuple[Term, ...] = ()
    about: str = ""


@dataclass(frozen=True)
class Change:
    """A change of an entry.

    Args:
        kind: one of `KINDS`.
        entry: the entry, as the new version describes it, or the old one if it is gone.
        details: what changed; none if the entry was added or is gone.
        removed: the statements that it removes.
        added: the statements that it adds.
    """

    kind: str
    entry: Entry
    details: tuple[Detail, ...] = ()
    removed: tuple[ox.Quad, ...] = ()
    added: tuple[ox.Quad, ...] = ()


@dataclass(frozen=True, eq=False)
class Changes:
    """All changes from one version to another; false if there are none.

    Args:
        old: the old version.
        new: the new version.
        changes: the changes, by kind, class, code and label. Each statement of the difference
            belongs to one of them.
        difference: the difference in statements.
        descriptions: what the versions say about the terms that the changes mention.
    """

    old: Version
    new: Version
    changes: tuple[Change, ...]
    difference: Difference
    descriptions: Descriptions

    def __bool__(self) -> bool:
        return bool(self.changes)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """The number of changes of each kind, in the order of `KINDS`; only of existing ones."""
        found = Counter(change.kind for change in self.changes)
        return {kind: found[kind] for kind in KINDS if found[kind]}

    def of(self, kind: str) -> list[Change]:
        """The changes of a kind."""
        return [change for change in self.changes if change.kind == kind]
