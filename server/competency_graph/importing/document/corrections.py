"""Corrections of what an import guessed or did not understand: a small YAML file.

docs/importing-documents.md documents it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import yaml

from competency_graph.errors import BadValueError, UnreadableInputError
from competency_graph.importing.document.names import normal
from competency_graph.importing.document.outline.habits import Part
from competency_graph.importing.document.outline.paragraphs import ReadAs
from competency_graph.importing.document.reading.line import Line, Text

ABOUT: Final = ("title", "description", "licence", "creator", "version")
"""What ``dictionary`` may say."""
_MAX_BYTES: Final = 1024**2
_RANGE: Final = re.compile(r"(\d{1,9})(?:\s*[-–]\s*(\d{1,9}))?")
_PARTS: Final = {part.value: part for part in Part}
_EXAMPLE = "see docs/importing-documents.md for an example"


@dataclass(frozen=True)
class TextCorrection:
    """A correction of the wording of a line.

    Args:
        number: the number of the line.
        old: the words as written.
        new: the words as meant.
    """

    number: int
    old: str
    new: str


@dataclass(frozen=True)
class Corrections:
    """The corrections, and which of them had an effect.

    Args:
        about: what the dictionary states about itself, by the keys of `ABOUT`.
        names: the name of an entry by the name that a list or table uses, both `normal`.
        text: corrections of the wording.
        titles: the title of the key action in a line.
        definitions: the definition of an entry by its name, `normal`.
        ignore: the first and last number of the lines to leave out.
        read_as: what lines are, one of `ReadAs.ALL`.
        labels: the document's own labels, in lower case.
        accept: the findings to accept: line and code.
        used: what had an effect, noted by `use`.
    """

    about: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    text: tuple[TextCorrection, ...] = ()
    titles: Mapping[int, str] = field(default_factory=dict)
    definitions: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[tuple[int, int], ...] = ()
    read_as: Mapping[int, str] = field(default_factory=dict)
    labels: Mapping[str, Part] = field(default_factory=dict)
    accept: frozenset[tuple[int, str]] = frozenset()
    used: set[tuple[str, object]] = field(default_factory=set, compare=False)

    def use(self, kind: str, key: object) -> None:
        """Note that a correction had an effect."""
        self.used.add((kind, key))

    def unused(self) -> Iterator[str]:
        """The corrections without an effect, as written in the file."""
        keys: dict[str, Iterable[object]] = {
            "names": self.names,
            "text": ((each.number, each.old) for each in self.text),
            "titles": self.titles,
            "definitions": self.definitions,
            "ignore": self.ignore,
            "read-as": self.read_as,
            "accept": sorted(self.accept),
        }
        for kind, each in keys.items():
            for key in each:
                if (kind, key) not in self.used:
                    shown = (
                        " ".join(map(str, dict.fromkeys(key))) if isinstance(key, tuple) else key
                    )
                    yield f"{kind}: {shown}"

    def apply(self, text: Text) -> tuple[Text, set[int]]:
        """Correct the wording of a document.

        Returns:
            The document, and the positions of the lines to leave out.
        """
        by_number: dict[int, list[TextCorrection]] = {}
        for each in self.text:
            by_number.setdefault(each.number, []).append(each)
        lines, left_out = [], set()
        for position, line in enumerate(text.lines):
            if line.number in self.read_as:
                self.use("read-as", line.number)
            for run in self.ignore:
                if run[0] <= line.number <= run[1]:
                    self.use("ignore", run)
                    left_out.add(position)
            corrected = line
            for each in by_number.get(line.number, ()):
                corrected = self._corrected(corrected, each)
            lines.append(corrected)
        return replace(text, lines=tuple(lines)), left_out

    def _corrected(self, line: Line, correction: TextCorrection) -> Line:
        if correction.old not in line.text:
            return line
        self.use("text", (correction.number, correction.old))
        return replace(
            line,
            text=line.text.replace(correction.old, correction.new),
            cells=tuple(cell.replace(correction.old, correction.new) for cell in line.cells),
        )


def read_corrections(path: Path) -> Corrections:
    """Read a file of corrections.

    Raises:
        UnreadableInputError: it is missing, too large, or not YAML.
        BadValueError: a key or a value has another form than documented.
    """
    where = str(path)
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise UnreadableInputError("the file has more than 1 MiB", "Shorten it", where)
        content = yaml.safe_load(path.read_text("utf-8"))
    except OSError as error:
        raise UnreadableInputError(
            f"the corrections cannot be read ({error.strerror})", "Check the path", where
        ) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "it is not text in UTF-8"
        line = mark.line + 1 if mark else None
        raise UnreadableInputError(
            f"this is not YAML ({reason})", "Correct this line", where, line
        ) from None
    return _Checker(where).corrections(content if content is not None else {})


class _Checker:
    """Checks the form of the file, and says what is wrong in it."""

    def __init__(self, where: str) -> None:
        self._where = where

    def corrections(self, content: object) -> Corrections:
        forms: dict[str, Callable[[Any], Any]] = {
            "dictionary": lambda value: self._texts(value, "dictionary", ABOUT),
            "names": lambda value: {
                normal(a): normal(b) for a, b in self._texts(value, "names").items()
            },
            "text": self._text,
            "titles": lambda value: self._by_line(value, "titles"),
            "definitions": lambda value: {
                normal(a): b for a, b in self._texts(value, "definitions").items()
            },
            "ignore": self._ignore,
            "read-as": lambda value: self._by_line(value, "read-as", ReadAs.ALL),
            "labels": lambda value: {
                a.rstrip(":").strip().lower(): _PARTS[b]
                for a, b in self._texts(value, "labels", values=_PARTS).items()
            },
            "accept": self._accept,
        }
        fields = {"dictionary": "about", "read-as": "read_as"}
        given = self._mapping(content, "the file")
        if unknown := [key for key in given if key not in forms]:
            self._fail(f"“{unknown[0]}” is not a kind of correction", f"Use {', '.join(forms)}")
        return Corrections(
            **{fields.get(key, key): forms[key](value) for key, value in given.items()}
        )

    def _fail(self, what: str, remedy: str) -> None:
        raise BadValueError(what, f"{remedy}; {_EXAMPLE}", self._where)

    def _mapping(self, value: object, key: str) -> dict[Any, Any]:
        if not isinstance(value, dict):
            self._fail(f"“{key}” is not a list of keys and values", "Write key: value")
            raise AssertionError
        return value

    def _texts(
        self, value: object, key: str, keys: Iterable[str] = (), values: Iterable[str] = ()
    ) -> dict[str, str]:
        found = self._mapping(value, key)
        for name, text in found.items():
            if not isinstance(name, str) or not isinstance(text, (str, float, int)):
                self._fail(f"“{key}” has a value that is not a text", "Put it in quotes")
            if keys and name not in keys:
                self._fail(f"“{name}” is not a key of “{key}”", f"Use {', '.join(keys)}")
            if values and text not in values:
                self._fail(f"“{text}” is not a value of “{key}”", f"Use {', '.join(values)}")
        return {name: str(text).strip() for name, text in found.items()}

    def _by_line(self, value: object, key: str, values: Iterable[str] = ()) -> dict[int, str]:
        found = self._mapping(value, key)
        for number, text in found.items():
            if not isinstance(number, int) or not isinstance(text, str):
                self._fail(f"“{key}” has a key that is not a line number", "Write line: text")
            if values and text not in values:
                self._fail(f"“{text}” is not a value of “{key}”", f"Use {', '.join(values)}")
        return {number: text.strip() for number, text in found.items()}

    def _text(self, value: object) -> tuple[TextCorrection, ...]:
        found = []
        for each in value if isinstance(value, list) else [value]:
            item = self._mapping(each, "text")
            line, old, new = (item.get(key) for key in ("line", "old", "new"))
            if (
                not isinstance(line, int)
                or not isinstance(old, str)
                or not isinstance(new, str)
                or not old
            ):
                self._fail("an item of “text” lacks line, old or new", "Write all three")
            found.append(TextCorrection(line, old, new))  # type: ignore[arg-type]
        return tuple(found)

    def _ignore(self, value: object) -> tuple[tuple[int, int], ...]:
        found = []
        for each in value if isinstance(value, list) else [value]:
            run = _RANGE.fullmatch(str(each).strip()) if isinstance(each, (str, int)) else None
            if run is None:
                self._fail(
                    "“ignore” has an item that is not a line or a range", "Write 12 or 12-15"
                )
                raise AssertionError
            found.append((int(run[1]), int(run[2] or run[1])))
        return tuple(found)

    def _accept(self, value: object) -> frozenset[tuple[int, str]]:
        found = set()
        for line, codes in self._mapping(value, "accept").items():
            for code in codes if isinstance(codes, list) else [codes]:
                if not isinstance(line, int) or not isinstance(code, str):
                    self._fail("“accept” has another form", "Write line: code")
                found.add((line, code))
        return frozenset(found)
