"""Finding a released version in an archive by its version IRI or number.

The folder of a version has the name that the IRI ends in, and its files state the IRI
(``owl:versionIRI``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import OWL

from competency_graph.errors import UnreadableInputError
from competency_graph.rdf.input_files import LINKS
from competency_graph.rdf.parsing import parse
from competency_graph.rdf.short_names import local_name
from competency_graph.versions.released.snapshots import is_snapshot, read_snapshot

_VERSION_IRI: Final = ox.NamedNode(OWL.versionIRI)


def is_version_iri(name: str) -> bool:
    """Whether a name is an IRI and not that of a file."""
    return "://" in name or name.startswith("urn:")


def files_of(iri: str, counterpart: str) -> dict[str, bytes]:
    """The files of a released version, by their paths.

    Args:
        iri: its version IRI.
        counterpart: the version that it is compared with; the archive is in its folder, or else in
            the working folder.

    Raises:
        UnreadableInputError: no folder there has this version, or a file of it was changed.
        LimitError: as `read_snapshot`.
    """
    start = _start(counterpart)
    for folder in _versions(start, local_name(iri)):
        files = read_snapshot(folder)
        if any(_states(name, content, iri) for name, content in files.items()):
            return files
    raise UnreadableInputError(
        f"there is no archive with the version <{iri}>",
        "Run the command where the archive is, or name the folder of the version",
        str(start),
    )


def numbered(number: str, counterpart: str) -> Path | None:
    """The folder of the released version with a number; None if there is none, or several.

    Args:
        number: the number.
        counterpart: as for `folder_of`.
    """
    found = list(_versions(_start(counterpart), number))
    return found[0] if len(found) == 1 else None


def _start(counterpart: str) -> Path:
    start = Path(counterpart)
    start = start.parent if start.is_file() else start
    return start if counterpart and start.is_dir() else Path()


def _versions(start: Path, name: str) -> Iterator[Path]:
    """The folders of released versions of this name, below another folder."""
    for place, below, _ in os.walk(start):
        folder = Path(place)
        below[:] = sorted(each for each in below if not each.startswith("."))
        if folder.name == name and is_snapshot(folder):
            yield folder


def _states(name: str, content: bytes, iri: str) -> bool:
    """Whether a file states the version IRI of something."""
    if name.endswith(LINKS) or local_name(iri).encode() not in content:
        return False
    return any(
        quad.predicate == _VERSION_IRI and quad.object == ox.NamedNode(iri)
        for quad in parse(Path(name), content)
    )
