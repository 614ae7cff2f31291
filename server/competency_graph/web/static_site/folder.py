"""The folder of a site: it is replaced as a whole, and only if nothing else is in it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from competency_graph.errors import UnavailableError
from competency_graph.rdf.atomic_write import replacing_folder

_LIST: Final = ".competency-site"
"""The file that lists the files of a site, one in each line."""
_REMEDY: Final = "Name a new or empty folder"


@contextmanager
def replacing_site(folder: Path) -> Iterator[Path]:
    """Create an empty folder that replaces a site, or an empty folder, if the block completes.

    Raises:
        UnavailableError: the folder has a file that is not of a site, or cannot be written.
    """
    _check(folder)
    with replacing_folder(folder, "site") as written:
        yield written
        names = [*_files(written), _LIST]
        (written / _LIST).write_text("".join(f"{name}\n" for name in sorted(names)), "utf-8")


def _check(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UnavailableError("this is not a folder", _REMEDY, str(folder))
    try:
        known = frozenset((folder / _LIST).read_text("utf-8").splitlines())
    except (OSError, UnicodeDecodeError):
        known = frozenset()
    for name in _files(folder):
        if name not in known:
            raise UnavailableError(
                f"this folder has a file that is not of the site and would be lost: {name}",
                f"{_REMEDY}, or move the file",
                str(folder),
            )


def _files(folder: Path) -> Iterator[str]:
    """The files in a folder, as paths below it."""
    for place, folders, names in os.walk(folder):
        links = [name for name in folders if Path(place, name).is_symlink()]
        for name in (*names, *links):
            yield Path(place, name).relative_to(folder).as_posix()
