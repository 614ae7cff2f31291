"""Fixes, formatting, completion, hover, navigation and renaming, in the texts as they are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from editor import ACME, LINKS, Editor, editing
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from conftest import Run

QUERY = (
    "PREFIX acme: <https://example.org/acme/>\nSELECT ?o { acme:sustainability-adviser ?p ?o }\n"
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    folder = tmp_path_factory.mktemp("acme")
    (folder / "uses.rq").write_text(QUERY)  # it is never opened
    with editing(folder) as found:
        found.open("acme.ttl")
        found.open("acme.sssom.tsv")
        yield found


@pytest.fixture
def editor(server: Editor) -> Editor:
    """The editor with Acme's files as they were."""
    server.write("acme.ttl", ACME)
    server.write("acme.sssom.tsv", LINKS)
    server.choice = 0
    return server


def items(editor: Editor, name: str, mark: str) -> dict[str, types.CompletionItem]:
    place = editor.place(name, mark, after=True)
    found = editor.ask(
        editor.client.text_document_completion_async(types.CompletionParams(**place))
    )
    assert isinstance(found, types.CompletionList)
    return {each.label: each for each in found.items}


def inserted(item: types.CompletionItem) -> str:
    assert isinstance(item.text_edit, types.TextEdit)
    return item.text_edit.new_text


# ---------------------------------------------------------------------------
# Fixes and formatting
# ---------------------------------------------------------------------------


def test_a_quick_fix_is_the_remedy(editor: Editor) -> None:
    editor.type("acme.ttl", "cg:coversArea acme:selling", "cg:coversAria acme:selling")
    editor.expect("acme.ttl", ["CG011"])
    fix, allow, everything = editor.actions("acme.ttl", "cg:coversAria")
    assert fix.title == "CG011: replace cg:coversAria by cg:coversArea"
    assert fix.is_preferred
    assert allow.title == "CG011: allow it here, by a comment"
    assert everything.kind == "source.fixAll.competency"
    editor.apply(fix.edit)
    assert editor.text("acme.ttl") == ACME
    editor.expect("acme.ttl", [])


def test_a_comment_allows_a_finding(editor: Editor) -> None:
    editor.type("acme.ttl", "cg:coversArea acme:selling", "cg:coversAria acme:selling")
    editor.expect("acme.ttl", ["CG011"])
    [allow] = [
        each for each in editor.actions("acme.ttl", "cg:coversAria") if "allow" in each.title
    ]
    editor.apply(allow.edit)
    assert "\n    # competency: allow CG011\n    cg:coversAria" in editor.text("acme.ttl")
    editor.expect("acme.ttl", [])


def fix_all(editor: Editor) -> None:
    [action] = editor.actions("acme.ttl", "acme:dictionary", "source.fixAll")
    editor.apply(action.edit)


def test_fix_all_fixes_what_validate_fixes(editor: Editor, competency: Run, tmp_path: Path) -> None:
    wrong = ACME.replace("cg:coversArea acme:", "cg:coversAria acme:", 1)
    wrong = wrong.replace("a cg:Ability ;", "a cg:Abilty ;", 1)
    editor.write("acme.ttl", wrong)
    editor.expect("acme.ttl", ["CG011", "CG011"])
    fix_all(editor)
    (tmp_path / "acme.ttl").write_text(wrong)
    competency("validate", "--fix", "acme.ttl")
    assert (tmp_path / "acme.ttl").read_text() == ACME
    assert editor.text("acme.ttl") == ACME


def test_fix_all_also_fixes_what_the_first_fixes_reveal(editor: Editor) -> None:
    code = '    skos:notation "ACME-R2" ;\n'
    assert code in ACME, "the code of the second role, whose class is misspelt as well"
    start = ACME.index("acme:environment-consultant\n")
    role = ACME[start:].replace("a cg:Role ;", "a cg:Roole ;", 1).replace(code, "", 1)
    editor.write("acme.ttl", ACME[:start] + role)
    # That a role lacks its code shows only once it is known to be a role. Editors that fix all on
    # saving do not wait until the text has been checked.
    fix_all(editor)
    editor.expect("acme.ttl", [])
    assert "cg:Roole" not in editor.text("acme.ttl")
    assert editor.text("acme.ttl").count('skos:notation "ACME-R2"') == 1


