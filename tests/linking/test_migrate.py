"""``competency link migrate``: links follow a framework to its next version, and none is lost.

The tables have the columns of ESCO's and O*NET's own; codes and titles of O*NET are its own as far
as they are known, everything else is made up.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest

from competency_graph.importing import Tally, import_esco, import_onet, write
from competency_graph.linking import Review
from competency_graph.linking.concept_search import ConceptSearch
from competency_graph.linking.concepts import Concept, target
from competency_graph.linking.migration import Framework, migrate
from competency_graph.mappings import NO_TERM, Mapping, MappingSet, read, text
from competency_graph.rdf.formats import GRAPH_FORMATS, format_named
from conftest import ROOT, Run

SKILL = "http://data.europa.eu/esco/skill/00000000-0000-4000-8000-0000000000"
SKILL_COLUMNS = (
    "conceptType", "conceptUri", "skillType", "reuseLevel", "preferredLabel", "altLabels",
    "hiddenLabels", "status", "modifiedDate", "scopeNote", "definition", "inScheme", "description",
)  # fmt: skip
DICTIONARY = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
<https://example.org/bakery> a cg:CompetencyDictionary ; dcterms:title "Bakery"@en .
"""
ENTRY = "https://example.org/bakery/ability/"
HEAD = {
    "sssom_version": "1.1",
    "mapping_set_id": "https://example.org/bakery/links",
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "object_source_version": "v1.1.1",
    "comment": "Links to ESCO v1.1.1",
    "curie_map": {
        "ability": ENTRY,
        "s": "http://data.europa.eu/esco/skill/",
        "onet-element": "https://w3id.org/competency-graph/onet/element/",
        "onet-occupation": "https://w3id.org/competency-graph/onet/occupation/",
    },
}


def table(path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]], mark: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        quoting = csv.QUOTE_NONE if mark == "\t" else csv.QUOTE_MINIMAL
        writer = csv.writer(file, delimiter=mark, lineterminator="\n", quoting=quoting)
        writer.writerows([columns, *rows])


def skill(number: str, label: str, kind: str = "skill/competence", **more: str) -> list[str]:
    cells = {
        "conceptType": "KnowledgeSkillCompetence", "conceptUri": SKILL + number,
        "skillType": kind, "reuseLevel": "cross-sector", "preferredLabel": label,
        "status": "released", "inScheme": "http://data.europa.eu/esco/concept-scheme/skills",
    } | more  # fmt: skip
    return [cells.get(column, "") for column in SKILL_COLUMNS]


OLD = [
    skill("01", "bake bread"),
    skill("02", "knead dough"),
    skill("03", "use ovens"),
    skill("04", "prepare pastry and confectionery"),
    skill("05", "bake rolls"),
    skill("06", "operate steam ovens"),
    skill("07", "carry coal"),
    skill("08", "hygiene rules"),
    skill("09", "weigh", description="Weigh the ingredients."),
    skill("10", "decorate cakes"),
]
NEW = [
    skill("01", "bake bread"),
    skill("02", "knead doughs", altLabels="knead dough"),
    skill("13", "operate ovens"),
    skill("14", "prepare pastry"),
    skill("15", "prepare confectionery"),
    skill("06", "operate steam ovens", status="obsolete"),
    skill("08", "hygiene rules", "knowledge"),
    skill("09", "weigh vehicles", description="Weigh lorries at the gate."),
    skill("20", "decorate cakes"),
]
CHANGES = f"""\
PREFIX dcterms: <http://purl.org/dc/terms/>
<{SKILL}03> dcterms:isReplacedBy <{SKILL}13> .
<{SKILL}04> dcterms:isReplacedBy <{SKILL}14>, <{SKILL}15> .
<{SKILL}01> dcterms:replaces <{SKILL}05> .
"""
LABELS = {row[1][-2:]: row[4] for row in OLD} | {"20": "decorate cakes"}


