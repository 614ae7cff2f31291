"""Columns: which statements of an entry stand in a cell, and how they are written there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import XSD

from competency_graph.dictionary.sheets.contents import Contents, Object

YES, NO = "yes", "no"
TICK: Final = "✓"
MAX_CELL_LENGTH: Final = 32_767
"""The characters that fit in a cell of Excel."""
CSV_SEPARATOR: Final = " | "
"""The separator of several values in a cell of CSV, which then stays on its line."""
_STRING: Final = ox.NamedNode(str(XSD.string))
_BREAK: Final = "⏎"
"""A line break inside one of several values of a cell."""
_TRUE: Final = frozenset((YES, "y", "true", "1", "x", TICK, "✔", "☑"))
_FALSE: Final = frozenset((NO, "n", "false", "0", ""))
_NUMBER: Final = re.compile(r"[-+]?\d+(\.\d+)?")


class CellError(ValueError):
    """A text that a cell of this column cannot contain; the message says what it should be."""


def truth(text: str) -> bool:
    """Read yes or no, or a tick.

    Raises:
        CellError: it is neither.
    """
    word = text.strip().casefold()
    if word not in _TRUE and word not in _FALSE:
        raise CellError("write yes or no")
    return word in _TRUE


@dataclass(frozen=True)
class Column:
    """A column for the values of a property.

    Args:
        heading: its heading.
        note: what it means.
        predicate: the IRI of the property.
        many: whether an entry may have several values.
        required: whether the shapes demand a value.
    """

    heading: str
    note: str
    predicate: str
    many: bool = False
    required: bool = False

    def terms(self, contents: Contents, entry: str) -> list[Object]:
        """The values of an entry that this column shows."""
        return [v for v in contents.values(entry, self.predicate) if self.holds(contents, v)]

    def holds(self, contents: Contents, value: Object) -> bool:
        """Whether the column shows this value of the property."""
        raise NotImplementedError

    def show(self, contents: Contents, value: Object) -> str:
        """The text for a value."""
        return value.value if isinstance(value, ox.NamedNode | ox.Literal) else str(value)

    def read(self, text: str) -> Object:
        """The value that a text stands for.

        Raises:
            CellError: it stands for none.
        """
        raise NotImplementedError

    def stated(self, contents: Contents, entry: str, value: Object) -> list[ox.Triple]:
        """The statements that give an entry this value."""
        return [ox.Triple(ox.NamedNode(entry), ox.NamedNode(self.predicate), value)]

    def statement(self, contents: Contents, entry: str, value: Object) -> ox.Triple:
        """The statement to add in order to give an entry this value."""
        return ox.Triple(ox.NamedNode(entry), ox.NamedNode(self.predicate), value)

    def cells(self, contents: Contents, values: Sequence[Object]) -> list[str]:
        """The texts of the cells for values; of one cell, unless the column is repeated."""
        shown = [self.show(contents, value) for value in values]
        if len(values) > 1 or (values and self.many):
            shown = ["\n".join(sorted(in_line(text) for text in shown))]
        return [text[:MAX_CELL_LENGTH] for text in shown]

    def in_csv(self, cells: Sequence[str]) -> str:
        """The text of the single cell that the column has in CSV."""
        several = self.many or isinstance(self, ReferenceColumn)
        return CSV_SEPARATOR.join(
            cell.replace("\n", CSV_SEPARATOR) if several else cell for cell in cells
        )


def in_line(text: str) -> str:
    """One of several values of a cell, on one line."""
    return re.sub(r"\r\n?|\n", _BREAK, text)


def from_line(text: str) -> str:
    """A value from one of the lines of a cell."""
    return text.replace(_BREAK, "\n").strip()


@dataclass(frozen=True)
class TextColumn(Column):
    """Texts in one language.

    Args:
        language: the language tag, in lower case; "" for texts without one.
    """

    language: str = ""

    def holds(self, contents: Contents, value: Object) -> bool:
        """Whether it is a text in the column's language."""
        if not isinstance(value, ox.Literal) or getattr(value, "direction", None):
            return False
        if not self.language:
            return value.datatype == _STRING
        return (value.language or "").lower() == self.language

    def read(self, text: str) -> Object:
        """The text with its language."""
        return ox.Literal(text, language=self.language) if self.language else ox.Literal(text)