def test_an_undeclared_prefix_is_declared_in_its_place(editor: Editor) -> None:
    editor.type("acme.ttl", "PREFIX cg: <https://w3id.org/competency-graph/ontology#>\n", "")
    editor.expect("acme.ttl", ["CG003"])
    place = editor.diagnostics("acme.ttl")[0].range.start
    mark = editor.text("acme.ttl").split("\n")[place.line].strip()
    [action] = editor.actions("acme.ttl", mark, "quickfix")
    assert action.title == "Declare the prefix cg:"
    editor.apply(action.edit)
    assert editor.text("acme.ttl") == ACME


def formatted(editor: Editor, name: str) -> Any:
    return editor.ask(
        editor.client.text_document_formatting_async(
            types.DocumentFormattingParams(
                types.TextDocumentIdentifier(editor.uri(name)),
                types.FormattingOptions(tab_size=4, insert_spaces=True),
            )
        )
    )


def test_formatting_is_that_of_fmt(editor: Editor, competency: Run, tmp_path: Path) -> None:
    editor.type("acme.ttl", "    a cg:Role ;\n", "  a cg:Role;")
    (tmp_path / "acme.ttl").write_text(editor.text("acme.ttl"))
    competency("fmt", "acme.ttl")
    edits = formatted(editor, "acme.ttl")
    editor.apply(types.WorkspaceEdit({editor.uri("acme.ttl"): edits}))
    assert editor.text("acme.ttl") == (tmp_path / "acme.ttl").read_text()
    assert "    a cg:Role ;\n" in editor.text("acme.ttl")


def test_a_broken_text_is_not_formatted(editor: Editor) -> None:
    editor.type("acme.ttl", "a cg:Role ;", "a cg:Role [")
    assert formatted(editor, "acme.ttl") is None


# ---------------------------------------------------------------------------
# Completion and hover
# ---------------------------------------------------------------------------


def test_properties_fit_the_class_of_the_subject(editor: Editor) -> None:
    editor.write("acme.ttl", f"{ACME}\nacme:baker\n    a cg:Role ;\n    cg:")
    found = items(editor, "acme.ttl", "acme:baker\n    a cg:Role ;\n    cg:")
    assert "cg:coversArea" in found, "the domain of which is cg:Role"
    assert "cg:hasCluster" not in found
    assert not [name for name in found if name.startswith("cg:") and name.endswith("Of")]


def test_classes_follow_a(editor: Editor) -> None:
    editor.write("acme.ttl", f"{ACME}\nacme:baker a cg:")
    found = items(editor, "acme.ttl", "acme:baker a cg:")
    assert {"cg:Role", "cg:JobTitle", "cg:Knowledge"} <= found.keys()
    assert "cg:coversArea" not in found


def test_entries_are_found_by_label_in_the_range_of_the_property(editor: Editor) -> None:
    editor.write("acme.ttl", f"{ACME}\nacme:baker\n    a cg:Role ;\n    cg:coversArea sust")
    found = items(editor, "acme.ttl", "acme:baker\n    a cg:Role ;\n    cg:coversArea sust")
    assert list(found) == ["Selling Sustainably"], "the only area with these letters"
    assert inserted(found["Selling Sustainably"]) == "acme:selling-sustainably"


def test_a_prefix_is_declared_when_it_is_inserted(editor: Editor) -> None:
    editor.write(
        "acme.ttl",
        "PREFIX cg: <https://w3id.org/competency-graph/ontology#>\n\n"
        "<https://example.org/acme/baker> a cg:Role ; cg:coversArea maintaining",
    )
    item = items(editor, "acme.ttl", "coversArea maintaining")["Maintaining Accounts"]
    assert inserted(item) == "area:maintaining-accounts"
    assert item.additional_text_edits is not None
    [line] = item.additional_text_edits
    assert line.new_text == "PREFIX area: <https://w3id.org/competency-graph/sales/area/>\n"
    assert line.range.start == types.Position(0, 0), "sorted before cg:"


def test_queries_have_the_same(editor: Editor) -> None:
    editor.open(
        "some.rq",
        "PREFIX cg: <https://w3id.org/competency-graph/ontology#>\n"
        "SELECT ?role WHERE { ?role a cg:Role ; cg:cov }",
    )
    found = items(editor, "some.rq", "cg:cov")
    assert "cg:coversArea" in found
    assert "cg:coveredByRole" not in found, "the domain of which is cg:AreaOfExpertise"
    assert "?role" in items(editor, "some.rq", "{ ")


