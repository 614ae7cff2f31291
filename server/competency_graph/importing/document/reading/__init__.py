"""Reads documents into lines: plain text, Word, OpenDocument and the text layer of PDF.

``line.py`` says what a line is; each format has a module. Documents are not trusted: their size,
unpacked, is limited, and nothing that they refer to is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from competency_graph.errors import UnreadableInputError
from competency_graph.importing.document.reading import opendocument, pdf, plain_text, word
from competency_graph.importing.document.reading.limits import MAX_BYTES
from competency_graph.importing.document.reading.line import Text

__all__ = ["READERS", "read"]

READERS: Final[Mapping[str, Callable[[Path], Text]]] = {
    "txt": plain_text.read,
    "text": plain_text.read,
    "docx": word.read,
    "odt": opendocument.read,
    "pdf": pdf.read,
}
"""The functions that read a document, by file ending."""


def read(path: Path) -> Text:
    """Read a document in the format of its ending.

    Raises:
        UnreadableInputError: the file is missing, too large, damaged, or in another format.
        UnavailableError: the library that reads the format is not installed.
    """
    ending = path.suffix.removeprefix(".").lower()
    if not path.is_file():
        what = "this is not a file" if path.exists() else "there is no such file"
        raise UnreadableInputError(what, "Name the document", str(path))
    if ending not in READERS:
        raise UnreadableInputError(
            f"the ending “{path.suffix}” is not one of a document",
            f"Save it as one of {', '.join(READERS)}",
            str(path),
        )
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableInputError(
            f"the file has more than {MAX_BYTES:,} bytes", "Split it", str(path)
        )
    return READERS[ending](path)