@dataclass(frozen=True)
class ValueColumn(Column):
    """Values of a datatype, or IRIs.

    Args:
        datatype: the IRI of the datatype; "" for IRIs.
    """

    datatype: str = ""

    def holds(self, contents: Contents, value: Object) -> bool:
        """Whether it is a value of the datatype, or an IRI."""
        if not self.datatype:
            return isinstance(value, ox.NamedNode)
        return isinstance(value, ox.Literal) and value.datatype.value == self.datatype

    def show(self, contents: Contents, value: Object) -> str:
        """The value as text; yes or no for a boolean."""
        text = super().show(contents, value)
        if self.datatype == str(XSD.boolean):
            return {"true": YES, "1": YES, "false": NO, "0": NO}.get(text, text)
        return text

    def read(self, text: str) -> Object:
        """The value of a text."""
        datatype = ox.NamedNode(self.datatype) if self.datatype else None
        match self.datatype.removeprefix(str(XSD)):
            case "":
                return _iri(text)
            case "boolean":
                return ox.Literal("true" if truth(text) else "false", datatype=datatype)
            case "integer":
                if not re.fullmatch(r"[-+]?\d+", text):
                    raise CellError("write a whole number")
            case "decimal" | "double" | "float":
                if not _NUMBER.fullmatch(text):
                    raise CellError("write a number, with a full stop before decimals")
            case "date":
                with suppress(ValueError):
                    date.fromisoformat(text)
                    return ox.Literal(text, datatype=datatype)
                raise CellError("write a date such as 2026-11-30")
        return ox.Literal(text, datatype=datatype)


def _iri(text: str) -> ox.NamedNode:
    with suppress(ValueError):
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text):
            return ox.NamedNode(text)
    raise CellError("write a full IRI, such as https://example.org/thing")


@dataclass(frozen=True)
class ReferenceColumn(Column):
    """Links between the entry and other entries; the column is repeated, with one in each cell.

    Args:
        inverse: the IRI of the inverse property, or "".
        outward: whether the entry is the subject of the property.
        kind: the kind of the other entries.
        repeated: whether there may be several.
    """

    inverse: str = ""
    outward: bool = True
    kind: str = ""
    repeated: bool = True

    def terms(self, contents: Contents, entry: str) -> list[Object]:
        """The other entries."""
        forth, back = self._directions
        found = [v.value for v in contents.values(entry, forth) if isinstance(v, ox.NamedNode)]
        found += contents.subjects(back, entry)
        return [ox.NamedNode(iri) for iri in dict.fromkeys(found)
                if contents.kinds.get(iri) == self.kind]  # fmt: skip

    @property
    def _directions(self) -> tuple[str, str]:
        """The property that leads from the entry, and the one that leads to it."""
        pair = self.predicate, self.inverse
        return pair if self.outward else (pair[1], pair[0])

    def show(self, contents: Contents, value: Object) -> str:
        """The name of an entry."""
        iri = super().show(contents, value)
        return contents.names.get(iri, iri)

    def stated(self, contents: Contents, entry: str, value: Object) -> list[ox.Triple]:
        """The statements that link the two, in either direction."""
        other = super().show(contents, value)
        forth, back = self._directions
        found = []
        if forth and value in contents.values(entry, forth):
            found.append(_link(entry, forth, other))
        if back and other in contents.subjects(back, entry):
            found.append(_link(other, back, entry))
        return found

    def statement(self, contents: Contents, entry: str, value: Object) -> ox.Triple:
        """The statement that links them, in the direction that the dictionary uses."""
        other = super().show(contents, value)
        start, end = (entry, other) if self.outward else (other, entry)
        if self.inverse and contents.uses(self.inverse) > contents.uses(self.predicate):
            return _link(end, self.inverse, start)
        return _link(start, self.predicate, end)

    def cells(self, contents: Contents, values: Sequence[Object]) -> list[str]:
        """The names of the other entries, each for a cell of its own."""
        return sorted(self.show(contents, value) for value in values)


@dataclass(frozen=True)
class MemberColumn(ReferenceColumn):
    """Whether the dictionary itself is linked to the entry: yes or no."""

    def terms(self, contents: Contents, entry: str) -> list[Object]:
        """The dictionary, if it is linked."""
        whole = ox.NamedNode(contents.dictionary) if contents.dictionary else None
        return [whole] if whole and self.stated(contents, entry, whole) else []

    def cells(self, contents: Contents, values: Sequence[Object]) -> list[str]:
        """Yes or no."""
        return [YES if values else NO]


def _link(subject: str, predicate: str, value: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(value))
