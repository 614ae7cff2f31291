"""`competency import esco` of ESCO's own RDF: the same model as from its tables."""

from __future__ import annotations

from pathlib import Path

import downloads
import pyoxigraph as ox
import pytest
from downloads import about, esco, graph_in, zip_of
from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, RDFS, SKOS

from conftest import Run

OWN = downloads.RDF / "own.ttl"
SKILL = esco("skill", "81513fdf")
OCCUPATION = esco("occupation", "14031d4a")
MODEL = "http://data.europa.eu/esco/model#"
TYPE = URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def test_texts_are_plain_and_repetitions_left_out(competency: Run, tmp_path: Path) -> None:
    done = competency("import", "esco", OWN, "-o", "out.nq")

    assert (done.returncode, done.stderr) == (0, "")
    found = graph_in(tmp_path / "out.nq", "esco")
    assert about(found, {OCCUPATION}) == {
        (OCCUPATION, TYPE, URIRef(MODEL + "Occupation")),
        (OCCUPATION, TYPE, URIRef(MODEL + "MemberConcept")),
        (OCCUPATION, TYPE, SKOS.Concept),
        (OCCUPATION, URIRef(MODEL + "relatedEssentialSkill"), SKILL),
        (OCCUPATION, SKOS.notation, Literal("3322.1")),
        (OCCUPATION, SKOS.prefLabel, Literal("commercial sales representative", lang="en")),
    }
    assert {value for _, predicate, value in about(found, {SKILL}) if predicate == DCTERMS.description} == {
        Literal("Made for the tests: contact customers.", lang="en"),
        Literal("Für die Tests erfunden.", lang="de"),
    }  # fmt: skip
    spoken_of = {str(term) for statement in found for term in statement}
    assert not [term for term in spoken_of if "skos-xl" in term or "/node-literal/" in term]
    assert not [term for term in spoken_of if "/relation/" in term or term == MODEL + "NodeLiteral"]
    assert "6  statements of SKOS-XL labels" not in done.stdout
    assert "statements of SKOS-XL labels\n" in done.stdout
    assert "statements of relations and texts as nodes of their own\n" in done.stdout


def test_the_skill_is_as_from_the_tables(competency: Run, tmp_path: Path) -> None:
    competency("import", "esco", OWN, "--language", "en", "-o", "rdf.nq")
    competency("import", "esco", downloads.ESCO, "-o", "csv.nq")

    rdf = about(graph_in(tmp_path / "rdf.nq"), {SKILL})
    csv = about(graph_in(tmp_path / "csv.nq"), {SKILL})
    reference = (
        SKILL,
        URIRef(MODEL + "referenceLanguage"),
        Literal("en", datatype=URIRef("http://www.w3.org/2001/XMLSchema#language")),
    )
    assert rdf - csv == {reference}
    assert {str(p) for _, p, _ in csv - rdf} <= {
        str(SKOS.altLabel),
        str(SKOS.inScheme),
        str(SKOS.broader),
    }


@pytest.mark.parametrize("ending", ["nt", "rdf", "jsonld", "trig"])
@pytest.mark.parametrize("zipped", [False, True])
def test_every_format_is_read_zipped_or_not(
    ending: str, zipped: bool, competency: Run, tmp_path: Path
) -> None:
    form = ox.RdfFormat.from_extension(ending)
    assert form is not None
    triples = [quad.triple for quad in ox.parse(path=str(OWN), format=ox.RdfFormat.TURTLE)]
    content = ox.serialize(triples, format=form)
    assert content is not None
    path = tmp_path / f"esco.{ending}"
    path.write_bytes(content)
    if zipped:
        path = zip_of(tmp_path / "esco-v1.2.0.zip", {path.name: content})

    competency("import", "esco", OWN, "-o", "usual.nq")
    done = competency("import", "esco", path, "-o", "other.nq")

    usual, other = graph_in(tmp_path / "usual.nq"), graph_in(tmp_path / "other.nq")
    assert done.returncode == 0
    assert done.stdout.startswith("ESCO v1.2.0" if zipped else "ESCO of unknown version")
    assert {s for s in other if "graph/esco" not in s[0]} == {
        s for s in usual if "graph/esco" not in s[0]
    }


def test_only_the_languages_asked_for(competency: Run, tmp_path: Path) -> None:
    done = competency("import", "esco", OWN, "--language", "de", "-o", "out.nq")

    texts = {
        v for _, _, v in about(graph_in(tmp_path / "out.nq"), {SKILL}) if getattr(v, "language", "")
    }
    assert texts == {
        Literal("Kunden und Kundinnen ansprechen", lang="de"),
        Literal("Für die Tests erfunden.", lang="de"),
    }
    assert "5  texts in other languages\n" in done.stdout


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            '"Für die Tests erfunden."',
            "<http://x.example/y>",
            "descriptions that are not in the file",
        ),
        (
            'esco:language     "de"',
            'esco:language     "xx"',
            "texts with an invalid language tag, as xx",
        ),
    ],
)
def test_what_is_missing_is_told(
    old: str, new: str, told: str, competency: Run, tmp_path: Path
) -> None:
    text = OWN.read_text("utf-8")
    assert old in text
    (tmp_path / "broken.ttl").write_text(text.replace(old, new), "utf-8")

    done = competency("import", "esco", "broken.ttl")

    assert (done.returncode, done.stderr) == (0, "")
    assert f"1  {told}" in done.stdout


def test_rdf_and_tables_come_together(competency: Run, tmp_path: Path) -> None:
    competency("import", "esco", OWN, downloads.ESCO, "-o", "out.nq")

    labels = {
        str(v) for _, p, v in about(graph_in(tmp_path / "out.nq"), {SKILL}) if p == SKOS.prefLabel
    }
    assert labels == {"contact customers", "Kunden und Kundinnen ansprechen"}


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("other.ttl", f"<http://x.example/a> <{RDFS.label}> 'A' .", "this RDF does not describe any occupation or skill of ESCO"),
        ("broken.ttl", "<http://x.example/a> <b> .", "broken.ttl:1:"),
        ("broken.rdf", "<rdf:RDF", "broken.rdf:1:"),
        ("deep.rdf", '<x:a xmlns:x="http://x.example/">' * 2_000, "nested more than 1,000 deep"),
        ("bomb.rdf", '<!DOCTYPE r [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>\n<r/>', "declares an entity"),
        ("utf16.ttl", "<http://x.example/a> a <b> .".encode("utf-16"), "is in UTF-16"),
        ("latin.nt", b"<http://x.example/a> <http://x.example/b> '\xe9' .", "latin.nt:1:"),
    ],
)  # fmt: skip
def test_broken_rdf_is_an_error(
    name: str, text: str | bytes, told: str, competency: Run, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(text.encode() if isinstance(text, str) else text)

    done = competency("import", "esco", name, "-o", "out.nq")

    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out.nq").exists()
