"""The examples of the rules for spreadsheets, made into files and imported."""

from __future__ import annotations

import csv
import re
import tempfile
from datetime import date
from pathlib import Path

import xlsxwriter

from competency_graph.importing.spreadsheet.importer import Request, import_spreadsheet
from competency_graph.validation.findings import Finding
from conftest import ROOT

ACME = ROOT / "docs" / "rules" / "acme.ttl"
ADVISER, FORMER = (
    f"https://example.org/acme/{name}"
    for name in ("sustainability-adviser", "environment-consultant")
)
EXPORTED = {"CG713": (ADVISER, FORMER), "CG715": (ADVISER,)}
"""The rows that the workbooks of some examples were exported with."""


def sheet_findings(code: str, example: str, which: str) -> tuple[Finding, ...]:
    """The findings of an example, of which nothing is written."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "example.csv" if example.startswith("Kind") else "example.xlsx")
        if path.suffix == ".csv":
            path.write_text(example, encoding="windows-1252" if which == "wrong" else "utf-8")
        else:
            write(path, example, EXPORTED.get(code, ()), code == "CG711")
        base = "sales" if code == "CG714" else "none"
        return import_spreadsheet(Request(path, path.suffix[1:], [str(ACME)], base)).found


def write(path: Path, example: str, exported: tuple[str, ...], broken: bool) -> None:
    """Write the sheets of an example as a workbook."""
    with xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        for part in example.split("\n\n"):
            title, *lines = part.splitlines()
            sheet = book.add_worksheet(title)
            rows = list(csv.reader(lines))
            for number, row in enumerate(rows):
                for column, text in enumerate(row):
                    fill(book, sheet, number, column, text, broken)
                    if text == "^":
                        sheet.merge_range(
                            number - 1, column, number, column, rows[number - 1][column]
                        )
        if exported:
            sheet = book.add_worksheet("Exported")
            for number, iri in enumerate(("IRI", *exported)):
                for column, text in enumerate(("Role", iri, "", "", "")):
                    sheet.write_string(number, column, text)


def fill(book, sheet, row: int, column: int, text: str, broken: bool) -> None:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        sheet.write_datetime(
            row, column, date.fromisoformat(text), book.add_format({"num_format": "yyyy"})
        )
    elif text.isdecimal():
        sheet.write_number(row, column, int(text))
    elif text.startswith("="):
        sheet.write_formula(
            row, column, text, None, "#REF!" if broken else "Sustainability adviser"
        )
    elif text == "…":
        sheet.write_string(row, column, "x" * 32_767)
    elif text and text != "^":
        sheet.write_string(row, column, text.removeprefix("'"))
