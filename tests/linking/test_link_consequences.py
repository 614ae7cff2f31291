"""``competency link consequences``: what follows from all links, the most surprising first."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from conftest import Run

SKILL = "http://data.europa.eu/esco/skill/00000000-0000-4000-8000-0000000000"
ENTRY = "https://example.org/bakery/"
FRAMEWORK = f"""\
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX esco: <http://data.europa.eu/esco/model#>
PREFIX type: <http://data.europa.eu/esco/skill-type/>
<{SKILL}01> a skos:Concept, esco:Skill ; skos:prefLabel "bake rye bread"@en ;
  skos:broader <{SKILL}02> ; esco:skillType type:skill .
<{SKILL}02> a skos:Concept, esco:Skill ; skos:prefLabel "bake bread"@en ;
  skos:broader <{SKILL}03> ; esco:skillType type:skill .
<{SKILL}03> a skos:Concept, esco:Skill ; skos:prefLabel "bake"@en ; esco:skillType type:skill .
<{SKILL}04> a skos:Concept, esco:Skill ; skos:prefLabel "fermentation"@en ;
  skos:broader <{SKILL}05> ; esco:skillType type:knowledge .
<{SKILL}05> a skos:Concept, esco:Skill ; skos:prefLabel "drive lorries"@en ;
  skos:broader <{SKILL}06> ; esco:skillType type:skill .
<{SKILL}06> a skos:Concept, esco:Skill ; skos:prefLabel "drive"@en ; esco:skillType type:skill .
"""
"""Someone put fermentation below lorries."""
DICTIONARY = f"""\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX : <{ENTRY}>
<https://example.org/bakery> a cg:CompetencyDictionary ; dcterms:title "Bakery"@en .
:rye a cg:Ability ; skos:prefLabel "Bake rye bread"@en .
:bread a cg:Ability ; skos:prefLabel "Bake bread"@en .
:yeast a cg:Knowledge ; skos:prefLabel "Fermentation and yeast"@en .
:sourdough a cg:Knowledge ; skos:prefLabel "Sourdough"@en .
"""
LINKS = f"""\
# mapping_set_id: https://example.org/bakery/links
# license: https://creativecommons.org/licenses/by/4.0/
# curie_map:
#   b: {ENTRY}
#   s: {SKILL}
subject_id	subject_label	subject_category	predicate_id	object_id	object_label	object_category	mapping_justification	confidence
b:rye	Bake rye bread	cg:Ability	skos:broadMatch	s:01	bake rye bread	skill/competence	semapv:ManualMappingCuration	0.9
b:bread	Bake bread	cg:Ability	skos:narrowMatch	s:02	bake bread	skill/competence	semapv:ManualMappingCuration	0.9
b:yeast	Fermentation and yeast	cg:Knowledge	skos:broadMatch	s:04	fermentation	knowledge	semapv:ManualMappingCuration	0.6
b:sourdough	Sourdough	cg:Knowledge	skos:closeMatch	s:04	fermentation	knowledge	semapv:ManualMappingCuration	0.5
b:yeast	Fermentation and yeast	cg:Knowledge	skos:closeMatch	s:02	bake bread	skill/competence	semapv:ManualMappingCuration	0.5
b:rye	Bake rye bread	cg:Ability	skos:exactMatch	sssom:NoTermFound			semapv:ManualMappingCuration	0.5
"""
EXPECTED = {
    ("rye", "02", "broad"),  # its skill is narrower than this
    ("rye", "bread", "broad"),  # and this entry is broader than that
    ("01", "bread", "broad"),
    ("yeast", "05", "broad"),
}
"""What follows by SKOS, worked out by hand: not that “bake” and “drive”, which are at the top, are
broader, nor what a link states."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "esco.ttl").write_text(FRAMEWORK)
    (tmp_path / "bakery.ttl").write_text(DICTIONARY)
    (tmp_path / "links.sssom.tsv").write_text(LINKS)
    return tmp_path


def survey(competency: Run, *options: str) -> dict[str, Any]:
    done = competency("link", "consequences", "bakery.ttl", "links.sssom.tsv", "-f", "json", "--most", "100", *options)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def pair(row: dict[str, Any]) -> tuple[str, str, str]:
    one, two = (row[f"{end}_id"].removeprefix(SKILL).removeprefix(ENTRY) for end in ("subject", "object"))  # fmt: skip
    return one, two, row["predicate_id"].rpartition("#")[2].removesuffix("Match")


def test_the_most_surprising_is_first_with_its_chain(folder: Path, competency: Run) -> None:
    """Knowledge that becomes a kind of driving lorries: no word in common, and another kind."""
    found = survey(competency, "--with", "esco.ttl")
    first = found["most_surprising"][0]
    assert pair(first) == ("yeast", "05", "broad")
    assert (first["texts"], first["kinds"], first["doubt"], first["jump"]) == (1, 1, 0.4, 0.5)
    assert first["score"] == pytest.approx(0.5 * 1 + 0.2 * 1 + 0.2 * 0.4 + 0.1 * 0.5)
    assert [(link["subject"][-2:], link["object"][-2:], link["place"]) for link in first["chain"]] == [
        ("st", "04", "links.sssom.tsv:9"),
        ("04", "05", None),
    ]  # fmt: skip


