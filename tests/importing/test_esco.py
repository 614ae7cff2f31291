"""`competency import esco`: from the official download to ESCO's own model."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from downloads import (
    ESCO,
    GERMAN,
    GRAPH,
    about,
    esco,
    folder_of,
    graph_in,
    tables,
    written_by_hand,
    zip_of,
)
from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, SKOS

from conftest import COMMAND, Run

MODEL = "http://data.europa.eu/esco/model#"
SUMMARY = """\
ESCO of unknown version, in en
  3  occupations
 54  labels
 25  descriptions and notes
  8  ISCO groups
  9  skills
  8  skill groups
  3  concept schemes
 19  links to what is broader
 11  links between occupations and their essential skills
  1  links between occupations and their optional skills
  2  links between skills and skills optional to them
"""


def test_the_graph_is_escos_own_model(competency: Run, tmp_path: Path) -> None:
    done = competency("import", "esco", ESCO, "-o", "out.nq")

    assert (done.returncode, done.stderr) == (0, "")
    expected = written_by_hand("esco")
    found = graph_in(tmp_path / "out.nq", "esco")
    assert about(found, {subject for subject, _, _ in expected}) == expected


def test_what_was_read_is_told(competency: Run, tmp_path: Path) -> None:
    done = competency("import", "esco", ESCO)

    count = len((tmp_path / "esco.nq").read_bytes().splitlines())
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        done.stdout
        == f"""{SUMMARY}{count}  statements in esco.nq
Left out:
 14  labels that a thing has twice, as commercial sales representative