def link(entry: str, number: str, predicate: str = "close", **more: str) -> Mapping:
    cells = {
        "subject_id": f"ability:{entry}", "subject_label": entry, "subject_category": "cg:Ability",
        "predicate_id": f"skos:{predicate}Match", "object_id": f"s:{SKILL[-34:]}{number}",
        "object_label": LABELS.get(number, ""), "object_category": "skill/competence",
        "mapping_justification": "semapv:ManualMappingCuration", "confidence": "0.8",
        "mapping_date": "2024-01-01", "comment": "They are alike.", "reviewer_label": "Jo",
        "reviewer_agreement": "1",
    } | more  # fmt: skip
    return Mapping.from_cells(cells)


LINKS = [
    (link("a", "01"), "unchanged", ["01"]),
    (link("b", "02"), "relabelled", ["02"]),
    (link("c", "03", "exact"), "replaced", ["13"]),
    (link("d", "04"), "split", ["14", "15"]),
    (link("e", "05"), "merged", ["01"]),
    (link("f", "06"), "deprecated", []),
    (link("g", "07"), "gone", []),
    (link("h", "08"), "kind", ["08"]),
    (link("i", "09"), "meaning", ["09"]),
    (link("j", "10"), "moved", ["20"]),
    (link("k", "20", "related"), "unchanged", ["20"]),
    (link("k", "10", "related"), "joined", ["20"]),
    (link("l", "20", "related"), "unchanged", ["20"]),
    (link("l", "10", "broad"), "conflict", ["20"]),
    (link("m", "07", predicate_modifier="Not", confidence=""), "gone", []),
    (link("n", "", "exact", object_id="sssom:NoTermFound", object_category=""), "no match", []),
    (
        link("o", "", "related", object_id="onet-element:2.B.1.a", object_category="skill", object_label="Social Perceptiveness"),
        "foreign",
        [],
    ),
]  # fmt: skip
"""Rows, what becomes of each, and which concepts take the place of the old one."""
SILENT = ("unchanged", "no match", "foreign")
KEPT = (*SILENT, "relabelled", "replaced", "moved")


def imported(make: Callable[..., Iterable[ox.Quad]], source: Path, output: Path) -> None:
    """What “competency import” writes."""
    tally = Tally()
    with output.open("wb") as file:
        write(make([source], tally), format_named("nquads", GRAPH_FORMATS), file, tally)


