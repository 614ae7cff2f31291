"""Writing files and folders: the one way in which anything of this package reaches a disk.

A file is written beside the old one and takes its place when it is whole, so a crash, a full disk
or a kill leaves the old one as it was. All that can be left behind is a hidden file or folder
called ``.competency-….tmp``, which may be deleted.
"""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from competency_graph.errors import UnavailableError

_MOST_LINKS: Final = 40
"""Links that are followed one after the other, as the kernel does."""
_OPEN_FILES: Final = "/proc/self/fd"
"""Where the files lie that this process has open, which ``/dev/stdout`` leads to."""
_HERE: Final = -100
"""``AT_FDCWD`` of renameat2(2)."""
_EXCHANGE: Final = 2
"""``RENAME_EXCHANGE`` of renameat2(2)."""


def replace(
    path: Path, content: bytes, what: str = "file", remedy: str = "Name another file"
) -> None:
    """Put ``content`` at ``path``, as `replacing` does."""
    with replacing(path, what, remedy) as file:
        file.write(content)


@contextmanager
def replacing(
    path: Path, what: str = "file", remedy: str = "Name another file"
) -> Iterator[IO[bytes]]:
    """A file to write, which takes the place of the one at ``path`` when all went well.

    A link is followed, and the file that it leads to is replaced. Owner, group and mode stay as far
    as the system permits. What is no regular file (a device, a pipe, ``/dev/stdout``) is written
    to, as there is nothing to replace.

    Args:
        path: where to write.
        what: what is written, for the error.
        remedy: what to do where it cannot be written.

    Raises:
        UnavailableError: it could not be written; the file is as it was.
    """
    with _told(path, what, remedy):
        place = _place(path)
        stream = _stream(place)
        with _beside(place) if stream is None else os.fdopen(stream, "wb") as file:
            yield file


@contextmanager
def replacing_folder(
    path: Path, what: str = "folder", remedy: str = "Name another folder"
) -> Iterator[Path]:
    """An empty folder to fill, which takes the place of the one at ``path`` when all went well.

    A link is followed; owner, group and mode stay as far as the system permits.

    Args:
        path: the folder that is made or replaced.
        what: what is written, for the error.
        remedy: what to do where it cannot be written.

    Raises:
        UnavailableError: it could not be written; the folder is as it was.
    """
    with _told(path, what, remedy):
        place = _place(path)
        old = _status(place)
        made = _temporary(place)
        try:
            made.mkdir()
            if old is not None:
                _copy_owner_and_mode(made, place, old)
            yield made
            for folder, _, files in os.walk(made):
                for name in (*files, "."):
                    _sync(Path(folder, name))
            if old is None:
                made.rename(place)
            else:
                _exchange(made, place)
            _settle(place.parent)
        finally:
            shutil.rmtree(made, ignore_errors=True)


@contextmanager
def _told(path: Path, what: str, remedy: str) -> Iterator[None]:
    """What goes wrong with a disk, told to a person."""
    try:
        yield
    except BrokenPipeError:
        raise  # the reader of a pipe has gone, which is no fault
    except OSError as error:
        raise UnavailableError(
            f"the {what} cannot be written ({error.strerror or error})", remedy, str(path)
        ) from None


def _place(path: Path, links: int = _MOST_LINKS) -> Path:
    """Where the links end that begin at ``path``; one that stands for an open file is an end."""
    place = Path(os.path.realpath(path.parent), path.name)
    if not place.is_symlink() or _open_file(place) is not None:
        return place
    if not links:
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return _place(place.parent / place.readlink(), links - 1)


def _open_file(place: Path) -> int | None:
    """The number of the open file of this process that a path stands for, if it does for one."""
    if str(place.parent) == os.path.realpath(_OPEN_FILES) and place.name.isdecimal():
        return int(place.name)
    return None


def _stream(place: Path) -> int | None:
    """What is at a place, open to be written to, if that is nothing to replace."""
    number = _open_file(place)
    if number is not None:
        return os.dup(number)
    old = _status(place)
    if old is None:
        return None
    # Whoever may not write to a file may not replace it either.
    there = os.open(place, os.O_WRONLY | os.O_NOCTTY)
    if stat.S_ISREG(old.st_mode):
        os.close(there)
        return None
    return there


def _status(place: Path) -> os.stat_result | None:
    """What there is at a place, if anything.

    Raises:
        UnavailableError: there is no folder to write it in.
    """
    try:
        return place.stat()
    except FileNotFoundError:
        if place.parent.is_dir():
            return None
        raise UnavailableError(
            "there is no folder to write this in",
            f"Make it first (mkdir -p {place.parent}), or name another",
            str(place),
        ) from None


@contextmanager
def _beside(place: Path) -> Iterator[IO[bytes]]:
    """A file to write that takes the place of a regular one, or of none."""
    old, made = _status(place), _temporary(place)
    mode = 0o666 if old is None else 0o600  # less what the umask of this process takes away
    try:
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            if old is not None:
                _copy_owner_and_mode(made, place, old)
            yield file
            file.flush()
            os.fsync(file.fileno())
        made.replace(place)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    _settle(place.parent)


def _temporary(place: Path) -> Path:
    return place.with_name(f".competency-{secrets.token_hex(8)}.tmp")


def _copy_owner_and_mode(made: Path, place: Path, old: os.stat_result) -> None:
    """Give what was made the owner, group, mode and attributes of what it will replace."""
    for owner in (old.st_uid, -1):
        with suppress(OSError):
            os.chown(made, owner, old.st_gid)
            break
    with suppress(OSError):
        shutil.copystat(place, made)


def _exchange(made: Path, place: Path) -> None:
    """Let two folders change their places at once, or one after the other where that cannot be."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "renameat2") and not libc.renameat2(
        _HERE, os.fsencode(made), _HERE, os.fsencode(place), _EXCHANGE
    ):
        return
    old = _temporary(place)
    place.rename(old)
    try:
        made.rename(place)
    except OSError:
        old.rename(place)
        raise
    old.rename(made)


def _sync(path: Path) -> None:
    """See that a file or a folder is on the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _settle(folder: Path) -> None:
    """See that the names in a folder are on the disk, where its file system can."""
    with suppress(OSError):
        _sync(folder)
