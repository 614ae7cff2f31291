"""The archive of a dictionary: a folder with a folder for each released version.

``versions/1.2.0/`` has the dictionary's files as they were, so that git stores unchanged files only
once and shows changes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from competency_graph import resources
from competency_graph.rdf.input_files import SUMS
from competency_graph.rdf.parsing import read_bytes
from competency_graph.versions.numbers import Number, number_or_none
from competency_graph.versions.released.snapshots import is_snapshot, read_snapshot
from competency_graph.versions.sources import Version


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
        found = (number_or_none(each.name) for each in self.folder.iterdir() if is_snapshot(each))
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
            LimitError: the files are larger than `snapshots.MAX_BYTES`.
        """
        return Version(str(number), read_snapshot(self.folder / str(number)))
