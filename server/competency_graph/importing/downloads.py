"""The files of a download: in folders, by themselves, or in zip archives, which are not unpacked.

An archive is only trusted so far: nothing of it is written to disk, names in it are names and not
paths, and one that grows out of proportion (a zip bomb) is refused before it is read.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

from competency_graph.errors import UnreadableInputError

_MOST_MEMBERS = 1_000
"""Files in one archive."""
_MOST_BYTES = 8 * 1024**3
"""Bytes of all files in one archive, unpacked."""
_SMALL = 10 * 1024**2
"""Bytes of a file in an archive that may have been packed to any size."""
_MOST_GROWTH = 100
"""How many times its packed size a larger file may have; the frameworks' have 5 to 20."""
_AGAIN = "Download it again"
DAMAGE: Final = (OSError, EOFError, NotImplementedError, zipfile.BadZipFile, zlib.error)
"""What reading a file raises where it is damaged, or packed in a way that is not known."""


@dataclass(frozen=True)
class File:
    """One file of a download.

    Args:
        name: its name, without folders.
        path: where it is, or the archive that it is in.
        member: its name in the archive; "" where it is in none.
    """

    name: str
    path: Path
    member: str = ""

    @property
    def where(self) -> str:
        """The place as a person names it."""
        return f"{self.path}: {self.member}" if self.member else str(self.path)

    @property
    def ending(self) -> str:
        """What its name ends in, in small letters and without the dot."""
        return PurePosixPath(self.name).suffix.removeprefix(".").lower()

    def open(self) -> IO[bytes]:
        """The file, to read.

        Raises:
            UnreadableInputError: it may not be read, is a web page, or is damaged or locked in its
                archive.
        """
        try:
            file = self._opened()
            head = file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
            file.seek(0)
        except RuntimeError:  # the only sign that zipfile gives of a password
            raise UnreadableInputError(
                "this is locked with a password", "Unpack it, then name the folder", self.where
            ) from None
        except DAMAGE as error:
            raise damaged(self.where, error) from None
        if head.startswith((b"<!doctype html", b"<html")):
            file.close()
            raise UnreadableInputError(
                "this is a web page, so the download failed", _AGAIN, self.where
            )
        return file

    def _opened(self) -> IO[bytes]:
        if not self.member:
            return self.path.open("rb")
        with zipfile.ZipFile(self.path) as archive:  # a member that is open keeps it open
            return archive.open(self.member)


def damaged(where: str, error: Exception) -> UnreadableInputError:
    """What is said of a file that cannot be read to its end."""
    told = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return UnreadableInputError(f"the file cannot be read ({told})", _AGAIN, where)


def gather(
    paths: Iterable[Path], endings: Collection[str], but: Path | None = None
) -> Iterator[File]:
    """The files of a download.

    Args:
        paths: files, zip archives, and folders with any of them.
        endings: what the names of those wanted end in, besides ``zip``; a file that is named by
            itself is given whatever its name ends in.
        but: a file that is none of them, as what is to be written is not.

    Raises:
        UnreadableInputError: a path does not exist, or an archive is none, is damaged or grows out
            of proportion.
    """
    for path in paths:
        if path.is_dir():
            for below in sorted(path.rglob("*")):
                shown = not any(part.startswith(".") for part in below.relative_to(path).parts)
                itself = but is not None and below.absolute() == but.absolute()
                if below.is_file() and shown and not itself:
                    yield from _of_file(below, endings)
        elif path.is_file():
            yield from _of_file(path, None)
        else:
            what = "this is a pipe or a device" if path.exists() else "there is no such file"
            raise UnreadableInputError(what, "Check the path", str(path))


def _of_file(path: Path, endings: Collection[str] | None) -> Iterator[File]:
    file = File(path.name, path)
    if file.ending == "zip":
        file.open().close()
        yield from _of_archive(path, endings)
    elif endings is None or file.ending in endings:
        yield file


def _of_archive(path: Path, endings: Collection[str] | None) -> Iterator[File]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
    except DAMAGE as error:
        raise UnreadableInputError(
            f"this is no zip archive, or not all of it ({error})", _AGAIN, str(path)
        ) from None
    if refusal := out_of_proportion(members, _MOST_BYTES):
        raise UnreadableInputError(refusal, "Check where it comes from", str(path))
    for info in sorted(members, key=lambda info: info.filename):
        name = PurePosixPath(info.filename.replace("\\", "/"))
        hidden = name.name.startswith(".") or "__MACOSX" in name.parts
        file = File(name.name, path, info.filename)
        if not hidden and (endings is None or file.ending in endings):
            yield file


def out_of_proportion(members: list[zipfile.ZipInfo], most: int) -> str:
    """Why an archive is not read; "" where it is like those that people make.

    Args:
        members: what it says is in it; reading a member ends where this says that it ends.
        most: how many bytes it may have, unpacked.
    """
    if len(members) > _MOST_MEMBERS:
        return f"there are more than {_MOST_MEMBERS:,} files in this archive"
    if sum(info.file_size for info in members) > most:
        return f"this archive holds more than {most:,} bytes"
    for info in members:
        if info.file_size > max(_SMALL, _MOST_GROWTH * info.compress_size):
            return f"“{info.filename}” in this archive grows to {info.file_size:,} bytes"
    return ""
