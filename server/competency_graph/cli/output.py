"""Writing the output of a command to a file or to standard output."""

from __future__ import annotations

import difflib
import os
import re
import sys
from io import BufferedWriter, FileIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Final

from competency_graph.errors import UnavailableError
from competency_graph.rdf.atomic_write import replace

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

STDOUT: Final = 1
"""The file descriptor of standard output."""


def write_file(output: Path, content: bytes, noun: str) -> None:
    """Write a result to a file, as `atomic_write.replacing` does.

    Args:
        output: the file.
        content: the result.
        noun: what the result is, for the error message.

    Raises:
        UnavailableError: the file cannot be written.
    """
    replace(output, content, noun)


def unified_diff(before: bytes, after: bytes, old_name: str, new_name: str) -> str:
    """The changes of a text in UTF-8 as a unified diff.

    Args:
        before: the old content.
        after: the new content.
        old_name: the name of the old content.
        new_name: the name of the new content.
    """
    old, new = (
        re.findall(r"[^\n]*\n|[^\n]+", text.decode("utf-8-sig")) for text in (before, after)
    )
    lines = (
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in difflib.unified_diff(old, new, old_name, new_name)
    )
    return "".join(lines)


class ReaderClosed(Exception):  # noqa: N818  (not an error)
    """The reader of standard output has closed it."""


class _Stdout(FileIO):
    """Standard output that raises `CompetencyError` with the reason if it cannot be written."""

    def write(self, content: ReadableBuffer, /) -> int:
        try:
            return super().write(content)
        except BrokenPipeError:
            raise ReaderClosed from None
        except OSError as error:
            raise UnavailableError(
                f"standard output cannot be written ({error.strerror})",
                "Redirect it to a file or a program that accepts it",
            ) from None


def open_stdout() -> None:
    """Replace ``sys.stdout`` so that all failures to write are reported in the same way."""
    original = sys.stdout
    if original is None:  # it is closed; reserve its descriptor so that no other file gets it
        os.dup2(os.open(os.devnull, os.O_RDONLY), STDOUT)
    sys.stdout = TextIOWrapper(
        BufferedWriter(_Stdout(STDOUT, "w", closefd=False)),
        encoding=original.encoding if original else "utf-8",
        errors=original.errors if original else "strict",
        line_buffering=bool(original and original.line_buffering),
    )