"""
    )


def test_a_zip_a_folder_and_files_are_the_same(competency: Run, tmp_path: Path) -> None:
    files = tables(ESCO)
    classification = {name: text for name, text in files.items() if "elations" not in name}
    relations = {name: text for name, text in files.items() if "elations" in name}
    first = zip_of(
        tmp_path / "ESCO dataset - v1.1.1 - classification - en - csv.zip", classification
    )
    second = zip_of(
        tmp_path / "relations.zip", {f"sub/folder/{n}": t for n, t in relations.items()}
    )

    told = competency("import", "esco", first, second, "-o", "zips.nq").stdout
    competency("import", "esco", ESCO, "-o", "folder.nq")
    competency("import", "esco", *(ESCO / name for name in files), "-o", "files.nq")

    assert told.startswith("ESCO v1.1.1, in en\n")
    version = (URIRef(GRAPH + "esco"), OWL.versionInfo, Literal("v1.1.1"))
    assert graph_in(tmp_path / "zips.nq") - graph_in(tmp_path / "files.nq") == {version}
    assert graph_in(tmp_path / "files.nq") == graph_in(tmp_path / "folder.nq")


def test_several_languages_come_together(competency: Run, tmp_path: Path) -> None:
    competency("import", "esco", ESCO, "-o", "english.nq")
    done = competency("import", "esco", ESCO, GERMAN, "-o", "both.nq")

    english, both = graph_in(tmp_path / "english.nq"), graph_in(tmp_path / "both.nq")
    german = {
        (esco("skill", "dc9a236c"), SKOS.prefLabel, Literal("Kundenbeziehungsmanagement", lang="de")),
        (esco("skill", "dc9a236c"), SKOS.altLabel, Literal("Pflege von Kundenbeziehungen", lang="de")),
        (esco("skill", "dc9a236c"), SKOS.altLabel, Literal("CRM", lang="de")),
        (esco("skill", "dc9a236c"), DCTERMS.description, Literal("Für die Tests erfunden.", lang="de")),
        (esco("occupation", "4c6b3657"), SKOS.prefLabel, Literal("Stromverkäufer/Stromverkäuferin", lang="de")),
        (esco("occupation", "4c6b3657"), SKOS.altLabel, Literal("Stromverkäufer", lang="de")),
        (esco("occupation", "4c6b3657"), SKOS.altLabel, Literal("Stromverkäuferin", lang="de")),
        (esco("occupation", "4c6b3657"), DCTERMS.description, Literal("Für die Tests erfunden.", lang="de")),
        (URIRef(GRAPH + "esco"), DCTERMS.language, Literal("de")),
    }  # fmt: skip
    assert done.stdout.startswith("ESCO of unknown version, in de, en\n")
    assert both - english == german
    assert english < both


def test_one_language_of_several_is_taken(competency: Run, tmp_path: Path) -> None:
    done = competency("import", "esco", ESCO, GERMAN, "--language", "de", "-o", "out.nq")

    found = graph_in(tmp_path / "out.nq")
    labels = {value for _, predicate, value in found if predicate == SKOS.prefLabel}
    assert {"Kundenbeziehungsmanagement", "Stromverkäufer/Stromverkäuferin"} < set(map(str, labels))
    names = {subject for subject, _, value in found if getattr(value, "language", "") == "en"}
    assert all("/skill-" in name or "regulated" in name or name.startswith(GRAPH) for name in names)
    assert "files in other languages, as " in done.stdout


def newer(files: dict[str, bytes]) -> dict[str, bytes]:
    """As ESCO v1.2 names and lays them out: a language in each name, and more columns."""
    renamed = {}
    for name, content in files.items():
        text = content.decode()
        if name.startswith("occupationSkillRelations"):
            head, *lines = text.splitlines()
            text = (
                "\n".join([f"{head},occupationLabel", *(f"{line},label" for line in lines)]) + "\n"
            )
        if "elations" in name:
            name = name.replace(".csv", "_en.csv")
        renamed[name] = text.encode()
    green = "conceptType,conceptUri,code,preferredLabel,greenShare\n"
    return renamed | {"greenShareOcc_en.csv": green.encode(), "dictionary_en.csv": b"filename,data header,property,description\n"}  # fmt: skip


def crlf(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content.replace(b"\n", b"\r\n") for name, content in files.items()}


def marked(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: b"\xef\xbb\xbf" + content for name, content in files.items()}


def again(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name.replace(".csv", " (1).csv"): content for name, content in files.items()}


def columns_turned(files: dict[str, bytes]) -> dict[str, bytes]:
    head = b"conceptType,conceptUri,broaderType,broaderUri"
    name = "broaderRelationsOccPillar.csv"
    lines = files[name].splitlines()
    assert lines[0] == head
    turned = b"\n".join(b",".join(reversed(line.split(b","))) for line in lines) + b"\n"
    return files | {name: turned}


def bars(files: dict[str, bytes]) -> dict[str, bytes]:
    """IRIs separated otherwise, as in the collections."""
    changed = ("skills_en.csv", "occupations_en.csv", "conceptSchemes_en.csv")
    return files | {name: files[name].replace(b",\nhttp", b" | http") for name in changed}


@pytest.mark.parametrize("form", [newer, crlf, marked, again, columns_turned, bars])
def test_other_forms_of_the_same_download_are_the_same(
    form: Callable[[dict[str, bytes]], dict[str, bytes]], competency: Run, tmp_path: Path
) -> None:
    competency("import", "esco", ESCO, "-o", "usual.nq")
    folder = folder_of(tmp_path / "folder", form(tables(ESCO)))
    assert tables(folder) != tables(ESCO)

    assert competency("import", "esco", folder, "-o", "other.nq").returncode == 0

    assert graph_in(tmp_path / "other.nq") == graph_in(tmp_path / "usual.nq")


def test_the_hierarchy_stands_in_for_relations_that_are_not_there(
    competency: Run, tmp_path: Path
) -> None:
    files = {name: text for name, text in tables(ESCO).items() if "elations" not in name}
    competency("import", "esco", folder_of(tmp_path / "folder", files), "-o", "out.nq")

    found = {(s, o) for s, p, o in graph_in(tmp_path / "out.nq") if p == SKOS.broader}
    isced = "http://data.europa.eu/esco/isced-f/"
    assert (URIRef(isced + "041"), URIRef(isced + "04")) in found
    assert len(found) == 6  # of eight skill groups, two are at the top


def test_a_collection_tells_members_that_the_skills_do_not(competency: Run, tmp_path: Path) -> None:
    files = tables(ESCO)
    scheme = b"http://data.europa.eu/esco/concept-scheme/6c930acd-c104-4ece-acf7-f44fd7333036,\n"
    assert scheme in files["skills_en.csv"]
    files["skills_en.csv"] = files["skills_en.csv"].replace(scheme, b"")
    competency("import", "esco", folder_of(tmp_path / "folder", files), "-o", "out.nq")

    expected = written_by_hand("esco")
    skill = {esco("skill", "9889b795")}
    assert about(graph_in(tmp_path / "out.nq"), skill) == about(expected, skill)


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (
            "skills_en.csv", "2016-12-20T20:36:54Z", "20.12.2016",
            "1  invalid dates, as 20.12.2016",
        ),
        (
            "skills_en.csv", "cross-sector,communicate", "everywhere,communicate",
            "1  unknown levels of reuse, as everywhere",
        ),
        (
            "skills_en.csv", "skill/competence,cross-sector,communicate", "wit,cross-sector,communicate",
            "1  unknown types of skills, as wit",
        ),
        (
            "occupations_en.csv", "432b2,3322,", "432b2,33 22,",
            "1  invalid codes of ISCO groups, as 33 22",
        ),
        (
            "occupations_en.csv", ",http://data.europa.eu/esco/occupation/2eac08c2", ",2eac08c2",
            "1  rows without an IRI of ESCO, as 2eac08c2-a81a-46fc-8d75-eb0e0f3e0f6d",
        ),
        (
            "occupationSkillRelations.csv", "optional,", "useful,",
            "1  relations of an unknown kind, as useful",
        ),
        (
            "skillSkillRelations.csv", "skill/e7219848", "skill/f7219848",
            "1  relations of things that the files do not describe, as "
            "http://data.europa.eu/esco/skill/f7219848-a27a-4bf4-8775-d367707be7c9",
        ),
        (
            "conceptSchemes_en.csv", "isco/C3", "isco/C9",
            "1  top concepts of things that the files do not describe, as "
            "http://data.europa.eu/esco/isco/C9",
        ),
        (
            "digitalSkillsCollection_en.csv", "skill/9889b795", "skill/8889b795",
            "1  members of collections of things that the files do not describe",
        ),
        (
            "ISCOGroups_en.csv", "esco/isco/C33,", "esco/isco/C3,",
            "1  rows about things already described, as http://data.europa.eu/esco/isco/C3",
        ),
    ],
)  # fmt: skip
def test_what_is_left_out_is_counted_and_told(
    name: str, old: str, new: str, told: str, competency: Run, tmp_path: Path
) -> None:
    files = tables(ESCO)
    text = files[name].decode()
    assert old in text
    files[name] = text.replace(old, new, 1).encode()

    done = competency("import", "esco", folder_of(tmp_path / "folder", files))

    assert (done.returncode, done.stderr) == (0, "")
    assert told in done.stdout
    assert (tmp_path / "esco.nq").exists()


def test_files_that_are_not_escos_are_named(competency: Run, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "folder", tables(ESCO) | {"payroll.csv": "a,b\n1,2\n"})

    assert (
        "1  files that are not ESCO's, as payroll.csv"
        in competency("import", "esco", folder).stdout
    )


@pytest.mark.parametrize("ending", ["trig", "nt", "ttl", "rdf", "jsonld"])
def test_the_ending_chooses_the_format(ending: str, competency: Run, tmp_path: Path) -> None:
    competency("import", "esco", ESCO, "-o", "usual.nq")
    assert competency("import", "esco", ESCO, "-o", f"out.{ending}").returncode == 0

    name = "esco" if ending in ("trig", "jsonld") else ""
    assert graph_in(tmp_path / f"out.{ending}", name) == graph_in(tmp_path / "usual.nq")


def test_a_dash_writes_n_quads_to_standard_output(competency: Run) -> None:
    done = competency("import", "esco", ESCO, "-o", "-")

    found = list(ox.parse(done.stdout.encode(), format=ox.RdfFormat.N_QUADS))
    assert f"{len(found)}  statements\n" in done.stderr
    assert "\r" not in done.stderr


def test_progress_is_shown_on_a_terminal_and_cleared(tmp_path: Path) -> None:
    terminal, screen = pty.openpty()
    process = subprocess.Popen(
        [COMMAND, "import", "esco", ESCO], stdout=subprocess.PIPE, stderr=screen, cwd=tmp_path
    )
    told, _ = process.communicate(timeout=60)
    os.close(screen)
    shown = os.read(terminal, 100_000).decode()
    os.close(terminal)

    assert process.returncode == 0
    assert told.startswith(b"ESCO")
    for name in ("occupations_en.csv", "skills_en.csv", "occupationSkillRelations.csv"):
        assert f"\r\x1b[K{name} … " in shown
    assert shown.endswith("\r\x1b[K")


def test_the_graph_says_where_it_is_from(competency: Run, tmp_path: Path) -> None:
    competency("import", "esco", ESCO)

    found = about(graph_in(tmp_path / "esco.nq"), {URIRef(GRAPH + "esco")})
    told = {predicate: value for _, predicate, value in found}
    assert str(told[DCTERMS.rights]) == (
        "This service uses the ESCO classification of the European Commission."
    )
    assert {
        RDF.type,
        DCTERMS.source,
        DCTERMS.license,
        DCTERMS.publisher,
        DCTERMS.title,
    } <= told.keys()
