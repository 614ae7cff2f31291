"""The files of a git revision, read by ``git`` without a checkout.

Only commands that read objects are run, so no hook, filter or text conversion of the repository is
executed, and nothing is fetched. What the user typed is never taken for an option.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from competency_graph.errors import LimitError, UnavailableError, UnreadableInputError
from competency_graph.rdf.input_files import ENDINGS, SUMS

_MAX_BYTES: Final = 1_000_000_000
"""The total size of the files that are read from one revision."""
_SECONDS: Final = 120
"""How long one git command may take."""
_FILE: Final = "blob"
_ENVIRONMENT: Final = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


class _File(NamedTuple):
    """A file in a folder of a revision, as ``git ls-tree`` lists it."""

    path: PurePosixPath
    identifier: str
    size: int
    regular: bool

    @classmethod
    def of(cls, line: bytes) -> _File:
        """The file of a line: mode, type, object and size, and after a tab the path."""
        facts, _, path = line.partition(b"\t")
        mode, _, identifier, size = facts.decode().split()
        regular = mode in ("100644", "100755")
        return cls(
            PurePosixPath(os.fsdecode(path)), identifier, int(size) if regular else 0, regular
        )


def read(name: str, counterpart: str) -> tuple[dict[str, bytes], tuple[tuple[str, str], ...]]:
    """Read the RDF and SSSOM files of a revision.

    Args:
        name: ``REVISION:PATH``, with git's meaning (gitrevisions(7)): from the top of the
            repository, or from the working folder if the path starts with ``./``; or ``REVISION``.
        counterpart: the name of the version that it is compared with, which gives the path if
            ``name`` has none; the working folder if that has none either.

    Returns:
        The contents by the name ``REVISION:PATH``, and the files that were left out, with reasons.

    Raises:
        UnreadableInputError: the folder is not in a repository, or there is no such revision or
            path, or it contains no RDF file.
        UnavailableError: git is not installed, or fails.
        LimitError: the files are too large.
    """
    top = _top(name)
    revision, colon, path = name.partition(":")
    _object(name, f"{revision}^{{tree}}", f"there is no file “{name}”, and no such git revision")
    if not colon:
        path = _path_of(counterpart, top)
    found = _object(
        name,
        f"{revision}:{path}",
        f"the revision “{revision}” has no path “{path}”",
    )
    kind = _git("cat-file", "-t", found).decode().strip()
    if kind == _FILE:
        _check_size(int(_git("cat-file", "-s", found)), name)
        return {f"{revision}:{path}": _contents([found])[0]}, ()
    chosen, skipped = _below(found, revision, path)
    if not chosen:
        raise UnreadableInputError(
            f"the revision has no RDF file in “{path or '.'}”",
            f"Name the folder of the dictionary, such as {revision}:data",
            name,
        )
    return dict(zip(chosen, _contents(list(chosen.values())), strict=True)), skipped


def _top(name: str) -> Path:
    """The top folder of the repository that the working folder is in."""
    try:
        return Path(os.fsdecode(_git("rev-parse", "--show-toplevel").rstrip(b"\n")))
    except UnreadableInputError as error:
        if "not a git repository" not in error.what:
            raise
        raise UnreadableInputError(
            f"there is no file “{name}”, and the working folder is not in a git repository",
            "Check the path; to name a revision, run the command in the repository",
        ) from None


def _path_of(counterpart: str, top: Path) -> str:
    """The path that another version names, from the top of the repository."""
    here = Path(counterpart)
    if not here.exists():
        _, colon, path = counterpart.partition(":")
        if colon:
            return path
        here = Path()
    try:
        path = here.resolve().relative_to(top.resolve()).as_posix()
    except ValueError:
        raise UnreadableInputError(
            "this is outside the git repository, so its path does not exist in a revision",
            "Name the path in the revision, such as HEAD~1:data",
            counterpart,
        ) from None
    return "" if path == "." else path


def _object(name: str, expression: str, missing: str) -> str:
    """The identifier of the object that an expression stands for."""
    try:
        found = _git("rev-parse", "--verify", "--quiet", "--end-of-options", expression)
    except UnreadableInputError:
        raise UnreadableInputError(
            missing, "Check the spelling; “git log” and “git ls-tree” list what exists"
        ) from None
    return found.decode().strip()


def _below(
    tree: str, revision: str, path: str
) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """The objects of the RDF files in a folder by name, and the files left out."""
    chosen: dict[str, str] = {}
    skipped, size = [], 0
    start = f"{revision}:{path.rstrip('/')}/" if path.rstrip("/") else f"{revision}:"
    files = [_File.of(line) for line in _git("ls-tree", "-rzl", tree).split(b"\0")[:-1]]
    released = {f"{each.path.parent}/" for each in files if each.path.name == SUMS} - {"./"}
    for file in files:
        name = f"{start}{file.path}"
        if any(part.startswith(".") for part in file.path.parts):
            continue
        if str(file.path).startswith(tuple(released)):
            skipped.append((name, "a released version"))
        elif not file.regular:
            skipped.append((name, "a link, not a file"))
        elif not name.lower().endswith(ENDINGS):
            skipped.append((name, "not an RDF ending"))
        else:
            size += file.size
            chosen[name] = file.identifier
    _check_size(size, f"{revision}:{path}")
    return chosen, tuple(skipped)


def _check_size(size: int, name: str) -> None:
    if size > _MAX_BYTES:
        raise LimitError(
            f"there are more than {_MAX_BYTES // 1_000_000:,} MB to read",
            "Name a smaller file or folder",
            name,
            limit="bytes",
        )


def _contents(objects: list[str]) -> list[bytes]:
    """The contents of files, by one git process."""
    answer = _git("cat-file", "--batch", given="".join(f"{each}\n" for each in objects).encode())
    contents, start = [], 0
    for _ in objects:
        end = answer.index(b"\n", start)
        length = int(answer[start:end].rsplit(b" ", 1)[1])
        contents.append(answer[end + 1 : end + 1 + length])
        start = end + 1 + length + 1
    return contents


def _git(*arguments: str, given: bytes = b"") -> bytes:
    """What a git command prints.

    Raises:
        UnreadableInputError: it refuses.
        UnavailableError: it cannot be run.
    """
    try:
        done = subprocess.run(  # noqa: S603  (no shell; see the module's docstring)
            ["git", *arguments],  # noqa: S607  (the user's own git)
            input=given,
            capture_output=True,
            env=os.environ | _ENVIRONMENT,
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise UnavailableError("git is not installed", "Install it, or name files") from None
    except subprocess.TimeoutExpired:
        raise UnavailableError(
            f"git has not answered for {_SECONDS} seconds", "Try again, or name files"
        ) from None
    if done.returncode:
        message = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise UnreadableInputError(
            f"git reports: {message.removeprefix('fatal: ')}",
            f"Run “git {arguments[0]}” in this folder for details",
        )
    return done.stdout