def test_what_follows_is_counted(folder: Path, competency: Run) -> None:
    found = survey(competency, "--with", "esco.ttl")
    assert found["links"] == 5
    assert {pair(row) for row in found["most_surprising"]} <= EXPECTED
    assert found["consequences"] == len(EXPECTED)
    assert found["not_looked_at"] == []


def test_each_link_is_listed_once(folder: Path, competency: Run) -> None:
    found = survey(competency, "--with", "esco.ttl")
    links = [
        (link["subject"], link["predicate"], link["object"])
        for row in found["most_surprising"]
        for link in row["chain"]
        if link["place"]
    ]
    assert len(links) == len(set(links)) > 2


def test_without_the_framework_it_says_what_was_not_looked_at(
    folder: Path, competency: Run
) -> None:
    found = survey(competency)
    assert found["consequences"] == 0
    assert found["not_looked_at"] == [
        "the hierarchy and the texts of ESCO, to which 5 links lead. Name its RDF with --with."
    ]


def test_close_matches_suggest_what_people_will_conclude(folder: Path, competency: Run) -> None:
    """Two entries that closely match one concept: nothing follows by SKOS, but a search joins them."""
    changed = LINKS.replace("skos:broadMatch\ts:04", "skos:closeMatch\ts:04")
    changed = changed.replace("skos:closeMatch\ts:02", "skos:relatedMatch\ts:02")
    (folder / "links.sssom.tsv").write_text(changed)
    found = survey(competency)
    [row] = found["most_surprising"]
    assert pair(row) == ("yeast", "sourdough", "close")


def test_a_label_in_a_row_alone_counts_half(folder: Path, competency: Run) -> None:
    """Two skills whose framework is not there: one is narrower than an entry, the other broader."""
    changed = LINKS.replace("b:bread\tBake bread", "b:rye\tBake rye bread")
    (folder / "links.sssom.tsv").write_text(changed.replace("s:02\tbake bread", "s:02\tmill corn"))
    [row] = survey(competency)["most_surprising"]
    assert (pair(row), row["texts"]) == (("02", "01", "broad"), 0.5)


def test_text_and_csv_tell_the_same(folder: Path, competency: Run) -> None:
    command = ("link", "consequences", "bakery.ttl", "links.sssom.tsv", "--with", "esco.ttl")
    told = competency(*command, "--most", "1").stdout
    assert told == (
        "4 consequences of 5 links; the most surprising:\n\n"
        "1. “Fermentation and yeast” (Knowledge) is narrower than “drive lorries” "
        "(skill/competence) [0.83: texts 1.00, kinds 1.00, doubt 0.40, jump 0.50]\n"
        "   because “Fermentation and yeast” skos:broadMatch “fermentation” "
        "(links.sssom.tsv:9, confidence 0.6)\n"
        "   because “fermentation” skos:broader “drive lorries”\n"
    )
    competency(*command, "-f", "csv", "-o", "out.csv")
    [row, *_] = csv.DictReader(io.StringIO((folder / "out.csv").read_text()))
    assert (row["subject_label"], row["object_label"], row["score"]) == (
        "Fermentation and yeast", "drive lorries", "0.83",
    )  # fmt: skip
    assert row["chain"].count("; ") == 1


def test_links_in_turtle_count_as_well(folder: Path, competency: Run) -> None:
    (folder / "links.sssom.tsv").write_text("".join(LINKS.splitlines(keepends=True)[:8]))  # fmt: skip
    (folder / "more.ttl").write_text(
        f"<{ENTRY}yeast> <http://www.w3.org/2004/02/skos/core#broadMatch> <{SKILL}04> ."
    )
    found = survey(competency, "more.ttl", "--with", "esco.ttl")
    assert ("yeast", "05", "broad") in {pair(row) for row in found["most_surprising"]}


def test_what_cannot_be_read_is_told(folder: Path, competency: Run) -> None:
    (folder / "esco.ttl").write_text("no turtle")
    done = competency("link", "consequences", "bakery.ttl", "links.sssom.tsv", "--with", "esco.ttl")
    assert done.returncode == 2
    assert "esco.ttl" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_files_it_is_about_the_published_links(competency: Run) -> None:
    done = competency("link", "consequences", "--most", "1")
    assert done.returncode == 0
    told = done.stdout.splitlines()
    assert re.fullmatch(r"[\d,]+ consequences of [\d,]+ links; the most surprising:", told[0])
    assert [line.partition(",")[0] for line in told[-2:]] == [
        "Not looked at: the hierarchy and the texts of ESCO",
        "Not looked at: the hierarchy and the texts of O*NET",
    ]