@pytest.fixture(scope="module")
def esco(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two versions of ESCO, imported."""
    folder = tmp_path_factory.mktemp("esco")
    for version, rows in (("v1.1.1", OLD), ("v1.2.0", NEW)):
        tables = folder / f"ESCO dataset - {version} - classification - en - csv"
        table(tables / "skills_en.csv", SKILL_COLUMNS, rows, ",")
        imported(import_esco, tables, folder / f"{version}.nq")
    return folder


@pytest.fixture
def folder(tmp_path: Path, esco: Path) -> Path:
    """Two versions of ESCO, its changes, and links of a dictionary of one's own."""
    for version in ("v1.1.1", "v1.2.0"):
        (tmp_path / f"{version}.nq").symlink_to(esco / f"{version}.nq")
    (tmp_path / "changes.ttl").write_text(CHANGES)
    entries = dict.fromkeys(row.subject_label for row, _, _ in LINKS)
    (tmp_path / "bakery.ttl").write_text(
        DICTIONARY
        + "".join(f'<{ENTRY}{e}> a cg:Ability ; skos:prefLabel "{e}"@en .\n' for e in entries)
    )
    links = MappingSet(HEAD).with_mappings(row for row, _, _ in LINKS)
    (tmp_path / "links.sssom.tsv").write_text(text(links))
    return tmp_path


MIGRATE = (
    "link", "migrate", "links.sssom.tsv", "--from", "v1.1.1.nq", "--to", "v1.2.0.nq", "--changes",
    "changes.ttl", "-o", "new.sssom.tsv",
)  # fmt: skip


def test_each_row_is_accounted_for(folder: Path, competency: Run) -> None:
    done = competency(*MIGRATE, "-f", "json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["from"], report["to"]) == (1, "v1.1.1", "v1.2.0")
    first = read(folder / "links.sssom.tsv").mappings[0].line
    found = {
        row["line"] - first: (row["fate"], [e["iri"][-2:] for e in row["to"]])
        for row in report["rows"]
    }
    expected = {n: (fate, to) for n, (_, fate, to) in enumerate(LINKS) if fate not in SILENT}
    assert found == expected
    assert sum(report["counts"].values()) == len(LINKS)
    assert report["without_link"] == ["d", "e", "f", "g", "h", "i"]
    assert report["head_mentions_older_version"] == ["comment"]


def test_what_holds_is_kept_and_the_rest_is_to_review(folder: Path, competency: Run) -> None:
    done = competency(*MIGRATE)
    kept = read(folder / "new.sssom.tsv")
    assert [row.subject_label for row in kept.mappings] == [
        row.subject_label for row, fate, _ in LINKS if fate in KEPT
    ]
    review = read(folder / "new.to-review.sssom.tsv")
    assert [(row.subject_label, row.object_id[-2:]) for row in review.mappings] == [
        ("d", "14"), ("d", "15"), ("e", "01"), ("f", "06"), ("g", "07"), ("h", "08"), ("i", "09"),
        ("l", "20"),
    ]  # fmt: skip
    assert done.stderr.endswith("7 rows need a decision: competency link review new.to-review.sssom.tsv\n")  # fmt: skip


def test_carried_rows_say_what_happened(folder: Path, competency: Run) -> None:
    competency(*MIGRATE)
    rows = {row.subject_label: row for row in read(folder / "new.sssom.tsv").mappings}
    replaced, moved, relabelled, same = rows["c"], rows["j"], rows["b"], rows["a"]
    assert replaced.comment == (
        "They are alike. Carried from “use ovens” of version v1.1.1 to version v1.2.0, by "
        "changes.ttl."
    )
    assert (replaced.predicate_id, replaced.object_label) == ("skos:exactMatch", "operate ovens")
    assert replaced.mapping_justification == "semapv:MappingChaining"
    assert moved.mapping_justification == "semapv:LexicalMatching"
    assert (replaced.confidence, moved.confidence) == ("0.72", "0.72")
    assert (replaced.reviewer_label, relabelled.reviewer_label) == ("", "Jo")
    assert (relabelled.object_label, relabelled.confidence) == ("knead doughs", "0.8")
    assert same.comment == "They are alike."


def test_rows_that_keep_the_older_version_say_so(folder: Path, competency: Run) -> None:
    """What was not found in v1.1.1 may be in v1.2.0."""
    competency(*MIGRATE)
    kept = read(folder / "new.sssom.tsv")
    versions = {row.subject_label: row.others["object_source_version"] for row in kept.mappings}
    assert {label for label, version in versions.items() if version == "v1.1.1"} == {"n", "o"}
    assert kept.texts("object_source_version") == []


def test_each_part_of_a_split_concept_is_proposed_as_a_part(folder: Path, competency: Run) -> None:
    competency(*MIGRATE)
    parts = read(folder / "new.to-review.sssom.tsv").mappings[:2]
    assert [(row.predicate_id, row.confidence) for row in parts] == [("skos:narrowMatch", "0.40")] * 2  # fmt: skip


def test_decisions_and_kept_rows_are_valid_links(folder: Path, competency: Run) -> None:
    """From one version to the next, and what a person decides about the rest."""
    competency(*MIGRATE)
    review = Review(folder / "new.to-review.sssom.tsv", folder / "decided.sssom.tsv", "Jo")
    for candidate in review.candidates:
        known = candidate.object_id[-2:] in ("14", "01")
        review.decide(candidate, "narrow" if known else "reject")
    done = competency("link", "check", "new.sssom.tsv", "decided.sssom.tsv", "bakery.ttl", "--with", "v1.2.0.nq")  # fmt: skip
    assert done.returncode == 0, done.stdout
    again = competency("link", "migrate", "decided.sssom.tsv", "--from", "v1.1.1.nq", "--to", "v1.2.0.nq", "-o", "again.sssom.tsv")  # fmt: skip
    assert again.returncode == 0, again.stdout


def test_without_changes_the_versions_themselves_are_compared(
    folder: Path, competency: Run
) -> None:
    done = competency(*(word for word in MIGRATE if word not in ("--changes", "changes.ttl")), "-f", "json")  # fmt: skip
    fates = {row["fate"] for row in json.loads(done.stdout)["rows"] if row["object_id"][-2:] in ("03", "04", "05")}  # fmt: skip
    assert fates == {"gone"}


def test_a_replacement_is_heeded_even_if_the_old_concept_is_not_marked_as_out_of_use() -> None:
    old = Concept("urn:a", "bake")
    new = [
        Concept("urn:a", "bake", successors=("urn:b", "urn:c")), Concept("urn:b", "bake bread"),
        Concept("urn:c", "bake rolls"),
    ]  # fmt: skip
    fate = Framework([old], new).fate(old)
    assert (fate.name, [each.label for each in fate.to]) == (
        "split", ["bake bread", "bake rolls"],
    )  # fmt: skip


def test_nothing_to_decide_is_a_success(folder: Path, competency: Run) -> None:
    links = MappingSet(HEAD).with_mappings(row for row, fate, _ in LINKS[:3])
    (folder / "links.sssom.tsv").write_text(text(links))
    done = competency(*MIGRATE)
    assert done.returncode == 0, done.stdout
    assert not (folder / "new.to-review.sssom.tsv").exists()
    assert read(folder / "new.sssom.tsv").texts("object_source_version") == ["v1.2.0"]


@pytest.mark.parametrize("name", ["esco", "onet"])
def test_published_links_stay_as_they_are_if_nothing_changes(name: str) -> None:
    """And if a concept goes, exactly its rows are to be decided."""
    links = read(ROOT / "data" / "links" / f"{name}.sssom.tsv")
    described = {
        row.object_id: Concept(links.expand(row.object_id), row.object_label, kind=row.object_category)
        for row in links.mappings
        if row.object_id != NO_TERM
    }  # fmt: skip
    concepts = list(described.values())
    same = migrate(links, Framework(concepts, concepts), ("1", "2"))
    version = "object_source_version"
    assert same.undecided == []
    assert [{**row.cells, version: ""} for row in same.result().mappings] == [
        {**row.cells, version: ""} for row in links.mappings
    ]
    gone = next(row.object_id for row in links.mappings if row.object_id != NO_TERM)
    fewer = [each for each in concepts if each.iri != links.expand(gone)]
    done = migrate(links, Framework(concepts, fewer), ("1", "2"))
    lost = [row for row in links.mappings if row.object_id == gone]
    assert [row.before for row in done.rows if row.fate.name == "gone"] == lost
    assert len(done.result().mappings) == len(links.mappings) - len(lost)


# O*NET

CROSSWALK = ("O*NET-SOC 2010 Code", "O*NET-SOC 2010 Title", "O*NET-SOC 2019 Code", "O*NET-SOC 2019 Title")  # fmt: skip
CROSSWALK_ROWS = [
    ("11-2022.00", "Sales Managers", "11-2022.00", "Sales Managers"),
    ("15-1132.00", "Software Developers, Applications", "15-1252.00", "Software Developers"),
    ("15-1132.00", "Software Developers, Applications", "15-1253.00", "Software Quality Assurance Analysts and Testers"),
    ("15-1199.01", "Software Quality Assurance Engineers and Testers", "15-1253.00", "Software Quality Assurance Analysts and Testers"),
    ("15-1199.08", "Business Intelligence Analysts", "15-2051.01", "Business Intelligence Analysts"),
]  # fmt: skip
"""Rows of O*NET's own crosswalk."""
STYLES = ("1.C.1.b", "Persistence"), ("1.C.5.a", "Dependability"), ("1.C.6", "Independence")
NEW_STYLES = ("1.D.1.a", "Innovation"), ("1.D.3.b", "Dependability"), ("1.D.2.b", "Perseverance")


def database(folder: Path, occupations: dict[str, str], styles: Sequence[tuple[str, str]]) -> None:
    rows = [(code, title, "Made for the tests.") for code, title in occupations.items()]
    table(folder / "Occupation Data.txt", ("O*NET-SOC Code", "Title", "Description"), rows, "\t")
    elements = [(*style, "Made for the tests.") for style in styles]
    table(folder / "Content Model Reference.txt", ("Element ID", "Element Name", "Description"), elements, "\t")  # fmt: skip


@pytest.fixture
def onet(tmp_path: Path) -> Path:
    before = {row[0]: row[1] for row in CROSSWALK_ROWS}
    after = {row[2]: row[3] for row in CROSSWALK_ROWS}
    database(tmp_path / "db_29_2_text", before, STYLES)
    database(tmp_path / "db_30_0_text", after, NEW_STYLES)
    for name in ("29_2", "30_0"):
        imported(import_onet, tmp_path / f"db_{name}_text", tmp_path / f"{name}.nq")
    table(tmp_path / "2010_to_2019_Crosswalk.csv", CROSSWALK, CROSSWALK_ROWS, ",")
    rows = [
        link(f"r{n}", "", object_id=f"onet-occupation:{code}", object_label=title, object_category="occupation", subject_category="cg:JobTitle")
        for n, (code, title) in enumerate(before.items())
    ] + [
        link(f"w{n}", "", object_id=f"onet-element:{code}", object_label=name, object_category="work style")
        for n, (code, name) in enumerate(STYLES)
    ]  # fmt: skip
    head = HEAD | {"object_source_version": "29.2"}
    (tmp_path / "links.sssom.tsv").write_text(text(MappingSet(head).with_mappings(rows)))
    return tmp_path


def test_codes_follow_onets_crosswalk_and_elements_their_names(onet: Path, competency: Run) -> None:
    command = ("link", "migrate", "links.sssom.tsv", "--from", "29_2.nq", "--to", "30_0.nq", "--changes", "2010_to_2019_Crosswalk.csv", "-o", "new.sssom.tsv", "-f", "json")  # fmt: skip
    report = json.loads(competency(*command).stdout)
    assert {row["object_id"].partition(":")[2]: (row["fate"], [e["iri"].rpartition("/")[2] for e in row["to"]]) for row in report["rows"]} == {
        "15-1132.00": ("split", ["15-1252.00", "15-1253.00"]),
        "15-1199.01": ("merged", ["15-1253.00"]),
        "15-1199.08": ("moved", ["15-2051.01"]),
        "1.C.1.b": ("gone", []),
        "1.C.5.a": ("moved", ["1.D.3.b"]),
        "1.C.6": ("gone", []),
    }  # fmt: skip
    rows = {row.subject_label: row for row in read(onet / "new.sssom.tsv").mappings}
    analysts = next(row for row in rows.values() if row.object_id.endswith("15-2051.01"))
    assert analysts.confidence == "0.8"  # it is the same occupation with another code


def test_other_tables_are_read_by_the_names_of_their_columns(onet: Path, competency: Run) -> None:
    table(onet / "elements.csv", ("Former ID", "Element ID"), [("1.C.1.b", "1.D.2.b")], ",")
    command = ("link", "migrate", "links.sssom.tsv", "--from", "29_2.nq", "--to", "30_0.nq", "--changes", "elements.csv", "-o", "new.sssom.tsv", "-f", "json")  # fmt: skip
    refused = competency(*command)
    assert (refused.returncode, "Traceback" in refused.stderr) == (2, False)
    assert "“Former ID”, “Element ID”" in refused.stderr
    assert "--columns" in refused.stderr
    report = json.loads(competency(*command, "--columns", "Former ID,Element ID").stdout)
    found = {row["object_id"]: row["fate"] for row in report["rows"]}
    assert found["onet-element:1.C.1.b"] == "replaced"


TASK = "https://w3id.org/competency-graph/onet/task/"


def tasks(path: Path, version: str, sentences: dict[str, str]) -> list[Concept]:
    """A version of O*NET with tasks of bakers, by their numbers."""
    rows = [
        f'<{TASK}{number}> a onet:Task ; skos:notation "{number}" ; skos:prefLabel "{said}"@en .\n'
        f"o:51-3011.00 onet:hasTask <{TASK}{number}> .\n"
        for number, said in sentences.items()
    ]
    path.write_text(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        "PREFIX owl: <http://www.w3.org/2002/07/owl#>\n"
        "PREFIX onet: <https://w3id.org/competency-graph/onet/>\n"
        "PREFIX o: <https://w3id.org/competency-graph/onet/occupation/>\n"
        f'<https://w3id.org/competency-graph/graph/onet> owl:versionInfo "{version}" .\n'
        'o:51-3011.00 a onet:Occupation, skos:Concept ; skos:prefLabel "Bakers"@en .\n'
        + "".join(rows)
    )
    return target([path], "en", deprecated=True, tasks=True)


def test_a_task_has_the_label_that_links_give_it_and_its_sentence(tmp_path: Path) -> None:
    (task,) = (
        each for each in tasks(tmp_path / "1.ttl", "29.2", {"7": "Knead dough."})
        if each.kind == "task"
    )  # fmt: skip
    assert (task.label, task.definition, task.within) == (
        "Task 7 of Bakers", "Knead dough.", ("Bakers",),
    )  # fmt: skip
    assert [each.kind for each in target([tmp_path / "1.ttl"], "en")] == ["occupation"]
    search = ConceptSearch(tasks(tmp_path / "1.ttl", "29.2", {"7": "Knead dough."}))
    assert [each.kind for each in search.find("knead")] == ["task"]
    assert [each.kind for each in search.find("baker")] == ["occupation"]


@pytest.mark.parametrize(
    ("newer", "fate"),
    [
        ({"7": "Knead dough."}, "unchanged"),
        ({"7": "Operate kneading machines."}, "meaning"),
        ({"8": "Knead dough."}, "gone"),
    ],
)
def test_links_to_tasks_follow_their_numbers_and_sentences(
    tmp_path: Path, newer: dict[str, str], fate: str
) -> None:
    old = tasks(tmp_path / "1.ttl", "29.2", {"7": "Knead dough."})
    new = tasks(tmp_path / "2.ttl", "30.0", newer)
    row = link("a", "", "close", object_id="onet-task:7", object_label="Task 7 of Bakers", object_category="task")  # fmt: skip
    head = HEAD | {"curie_map": {"ability": ENTRY, "onet-task": TASK}}
    (found,) = migrate(MappingSet(head, (row,)), Framework(old, new), ("29.2", "30.0")).rows
    assert found.fate.name == fate
    assert (found.after is not None) == (fate == "unchanged")


# What goes wrong


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("new.sssom.tsv", "links.sssom.tsv"), "three files"),
        (("changes.ttl", "none.ttl"), "none.ttl"),
        (("v1.2.0.nq", "unversioned.ttl"), "newer version is not known"),
    ],
)
def test_wrong_use_is_told_and_nothing_is_written(
    folder: Path, competency: Run, change: tuple[str, str], said: str
) -> None:
    before = (folder / "links.sssom.tsv").read_bytes()
    (folder / "unversioned.ttl").write_text(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        f'<{SKILL}01> a skos:Concept ; skos:prefLabel "bake bread"@en .\n'
    )
    done = competency(*(change[1] if word == change[0] else word for word in MIGRATE))
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert (folder / "links.sssom.tsv").read_bytes() == before
    assert not (folder / "new.sssom.tsv").exists()


def test_changes_of_unknown_concepts_are_reported(folder: Path, competency: Run) -> None:
    (folder / "more.csv").write_text("Old code,New code\nX1,X2\n")
    done = competency(*MIGRATE, "--changes", "more.csv")
    assert "Not understood: more.csv: X1 → X2" in done.stdout
