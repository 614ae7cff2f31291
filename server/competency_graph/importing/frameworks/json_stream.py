"""The elements of a large JSON array, one at a time, as the texts that they have in the file."""

from __future__ import annotations

import codecs
import json
from collections.abc import Collection, Iterator
from typing import IO, Any, Final

from competency_graph.errors import LengthError, UnreadableInputError
from competency_graph.importing.downloads import DAMAGE, File, damaged

GRAPH: Final = "@graph"
_CHUNK_BYTES: Final = 1024**2
_MAX_ELEMENT: Final = 256 * 1024**2
"""The maximum length of one element, in characters."""


def members(file: File, arrays: Collection[str] = (GRAPH,)) -> Iterator[tuple[str, Any, str]]:
    """The members of the object, or the elements of the array, that a file consists of.

    Args:
        file: the file.
        arrays: the members whose elements are yielded one by one, if they are arrays.

    Yields:
        The key of a member, its value, and its text in the file; "" as the key of an element, and
        "" as the text of an array, whose elements follow.

    Raises:
        UnreadableInputError: it cannot be read or is not JSON; with line and column.
        LengthError: a member or an element is too long.
    """
    try:
        with file.open() as opened:
            scanner = _Scanner(opened, file.where)
            if scanner.next() == "[":
                yield from _elements(scanner)
            else:
                yield from _members(scanner, arrays)
            if scanner.next():
                raise scanner.fault("there is something after its end")
    except DAMAGE as error:
        raise damaged(file.where, error) from None


def _elements(scanner: _Scanner) -> Iterator[tuple[str, Any, str]]:
    scanner.skip("[")
    while scanner.next() != "]":
        yield ("", *scanner.value())
        if scanner.next() != "]":
            scanner.skip(",")
    scanner.skip("]")


def _members(scanner: _Scanner, arrays: Collection[str]) -> Iterator[tuple[str, Any, str]]:
    scanner.skip("{")
    while scanner.next() != "}":
        if scanner.next() != '"':
            raise scanner.fault("expected the name of a member in double quotes")
        key, _ = scanner.value()
        scanner.skip(":")
        if key in arrays and scanner.next() == "[":
            yield key, None, ""
            yield from _elements(scanner)
        else:
            yield (key, *scanner.value())
        if scanner.next() != "}":
            scanner.skip(",")
    scanner.skip("}")


class _Scanner:
    """Reads values of JSON from a file that is decoded as far as needed."""

    def __init__(self, opened: IO[bytes], where: str) -> None:
        self._opened, self._where = opened, where
        self._decode = codecs.getincrementaldecoder("utf-8-sig")()
        self._decoder = json.JSONDecoder(parse_constant=self._refuse_constant)
        self._text, self._at, self._size, self._ended = "", 0, _CHUNK_BYTES, False
        self._lines, self._column = 0, 0

    def next(self) -> str:
        """The next character that is not a space; "" at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\r\n":
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def skip(self, character: str) -> None:
        """Go past a character, which must be the next one."""
        if self.next() != character:
            raise self.fault(f"expected “{character}”")
        self._at += 1

    def value(self) -> tuple[Any, str]:
        """The next value, and its text."""
        self.next()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if self._more():
                    continue
                self._at = error.pos
                raise self.fault(error.msg) from None
            except (RecursionError, ValueError) as error:
                deep = isinstance(error, RecursionError)
                raise self.fault("it is nested too deeply" if deep else str(error)) from None
            if end == len(self._text) and not isinstance(value, str | list | dict) and self._more():
                continue  # a number may go on
            text = self._text[self._at : end]
            self._at, self._size = end, _CHUNK_BYTES
            return value, text

    def fault(self, what: str) -> UnreadableInputError:
        """The error for what is at the current position."""
        before = self._text[: self._at]
        lines = before.count("\n")
        column = len(before) - before.rfind("\n") - 1 if lines else self._column + len(before)
        return UnreadableInputError(
            f"this is not JSON: {what}",
            "Fix the file there, then try again",
            self._where,
            self._lines + lines + 1,
            column + 1,
        )

    def _more(self) -> bool:
        """Read on; a longer part each time that a value is longer than what was read."""
        if self._ended:
            return False
        before = self._text[: self._at]
        lines = before.count("\n")
        self._lines += lines
        rest = len(before) - before.rfind("\n") - 1 if lines else self._column + len(before)
        self._column = rest
        data = self._opened.read(self._size)
        self._ended = not data
        try:
            self._text = self._text[self._at :] + self._decode.decode(data, final=self._ended)
        except UnicodeDecodeError:
            raise UnreadableInputError(
                "the file is not UTF-8 text", "Save it as UTF-8", self._where, self._lines + 1
            ) from None
        self._at = 0
        self._size *= 2
        if len(self._text) > _MAX_ELEMENT:
            raise LengthError(
                f"a part of the file is longer than {_MAX_ELEMENT:,} characters",
                "Write each concept as an object of its own in an array under “@graph”",
                self._where,
            )
        return not self._ended or bool(self._text)

    @staticmethod
    def _refuse_constant(name: str) -> None:
        raise ValueError(f"{name} is not a number of JSON")
