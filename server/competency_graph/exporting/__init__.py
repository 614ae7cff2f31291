"""Exports a dictionary in the formats of other systems.

Each format is a module with a function that serializes an `Outline`; the module's docstring lists
what the format cannot express.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Final, NamedTuple

from competency_graph.dictionary.model import Dictionary
from competency_graph.exporting import (
    case,
    csv_table,
    ctdl,
    esco,
    graphml,
    parquet,
    schema_org,
    skos,
    sqlite,
    sssom,
    workbook,
)
from competency_graph.exporting.outline import Outline, outline
from competency_graph.exporting.sheet_source import SheetSource, source_of_files
from competency_graph.rdf.formats import Format, format_named

__all__ = [
    "ABOUT", "FORMATS", "LINKS", "SHEETS", "Export", "Outline", "Write", "export",
    "outline", "source_of_files", "usable",
]  # fmt: skip

Write = Callable[[Outline], bytes]
"""Serializes a dictionary; equal input gives equal bytes."""
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FORMATS: Final[tuple[Format[Write], ...]] = (
    Format("ctdl-asn", "application/ld+json", ("jsonld",), ctdl.write),
    Format("case", "application/json", ("json",), case.write),
    Format("case-1.0", "application/json", ("json",), case.write_1_0),
    Format("schema-org", "application/ld+json", ("jsonld",), schema_org.write),
    Format("skos", "text/turtle", ("ttl",), skos.write),
    Format("esco-csv", "application/zip", ("zip",), esco.write),
    Format("csv", "text/csv", ("csv",), csv_table.write),
    Format("xlsx", _XLSX, ("xlsx",), workbook.write),
    Format("sssom", "text/tab-separated-values", ("sssom.tsv",), sssom.write),
    Format("graphml", "application/graphml+xml", ("graphml",), graphml.write),
    Format("sqlite", "application/vnd.sqlite3", ("db",), sqlite.write),
    Format("parquet", "application/zip", ("parquet.zip",), parquet.write),
)
"""The export formats."""
SHEETS: Final[Mapping[str, Callable[[SheetSource], bytes]]] = {
    "csv": csv_table.write_sheets,
    "xlsx": workbook.write_sheets,
}
"""The formats that consist of sheets, which can be written without an outline."""
LINKS: Final = "sssom"
"""The name of the format that consists of links, and so always includes them."""
ABOUT: Final = {
    "ctdl-asn": "A competency framework for the Credential Registry, in JSON-LD",
    "case": "A package for learning systems, as 1EdTech CASE 1.1 in JSON",
    "case-1.0": "The same for systems that accept only CASE 1.0",
    "schema-org": "Defined terms and occupations for search engines, in JSON-LD",
    "skos": "A concept scheme for thesaurus tools, as plain SKOS in Turtle",
    "esco-csv": "CSV files with the columns of ESCO's download, in a ZIP archive",
    "csv": "One table of all entries",
    "xlsx": "A workbook of entries, relations and matches",
    "sssom": "The links to other frameworks, as one table of SSSOM",
    "graphml": "A network for Gephi, yEd, Cytoscape and similar tools",
    "sqlite": "A database for SQL, as SQLite",
    "parquet": "Tables for data tools, as Parquet files in a ZIP archive",
}
"""The purpose of each format, in plain words."""


def usable() -> tuple[Format[Write], ...]:
    """The formats whose libraries are installed."""
    arrow = find_spec("pyarrow") is not None
    return tuple(form for form in FORMATS if arrow or form.name != "parquet")


class Export(NamedTuple):
    """A dictionary in a format.

    Args:
        format: the format.
        content: the file.
        left_out: the IRIs of resources that are left out, as they have no class of entries.
    """

    format: Format[Write]
    content: bytes
    left_out: tuple[str, ...]


def export(
    dictionary: Dictionary, name: str, links: bool = False, area: str = "", own: bool = False
) -> Export:
    """Export a dictionary.

    Args:
        dictionary: the dictionary.
        name: the name of one of `FORMATS`.
        links: whether to include links to other frameworks.
        area: the last part of an area's IRI, or its IRI, to export only that area.
        own: whether to leave out the entries of the dictionary that it extends.

    Raises:
        UnknownNameError: there is no such format or area.
        UnreadableInputError: there is no dictionary.
        UnavailableError: the format needs a library that is not installed.
    """
    form = format_named(name, FORMATS)
    if name in SHEETS and not area and not links:
        source = source_of_files(dictionary, own)
        return Export(form, SHEETS[name](source), tuple(source.left_out))
    sets = dictionary.links if links or name == LINKS else ()
    entries = outline(dictionary.asserted, sets, area, dictionary.own, own)
    return Export(form, form.engine(entries), entries.left_out)
