"""Atomic writing of a file or a folder; `several_files` changes several files of a folder at once.

New content goes to a temporary file next to the target, which it replaces once it is complete. A
crash, a full disk or a kill therefore leaves the old file intact. At worst a hidden file or folder
named ``.competency-….tmp`` remains, which may be deleted.
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

_MAX_SYMLINKS: Final = 40
"""Symbolic links followed in a chain, the same limit as the kernel's."""
_FD_FOLDER: Final = "/proc/self/fd"
"""The folder of this process's open file descriptors, which ``/dev/stdout`` points into."""
_AT_FDCWD: Final = -100
"""``AT_FDCWD`` of renameat2(2)."""
_RENAME_EXCHANGE: Final = 2
"""``RENAME_EXCHANGE`` of renameat2(2)."""


def replace(
    path: Path, content: bytes, what: str = "file", remedy: str = "Name another file"
) -> None:
    """Write ``content`` to ``path`` atomically, as `replacing` does."""
    with replacing(path, what, remedy) as file:
        file.write(content)


@contextmanager
def replacing(
    path: Path, what: str = "file", remedy: str = "Name another file"
) -> Iterator[IO[bytes]]:
    """Open a file that replaces the one at ``path`` if the block completes.

    A symbolic link is followed and its target replaced. Owner, group and mode are kept as far as
    the system permits. Anything but a regular file (a device, a pipe, ``/dev/stdout``) is written
    to directly, since it cannot be replaced.

    Args:
        path: where to write.
        what: a name for the content, used in the error message.
        remedy: what to do if it cannot be written.

    Raises:
        UnavailableError: writing failed; the old file is unchanged.
    """
    with reporting_os_errors(path, what, remedy):
        target = _follow_links(path)
        stream = _open_special_file(target)
        with _replacing_regular_file(target) if stream is None else os.fdopen(stream, "wb") as file:
            yield file


def check_writable(path: Path, what: str = "file", remedy: str = "Name another file") -> None:
    """Check that a file can be written later, without changing anything.

    Raises:
        UnavailableError: it cannot be written.
    """
    with reporting_os_errors(path, what, remedy):
        target = _follow_links(path)
        stream = _open_special_file(target)
        if stream is not None:
            os.close(stream)
            return
        temporary = temporary_path(target)
        temporary.touch(exist_ok=False)
        temporary.unlink()


@contextmanager
def replacing_folder(
    path: Path, what: str = "folder", remedy: str = "Name another folder"
) -> Iterator[Path]:
    """Create an empty folder that replaces the one at ``path`` if the block completes.

    A symbolic link is followed. Owner, group and mode are kept as far as the system permits.

    Args:
        path: the folder to create or replace.
        what: a name for the content, used in the error message.
        remedy: what to do if it cannot be written.

    Raises:
        UnavailableError: writing failed; the old folder is unchanged.
    """
    with reporting_os_errors(path, what, remedy):
        target = _follow_links(path)
        old = _stat_if_present(target)
        temporary = temporary_path(target)
        try:
            temporary.mkdir()
            if old is not None:
                copy_owner_and_mode(temporary, target, old)
            yield temporary
            for folder, _, files in os.walk(temporary):
                for name in (*files, "."):
                    fsync(Path(folder, name))
            if old is None:
                temporary.rename(target)
            else:
                _swap_folders(temporary, target)
            fsync_folder(target.parent)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def reporting_os_errors(path: Path, what: str, remedy: str) -> Iterator[None]:
    """Turn an `OSError` into an `UnavailableError` for the user."""
    try:
        yield
    except BrokenPipeError:
        raise  # the reader of the pipe has closed it, which is not an error
    except OSError as error:
        raise UnavailableError(
            f"the {what} cannot be written ({error.strerror or error})", remedy, str(path)
        ) from None


def _follow_links(path: Path, links: int = _MAX_SYMLINKS) -> Path:
    """Follow symbolic links, up to one that stands for an open file descriptor."""
    target = Path(os.path.realpath(path.parent), path.name)
    if not target.is_symlink() or _descriptor_of(target) is not None:
        return target
    if not links:
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return _follow_links(target.parent / target.readlink(), links - 1)


def _descriptor_of(target: Path) -> int | None:
    """The file descriptor of this process that a path such as ``/proc/self/fd/1`` stands for."""
    if str(target.parent) == os.path.realpath(_FD_FOLDER) and target.name.isdecimal():
        return int(target.name)
    return None


def _open_special_file(target: Path) -> int | None:
    """Open a target that is not a regular file; None for a regular or missing one."""
    number = _descriptor_of(target)
    if number is not None:
        return os.dup(number)
    old = _stat_if_present(target)
    if old is None:
        return None
    # Replacing a file must require permission to write to it.
    descriptor = os.open(target, os.O_WRONLY | os.O_NOCTTY)
    if stat.S_ISREG(old.st_mode):
        os.close(descriptor)
        return None
    return descriptor


def _stat_if_present(target: Path) -> os.stat_result | None:
    """The status of a file; None if it does not exist.

    Raises:
        UnavailableError: its parent folder does not exist.
    """
    try:
        return target.stat()
    except FileNotFoundError:
        if target.parent.is_dir():
            return None
        raise UnavailableError(
            "the folder to write this in does not exist",
            f"Create it first (mkdir -p {target.parent}), or give another path",
            str(target),
        ) from None


@contextmanager
def _replacing_regular_file(target: Path) -> Iterator[IO[bytes]]:
    """Open a file that replaces a regular file, or creates one, if the block completes."""
    old, temporary = _stat_if_present(target), temporary_path(target)
    mode = 0o666 if old is None else 0o600  # 0o666 is reduced by the umask
    try:
        with os.fdopen(
            os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb"
        ) as file:
            if old is not None:
                copy_owner_and_mode(temporary, target, old)
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    fsync_folder(target.parent)


def temporary_path(target: Path) -> Path:
    """A new, hidden path next to another."""
    return target.with_name(f".competency-{secrets.token_hex(8)}.tmp")


def copy_owner_and_mode(temporary: Path, target: Path, old: os.stat_result) -> None:
    """Give the new file or folder the owner, group, mode and attributes of the old one."""
    for owner in (old.st_uid, -1):
        with suppress(OSError):
            os.chown(temporary, owner, old.st_gid)
            break
    with suppress(OSError):
        shutil.copystat(target, temporary)


def _swap_folders(temporary: Path, target: Path) -> None:
    """Swap two folders, atomically where the system can, otherwise one after the other."""
    libc = ctypes.CDLL(None, use_errno=True)
    if hasattr(libc, "renameat2") and not libc.renameat2(
        _AT_FDCWD, os.fsencode(temporary), _AT_FDCWD, os.fsencode(target), _RENAME_EXCHANGE
    ):
        return
    old = temporary_path(target)
    target.rename(old)
    try:
        temporary.rename(target)
    except OSError:
        old.rename(target)
        raise
    old.rename(temporary)


def fsync(path: Path) -> None:
    """Flush a file or folder to disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def fsync_folder(folder: Path) -> None:
    """Flush a folder's entries to disk, if its file system supports that."""
    with suppress(OSError):
        fsync(folder)
