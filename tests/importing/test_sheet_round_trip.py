"""A sheet that goes out and comes back changes nothing but what a person edits."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sheets import bakery, codes, edited, exported, imported, triples

from competency_graph.rdf.vocabulary import KINDS
from competency_graph.resources import DATA

PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
"""Without shrinking, as each example writes and reads a workbook."""
FORMS = pytest.mark.parametrize("form", ["xlsx", "csv"])


@FORMS
def test_the_published_dictionary_comes_back_unchanged(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"sales.{form}"
    path.write_bytes(exported(DATA / "sales", form, "none"))
    found = imported(path, DATA / "sales", base="none", overwriting=True)
    assert (codes(found), found.changes.added, found.changes.removed) == ([], {}, {})
    assert found.rows == 695 + (form == "xlsx")


def test_a_new_dictionary_says_what_the_sheets_show(tmp_path: Path) -> None:
    """Without one to compare with, all that is not shown is missing: here my:shift."""
    data = bakery(tmp_path)
    path = edited(exported(data), lambda book: None, tmp_path / "bakery.xlsx")
    found = imported(path, output=tmp_path / "new")
    found.write()
    missing = triples(data) - triples(tmp_path / "new")
    assert {triple.predicate.value for triple in missing} == {"https://bakery.example/shift"}
    assert triples(tmp_path / "new") < triples(data)
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == [
        "area.ttl", "dictionary.ttl", "knowledge.ttl", "role.ttl",
    ]  # fmt: skip


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\ufffe\uffff"), max_size=12
) | st.sampled_from(
    ["=1+1", "007", "1", "true", "a\nb", "a | b", " x ", "yes", "_x0041_", "⏎", "'=1"]
)
LITERALS = st.builds(
    lambda text, tag: ox.Literal(text, language=tag) if tag else ox.Literal(text),
    TEXTS, st.sampled_from(["en", "de", "pt-br", ""]),
) | st.sampled_from([ox.Literal("1", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer")),
                     ox.Literal("01", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))])  # fmt: skip
ENTRIES = [(f"https://made.example/{kind}/{n}", cls) for kind, cls in KINDS.items() for n in "12"]
IRIS = st.sampled_from([ox.NamedNode(iri) for iri, _ in ENTRIES])
SKOS, CG = "http://www.w3.org/2004/02/skos/core#", "https://w3id.org/competency-graph/ontology#"
TEXT_PROPERTIES = [
    SKOS + name for name in ("prefLabel", "altLabel", "definition", "example", "notation", "note")
]
TEXT_PROPERTIES += [CG + "sourcePage", CG + "outputsOpenEnded", "https://made.example/own"]
LINK_PROPERTIES = [CG + name for name in (
    "coversArea", "coveredByRole", "exampleTitle", "titleOfRole", "hasCompetency", "inCluster",
    "hasKeyAction", "keyActionOf", "producesOutput", "requires", "requiresKnowledge", "areaOf",
)] + ["http://purl.org/dc/terms/isReplacedBy", SKOS + "exactMatch", "https://made.example/link"]  # fmt: skip
WHOLE = ox.NamedNode("https://made.example/whole")
TRIPLES = st.builds(ox.Triple, IRIS, st.sampled_from([ox.NamedNode(p) for p in TEXT_PROPERTIES]), LITERALS) | st.builds(
    ox.Triple, IRIS, st.sampled_from([ox.NamedNode(p) for p in LINK_PROPERTIES]), IRIS | st.just(WHOLE)
)  # fmt: skip
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
CLASSES = [ox.Triple(ox.NamedNode(iri), TYPE, ox.NamedNode(str(cls))) for iri, cls in ENTRIES]
CLASSES.append(ox.Triple(WHOLE, TYPE, ox.NamedNode(CG + "CompetencyDictionary")))


@given(st.lists(TRIPLES, max_size=25), st.sampled_from(["xlsx", "csv"]))
@settings(deadline=None, max_examples=40, phases=PHASES)
def test_not_one_statement_changes_whatever_a_dictionary_says(
    tmp_path_factory: pytest.TempPathFactory, more: list[ox.Triple], form: str
) -> None:
    """With --overwrite each cell is compared, also those of rows that were not edited."""
    folder = tmp_path_factory.mktemp("made")
    data = folder / "made.nt"
    data.write_bytes(ox.serialize({*CLASSES, *more}, format=ox.RdfFormat.N_TRIPLES) or b"")
    path = folder / f"made.{form}"
    path.write_bytes(exported(data, form, "none"))
    found = imported(path, data, base="none", overwriting=True)
    assert (found.changes.added, found.changes.removed, codes(found)) == ({}, {}, [])


@given(
    st.lists(TRIPLES, max_size=25),
    TEXTS.filter(
        lambda text: text.strip() and text.isprintable() and "_x" not in text and text[0] != "="
    ),
)
@settings(deadline=None, max_examples=15, phases=PHASES)
def test_an_edit_changes_only_its_own_statement(
    tmp_path_factory: pytest.TempPathFactory, more: list[ox.Triple], text: str
) -> None:
    folder = tmp_path_factory.mktemp("made")
    data = folder / "made.nt"
    more = [t for t in more if "_x" not in str(t) and '"=' not in str(t)]  # openpyxl changes these
    before = {*CLASSES, *more}
    data.write_bytes(ox.serialize(before, format=ox.RdfFormat.N_TRIPLES) or b"")

    def edit(book) -> None:
        sheet = book["Role"]
        heads = [cell.value for cell in sheet[1]]
        row = next(r for r in range(2, 5) if sheet.cell(r, 1).value == ENTRIES[0][0])
        sheet.cell(1, len(heads) + 1).value = "Scope note (fr)"
        cell = sheet.cell(row, len(heads) + 1)
        cell.value, cell.data_type = text, "s"

    path = edited(exported(data, base="none"), edit, folder / "made.xlsx")
    found = imported(path, data, base="none")
    new = ox.Triple(ox.NamedNode(ENTRIES[0][0]), ox.NamedNode(SKOS + "scopeNote"),
                    ox.Literal(text.strip().replace("⏎", "\n").strip(), language="fr"))  # fmt: skip
    assert (set(found.changes.added), found.changes.removed) == ({new}, {})
    found.write()
    after = {quad.triple for quad in ox.parse(path=data)}
    assert after == before | {new}


def test_comments_and_untouched_lines_stay(tmp_path: Path) -> None:
    data = bakery(tmp_path)
    before = (data / "bakery.ttl").read_text()

    def edit(book) -> None:
        book["Role"]["D2"] = "Baker and confectioner"

    found = imported(edited(exported(data), edit, tmp_path / "b.xlsx"), data)
    found.write()
    lines = set(before.splitlines()) ^ set((data / "bakery.ttl").read_text().splitlines())
    assert len(lines) == 2
