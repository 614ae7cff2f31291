"""Documents in other habits: what is recognised, what is guessed, and what becomes of each line."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SKOS

from competency_graph.errors import UnreadableInputError
from competency_graph.importing.document import Corrections, Imported, Settings, import_text
from competency_graph.importing.document.outline.wording import without_examples
from competency_graph.importing.document.reading.plain_text import text_of
from competency_graph.rdf.vocabulary import CG

OWN = "https://example.org/ward/"
WARD = """\
Ward Dictionary

For the nurses of one ward.

1. Nursing Roles

Shift Nurse

Definition: Cares for the patients of a shift.

Charge Nurse

Definition: Leads the shift.

Job titles for the Shift Nurse:

1) Staff nurse
2) Night nurse

Charge Nurse titles

1) Ward sister

2. Core Competencies

Cluster 1: Care

Everyone on the ward cares for people.

Listening Well

Definition: Hears what patients say and what they leave out.

Key Actions

1) Asks open questions: Lets patients describe their pain.
2) Repeats what was said: Checks that it was understood.

3. Areas of Expertise

Giving Medicine

Definition

Gives each patient the right dose at the right time.

Knowledge of:

1) Dosage rules (e.g., by weight or by age);
2) Drug names; and
3) Allergies

Ability to:

1) Read a chart

Key Actions

1) Checks the dose: Compares chart and label.

Outputs

