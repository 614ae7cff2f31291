"""The files of a download: in folders, on their own, or in zip archives, which are not unpacked.

Archives are not trusted: nothing in them is written to disk, their file names are not used as
paths, and one with a suspicious compression ratio (a zip bomb) is refused before it is read.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

from competency_graph.errors import UnreadableInputError

_MAX_MEMBERS = 1_000
"""The maximum number of files in an archive."""
_MAX_UNPACKED_BYTES = 8 * 1024**3
"""The maximum size of all files in an archive, unpacked, in bytes."""
_SMALL_FILE_BYTES = 10 * 1024**2
"""The size up to which any compression ratio is accepted, in bytes."""
_MAX_COMPRESSION_RATIO = 100
"""The maximum compression ratio of larger files; those of the frameworks have 5 to 20."""
_DOWNLOAD_AGAIN = "Download it again"
DAMAGE: Final = (OSError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error)
"""The exceptions raised by reading a file that is damaged or uses an unknown compression."""


@dataclass(frozen=True)
class File:
    """A file of a download.

    Args:
        name: its name, without folders.
        path: its path, or that of the archive that contains it.
        member: its name in the archive; "" if it is in none.
    """

    name: str
    path: Path
    member: str = ""

    @property
    def where(self) -> str:
        """Its name for messages to users."""
        return f"{self.path}: {self.member}" if self.member else str(self.path)

    @property
    def ending(self) -> str:
        """Its ending in lower case, without the dot."""
        return PurePosixPath(self.name).suffix.removeprefix(".").lower()

    def open(self) -> IO[bytes]:
        """Open the file for reading.

        Raises:
            UnreadableInputError: it is not readable, is a web page, or is damaged or encrypted in
                its archive.
        """
        try:
            file = self._open_raw()
            head = file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
            file.seek(0)
        except RuntimeError:  # how zipfile reports a password
            raise UnreadableInputError(
                "this is protected with a password", "Unpack it, then name the folder", self.where
            ) from None
        except DAMAGE as error:
            raise damaged(self.where, error) from None
        if head.startswith((b"<!doctype html", b"<html")):
            file.close()
            raise UnreadableInputError(
                "this is a web page, so the download failed", _DOWNLOAD_AGAIN, self.where
            )
        return file

    def _open_raw(self) -> IO[bytes]:
        if not self.member:
            return self.path.open("rb")
        with zipfile.ZipFile(self.path) as archive:  # an open member keeps it open
            return archive.open(self.member)


def damaged(where: str, error: Exception) -> UnreadableInputError:
    """The error for a file that cannot be read to its end."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return UnreadableInputError(f"the file cannot be read ({reason})", _DOWNLOAD_AGAIN, where)


def gather(
    paths: Iterable[Path], endings: Collection[str], exclude: Path | None = None
) -> Iterator[File]:
    """Yield the files of a download.

    Args:
        paths: files, zip archives, and folders with any of them.
        endings: the endings to look for in folders and archives, in addition to ``zip``; a file
            given by name may have any ending.
        exclude: a file to ignore, such as the output.

    Raises:
        UnreadableInputError: a path does not exist, or an archive is invalid, damaged or has a
            suspicious compression ratio.
    """
    for path in paths:
        if path.is_dir():
            for below in sorted(path.rglob("*")):
                shown = not any(part.startswith(".") for part in below.relative_to(path).parts)
                itself = exclude is not None and below.absolute() == exclude.absolute()
                if below.is_file() and shown and not itself:
                    yield from _files_in(below, endings)
        elif path.is_file():
            yield from _files_in(path, None)
        else:
            what = "this is a pipe or a device" if path.exists() else "there is no such file"
            raise UnreadableInputError(what, "Check the path", str(path))


def _files_in(path: Path, endings: Collection[str] | None) -> Iterator[File]:
    file = File(path.name, path)
    if file.ending == "zip":
        file.open().close()
        yield from _members_of(path, endings)
    elif endings is None or file.ending in endings:
        yield file


def _members_of(path: Path, endings: Collection[str] | None) -> Iterator[File]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
    except DAMAGE as error:
        raise UnreadableInputError(
            f"this is not a zip archive, or it is incomplete ({error})", _DOWNLOAD_AGAIN, str(path)
        ) from None
    if refusal := size_refusal(members, _MAX_UNPACKED_BYTES):
        raise UnreadableInputError(refusal, "Check where it comes from", str(path))
    for info in sorted(members, key=lambda info: info.filename):
        name = PurePosixPath(info.filename.replace("\\", "/"))
        hidden = name.name.startswith(".") or "__MACOSX" in name.parts
        file = File(name.name, path, info.filename)
        if not hidden and (endings is None or file.ending in endings):
            yield file


def size_refusal(members: list[zipfile.ZipInfo], most: int) -> str:
    """Why an archive is refused; "" if it looks normal.

    Args:
        members: its members; reading stops at the sizes stated here.
        most: the maximum size, unpacked, in bytes.
    """
    if len(members) > _MAX_MEMBERS:
        return f"there are more than {_MAX_MEMBERS:,} files in this archive"
    if sum(info.file_size for info in members) > most:
        return f"this archive holds more than {most:,} bytes"
    for info in members:
        if info.file_size > max(_SMALL_FILE_BYTES, _MAX_COMPRESSION_RATIO * info.compress_size):
            return (
                f"“{info.filename}” in this archive unpacks to {info.file_size:,} bytes, more than "
                f"{_MAX_COMPRESSION_RATIO} times its size, as made to exhaust memory"
            )
    return ""
