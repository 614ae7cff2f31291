"""Exports a dictionary in the formats of other systems.

Each format is a module with a function that serializes an `Outline`; the module's docstring lists
what the format cannot express.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from competency_graph.exporting import (
    case,
    csv_table,
    ctdl,
    esco,
    graphml,
    schema_org,
    skos,
    sssom,
    workbook,
)
from competency_graph.exporting.outline import Outline, outline
from competency_graph.exporting.sheet_source import SheetSource, source_of_files
from competency_graph.rdf.formats import Format

__all__ = ["ABOUT", "FORMATS", "LINKS", "SHEETS", "Outline", "Write", "outline", "source_of_files"]

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
}
"""The purpose of each format, in plain words."""
