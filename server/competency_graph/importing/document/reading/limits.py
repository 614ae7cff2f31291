"""The limits of documents, and the check of the archives that office documents are."""

from __future__ import annotations

import zipfile
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

from competency_graph.errors import UnavailableError, UnreadableInputError
from competency_graph.importing.downloads import DAMAGE, size_refusal

MAX_BYTES: Final = 64 * 1024**2
"""The maximum size of a file, and of its text, in bytes."""
MAX_UNPACKED_BYTES: Final = 256 * 1024**2
"""The maximum size of an office document, unpacked, in bytes."""
MAX_PAGES: Final = 5_000
"""The maximum number of pages of a PDF."""
_DECLARATIONS = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)
_CHUNK = 1024**2


def library(name: str, path: Path) -> ModuleType:
    """Import the library that reads a format.

    Raises:
        UnavailableError: it is not installed.
    """
    try:
        return import_module(name)
    except ImportError:
        raise UnavailableError(
            f"the library that reads {path.suffix} files is not installed",
            "Install it with “pip install 'competency-graph[documents]'”, or save the document "
            "as plain text",
            str(path),
        ) from None


def check_archive(path: Path) -> None:
    """Check an office document before its library reads it.

    Raises:
        UnreadableInputError: it is not an archive, unpacks to too much, or its XML declares
            entities, which neither format needs.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [info for info in archive.infolist() if not info.is_dir()]
            if refusal := size_refusal(members, MAX_UNPACKED_BYTES):
                raise UnreadableInputError(refusal, "Check where it comes from", str(path))
            for info in members:
                if info.filename.lower().endswith((".xml", ".rels")):
                    _check_declarations(archive, info, path)
    except (*DAMAGE, RuntimeError) as error:
        raise damaged(path, error) from None


def damaged(path: Path, error: Exception) -> UnreadableInputError:
    """The error for a document that its library cannot read."""
    reason = f"{type(error).__name__}: {error}".removesuffix(": ")[:200]
    return UnreadableInputError(
        f"this is not a complete {path.suffix} document ({reason})",
        "Open it in the program that made it and save it again, or save it as plain text",
        str(path),
    )


def _check_declarations(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> None:
    end = b""
    with archive.open(info) as file:
        while chunk := file.read(_CHUNK):
            if any(word in end + chunk for word in _DECLARATIONS):
                raise UnreadableInputError(
                    f"“{info.filename}” in this document declares a document type or entities",
                    "Save it again with an office program",
                    str(path),
                )
            end = chunk[-32:]
