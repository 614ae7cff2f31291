"""What the tests of spreadsheets share: a small dictionary, and workbooks made from it."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyoxigraph as ox

from competency_graph import Dictionary
from competency_graph.exporting import SHEETS, source_of_files
from competency_graph.importing.spreadsheet.importer import Import, Request, import_spreadsheet

BAKERY = """\
# The bakery, with a comment.

PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX my: <https://bakery.example/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

<https://bakery.example/dictionary>
    a cg:CompetencyDictionary ;
    dcterms:title "Bakery"@en ;
    dcterms:language "en" ;
    .

my:role/baker
    a cg:Role ;
    skos:prefLabel "Baker"@en ;
    skos:prefLabel "Bäckerin"@de ;
    skos:notation "R1" ;
    skos:definition "Bakes bread."@en ;  # as everyone knows
    skos:inScheme <https://bakery.example/dictionary> ;
    cg:coversArea my:area/baking ;
    my:shift "night" ;
    .

my:role/seller
    a cg:Role ;
    skos:prefLabel "Seller"@en ;
    skos:notation "R2" ;
    skos:inScheme <https://bakery.example/dictionary> ;
    .

my:area/baking
    a cg:AreaOfExpertise ;
    skos:prefLabel "Baking"@en ;
    skos:notation "A01" ;
    skos:definition "Turns dough into bread."@en ;
    skos:example "rolls"@en ;
    skos:example "loaves"@en ;
    skos:inScheme <https://bakery.example/dictionary> ;
    cg:areaOf <https://bakery.example/dictionary> ;
    cg:requiresKnowledge my:knowledge/flour ;
    .

my:knowledge/flour
    a cg:Knowledge ;
    skos:prefLabel "Flour"@en ;
    skos:notation "K001" ;
    skos:inScheme <https://bakery.example/dictionary> ;
    .
""".replace("my:role/", "role:").replace("my:area/", "area:").replace("my:knowledge/", "knowledge:").replace(
    "PREFIX skos:",
    "PREFIX role: <https://bakery.example/role/>\nPREFIX area: <https://bakery.example/area/>\n"
    "PREFIX knowledge: <https://bakery.example/knowledge/>\nPREFIX skos:",
)  # fmt: skip
SPACE = "https://bakery.example/"
Edit = Callable[[openpyxl.Workbook], Any]


def bakery(folder: Path) -> Path:
    """The bakery's dictionary in a folder."""
    data = folder / "bakery"
    data.mkdir(parents=True)
    (data / "bakery.ttl").write_text(BAKERY)
    return data


def exported(data: Path, form: str = "xlsx", base: str = "auto") -> bytes:
    """A dictionary as `competency export` writes it."""
    return SHEETS[form](source_of_files(Dictionary([data], inferring=False, base=base)))


def edited(content: bytes, edit: Edit, path: Path) -> Path:
    """A workbook after an edit."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    edit(book)
    book.save(path)
    return path


def imported(path: Path, data: Path | None = None, **options: Any) -> Import:
    """The import of a spreadsheet, with nothing written."""
    form = "csv" if path.suffix == ".csv" else "xlsx"
    names = [str(data)] if data else []
    return import_spreadsheet(Request(path, form, names, **options))


def triples(path: Path) -> set[ox.Triple]:
    """The statements of a file, or of all in a folder."""
    files = sorted(path.rglob("*.ttl")) if path.is_dir() else [path]
    return {quad.triple for file in files for quad in ox.parse(path=file)}


def codes(found: Import) -> list[tuple[str, str]]:
    """The findings of an import: rule and cell."""
    return [(finding.rule.code, finding.place.cell) for finding in found.found]


def said(changes: dict[ox.Triple, str]) -> dict[str, str]:
    """Changes as short texts, with their cells."""

    def short(term: object) -> str:
        if isinstance(term, ox.NamedNode):
            return term.value.removeprefix(SPACE).rpartition("#")[2].rpartition("ontology#")[2]
        return str(term).replace("^^<http://www.w3.org/2001/XMLSchema#boolean>", "")

    return {" ".join(map(short, triple)): cell for triple, cell in changes.items()}
