"""The files of one version of a dictionary, wherever they are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from competency_graph import resources
from competency_graph.errors import BadValueError, UnreadableInputError
from competency_graph.rdf.input_files import STDIN, files_named, left_out
from competency_graph.rdf.parsing import format_of, read_bytes
from competency_graph.rdf.vocabulary import PUBLISHED
from competency_graph.validation import Source
from competency_graph.versions import git_files
from competency_graph.versions.numbers import number_or_none
from competency_graph.versions.released import by_iri
from competency_graph.versions.released.snapshots import is_snapshot, read_snapshot

_numbers: Final = count()
"""Numbers of files, which keep the blank nodes of all versions distinct."""
Files = Mapping[str, bytes]
"""The contents of files by the names that findings give them."""


@dataclass(eq=False)
class Version:
    """One version of a dictionary: its own files, without those of the dictionary it extends.

    Args:
        name: what the user calls it: a file, a folder, a git revision, a version IRI.
        files: the contents of its files by name; the ending of a name determines the format.
        skipped: the files in its folders that were not read, with reasons.
    """

    name: str
    files: Files
    skipped: tuple[tuple[str, str], ...] = ()

    @cached_property
    def sources(self) -> list[Source]:
        """The files, each with the positions of its statements."""
        return [Source(name, content, next(_numbers)) for name, content in self.files.items()]

    @cached_property
    def statements(self) -> frozenset[ox.Quad]:
        """The statements of all files, with their exact spelling.

        No other version has the same blank nodes.

        Raises:
            UnreadableInputError: a file is not RDF or SSSOM.
        """
        return frozenset(self._read())

    def _read(self) -> Iterator[ox.Quad]:
        for source in self.sources:
            if not source.format:
                format_of(Path(source.name))  # raises
            for item in source.quads():
                if isinstance(item, UnreadableInputError):
                    raise item
                yield item


def read_version(name: str | Path, counterpart: str | Path = "") -> Version:
    """Read a version of a dictionary.

    Args:
        name: a file, a folder or a pattern; the IRI of the published dictionary; the version IRI or
            the number of a released version; else a git revision with a path (``v1.0:data``), or
            without one (``HEAD~3``), which is then that of ``counterpart``.
        counterpart: the name of the version that it is compared with.

    Raises:
        UnreadableInputError: there is no such file or revision, it cannot be read, or it is a file
            of a released version that was changed.
        BadValueError: it is standard input.
        UnavailableError: git is needed and is not installed.
        LimitError: the files of the revision or the released version exceed a limit.
    """
    name, counterpart = str(name), str(counterpart)
    if name == STDIN:
        raise BadValueError(
            "a dictionary is not read from standard input", "Give its file or folder"
        )
    place = name
    if name == PUBLISHED:
        place = str(resources.DATA)
    elif by_iri.is_version_iri(name):
        return Version(name, by_iri.files_of(name, counterpart))
    elif number_or_none(name) and not Path(name).exists():
        place = str(by_iri.numbered(name, counterpart) or name)
    if is_snapshot(Path(place)):
        return Version(name, read_snapshot(Path(place)))
    try:
        paths = files_named(place)
    except UnreadableInputError:
        if Path(name).exists():
            raise
        return Version(name, *git_files.read(name, counterpart))
    return Version(name, {path: read_bytes(Path(path)) for path in paths}, tuple(left_out(place)))
