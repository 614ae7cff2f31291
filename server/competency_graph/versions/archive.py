"""The archive of a dictionary: the files of each released version, with their checksums.

``versions/1.2.0/`` holds the dictionary's files as they were, so that git stores unchanged files
only once and shows changes. ``SHA256SUMS`` lists their checksums in the format of sha256sum(1). A
folder with this file is not read as a part of the current dictionary (`input_files`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from competency_graph import resources
from competency_graph.errors import LimitError, UnreadableInputError
from competency_graph.rdf.input_files import SUMS
from competency_graph.rdf.parsing import read_bytes
from competency_graph.versions.numbers import Number, number_or_none
from competency_graph.versions.sources import Version

MAX_BYTES: Final = 200_000_000
"""The maximum size of the files of one version."""
_LINE: Final = re.compile(r"([0-9a-f]{64})  ([^\r\n]+)")


@dataclass(frozen=True)
class Archive:
    """The released versions of a dictionary, which are read when they are needed.

    Args:
        folder: the folder with a folder for each version; it need not exist.
    """

    folder: Path

    @classmethod
    def of(cls, folder: Path) -> Archive:
        """The archive in the folder of a dictionary."""
        return cls(folder / resources.VERSIONS)

    def numbers(self) -> list[Number]:
        """The released versions, the first one first."""
        if not self.folder.is_dir():
            return []
        found = (
            number_or_none(each.name) for each in self.folder.iterdir() if (each / SUMS).is_file()
        )
        return sorted(filter(None, found))

    def last(self) -> Number | None:
        """The last released version; None if there is none."""
        return max(self.numbers(), default=None)

    def digest(self, number: Number) -> str:
        """A hash, in hex, that identifies the files of a version.

        Raises:
            UnreadableInputError: there is no such version.
        """
        return hashlib.sha256(read_bytes(self.folder / str(number) / SUMS)).hexdigest()

    def read(self, number: Number) -> Version:
        """Read the files of a version.

        Raises:
            UnreadableInputError: there is no such version, or a file was changed or is missing.
            LimitError: the files are larger than `MAX_BYTES`.
        """
        folder = self.folder / str(number)
        files: dict[str, bytes] = {}
        left = MAX_BYTES
        for name, checksum in self._checksums(folder).items():
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
        return Version(str(number), files)

    def _checksums(self, folder: Path) -> dict[str, str]:
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


def snapshot(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a version's folder: those of the dictionary, and their checksums.

    Args:
        files: the files of the dictionary, by path in its folder.
    """
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    # Git must not convert line endings, which would change the checksums.
    return {**files, SUMS: "".join(lines).encode(), ".gitattributes": b"* -text\n"}