def test_mapping_files_have_entries_and_relations(editor: Editor) -> None:
    row = "offers.\nacme:think"
    editor.write("acme.sssom.tsv", f"{LINKS}acme:think")
    assert inserted(items(editor, "acme.sssom.tsv", row)["Thinking Ahead"]) == "acme:thinking-ahead"
    editor.write("acme.sssom.tsv", f"{LINKS}acme:thinking-ahead\t\t\t")
    assert list(items(editor, "acme.sssom.tsv", "offers.\nacme:thinking-ahead\t\t\t")) == [
        "skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch",
        "skos:relatedMatch",
    ]  # fmt: skip


def test_texts_and_comments_have_no_candidates(editor: Editor) -> None:
    assert items(editor, "acme.ttl", "# Acme") == {}
    assert items(editor, "acme.ttl", '"Selling at') == {}


def hover(editor: Editor, name: str, mark: str) -> str:
    place = editor.place(name, mark)
    found = editor.ask(editor.client.text_document_hover_async(types.HoverParams(**place)))
    if found is None:
        return ""
    assert isinstance(found.contents, types.MarkupContent)
    return found.contents.value


@pytest.mark.parametrize(
    "text", [ACME, f"{ACME}\nacme:unfinished a [ cg:"], ids=["whole", "broken"]
)
def test_hover_says_what_an_entry_is(editor: Editor, text: str) -> None:
    editor.write("acme.ttl", text)
    said = hover(editor, "acme.ttl", "acme:sustainability-adviser")
    assert said.startswith("**Sustainability Adviser** · Role · ACME-R1\n\nHelps customers choose")
    assert "related match: sustainability manager <http://data.europa.eu/esco/occupation/" in said
    assert "`https://example.org/acme/sustainability-adviser`" in said


def test_hover_says_what_a_property_is(editor: Editor) -> None:
    assert hover(editor, "acme.ttl", "cg:coversArea").startswith("**covers area**")
    assert hover(editor, "acme.ttl", "# Acme") == ""


# ---------------------------------------------------------------------------
# Navigation
# ---------------------------------------------------------------------------


def places(found: Any) -> list[tuple[str, int, int]]:
    return sorted(
        (Path(each.uri).name, each.range.start.line, each.range.start.character)
        for each in found or ()
    )


def test_definition_leads_to_the_description(editor: Editor) -> None:
    ask = editor.client.text_document_definition_async
    here = editor.ask(
        ask(types.DefinitionParams(**editor.place("acme.ttl", "acme:selling-sustainably ;")))
    )
    assert places(here) == [("acme.ttl", 69, 0)]
    published = editor.ask(
        ask(types.DefinitionParams(**editor.place("acme.ttl", "title:solution-architect")))
    )
    assert places(published)[0][0] == "roles.ttl"
    term = editor.ask(ask(types.DefinitionParams(**editor.place("acme.ttl", "cg:Role"))))
    assert places(term)[0][0] == "competency-graph.ttl"


def test_references_are_found_in_all_files(editor: Editor) -> None:
    place = editor.place("acme.ttl", "acme:sustainability-adviser")
    for with_definition in (True, False):
        found = editor.ask(
            editor.client.text_document_references_async(
                types.ReferenceParams(types.ReferenceContext(with_definition), **place)
            )
        )
        assert places(found) == [
            ("acme.sssom.tsv", 16, 0),
            *([("acme.ttl", 31, 0)] if with_definition else []),
            ("acme.ttl", 48, 25),
            ("uses.rq", 1, 12),
        ]


def test_symbols_are_entries_by_label(editor: Editor) -> None:
    document = types.TextDocumentIdentifier(editor.uri("acme.ttl"))
    found = editor.ask(
        editor.client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
    )
    assert found is not None
    assert [each.name for each in found[:3]] == [
        "Selling at Acme", "Sustainability Adviser", "Environment Consultant",
    ]  # fmt: skip
    assert isinstance(found[1], types.DocumentSymbol)
    assert (found[1].range.start.line, found[1].range.end.line) == (31, 40)
    everywhere = editor.ask(
        editor.client.workspace_symbol_async(types.WorkspaceSymbolParams("maintaining accounts"))
    )
    assert everywhere is not None
    assert [each.name for each in everywhere] == ["Maintaining Accounts"]


