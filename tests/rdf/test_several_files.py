"""Changing several files: all or none, wherever it fails and whenever the process is killed."""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from competency_graph.errors import CompetencyError, UnavailableError, UnreadableInputError
from competency_graph.rdf.several_files import JOURNAL, change_files, recover

OLD = {"a.ttl": "old a", "below/b.ttl": "old b"}
NEW = {"a.ttl": "new a", "below/b.ttl": "new b", "c.md": "new c", "versions/1/a": "1 a", "versions/1/x/b": "1 b"}  # fmt: skip
STEPS = [(os, name) for name in ("link", "replace", "fsync")] + [
    (Path, name) for name in ("open", "rename", "unlink", "mkdir", "read_bytes")
]
"""The functions that may fail, or after which the process may be killed."""


def filled(folder: Path) -> Path:
    """A folder with the old files."""
    for name, text in OLD.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return filled(tmp_path)


def change(folder: Path) -> None:
    files = {folder / name: NEW[name].encode() for name in ("c.md", "below/b.ttl", "a.ttl")}
    change_files(folder, files, {folder / "versions" / "1": {"a": b"1 a", "x/b": b"1 b"}})


def seen(folder: Path, hidden: bool = False) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and (hidden or not path.name.startswith("."))
        and not any(part.startswith(".") for part in path.relative_to(folder).parts[:-1])
    }  # fmt: skip


@contextmanager
def at_step(number: int, do: Callable[[], None]) -> Iterator[list[int]]:
    """Do something instead of one of the calls that a change consists of."""
    count = [0]

    def wrapped(function: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            count[0] += 1
            if count[0] == number:
                do()
            return function(*arguments, **options)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for owner, name in STEPS:
            patch.setattr(owner, name, wrapped(getattr(owner, name)))
        yield count


def full() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def interrupt() -> None:
    raise KeyboardInterrupt


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_all_files_change_and_nothing_else_remains(folder: Path) -> None:
    (folder / "a.ttl").chmod(0o640)
    change(folder)
    assert seen(folder, hidden=True) == NEW
    assert stat.S_IMODE((folder / "a.ttl").stat().st_mode) == 0o640


def in_a_child(work: Callable[[], None]) -> bool:
    """Run something in another process; whether that was killed."""
    child = os.fork()
    if not child:
        work()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("fail", [full, interrupt])
def test_a_failure_at_any_step_changes_nothing(tmp_path: Path, fail: Callable[[], None]) -> None:
    for number in range(1, 100):
        folder = filled(tmp_path / str(number))
        failed = False
        with at_step(number, fail) as count:
            try:
                change(folder)
            except (UnavailableError, KeyboardInterrupt):
                failed = True
        assert not (folder / JOURNAL).exists()
        if count[0] < number:
            break
        # It may fail after the last step, when only hidden files are left to be deleted.
        if seen(folder) != NEW:
            assert failed
            assert seen(folder, hidden=True) == OLD, number
    assert seen(folder, hidden=True) == NEW
    assert number > 30


def test_a_kill_at_any_step_is_undone_or_complete(tmp_path: Path) -> None:
    recovered = set()
    for number in range(1, 100):
        folder = filled(tmp_path / str(number))

        def work(folder: Path = folder, number: int = number) -> None:
            with at_step(number, kill):
                change(folder)

        if not in_a_child(work):
            break
        undone = recover(folder)
        recovered.add(undone)
        assert seen(folder) in ((OLD,) if undone else (OLD, NEW)), number
        assert not (folder / JOURNAL).exists()
        if seen(folder) == OLD:
            change(folder)
        assert seen(folder) == NEW
    assert recovered == {True, False}
    assert number > 30


def test_a_kill_while_a_change_is_undone_is_undone_as_well(tmp_path: Path) -> None:
    def kill_after_the_last_file(folder: Path) -> None:
        replace = os.replace

        def replace_and_die(new: Path, target: Path) -> None:
            replace(new, target)
            if target.name == "a.ttl":
                kill()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "replace", replace_and_die)
            change(folder)

    for number in range(1, 60):
        folder = filled(tmp_path / str(number))
        assert in_a_child(lambda folder=folder: kill_after_the_last_file(folder))  # type: ignore[misc]
        assert seen(folder) == NEW
        assert (folder / JOURNAL).exists()

        def work(folder: Path = folder, number: int = number) -> None:
            with at_step(number, kill):
                recover(folder)

        killed = in_a_child(work)
        recover(folder)
        assert seen(folder, hidden=True) == OLD, number
        if not killed:
            break
    assert 5 < number < 59


GONE = ".competency-0123456789abcdef.tmp"


@pytest.mark.parametrize(
    "journal",
    [
        "{", "[1]", '[{"target": 1, "new": 2, "old": 3}]',
        json.dumps([{"target": "../x", "new": GONE, "old": ""}]),
        json.dumps([{"target": "out/x", "new": GONE, "old": ""}]),
        json.dumps([{"target": ".git/config", "new": GONE, "old": ""}]),
        json.dumps([{"target": "b.ttl", "new": "a.ttl", "old": ""}]),
        json.dumps([{"target": "b.ttl", "new": GONE, "old": "a.ttl"}]),
    ],
)  # fmt: skip
def test_a_journal_of_others_changes_nothing(tmp_path: Path, journal: str) -> None:
    folder = filled(tmp_path / "folder")
    (tmp_path / "x").write_text("mine")
    (folder / "out").symlink_to(tmp_path)
    (folder / JOURNAL).write_text(journal)
    with pytest.raises(UnreadableInputError, match="damaged"):
        recover(folder)
    assert (tmp_path / "x").read_text() == "mine"
    assert seen(folder) == OLD


def test_two_commands_do_not_change_a_folder_at_once(folder: Path) -> None:
    def other() -> None:
        with pytest.raises(UnavailableError, match="another command"):
            change(folder)

    with at_step(5, other):
        change(folder)
    assert seen(folder) == NEW


def test_a_folder_that_exists_is_not_replaced(folder: Path) -> None:
    (folder / "versions" / "1").mkdir(parents=True)
    with pytest.raises(CompetencyError, match="exists"):
        change(folder)
    assert seen(folder, hidden=True) == OLD


def test_an_interrupted_change_is_not_built_upon(folder: Path) -> None:
    (folder / JOURNAL).write_text("[]")
    with pytest.raises(UnavailableError, match="undone first"):
        change(folder)
    assert recover(folder)
    change(folder)
    assert seen(folder, hidden=True) == NEW


def test_a_link_within_the_folder_is_followed_and_one_out_of_it_is_refused(tmp_path: Path) -> None:
    folder, elsewhere = filled(tmp_path / "folder"), tmp_path / "elsewhere"
    (folder / "link.ttl").symlink_to("below/b.ttl")
    change_files(folder, {folder / "link.ttl": b"through the link"}, {})
    assert (folder / "link.ttl").is_symlink()
    assert (folder / "below/b.ttl").read_text() == "through the link"
    elsewhere.write_text("mine")
    (folder / "out.ttl").symlink_to(elsewhere)
    before = seen(folder, hidden=True)
    with pytest.raises(UnavailableError, match="not in"):
        change_files(folder, {folder / "a.ttl": b"new", folder / "out.ttl": b"new"}, {})
    assert seen(folder, hidden=True) == before
    assert {path.name for path in tmp_path.iterdir()} == {"folder", "elsewhere"}
    assert elsewhere.read_text() == "mine"
