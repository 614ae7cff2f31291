"""Divides changes among the files of a dictionary: into each only what belongs there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import RDF

from competency_graph.importing.spreadsheet.changes import Changes
from competency_graph.rdf.editable_files import EditableFile
from competency_graph.rdf.vocabulary import KINDS

_TYPE: Final = str(RDF.type)
_KIND_OF_CLASS: Final = {str(cls): kind for kind, cls in KINDS.items()}


def _prefixes(triples: Iterable[ox.Triple]) -> dict[str, str]:
    """The prefixes of the folders that the entries of each kind are in."""
    found: dict[str, str] = {}
    for triple in triples:
        if triple.predicate.value == _TYPE and isinstance(triple.object, ox.NamedNode):
            kind = _KIND_OF_CLASS.get(triple.object.value, "")
            namespace = str(triple.subject).strip("<>").rpartition("/")[0] + "/"
            if kind and namespace.endswith(f"/{kind}/"):
                found.setdefault(kind, namespace)
    return found


class Files:
    """The files of a dictionary, and the place of each statement in them.

    Args:
        files: its RDF files.
        folder: the folder for files that are missing; None if it has only these files.
    """

    def __init__(self, files: Iterable[EditableFile], folder: Path | None) -> None:
        self._files = {file.path: file for file in files}
        self._folder = folder
        self._described: dict[ox.NamedNode, Path] = {}
        self._entries: dict[object, Path] = {}
        self._stated: dict[tuple[ox.NamedNode, ox.NamedNode], Path] = {}
        self._uses: dict[ox.NamedNode, Counter[Path]] = defaultdict(Counter)
        self._kinds: dict[str, Counter[Path]] = defaultdict(Counter)
        self._statements: dict[ox.Triple, list[Path]] = defaultdict(list)
        for path, file in self._files.items():
            for triple in file.triples:
                self._register(triple, path)

    def _register(self, triple: ox.Triple, path: Path) -> None:
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        if not isinstance(subject, ox.NamedNode):
            return
        self._stated.setdefault((subject, predicate), path)
        self._uses[predicate][path] += 1
        self._statements[triple].append(path)
        if predicate.value == _TYPE and isinstance(value, ox.NamedNode):
            self._described[subject] = path
            kind = _KIND_OF_CLASS.get(value.value)
            if kind:
                self._kinds[kind][path] += 1
                self._entries[subject] = path

    def edited(self, changes: Changes) -> dict[Path, bytes]:
        """The new contents of the files that change; a path may be new.

        Raises:
            UnreadableInputError: a file cannot be edited.
        """
        added: dict[Path, list[ox.Triple]] = defaultdict(list)
        removed: dict[Path, list[ox.Triple]] = defaultdict(list)
        for triple in changes.removed:
            for path in self._statements.get(triple, ()):
                removed[path].append(triple)
        places = self._places_of_new(changes.added)
        prefixes = _prefixes(changes.added)
        for triple in changes.added:
            subject = triple.subject
            assert isinstance(subject, ox.NamedNode)  # noqa: S101  (sheets have IRIs)
            path = places.get(subject) or self._place(subject, triple.predicate)
            added[path].append(triple)
        return {
            path: self._files.get(path, EditableFile(path, b"")).with_changes(
                added.get(path, []), removed.get(path, ()), prefixes
            )
            for path in sorted({*added, *removed})
        }

    def _place(self, subject: ox.NamedNode, predicate: ox.NamedNode) -> Path:
        """The file for a further statement about an entry that has been described before."""
        if (subject, predicate) in self._stated:
            return self._stated[subject, predicate]
        described, using = self._described.get(subject), self._uses.get(predicate)
        if described and (not using or described in using):
            return described
        if using:
            return using.most_common(1)[0][0]
        return described or self._default("")

    def _places_of_new(self, added: Iterable[ox.Triple]) -> dict[ox.NamedNode, Path]:
        """The files for new entries: of the entry that they belong to, else of their kind."""
        kinds = {
            triple.subject: _KIND_OF_CLASS.get(triple.object.value, "")
            for triple in added
            if triple.predicate.value == _TYPE and isinstance(triple.object, ox.NamedNode)
        }
        owners: dict[object, Path] = {}
        for triple in added:
            for entry, other in (
                (triple.object, triple.subject),
                (triple.subject, triple.object),
            ):
                if entry in kinds and other in self._entries:
                    owners.setdefault(entry, self._entries[other])
        found = {}
        for subject, kind in kinds.items():
            near = owners.get(subject)
            if near is not None and near.stem in KINDS:
                near = None  # the files are named after kinds, as those of a new dictionary
            used = self._kinds.get(kind)
            if near is not None and (not used or near in used):
                found[subject] = near
            else:
                found[subject] = used.most_common(1)[0][0] if used else near or self._default(kind)
        return found  # type: ignore[return-value]

    def _default(self, kind: str) -> Path:
        """The file for the first entries of a kind."""
        if self._folder is not None:
            return self._folder / f"{kind or 'dictionary'}.ttl"
        editable = [path for path, file in self._files.items() if file.is_editable]
        return editable[0] if editable else next(iter(self._files))
