"""Changing several files of a folder at once: all of them, or none.

The new files are written first, next to those that they replace, which get a second name. A journal
then lists both, and the new files take their places one after the other. When the journal is
deleted, the change is complete. If a step fails, all files get their old content again. If the
process is killed, `recover` does that, by the journal.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from competency_graph.errors import UnavailableError, UnreadableInputError
from competency_graph.rdf.atomic_write import (
    copy_owner_and_mode,
    fsync,
    fsync_folder,
    reporting_os_errors,
    temporary_path,
)

JOURNAL: Final = ".competency-change.json"
"""The name of the journal, which exists only during a change or after a crash."""
_TEMPORARY: Final = re.compile(r"\.competency-[0-9a-f]{16}\.tmp")
_REMEDY: Final = "Free some disk space, or check the permissions; nothing has been changed"


@dataclass(frozen=True)
class _Step:
    """One file or folder of a change; paths are relative to the folder of the journal.

    Args:
        target: the path to replace or create.
        new: the path of the new content.
        old: another path of the old content; "" if there is none.
    """

    target: str
    new: str
    old: str


def change_files(
    folder: Path, files: Mapping[Path, bytes], folders: Mapping[Path, Mapping[str, bytes]]
) -> None:
    """Replace or create files and create folders, all or none.

    Args:
        folder: the folder that contains all of them.
        files: the new contents of files; the last one is replaced last.
        folders: new folders with their files, by relative paths; they are created first.

    Raises:
        UnavailableError: a file cannot be written, another process is changing the folder, or an
            interrupted change has not been undone. Nothing has been changed.
    """
    with _locked(folder), reporting_os_errors(folder, "change", _REMEDY):
        if (folder / JOURNAL).exists():
            raise UnavailableError(
                "an interrupted change of these files has to be undone first",
                "Run the command again",
                str(folder),
            )
        steps: list[_Step] = []
        try:
            for target, contents in folders.items():
                steps.append(_staged_folder(folder, target, contents))
            for target, content in files.items():
                steps.append(_staged_file(folder, target, content))
            _write_journal(folder, steps)
            for step in steps:
                os.replace(folder / step.new, folder / step.target)  # noqa: PTH105
                fsync_folder((folder / step.target).parent)
            (folder / JOURNAL).unlink()
        except BaseException:
            _restore(folder, steps, placed=(folder / JOURNAL).exists())
            raise
        fsync_folder(folder)
        for step in steps:
            if step.old:
                (folder / step.old).unlink(missing_ok=True)


def recover(folder: Path) -> bool:
    """Undo a change that was interrupted when its process was killed.

    Returns:
        Whether a change was undone.

    Raises:
        UnavailableError: a file cannot be written, or another process is changing the folder.
        UnreadableInputError: the journal is damaged.
    """
    if not (folder / JOURNAL).exists():
        return False
    with _locked(folder), reporting_os_errors(folder, "change", _REMEDY):
        return _undo(folder)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep other processes from changing the folder in this way."""
    with reporting_os_errors(folder, "change", _REMEDY):
        descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise UnavailableError(
            "another command is changing this folder", "Try again when it has ended", str(folder)
        ) from None
    finally:
        os.close(descriptor)


def _staged_file(folder: Path, target: Path, content: bytes) -> _Step:
    """Write the new content of a file next to it, and give the old content a second name."""
    target = Path(os.path.realpath(target))
    new, old = temporary_path(target), temporary_path(target)
    try:
        with suppress(FileNotFoundError):
            _link_or_copy(target, old)
        with new.open("xb") as file:
            if target.exists():
                with target.open("ab"):
                    pass  # replacing a file must require permission to write to it
                copy_owner_and_mode(new, target, target.stat())
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return _step(folder, target, new, old if old.exists() else None)
    except BaseException:
        new.unlink(missing_ok=True)
        old.unlink(missing_ok=True)
        raise


def _link_or_copy(target: Path, other: Path) -> None:
    """Give a file a second name; a copy, where the file system has no hard links."""
    try:
        os.link(target, other)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copy2(target, other)


def _staged_folder(folder: Path, target: Path, contents: Mapping[str, bytes]) -> _Step:
    """Write a new folder next to its place."""
    target.parent.mkdir(exist_ok=True)
    if target.exists():
        raise FileExistsError(17, f"{target} exists already")
    new = temporary_path(target)
    try:
        for name, content in contents.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for below, _, _ in os.walk(new):
            fsync(Path(below))
        return _step(folder, target, new, None)
    except BaseException:
        shutil.rmtree(new, ignore_errors=True)
        raise


def _step(folder: Path, target: Path, new: Path, old: Path | None) -> _Step:
    base = Path(os.path.realpath(folder))
    placed = Path(os.path.realpath(target.parent), target.name)
    if not placed.is_relative_to(base):
        raise UnavailableError(
            f"this file is not in {base}, where all files change together",
            "Replace the link by the file, or name a folder that contains it",
            str(placed),
        )
    below = placed.parent.relative_to(base)
    return _Step(
        str(below / target.name), str(below / new.name), str(below / old.name) if old else ""
    )


def _write_journal(folder: Path, steps: list[_Step]) -> None:
    journal, temporary = folder / JOURNAL, temporary_path(folder / JOURNAL)
    try:
        with temporary.open("xb") as file:
            file.write(json.dumps([asdict(step) for step in steps]).encode())
            file.flush()
            os.fsync(file.fileno())
        for parent in {(folder / step.new).parent for step in steps}:
            fsync_folder(parent)
        temporary.rename(journal)
        fsync_folder(folder)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _undo(folder: Path) -> bool:
    """Undo the change of the journal, if there is one."""
    journal = folder / JOURNAL
    try:
        content = journal.read_bytes()
    except FileNotFoundError:
        return False
    try:
        steps = [_Step(**each) for each in json.loads(content)]
        within = all(_is_own(folder, step) for step in steps)
    except (ValueError, TypeError):
        within = False
    if not within:
        raise UnreadableInputError(
            "this journal of a change is damaged", "Delete it, and check the files", str(journal)
        )
    _restore(folder, steps, placed=True)
    return True


def _is_own(folder: Path, step: _Step) -> bool:
    """Whether a step of a journal is one that `change_files` writes, in the journal's folder."""
    temporary = [Path(step.new), *([Path(step.old)] if step.old else [])]
    base = Path(os.path.realpath(folder))
    return (
        not any(part.startswith(".") for part in Path(step.target).parts)
        and all(_TEMPORARY.fullmatch(path.name) for path in temporary)
        and all(
            Path(os.path.realpath((folder / path).parent)).is_relative_to(base)
            for path in (Path(step.target), *temporary)
        )
    )


def _restore(folder: Path, steps: list[_Step], placed: bool) -> None:
    """Give all files their old content, and delete the new ones.

    Args:
        folder: the folder.
        steps: the steps, done or not.
        placed: whether new files may have taken their places.
    """
    for step in reversed(steps):
        target, new, old = (folder / name for name in (step.target, step.new, step.old))
        if step.old and old.exists():
            if placed:
                os.replace(old, target)  # noqa: PTH105
            old.unlink(missing_ok=True)
        elif placed and not step.old and not new.exists():
            _delete(target)
        _delete(new)
        fsync_folder(target.parent)
    (folder / JOURNAL).unlink(missing_ok=True)
    fsync_folder(folder)


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
