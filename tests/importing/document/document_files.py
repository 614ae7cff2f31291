"""Word, OpenDocument and PDF files with the content of a text, for documents that are not wrapped."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import docx
import odfdo
from fpdf import FPDF
from fpdf.enums import XPos, YPos


def parts(text: str) -> Iterator[tuple[str, list[str]]]:
    """The text by kinds: “table” with rows in bars, “list” with items, “heading” and “text”."""

    def kind(line: str) -> str:
        if line.startswith("|"):
            return "table"
        return "list" if line.startswith("  • ") else "text"

    lines = [line for line in text.split("\n") if not line.startswith("|---")]
    for name, group in groupby(lines, kind):
        found = list(group)
        if name == "text":
            for at, line in enumerate(found):
                following = [each for each in found[at + 1 :] if each][:1]
                heading = bool(line and following and following[0].startswith("Definition:"))
                yield "heading" if heading else "text", [line]
        else:
            yield name, [line.removeprefix("  • ") for line in found]


def cells(row: str) -> list[str]:
    return [cell.strip() for cell in row.strip("|").split("|")]


def write_docx(text: str, path: Path) -> None:
    document = docx.Document()
    for kind, lines in parts(text):
        if kind == "table":
            table = document.add_table(len(lines), len(cells(lines[0])))
            for row, line in zip(table.rows, lines, strict=True):
                for cell, value in zip(row.cells, cells(line), strict=True):
                    cell.text = value
        for line in lines if kind != "table" else ():
            if kind == "heading":
                document.add_heading(line, 2)
            else:
                document.add_paragraph(line, style="List Bullet" if kind == "list" else None)
    document.save(str(path))


def write_odt(text: str, path: Path) -> None:
    document = odfdo.Document("text")
    body = document.body
    body.clear()
    for kind, lines in parts(text):
        if kind == "table":
            table = odfdo.Table("Roles")
            for line in lines:
                row = odfdo.Row()
                row.set_values(cells(line))
                table.append(row)
            body.append(table)
        elif kind == "list":
            body.append(odfdo.List(lines))
        else:
            body.append(
                odfdo.Header(2, lines[0]) if kind == "heading" else odfdo.Paragraph(lines[0])
            )
    document.save(str(path))


def write_pdf(text: str, path: Path) -> None:
    """Pages with a header, a page number and wrapped lines, in a font with letters of all widths."""

    class Pages(FPDF):
        def header(self) -> None:
            self.cell(0, 8, "The guild's dictionary", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

        def footer(self) -> None:
            self.set_y(-15)
            self.cell(0, 8, f"Page {self.page_no()}", align="C")

    pdf = Pages()
    pdf.set_font("Helvetica", size=10)
    pdf.set_auto_page_break(True, 25)
    pdf.add_page()
    for kind, lines in parts(text):
        for line in lines:
            if kind == "table":
                name, *marks = cells(line)
                pdf.cell(60, 5, name)
                for mark in marks:
                    pdf.cell(25, 5, mark)
                pdf.ln(5)
            elif kind == "list":
                pdf.set_x(16)
                pdf.cell(5, 5, "-")
                pdf.multi_cell(0, 5, line, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            elif line:
                pdf.multi_cell(0, 5, line, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
            else:
                pdf.ln(4)
    pdf.output(str(path))