def test_folding_and_tokens(editor: Editor) -> None:
    document = types.TextDocumentIdentifier(editor.uri("acme.ttl"))
    folds = editor.ask(
        editor.client.text_document_folding_range_async(types.FoldingRangeParams(document))
    )
    assert folds is not None
    assert (2, 13) in {(each.start_line, each.end_line) for each in folds}, "the prefixes"
    assert (31, 40) in {(each.start_line, each.end_line) for each in folds}, "a role"
    tokens = editor.ask(
        editor.client.text_document_semantic_tokens_full_async(types.SemanticTokensParams(document))
    )
    assert tokens is not None
    # Line 1 is a comment; two lines further, a keyword of 6 characters, and a prefix after it.
    assert list(tokens.data[:15]) == [
        0,
        0,
        len(ACME.split("\n")[0]),
        7,
        0,
        2,
        0,
        6,
        6,
        0,
        0,
        7,
        8,
        0,
        0,
    ]


# ---------------------------------------------------------------------------
# Renaming
# ---------------------------------------------------------------------------


def renamed(editor: Editor, name: str, mark: str = "acme:sustainability-adviser") -> dict[str, str]:
    place = editor.place("acme.ttl", mark)
    edit = editor.ask(
        editor.client.text_document_rename_async(types.RenameParams(new_name=name, **place))
    )
    return editor.apply(edit)


@pytest.mark.parametrize(
    "name", ["green-adviser", "acme:green-adviser", "<https://example.org/acme/green-adviser>"]
)
def test_renaming_changes_every_file(editor: Editor, name: str) -> None:
    found = renamed(editor, name)
    old, new = "acme:sustainability-adviser", "acme:green-adviser"
    assert found == {
        "acme.ttl": ACME.replace(old, new),
        "acme.sssom.tsv": LINKS.replace(old, new),
        "uses.rq": QUERY.replace(old, new),
    }


def test_the_old_name_may_be_kept_as_deprecated(editor: Editor) -> None:
    editor.choice = 1
    found = renamed(editor, "green-adviser")
    text = found["acme.ttl"]
    old = text[text.index("acme:sustainability-adviser\n") : text.index("\nacme:green-adviser\n")]
    assert "    owl:deprecated true ;\n" in old
    assert "    dcterms:isReplacedBy acme:green-adviser ;\n" in old
    assert '    skos:notation "ACME-R1" ;\n' in old, "the code stays with the old name"
    assert "dcterms:isReplacedBy acme:sustainability-adviser" not in text, "what was replaced by it"
    assert found["acme.sssom.tsv"] == LINKS.replace(
        "acme:sustainability-adviser", "acme:green-adviser"
    )
    editor.expect("acme.sssom.tsv", [])
    # The copy has no code yet, and a fix gives it the next free one.
    editor.expect("acme.ttl", ["CG114"])
    editor.apply(editor.actions("acme.ttl", "acme:green-adviser\n    a", "quickfix")[0].edit)
    editor.expect("acme.ttl", [])
    assert '"ACME-R3"' in editor.text("acme.ttl")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("sustainability-adviser", "this is the old name"),
        ("environment-consultant", "there is such an entry already"),
        ("two words", "not a name for an entry"),
        ("acme:<x>", "not a name for an entry"),
    ],
)
def test_a_name_that_does_not_fit_changes_nothing(editor: Editor, name: str, said: str) -> None:
    with pytest.raises(JsonRpcException, match=said):
        renamed(editor, name)


def test_nothing_is_renamed_when_the_question_is_dismissed(editor: Editor) -> None:
    editor.choice = -1
    with pytest.raises(JsonRpcException, match="Nothing was renamed"):
        renamed(editor, "green-adviser")


def test_an_editor_that_cannot_ask_is_told_how_to_keep_the_old_name(editor: Editor) -> None:
    answer = editor.client.protocol.fm.features.pop(types.WINDOW_SHOW_MESSAGE_REQUEST)
    try:
        assert "acme:green-adviser\n" in renamed(editor, "green-adviser")["acme.ttl"]
    finally:
        editor.client.protocol.fm.features[types.WINDOW_SHOW_MESSAGE_REQUEST] = answer
    assert "competency deprecate OLD --replaced-by NEW" in editor.messages.pop()


def test_only_own_entries_are_renamed(editor: Editor) -> None:
    for mark, may in (("acme:sustainability-adviser", True), ("title:solution-architect", False)):
        found = editor.ask(
            editor.client.text_document_prepare_rename_async(
                types.PrepareRenameParams(**editor.place("acme.ttl", mark))
            )
        )
        assert (found is not None) == may
