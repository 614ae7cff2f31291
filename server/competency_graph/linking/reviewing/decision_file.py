"""The file of a reviewer's decisions: read once, and written after each decision.

Before each writing, the file is compared with what was read or written last, so that nobody's
decisions are overwritten.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Final

from competency_graph.errors import ChangedError
from competency_graph.linking.reviewing.records import TOOL_SLOTS, asserted
from competency_graph.mappings import Mapping, MappingSet, parse, text
from competency_graph.mappings.model import values
from competency_graph.rdf import atomic_write
from competency_graph.rdf.parsing import read_bytes

_DROPPED: Final = frozenset((*TOOL_SLOTS, "mapping_tool", "mapping_date", "author_id",
                             "author_label", "predicate_modifier"))  # fmt: skip
REVIEWED: Final = "Links that a person has reviewed"
"""The title of decisions on candidates."""
_REMEDY: Final = "Free some disk space or give another file with --output, then decide again"
_ENTITY_SLOTS: Final = ("object_source", "author_id", "reviewer_id")
_Key = tuple[str, str]


class DecisionFile:
    """The decisions in a file.

    Args:
        path: the file, which need not exist yet.
        about: the candidates and links that the decisions are about.

    Raises:
        UnreadableInputError: the file cannot be read or is not SSSOM.
    """

    def __init__(self, path: Path, about: MappingSet) -> None:
        self._path, self._about = path, about
        self._seen = b""
        self._load()

    def _load(self) -> None:
        exists = self._path.exists()
        seen = read_bytes(self._path) if exists else b""
        found = parse(seen, str(self._path)) if exists else _new_head(self._about)
        self._seen = seen
        self.content = with_prefixes(found, self._about.prefixes)
        """The set of mappings in the file."""
        self.decided = {key(self.content, each): each for each in self.content.mappings}
        """The mappings by the IRIs of entry and concept."""

    def check_writable(self) -> None:
        """Check that decisions can be saved.

        Raises:
            UnavailableError: they cannot.
        """
        atomic_write.check_writable(self._path, "file of decisions", "Name another with --output")

    def declare(self, prefixes: dict[str, str]) -> None:
        """Declare prefixes for what will be written."""
        self.content = with_prefixes(self.content, prefixes)

    def write(self, decided: dict[_Key, Mapping], prefixes: dict[str, str]) -> None:
        """Replace the decisions in the file.

        Args:
            decided: all decisions, by the IRIs of entry and concept.
            prefixes: the prefixes that new decisions need.

        Raises:
            UnavailableError: saving failed; the file is unchanged.
            ChangedError: another program has changed the file; its content is read again.
            UnreadableInputError: it has, and the file is not SSSOM any more.
        """
        with _locked(self._path.parent):
            # A file that was removed meanwhile is written again, with all decisions.
            if self._path.exists() and read_bytes(self._path) != self._seen:
                self._load()
                raise ChangedError(
                    "another review or an editor has changed the file of decisions meanwhile",
                    "Nothing of it is lost, and your last decision is not saved: decide again",
                    str(self._path),
                )
            changed = with_prefixes(self.content, prefixes).with_mappings(decided.values())
            written = text(changed).encode()
            atomic_write.replace(self._path, written, "decision", _REMEDY)
        self._seen, self.content, self.decided = written, changed, decided


def key(mappings: MappingSet, mapping: Mapping) -> _Key:
    """The IRIs of a mapping's entry and concept."""
    return (
        mappings.expand(mapping.subject_id) or mapping.subject_id,
        mappings.expand(mapping.object_id) or mapping.object_id,
    )


def with_prefixes(mappings: MappingSet, prefixes: dict[str, str]) -> MappingSet:
    """Add prefixes for namespaces to a set, under other names if theirs are in use."""
    own = mappings.metadata.get("curie_map")
    known = dict(own) if isinstance(own, dict) else {}
    before = len(known)
    for prefix, space in prefixes.items():
        if space in mappings.prefixes.values():
            continue
        name, number = prefix, 1
        while name in known:
            number += 1
            name = f"{prefix}{number}"
        known[name] = space
    if len(known) == before:
        return mappings
    return replace(mappings, metadata={**mappings.metadata, "curie_map": known})


def renamed(mappings: MappingSet, to: MappingSet) -> MappingSet:
    """The mappings of a set with the prefixes of another, which has all their namespaces."""

    def curie(name: str) -> str:
        return to.curie(mappings.expand(name)) or name

    rows = []
    for row in mappings.mappings:
        named = {
            slot: "|".join(map(curie, values(row.others[slot], many=True)))
            for slot in _ENTITY_SLOTS
            if slot in row.others
        }
        rows.append(
            replace(
                row,
                subject_id=curie(row.subject_id),
                object_id=curie(row.object_id),
                others={**row.others, **named},
            )
        )
    metadata = {**mappings.metadata, "curie_map": to.metadata.get("curie_map", {})}
    return replace(mappings.with_mappings(rows), metadata=metadata)


def _new_head(about: MappingSet) -> MappingSet:
    """The metadata of a new file of decisions."""
    links = any(asserted(each, about) for each in about.mappings)
    dropped = _DROPPED if links else {*_DROPPED, "comment"}  # that of candidates is about them
    metadata = {name: value for name, value in about.metadata.items() if name not in dropped}
    metadata["mapping_set_title"] = REVIEWED
    if links and about.texts("mapping_set_title"):
        metadata["mapping_set_title"] = f"{about.texts('mapping_set_title')[0]}, reviewed"
    metadata["mapping_set_id"] = f"{about.iri}/reviewed"
    if about.iri.startswith("urn:"):
        metadata["mapping_set_id"] = f"{about.iri}:reviewed"
    return MappingSet(metadata)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let only one review at a time compare and write files of a folder."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        yield  # writing will report what is wrong with the folder
        return
    try:
        with suppress(OSError):  # some network file systems have no locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
