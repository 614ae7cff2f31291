"""Concepts of ESCO and O*NET, from small downloads as `competency import` reads them."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from editor import LINKS, Editor, wait_until
from lsprotocol import types

from conftest import ROOT, forking_command

DOWNLOADS = ROOT / "tests" / "importing"
REPRESENTATIVE = "esco-occupation:14031d4a-6e99-442f-b4fe-18262b6432b2"
ELECTRICITY = "esco-occupation:4c6b3657-316e-43b5-872a-ea763411190d"
OFFICER = "onet-occupation:11-1011.03"
PREFIX = "#   onet-occupation: https://w3id.org/competency-graph/onet/occupation/\n"
ROW = "acme:sustainability-adviser\tSustainability Adviser\tcg:Role\tskos:relatedMatch\t"
REST = "\tsemapv:ManualMappingCuration\t0.6\t2026-11-24\tMade for the tests.\n"
TEXT = (
    LINKS.replace("subject_id\t", f"{PREFIX}subject_id\t", 1)
    + f"{ROW}{REPRESENTATIVE}\tcommercial sales representative\toccupation{REST}"
    + f"{ROW}{OFFICER}\tChief Sustainability Officers\toccupation{REST}"
)


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """An editor of a German reader, whose server knows both frameworks."""
    folder = tmp_path_factory.mktemp("frameworks")
    for name, paths in {"esco": ["esco", "esco-de"], "onet": ["onet"]}.items():
        sources = [str(DOWNLOADS / path) for path in paths]
        done = forking_command().run(
            ["import", name, *sources, "-o", f"{name}.nq"], b"", folder=folder,
            environment=os.environ, seconds=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    (folder / "acme.ttl").write_text((ROOT / "docs/rules/acme.ttl").read_text())
    editor = Editor(folder)
    editor.start("--with", "esco.nq", "--with", "onet.nq", LC_ALL="de_DE.UTF-8")
    editor.open("links.sssom.tsv", TEXT)
    wait_until(lambda: "Made for the tests" in hover(editor, OFFICER))
    wait_until(lambda: "related match of: Sustainability" in hover(editor, REPRESENTATIVE))
    yield editor
    assert editor.stop() == 0


def hover(editor: Editor, mark: str) -> str:
    place = editor.place("links.sssom.tsv", mark)
    found = editor.ask(editor.client.text_document_hover_async(types.HoverParams(**place)))
    if found is None:
        return ""
    assert isinstance(found.contents, types.MarkupContent)
    return found.contents.value


def labels(editor: Editor, name: str, text: str, typed: str) -> list[tuple[str, str]]:
    """What is offered after a text, as label and inserted text."""
    editor.open(name, text + typed)
    found = editor.ask(
        editor.client.text_document_completion_async(
            types.CompletionParams(**editor.place(name, text + typed, after=True))
        )
    )
    assert isinstance(found, types.CompletionList)
    return [
        (each.label, each.text_edit.new_text)
        for each in found.items
        if isinstance(each.text_edit, types.TextEdit)
    ]


def test_hover_says_what_a_concept_of_esco_is_and_who_links_to_it(editor: Editor) -> None:
    assert hover(editor, REPRESENTATIVE) == (
        "**commercial sales representative** · Occupation · 3322.1\n\n"
        "Made for the tests: commercial sales representative.\n\n"
        "- broader: Commercial sales representatives <http://data.europa.eu/esco/isco/C3322>\n"
        "- related match of: Sustainability Adviser "
        "<https://example.org/acme/sustainability-adviser>\n\n"
        "`http://data.europa.eu/esco/occupation/14031d4a-6e99-442f-b4fe-18262b6432b2`"
    )


def test_hover_says_what_an_occupation_of_onet_is(editor: Editor) -> None:
    assert hover(editor, OFFICER).startswith(
        "**Chief Sustainability Officers** · O\\*NET occupation · 11-1011.03\n\n"
        "Made for the tests.\n\n- "
    )


def test_concepts_are_found_by_label_in_the_readers_language(editor: Editor) -> None:
    assert labels(editor, "more.sssom.tsv", TEXT + ROW, "strom") == [
        ("Stromverkäufer/Stromverkäuferin", ELECTRICITY)
    ]
    row = f"{TEXT}{ROW}{ELECTRICITY}\t"
    assert labels(editor, "more.sssom.tsv", row, "") == [
        ("Stromverkäufer/Stromverkäuferin", "Stromverkäufer/Stromverkäuferin")
    ]


@pytest.mark.parametrize("name", ["more.ttl", "some.rq"])
def test_concepts_follow_the_properties_that_link(editor: Editor, name: str) -> None:
    text = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
    text += "<https://example.org/a> " if name == "more.ttl" else "SELECT ?x { ?x "
    found = labels(editor, name, f"{text}skos:closeMatch ", "strom")
    assert ("Stromverkäufer/Stromverkäuferin", ELECTRICITY) in found
    assert "Stromverkäufer/Stromverkäuferin" not in dict(
        labels(editor, name, f"{text}skos:inScheme ", "strom")
    )
