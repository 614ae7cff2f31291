"""Resolving a name that the user gives (a file, a folder or a pattern) to files."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import Final

from competency_graph.errors import UnreadableInputError
from competency_graph.rdf.formats import GRAPH_FORMATS

STDIN: Final = "-"
"""The name of standard input."""
LINKS: Final = ".sssom.tsv"
"""The file ending of mapping files."""
ENDINGS: Final = (
    *(f".{ending}" for form in GRAPH_FORMATS for ending in form.endings if ending != "xml"),
    LINKS,
)
"""The endings of files read from a folder; ``.xml`` is excluded, as it is often not RDF."""

SUMS: Final = "SHA256SUMS"
"""The list of checksums in the folder of a released version, in the format of sha256sum(1)."""
CHANGES: Final = "CHANGES.md"
"""The file with the changes of all versions, in the folder of a dictionary."""
_ADDED_BY_RELEASES: Final = frozenset((SUMS, CHANGES, ".gitattributes"))


def left_out(name: str) -> list[tuple[str, str]]:
    """The files below a folder that `files_named` skips, each with the reason.

    Those that a release adds next to the data are not listed.
    """
    path = Path(name)
    if not path.is_dir():
        return []
    paths, versions = _walk(path)
    found = [(str(folder), "a released version") for folder in versions]
    for file in paths:
        if file.name in _ADDED_BY_RELEASES:
            continue
        parts = file.relative_to(path).parts
        hidden = [number for number, part in enumerate(parts) if part.startswith(".")]
        if hidden:
            if hidden[0] == len(parts) - 1:
                found.append((str(file), "hidden"))
        elif file.is_file() and not file.name.lower().endswith(ENDINGS):
            found.append(
                (str(file), f"not an RDF ending: {file.suffix}" if file.suffix else "no ending")
            )
    return found


def files_named(name: str, endings: tuple[str, ...] = ENDINGS) -> list[str]:
    """Resolve a name to files; a folder gives all RDF and SSSOM files below it.

    Released versions in the folder are left out: folders with a list of checksums.

    Args:
        name: the name of a file or folder, a pattern, or ``-``.
        endings: the endings of the files that a folder gives.

    Raises:
        UnreadableInputError: no file matches.
    """
    path = Path(name)
    if name == STDIN or (path.exists() and not path.is_dir()):
        return [name]
    if path.is_dir():
        below = [
            file
            for file in _walk(path)[0]
            if file.name.lower().endswith(endings)
            and file.is_file()
            and not any(part.startswith(".") for part in file.relative_to(path).parts)
        ]
        if not below:
            raise UnreadableInputError(
                "the folder contains no RDF file", f"Add one that ends in {endings[0]}", name
            )
        return [str(file) for file in below]
    # A pattern may be absolute, which Path.glob does not accept.
    matching = sorted(glob.glob(name, recursive=True)) if glob.has_magic(name) else []  # noqa: PTH207
    if matching:
        return [each for match in matching for each in files_named(match, endings)]
    raise UnreadableInputError("there is no such file", "Check the path", name)


def _walk(root: Path) -> tuple[list[Path], list[Path]]:
    """The paths below a folder, without those of released versions, and the folders of these."""
    paths, versions = [], []
    for folder, below, names in os.walk(root):
        if SUMS in names and Path(folder) != root:
            below.clear()
            versions.append(Path(folder))
            continue
        paths += [Path(folder, name) for name in (*below, *names)]
    versions.sort()
    return sorted(set(paths) - set(versions)), versions
