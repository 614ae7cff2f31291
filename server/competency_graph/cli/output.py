"""What a command makes, in the file that it is wanted in or on standard output."""

from __future__ import annotations

import os
import sys
from io import BufferedWriter, FileIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Final

from competency_graph.errors import UnavailableError
from competency_graph.rdf.atomic_write import replace

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

STDOUT: Final = 1
"""The number of the file that is standard output."""


def put(output: Path, content: bytes, what: str) -> None:
    """Put a result in a file, as `atomic_write.replacing` does.

    Args:
        output: the file.
        content: the result.
        what: what it is, for the error.

    Raises:
        UnavailableError: it cannot be written.
    """
    replace(output, content, what)


class ReaderLeft(Exception):  # noqa: N818  (it is no error)
    """Nobody reads standard output any more."""


class _Stdout(FileIO):
    """Standard output, which tells a person why it cannot be written."""

    def write(self, content: ReadableBuffer, /) -> int:
        try:
            return super().write(content)
        except BrokenPipeError:
            raise ReaderLeft from None
        except OSError as error:
            raise UnavailableError(
                f"standard output cannot be written ({error.strerror})",
                "Send it to a place that takes it",
            ) from None


def open_stdout() -> None:
    """See that whatever is printed from now on, and cannot be, is told in one way."""
    was = sys.stdout
    if was is None:  # it is closed, and no other file may come to be in its place
        os.dup2(os.open(os.devnull, os.O_RDONLY), STDOUT)
    sys.stdout = TextIOWrapper(
        BufferedWriter(_Stdout(STDOUT, "w", closefd=False)),
        encoding=was.encoding if was else "utf-8",
        errors=was.errors if was else "strict",
        line_buffering=bool(was and was.line_buffering),
    )
