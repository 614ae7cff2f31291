"""Word, OpenDocument and PDF give the same dictionary as text, and hostile files are refused."""

from __future__ import annotations

import sys
import zipfile
import zlib
from pathlib import Path

import docx
import pytest
from document_files import write_docx, write_odt, write_pdf
from document_models import OWN, Style, Writer, found, model, statements
from docx.oxml.ns import nsdecls
from docx.oxml.parser import parse_xml
from fpdf import FPDF

from competency_graph.errors import UnavailableError, UnreadableInputError
from competency_graph.importing.document import Settings, import_document
from competency_graph.importing.document.reading import pdf, read

STYLE = Style(table="bars", dash=" -- ")
ABOUT = {"licence": "https://example.org/licence", "creator": "The guild"}
WRITERS = {"docx": write_docx, "odt": write_odt, "pdf": write_pdf}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("ending", WRITERS)
def test_each_format_gives_what_the_document_says(ending: str, seed: int, tmp_path: Path) -> None:
    document, path = model(seed), tmp_path / f"dictionary.{ending}"
    WRITERS[ending](Writer(document, STYLE).text(), path)
    result = import_document(path, Settings(OWN, about=ABOUT))
    assert found(result) == statements(document, STYLE)
    assert [f.message for f in result.report.findings if f.severity != "info"] == []


def test_findings_name_the_paragraph(tmp_path: Path) -> None:
    text = Writer(model(1), STYLE).text() + "\nPrinted by the guild\n"
    write_docx(text, tmp_path / "dictionary.docx")
    result = import_document(tmp_path / "dictionary.docx", Settings(OWN, about=ABOUT))
    numbered = [line for line in text.removesuffix("\n").split("\n") if not line.startswith("|---")]
    last = result.report.findings[-1]
    assert (result.unit, last.place.line, last.place.text) == (
        "paragraph",
        len(numbered),
        "Printed by the guild",
    )


def rewritten(path: Path, member: str, change) -> None:
    """Replace a member of an archive."""
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    members[member] = change(members[member])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(
    ("ending", "member"), [("docx", "word/document.xml"), ("odt", "content.xml")]
)
@pytest.mark.parametrize("hostile", ["bomb", "entities"])
def test_a_hostile_archive_is_refused(
    ending: str, member: str, hostile: str, tmp_path: Path
) -> None:
    path = tmp_path / f"dictionary.{ending}"
    WRITERS[ending](Writer(model(1), STYLE).text(), path)
    entities = b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    changes = {
        "bomb": lambda xml: xml + b" " * 20 * 1024**2,
        "entities": lambda xml: xml.replace(b"?>", b"?>" + entities, 1),
    }
    rewritten(path, member, changes[hostile])
    with pytest.raises(UnreadableInputError, match=r"unpacks to|entities"):
        read(path)


@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no archive", b"%PDF-1.7\nnothing else"])
def test_a_damaged_file_is_reported(ending: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"dictionary.{ending}"
    path.write_bytes(content)
    with pytest.raises(UnreadableInputError, match="not a complete"):
        read(path)


def test_a_truncated_archive_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "dictionary.docx"
    write_docx(Writer(model(1), STYLE).text(), path)
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(UnreadableInputError, match="not a complete"):
        read(path)


@pytest.mark.parametrize(("ending", "name"), [("docx", "docx"), ("odt", "odfdo"), ("pdf", "pypdf")])
def test_a_missing_library_is_named(
    ending: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"dictionary.{ending}"
    path.write_bytes(b"")
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(UnavailableError, match=r"competency-graph\[documents\]"):
        read(path)


def test_a_pdf_that_unpacks_to_far_more_is_refused(tmp_path: Path) -> None:
    stream = zlib.compress(b" " * 100 * 1024**2)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>/Contents 4 0 R>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(stream), stream),
    ]  # fmt: skip
    content, offsets = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, 1):
        offsets.append(len(content))
        content += b"%d 0 obj%b endobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(content)
    (tmp_path / "bomb.pdf").write_bytes(
        content + b"xref\n0 5\n0000000000 65535 f \n" + table + trailer
    )
    with pytest.raises(UnreadableInputError, match="LimitReachedError"):
        read(tmp_path / "bomb.pdf")


def test_pages_without_text_are_reported(tmp_path: Path) -> None:
    scanned = FPDF()
    scanned.add_page()
    scanned.output(str(tmp_path / "scan.pdf"))
    with pytest.raises(UnreadableInputError, match="no text layer"):
        read(tmp_path / "scan.pdf")


def test_a_pdf_with_too_many_pages_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pdf(Writer(model(1), STYLE).text(), tmp_path / "long.pdf")
    monkeypatch.setattr(pdf, "MAX_PAGES", 1)
    with pytest.raises(UnreadableInputError, match="more than 1 pages"):
        read(tmp_path / "long.pdf")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"Roles\n\xe9\xff\n", "a.txt:2: this line is not text in UTF-8"),
        ("a.txt", b"Roles\n\nBaker\0\n", "a.txt:3: this line contains a null character"),
        ("a.doc", b"x", "the ending “.doc” is not one of a document"),
        ("a", b"x", "the ending “” is not one of a document"),
    ],
)
def test_another_file_is_refused(name: str, content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableInputError) as raised:
        read(tmp_path / name)
    assert message in str(raised.value)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path, message in ((tmp_path, "not a file"), (tmp_path / "none.txt", "no such file")):
        with pytest.raises(UnreadableInputError, match=message):
            read(path)


def test_what_word_marks_up_is_read(tmp_path: Path) -> None:
    """Tabs and line breaks, content controls, inserted text and text boxes, but not deleted text."""
    document = docx.Document()
    document.add_paragraph("1.\tGiving Medicine\t12").add_run().add_break()
    document.paragraphs[0].add_run("The next line")
    runs = "<w:r><w:t>%s</w:t></w:r>"
    box = "<w:pict><v:shape xmlns:v='urn:schemas-microsoft-com:vml'><v:textbox><w:txbxContent><w:p>%s</w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
    for number, xml in enumerate(
        (
            f"<w:sdt {{}}><w:sdtContent><w:p>{runs % 'In a control'}</w:p></w:sdtContent></w:sdt>",
            f"<w:p {{}}><w:ins w:id='1' w:author='a'>{runs % 'Inserted'}</w:ins>"
            f"<w:del w:id='2' w:author='a'><w:r><w:delText>Deleted</w:delText></w:r></w:del></w:p>",
            f"<w:p {{}}>{runs % 'Before the box'}<w:r>{box % (runs % 'In the box')}</w:r></w:p>",
        )
    ):
        document.element.body.insert(number + 1, parse_xml(xml.format(nsdecls("w"))))
    document.save(str(tmp_path / "marked.docx"))
    lines = read(tmp_path / "marked.docx").lines
    assert [(line.number, line.text) for line in lines] == [
        (1, "1.\tGiving Medicine\t12"), (1, "The next line"), (2, "In a control"), (3, "Inserted"),
        (4, "Before the box"), (5, "In the box"),
    ]  # fmt: skip
