"""The files of a released version in its folder, with their checksums.

``SHA256SUMS`` lists the checksums in the format of sha256sum(1). A folder with this file is not
read as a part of the current dictionary (`input_files`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from competency_graph.errors import LimitError, UnreadableInputError
from competency_graph.rdf.input_files import SUMS
from competency_graph.rdf.parsing import read_bytes

MAX_BYTES: Final = 200_000_000
"""The maximum size of the files of one version."""
_LINE: Final = re.compile(r"([0-9a-f]{64})  ([^\r\n]+)")


def snapshot(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a version's folder: those of the dictionary, and their checksums.

    Args:
        files: the files of the dictionary, by path in its folder.
    """
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    # Git must not convert line endings, which would change the checksums.
    return {**files, SUMS: "".join(lines).encode(), ".gitattributes": b"* -text\n"}


def is_snapshot(folder: Path) -> bool:
    """Whether a folder has the files of a released version."""
    return (folder / SUMS).is_file()


def read_snapshot(folder: Path) -> dict[str, bytes]:
    """Read the files of a released version, by their paths.

    Raises:
        UnreadableInputError: there is no such version, or a file was changed or is missing.
        LimitError: the files are larger than `MAX_BYTES`.
    """
    files: dict[str, bytes] = {}
    left = MAX_BYTES
    for name, checksum in _checksums(folder).items():
        path = folder / name
        if path.is_file():
            left -= path.stat().st_size
        if left < 0:
            raise LimitError(
                f"the version is larger than {MAX_BYTES:,} bytes",
                "Serve it from files of its own",
                str(folder),
                limit="version",
            )
        content = read_bytes(path)
        if hashlib.sha256(content).hexdigest() != checksum:
            raise UnreadableInputError(
                "this file of a released version was changed",
                "Restore it, as from git; release a new version for changes",
                str(path),
            )
        files[str(path)] = content
    return files


def _checksums(folder: Path) -> dict[str, str]:
    """The checksums of a version's files, by path in its folder."""
    sums = folder / SUMS
    found: dict[str, str] = {}
    for line in read_bytes(sums).decode("utf-8", errors="replace").splitlines():
        match = _LINE.fullmatch(line)
        if match is None or Path(match[2]).is_absolute() or ".." in Path(match[2]).parts:
            raise UnreadableInputError(
                "a line of the list of checksums is invalid",
                "Restore the file, as from git",
                str(sums),
                len(found) + 1,
            )
        found[match[2]] = match[1]
    return found
