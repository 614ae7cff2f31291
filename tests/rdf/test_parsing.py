"""Reading files: what they say, exactly, and one clear error where they cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Literal, URIRef
from rdflib.namespace import XSD

from competency_graph.errors import UnreadableInputError
from competency_graph.rdf.rdflib_graphs import read_graph

S, P = URIRef("http://e/s"), URIRef("http://e/p")


def test_literals_keep_their_spelling(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(
        '<http://e/s> <http://e/p> 01, "1"^^<http://www.w3.org/2001/XMLSchema#int>, "x"@EN .'
    )
    spelt = {
        (str(o), str(o.datatype), o.language)
        for o in read_graph([path]).objects(S, P)
        if isinstance(o, Literal)
    }
    assert spelt == {("01", str(XSD.integer), None), ("1", str(XSD.int), None), ("x", "None", "en")}


def test_blank_nodes_of_two_files_stay_apart(tmp_path: Path) -> None:
    paths = [tmp_path / "a.ttl", tmp_path / "b.ttl"]
    for path in paths:
        path.write_text("_:x <http://e/p> <http://e/s> .")
    assert len(set(read_graph(paths).subjects())) == 2


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ttl", "<http://e/s> <http://e/p> <http://e/o> ."),
        ("a.nt", "<http://e/s> <http://e/p> <http://e/o> ."),
        ("a.jsonld", '{"@id": "http://e/s", "http://e/p": {"@id": "http://e/o"}}'),
        ("a.rdf", '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/"><rdf:Description rdf:about="http://e/s"><e:p rdf:resource="http://e/o"/></rdf:Description></rdf:RDF>'),
        ("bom.ttl", "\ufeff<http://e/s> <http://e/p> <http://e/o> ."),
        ("crlf.ttl", "<http://e/s>\r\n<http://e/p>\r\n<http://e/o> .\r\n"),
    ],
)  # fmt: skip
def test_every_format_is_read(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode())
    assert set(read_graph([path])) == {(S, P, URIRef("http://e/o"))}


BROKEN = {
    "missing.ttl": (None, None, "no such file"),
    "syntax.ttl": (b"<http://e/s> <http://e/p>\n  <http://e/o> ;; oops .\n", 2, "not Turtle"),
    "prefix.ttl": (b"a:b a:c a:d .", 1, "not Turtle"),
    "latin.ttl": ('<http://e/s> <http://e/p>\n "caf\xe9" .'.encode("latin-1"), 2, "not UTF-8"),
    "utf16.ttl": ("<http://e/s> <http://e/p> 1 .".encode("utf-16"), None, "UTF-16"),
    "binary.ttl": (bytes(range(256)), 3, "not UTF-8"),  # after LF and CR
    "object.nt": (b"<http://e/s> <http://e/p> o .", 1, "not N-Triples"),
    "page.rdf": (b"<!doctype html><p>Hello", None, "not RDF/XML"),
    "broken.jsonld": (b'{"@id": ', 1, "not JSON-LD"),
    "context.jsonld": (b'{"@context": "http://127.0.0.1:9/c", "@id": "http://e/s", "p": 1}', None, "context is at an address"),
    "sheet.xlsx": (b"PK", None, "known RDF format"),
    "none": (b"", None, "known RDF format"),
    "folder.ttl": ("folder", None, "directory"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_read_is_told_with_place_and_remedy(tmp_path: Path, name: str) -> None:
    content, line, what = BROKEN[name]
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content == "folder":
        path.mkdir()
    with pytest.raises(UnreadableInputError) as caught:
        read_graph([path])
    error = caught.value
    assert error.where == str(path)
    assert what in error.what
    assert error.remedy
    if line is not None:
        assert error.line == line


def test_entities_of_xml_are_not_expanded_from_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden")
    path = tmp_path / "a.rdf"
    path.write_text(
        f'<!DOCTYPE x [<!ENTITY s SYSTEM "{secret.as_uri()}">]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
        '<rdf:Description rdf:about="http://e/s"><e:p>&s;</e:p></rdf:Description></rdf:RDF>'
    )
    with pytest.raises(UnreadableInputError):
        read_graph([path])
