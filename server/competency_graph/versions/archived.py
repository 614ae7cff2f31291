"""Finding a released version in an archive by its version IRI or number.

An archive is a folder with a folder for each version, which has a list of checksums. The files of a
version state its IRI (``owl:versionIRI``).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import OWL

from competency_graph.errors import UnreadableInputError
from competency_graph.rdf.input_files import SUMS, files_named
from competency_graph.rdf.parsing import parse, read_bytes
from competency_graph.rdf.short_names import local_name

_VERSION_IRI: Final = ox.NamedNode(OWL.versionIRI)


def is_version_iri(name: str) -> bool:
    """Whether a name is an IRI and not that of a file."""
    return "://" in name or name.startswith("urn:")


def folder_of(iri: str, counterpart: str) -> Path:
    """The folder with the files of a released version.

    Args:
        iri: its version IRI; the folder has the name that the IRI ends in.
        counterpart: the version that it is compared with; the archive is in its folder, or else in
            the working folder.

    Raises:
        UnreadableInputError: no folder there has this version.
    """
    start = _start(counterpart)
    for folder in _versions(start, local_name(iri)):
        if any(_states(Path(name), iri) for name in files_named(str(folder))):
            return folder
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
    """The folders of this name below another one that have a list of checksums."""
    for folder, below, files in os.walk(start):
        below[:] = sorted(each for each in below if not each.startswith("."))
        if SUMS in files and Path(folder).name == name:
            yield Path(folder)


def _states(path: Path, iri: str) -> bool:
    """Whether a file states the version IRI of something."""
    content = read_bytes(path)
    if path.suffix == ".tsv" or local_name(iri).encode() not in content:
        return False
    return any(
        quad.predicate == _VERSION_IRI and quad.object == ox.NamedNode(iri)
        for quad in parse(path, content)
    )