1) Signed chart
2) Any other outputs
"""


def imported(text: str, corrections: Corrections | None = None) -> Imported:
    about = {"licence": "https://example.org/licence", "creator": "The ward"}
    return import_text(
        text_of(text.encode(), "ward.txt"), "ward.txt", Settings(OWN, about=about), corrections
    )


def graph(result: Imported) -> Graph:
    return sum((file.graph for file in result.files.values()), Graph())


def labels(result: Imported, cls: URIRef) -> list[str]:
    found = graph(result)
    entries = found.subjects(RDF.type, cls)
    return [
        str(label)
        for _, label in sorted(
            (str(found.value(e, SKOS.notation)), found.value(e, SKOS.prefLabel)) for e in entries
        )
    ]


def codes(result: Imported) -> list[tuple[str, int]]:
    return [(f.rule.code, f.place.line) for f in result.report.findings if f.severity != "info"]


def test_a_ward_is_imported_although_it_has_no_table_contents_or_lists() -> None:
    result = imported(WARD)
    assert labels(result, CG.Role) == ["Shift Nurse", "Charge Nurse"]
    assert labels(result, CG.JobTitle) == ["Staff nurse", "Night nurse", "Ward sister"]
    assert labels(result, CG.CompetencyCluster) == ["Care"]
    assert labels(result, CG.Competency) == ["Listening Well"]
    assert labels(result, CG.KeyAction) == [
        "Checks the dose",
        "Asks open questions",
        "Repeats what was said",
    ]
    assert labels(result, CG.Knowledge) == ["Dosage rules", "Drug names", "Allergies"]
    assert labels(result, CG.Ability) == ["Read a chart"]
    assert labels(result, CG.Output) == ["Signed chart"]
    area = result.content.areas[0]
    assert area.definition == "Gives each patient the right dose at the right time."
    assert (area.open_ended, area.knowledge[0].examples) == (True, ["by weight or by age"])
    assert codes(result) == [
        ("CG606", 7),
        ("CG606", 11),
        ("CG606", WARD.split("\n").index("Giving Medicine") + 1),
    ]  # no table, so no links
    assert sum(result.lines.values()) == WARD.count("\n")


LINKED = WARD.replace(
    "2. Core",
    "Table 1. Who does what\nArea | Shift Nurse | Charge Nurse\nGiving Medicine | x | x\n\n2. Core",
)


def test_with_a_table_nothing_is_missing() -> None:
    assert codes(imported(LINKED)) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Definition: Leads the shift.\n\n", "", "“Charge Nurse” is not the name of any role"),
        ("1) Ward sister\n", "", "The role “Charge Nurse” has no example job title"),
        ("Everyone on the ward cares for people.\n", "", "The cluster “Care” has no definition"),
        (": Lets patients describe their pain", "", "“Asks open questions” has no description"),
        ("Definition\n\nGives each patient the right dose at the right time.\n", "", "“Giving Medicine” has no definition"),
        ("1) Read a chart\n", "", "“Giving Medicine” has no ability"),
        ("Giving Medicine | x | x", "Giving Medicine | x | ?", "“?” is neither a mark nor an empty cell"),
        ("Giving Medicine | x | x", "Giving Medicine | x | x | x", "it has 3 cells, and the header 2"),
        ("Area | Shift Nurse | Charge", "Area | Shift Nurse | Head", "“Head Nurse” is not the name of any role"),
        ("Checks the dose: Compares", "Checks the dose Compares", "taken to be “Checks the dose”"),
        ("right dose at", "right doSe at", "The words “doSe” run together, left unchanged"),
        ("chart and label.", "chart.Then the label.", "There is no space after “.”"),
        ("2) Drug names; and\n", "2) Drug names; and\n2) Drug Names\n", "“Drug Names” repeats line"),
        ("Ability to:\n", "Ability to:\n\nNurses learn this in the first week.\n", "not understood, and left out"),
        ("1) Signed chart\n", "1) Signed chart\n     a) in ink\n", "it is an item below another item"),
        ("Knowledge of:\n", "Key Skills and Knowledge:\n", "no label such as “Knowledge of” precedes"),
        ("the right time.\n", "the right time.\n\nDefinition: Doses.\n", "has a definition already"),
        ("Leads the shift.\n", "Leads the shift.\n\nDefinition: Leads.\n", "has a definition already"),
        ("2) Any other outputs", "2) Other outputs include the poster\n3) Signed Chart", "“Signed Chart” repeats line"),
    ],
)  # fmt: skip
def test_a_defect_is_reported_with_its_line(old: str, new: str, expected: str) -> None:
    assert LINKED.count(old) == 1 or old in ("Knowledge of:\n", "Ability to:\n")
    text = LINKED.replace(old, new)
    result = imported(text)
    found = [f for f in result.report.findings if expected in f.message]
    assert found, [f.message for f in result.report.findings]
    assert all(f.place.text == text.split("\n")[f.place.line - 1] for f in found)
    assert sum(result.lines.values()) == text.count("\n")


def test_pages_with_running_heads_are_joined() -> None:
    head, foot = "The ward's dictionary\n\n", "\n\nPage {}\n\f"
    lines = LINKED.split("\n")
    pages = [lines[:21], lines[21:40], lines[40:60], lines[60:]]
    text = "".join(head + "\n".join(page) + foot.format(at) for at, page in enumerate(pages, 1))
    result = imported(text)
    assert codes(result) == []
    assert result.lines["page numbers, headers and footers"] == 8
    assert labels(result, CG.Knowledge) == labels(imported(LINKED), CG.Knowledge)


def test_a_hyphen_at_the_end_of_a_line_is_that_of_the_word_or_of_the_line_break() -> None:
    text = LINKED.replace(
        "Hears what patients say",
        "Hears the bedside talk, the short- and long-term\nworries, and what pa-\ntients say at their bed-\nside, face-to-\nface, and so on, all the day and night",
    )
    result = imported(text)
    definition = result.content.clusters[0].competencies[0].definition
    assert definition.startswith(
        "Hears the bedside talk, the short- and long-term worries, and what patients say at their bedside, face-to-face,"
    )


def test_without_headings_of_sections_the_parts_say_what_an_entry_is() -> None:
    text = LINKED[LINKED.index("Listening Well") :].replace("3. Areas of Expertise\n\n", "")
    result = imported(f"Ward Dictionary\n\nFor the nurses of one ward.\n\n{text}")
    assert labels(result, CG.Competency) == ["Listening Well"]
    assert labels(result, CG.AreaOfExpertise) == ["Giving Medicine"]
    missing = "The competency “Listening Well” has no cluster, which CG225 requires."
    assert missing in [finding.message for finding in result.report.findings]


def test_an_area_that_occurs_twice_is_two_entries() -> None:
    area = LINKED[LINKED.index("Giving Medicine\n") :]
    result = imported(f"{LINKED}\n{area}")
    subjects = sorted(str(each) for each in graph(result).subjects(RDF.type, CG.AreaOfExpertise))
    assert subjects == [f"{OWN}area/giving-medicine", f"{OWN}area/giving-medicine-2"]
    assert ("CG609", LINKED.count("\n") + 2) in codes(result)


def test_a_list_of_contents_without_pages_ends_where_its_names_recur() -> None:
    contents = "Contents\n\nNursing Roles\nCore Competencies\nListening Well\nAreas of Expertise\nGiving Medicine\n\n"
    result = imported(LINKED.replace("For the nurses", f"{contents}For the nurses"))
    assert codes(result) == []
    assert result.lines["list of contents"] == 5
    assert list(graph(result).objects(None, CG.sourcePage)) == []


def test_names_are_joined_across_lists_and_contents_with_their_lines() -> None:
    text = LINKED.replace(
        "Listening Well\n", "  • Listening to patients\n\nListening Well\n"
    ).replace(
        "For the nurses",
        "Contents\n\nCore Competencies 2\nCare Competencies 2\nListening Skills 3\n\nFor the nurses",
    )
    result = imported(text)
    competency = result.content.clusters[0].competencies[0]
    assert (competency.variants, competency.page) == (
        ["Listening Skills", "Listening to patients"],
        3,
    )
    joined = {
        f.place.line: f.place.text.strip() for f in result.report.findings if f.rule.code == "CG603"
    }
    assert list(joined.values()) == ["Listening Skills 3", "• Listening to patients"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("rye, spelt, and wheat", ["rye", "spelt", "wheat"]),
        ("rye and wheat", ["rye", "wheat"]),
        ("rye or wheat flour", ["rye or wheat flour"]),
        ("salt and pepper and oil", ["salt and pepper and oil"]),
        ("rye, wheat, and so forth", ["rye", "wheat"]),
        (
            "rye (dark, light), wheat [all]; spelt, etc.",
            ["rye (dark, light)", "wheat [all]", "spelt"],
        ),
        ("“rye,” wheat", ["“rye”", "wheat"]),
        ("pre-, mid-, and postdelivery checks", ["pre-, mid-, and postdelivery checks"]),
    ],
)
def test_examples_are_the_items_of_their_list(written: str, expected: list[str]) -> None:
    assert without_examples(f"Flour (for example, {written}) in store") == (
        "Flour in store",
        expected,
    )


def test_text_of_another_kind_is_refused() -> None:
    with pytest.raises(UnreadableInputError, match="no role, competency or area"):
        imported("A letter.\n\nDear reader, this is no dictionary.\n")


def test_a_heading_may_be_wrapped() -> None:
    """The same document with long names, at the width of a narrow page and unwrapped."""
    names = {
        "Listening Well": "Listening to Patients Who Cannot Say What They Feel",
        "Giving Medicine": "Giving Medicine to Patients Who Take Several Others",
        "Areas of Expertise": "Nursing Areas of Expertise",
    }
    whole = WARD
    for old, new in names.items():
        whole = whole.replace(old, new)
    wrapped = "\n".join(textwrap.fill(line, 32) for line in whole.splitlines())
    assert "Cannot\nSay" in wrapped
    results = [imported(text) for text in (whole, wrapped)]
    assert labels(results[0], CG.AreaOfExpertise) == [names["Giving Medicine"]]
    assert labels(results[0], CG.Competency) == [names["Listening Well"]]
    one, other = ({str(o) for o in graph(each).objects()} for each in results)
    assert one == other


@pytest.mark.parametrize("name", ["Reading and\nWriting", "Care for\nOthers"])
def test_a_heading_that_ends_in_an_unfinished_phrase_is_joined(name: str) -> None:
    found = imported(WARD.replace("Giving Medicine", name))
    assert labels(found, CG.AreaOfExpertise) == [name.replace("\n", " ")]


PIECES = [
    "", "", "  ", "\u00a0 ", "\f", "Contents", "Ward Roles", "Foundational Competencies", "Care Competencies",
    "Areas of Expertise", "Definition: Cares for people.", "Definition:", "Key Actions:", "Knowledge of", "Ability to",
    "Sample Outputs:", "Key Skills and Knowledge:", "Nurse titles", "Listening Well", "Giving Medicine",
    "Giving Medicine 12", "  • Nurse. Cares for people.", "  • Asks openly—Lets people talk.", "  - Allergies",
    "1. Dosage rules (for example, by age, and weight)", "      • Nested item", "  • Other outputs as appropriate.",
    "Table 1. Who does what", "Area Nurse Doctor", "Giving Medicine X \u00a0", "Giving Medicine | X | |", "Area | Nurse | ?",
    "Care\tX\t\tX", "17", "Page 3 of 4", "A sentence, which belongs nowhere.", "and goes on in lower case",
    "(for example, unclosed", "wiThin.The", "—", "•", "|", "\t\t", "Cluster: Care", "....... 4", "\ud7ff\u200b\u202e",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=60), max_size=40))
@settings(max_examples=300, deadline=None)
def test_each_line_of_any_text_is_accounted_for(lines: list[str]) -> None:
    text = (
        "\n".join(["Ward Roles", "  • Nurse. Cares for people.", *lines]).encode("utf-8", "replace")
        + b"\n"
    )
    try:
        read = text_of(text, "any.txt")
    except UnreadableInputError:
        assert b"\0" in text
        return
    try:
        result = import_text(read, "any.txt", Settings(OWN))
    except UnreadableInputError as error:
        assert "recognised" in error.what  # the only role became the header of pages
        return
    assert sum(result.lines.values()) == len(read.lines)
    kept = text.decode().replace("\r\n", "\n").replace("\r", "\n").split("\n")[:-1]
    blank = sum(not line.replace("\f", "").strip() for line in kept)
    assert (len(read.lines), result.lines.get("blank", 0)) == (len(kept), blank)
    for finding in result.report.findings:
        assert 0 <= finding.place.line <= len(kept)
