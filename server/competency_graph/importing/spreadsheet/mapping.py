"""The mapping of a table from elsewhere: which columns are which properties of which entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from competency_graph.dictionary.sheets.columns import Column, TextColumn
from competency_graph.dictionary.sheets.contents import DICTIONARY
from competency_graph.dictionary.sheets.plan import Plan, SheetPlan
from competency_graph.errors import BadValueError
from competency_graph.importing.spreadsheet.yaml_nodes import Node, read_yaml
from competency_graph.rdf.language_tags import tag_error
from competency_graph.rdf.short_names import expand
from competency_graph.rdf.vocabulary import KINDS

_LABEL: Final = "Label"


@dataclass(frozen=True)
class Condition:
    """Which rows are read, by the value of a column.

    Args:
        column: the heading of the column.
        values: the allowed values; none if there is a least one.
        least: the least number, or None.
    """

    column: str
    values: frozenset[str] = frozenset()
    least: float | None = None

    def holds(self, text: str) -> bool:
        """Whether a row with this value is read."""
        if self.least is None:
            return text in self.values
        try:
            return float(text.replace(",", ".")) >= self.least
        except ValueError:
            return False


@dataclass(frozen=True)
class EntryMapping:
    """An entry that each row describes.

    Args:
        name: its name in the mapping.
        sheet: the plan of its kind.
        key: the heading of the column by which rows describe the same entry; "" for its label.
        columns: the headings of the table, with the columns of our own layout.
    """

    name: str
    sheet: SheetPlan
    key: str
    columns: Mapping[str, Column]


@dataclass(frozen=True)
class LinkMapping:
    """A link between two entries of a row: the property, and their names in the mapping."""

    start: str
    property: str
    end: str


@dataclass(frozen=True)
class TableMapping:
    """The mapping of a table.

    Args:
        sheet: the title of the sheet; "" for the first one.
        heading_row: the row in which the headings are, counted from 1.
        conditions: which rows are read.
        entries: the entries that each row describes.
        links: the links between them.
    """

    sheet: str = ""
    heading_row: int = 1
    conditions: Sequence[Condition] = field(default_factory=tuple)
    entries: Sequence[EntryMapping] = field(default_factory=tuple)
    links: Sequence[LinkMapping] = field(default_factory=tuple)

    @property
    def headings(self) -> list[str]:
        """The headings that the table must have."""
        found = [condition.column for condition in self.conditions]
        for entry in self.entries:
            found += [entry.key] if entry.key else []
            found += entry.columns
        return list(dict.fromkeys(found))


def read_mapping(path: Path, plan: Plan, language: str) -> TableMapping:
    """Read a mapping.

    Args:
        path: the YAML file.
        plan: the sheets of the dictionary, whose headings the mapping uses.
        language: the language of texts, unless the mapping names another one.

    Raises:
        UnreadableInputError: it cannot be read or has a mistake, with line and column.
    """
    whole = read_yaml(path)
    items = whole.items(
        ("sheet", "heading-row", "language", "rows", "entries", "links"), ("entries",)
    )
    if "language" in items:
        language = items["language"].text
        if reason := tag_error(language):
            raise items["language"].error(
                f"“{language}” is not a language: {reason}", "Write one such as en or de"
            )
    entries = [
        _entry(node, plan, language.lower(), number)
        for number, node in enumerate(items["entries"].members(), 1)
    ]
    names = {entry.name: entry for entry in entries}
    if len(names) < len(entries):
        raise items["entries"].error(
            "two entries have the same name", "Give each its own with “name: …”"
        )
    links = [_link(node, names) for node in items["links"].members()] if "links" in items else []
    conditions = (
        [_condition(key, value) for key, value in items["rows"].items().items()]
        if "rows" in items
        else []
    )
    heading_row = 1
    if "heading-row" in items:
        text = items["heading-row"].text
        if not text.isdecimal() or not 0 < int(text) < 1_000:
            raise items["heading-row"].error(
                f"“{text}” is not the number of a row", "Write it as 1 or 2"
            )
        heading_row = int(text)
    sheet = items["sheet"].text if "sheet" in items else ""
    return TableMapping(sheet, heading_row, conditions, entries, links)


def _entry(node: Node, plan: Plan, language: str, number: int) -> EntryMapping:
    items = node.items(("name", "kind", "key", "columns"), ("kind", "columns"))
    sheets = {sheet.kind: sheet for sheet in plan.sheets if sheet.kind != DICTIONARY}
    sheets |= {sheet.title.casefold(): sheet for sheet in sheets.values()}
    kind = items["kind"].text
    sheet = sheets.get(kind.casefold())
    if sheet is None:
        raise items["kind"].error(f"“{kind}” is not a kind of entry", f"Use one of {_all(KINDS)}")
    columns = {}
    for heading, key, value in items["columns"].pairs():
        if not heading.strip():
            raise key.error("the heading is empty", "Write the heading of a column of the table")
        columns[heading] = _column(sheet, value, language)
    if not any(
        isinstance(column, TextColumn) and column.heading.startswith(_LABEL)
        for column in columns.values()
    ):
        raise items["columns"].error(
            "no column is the label of the entry", "Add a line such as “Skill: label”"
        )
    name = items["name"].text if "name" in items else f"entry {number}"
    return EntryMapping(name, sheet, items["key"].text if "key" in items else "", columns)


def _column(sheet: SheetPlan, node: Node, language: str) -> Column:
    """The column of our own layout that a mapping names, by its heading or its property."""
    name = node.text
    for heading in (f"{name} ({language})", name):
        if column := sheet.column(heading):
            return column
    for column in sheet.columns:
        if column.predicate == _iri(name) and getattr(column, "language", language) == language:
            return column
    headings = _all(
        dict.fromkeys(column.heading.partition(" (")[0].lower() for column in sheet.columns)
    )
    raise node.error(f"“{name}” is not a column of this kind of entry", f"Use one of {headings}")


def _link(node: Node, names: Mapping[str, EntryMapping]) -> LinkMapping:
    items = node.items(("from", "property", "to"), ("from", "property", "to"))
    for end in ("from", "to"):
        if items[end].text not in names:
            raise items[end].error(
                f"“{items[end].text}” is not the name of an entry above",
                f"Use one of {_all(names)}",
            )
    iri = _iri(items["property"].text)
    if not iri:
        raise items["property"].error(
            f"“{items['property'].text}” is not a property", "Write it such as cg:requiresKnowledge"
        )
    return LinkMapping(items["from"].text, iri, items["to"].text)


def _condition(column: str, node: Node) -> Condition:
    if not node.is_mapping:
        return Condition(column, frozenset(member.text for member in node.members()))
    least = node.items(("at-least",), ("at-least",))["at-least"]
    try:
        return Condition(column, least=float(least.text))
    except ValueError:
        raise least.error(f"“{least.text}” is not a number", "Write one such as 3 or 2.5") from None


def _iri(name: str) -> str:
    try:
        return expand(name).value if ":" in name else ""
    except BadValueError:
        return ""


def _all(names: Mapping[str, object]) -> str:
    return ", ".join(names)
