"""The texts of the workspace: those of open documents as they are, of other files as saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from lsprotocol import types

from competency_graph.authoring.mentions import QUERY, is_query
from competency_graph.errors import CompetencyError, UnreadableInputError
from competency_graph.lsp.positions import Positions
from competency_graph.rdf.input_files import ENDINGS, files_named
from competency_graph.rdf.parsing import read_bytes

MAX_BYTES: Final = 200_000_000
"""The maximum size of all files that are read without being open, in bytes."""


@dataclass
class Document:
    """An open document.

    Args:
        uri: its address, as the editor writes it.
        text: its text.
        version: its version, which grows with each change.
    """

    uri: str
    text: str
    version: int


class Documents:
    """The texts of the workspace, by the absolute paths of their files.

    Args:
        encoding: the encoding of positions.
    """

    def __init__(self, encoding: str = "utf-16") -> None:
        self.encoding = encoding
        self._open: dict[str, Document] = {}
        self._saved: dict[str, bytes] = {}
        self._positions: dict[str, tuple[str, Positions]] = {}

    def open(self, item: types.TextDocumentItem) -> str:
        """Open a document; its name, "" if it is not a file."""
        name = path_of(item.uri)
        if name:
            self._open[name] = Document(item.uri, item.text, item.version)
        return name

    def change(
        self,
        identifier: types.VersionedTextDocumentIdentifier,
        changes: Sequence[types.TextDocumentContentChangeEvent],
    ) -> str:
        """Change an open document; its name, "" if it is not open."""
        name = path_of(identifier.uri)
        document = self._open.get(name)
        if document is None:
            return ""
        for change in changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                at = self.positions(name)
                start, end = at.offset(change.range.start), at.offset(change.range.end)
                document.text = document.text[:start] + change.text + document.text[end:]
            else:
                document.text = change.text
        document.version = identifier.version
        return name

    def close(self, uri: str) -> str:
        """Close a document; its name."""
        name = path_of(uri)
        self._open.pop(name, None)
        self._positions.pop(name, None)
        return name

    def read(self, names: Iterable[str]) -> list[str]:
        """Read the files that are named, and forget others; the names of those that changed.

        Queries are read as well, for what they mention, but do not belong to the dictionary.

        Args:
            names: files and folders.

        Raises:
            UnreadableInputError: they are larger than `MAX_BYTES`.
        """
        found: dict[str, bytes] = {}
        size = 0
        for name in names:
            for file in _files(name):
                path = str(Path(file).resolve())
                size += Path(path).stat().st_size
                if size > MAX_BYTES:
                    raise UnreadableInputError(
                        f"the files have more than {MAX_BYTES:,} bytes",
                        "Name those of the dictionary as arguments of “competency lsp”",
                        name,
                    )
                found[path] = read_bytes(Path(path))
        before, self._saved = self._saved, found
        names_of_both = before.keys() | found.keys()
        return [
            name
            for name in names_of_both
            if before.get(name) != found.get(name) and not is_query(name)
        ]

    def content(self, name: str) -> bytes | None:
        """The content of a file of the dictionary; None if it is not one, or not any more."""
        if name in self._open:
            return self._open[name].text.encode() if name.endswith(ENDINGS) else None
        return None if is_query(name) else self._saved.get(name)

    def text(self, name: str) -> str:
        """The text of any file; "" if it cannot be read."""
        if name in self._open:
            return self._open[name].text
        content = self._saved.get(name)
        if content is None:
            try:
                content = read_bytes(Path(name))
            except CompetencyError:
                content = b""
        return content.decode("utf-8-sig", errors="replace")

    def positions(self, name: str) -> Positions:
        """The positions in a file."""
        text = self.text(name)
        kept = self._positions.get(name)
        if kept is None or kept[0] != text:
            kept = self._positions[name] = text, Positions(text, self.encoding)
        return kept[1]

    def texts(self) -> dict[str, str]:
        """The texts of the files of the dictionary, of queries, and of open documents."""
        return {name: self.text(name) for name in sorted({*self._saved, *self._open})}

    @property
    def open_names(self) -> set[str]:
        """The names of the open documents."""
        return set(self._open)

    @property
    def queries(self) -> dict[str, str]:
        """The open queries, by name."""
        return {name: each.text for name, each in self._open.items() if is_query(name)}

    def version(self, name: str) -> int | None:
        """The version of an open document."""
        return self._open[name].version if name in self._open else None

    def uri(self, name: str) -> str:
        """The address of a file, as the editor writes it."""
        return self._open[name].uri if name in self._open else Path(name).as_uri()

    def location(self, name: str, start: int, end: int) -> types.Location:
        """The location of a range in a file."""
        return types.Location(self.uri(name), self.positions(name).range(start, end))


def path_of(uri: str) -> str:
    """The path that an address names, without symbolic links; "" if it is not a file's."""
    parts = urlsplit(uri)
    return str(Path(unquote(parts.path)).resolve()) if parts.scheme == "file" else ""


def _files(name: str) -> Iterator[str]:
    try:
        yield from files_named(name, (*ENDINGS, QUERY))
    except UnreadableInputError:
        return  # there is none yet
