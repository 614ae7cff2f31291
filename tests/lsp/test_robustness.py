"""Texts, paths and workspaces that are out of the ordinary."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from editor import ACME, LINKS, Editor, edited
from lsprotocol import types

from competency_graph.authoring.live_store import LiveStore
from competency_graph.lsp.actions import differences, edits
from competency_graph.lsp.documents import Documents
from competency_graph.lsp.positions import Positions
from competency_graph.lsp.server import DictionaryServer, Options
from competency_graph.validation.findings import Edit

WRONG = ACME.replace("a cg:Role ;", "a cg:Roole ;", 1)


@contextmanager
def started(folder: Path, *folders: Path) -> Iterator[Editor]:
    folder.mkdir(parents=True, exist_ok=True)
    editor = Editor(folder)
    editor.start(folders=folders)
    yield editor
    assert editor.messages == []
    assert editor.stop() == 0


def test_a_workspace_in_pieces(tmp_path: Path) -> None:
    """Two folders with odd names, a file that is not UTF-8, and files that go while they are open."""
    one, two = tmp_path / "Wörter und # 100%", tmp_path / "b"
    one.mkdir()
    two.mkdir()
    (one / "acme.ttl").write_bytes(ACME.encode().replace(b"Sustainability A", b"Sustainab\xffA", 1))
    (two / "acme.sssom.tsv").write_text(LINKS.replace("\tThinking Ahead\t", "\tThinking\t"))
    with started(one, one, two) as editor:
        uri = (two / "acme.sssom.tsv").as_uri()
        [broken] = editor.expect("acme.ttl", ["CG002"])
        assert broken.range.start.line == 33
        editor.open("acme.ttl", WRONG)
        [found] = editor.expect("acme.ttl", ["CG011"])
        assert editor.wait(lambda: uri in editor.published and editor.published[uri].diagnostics)
        (one / "acme.ttl").unlink()
        editor.close("acme.ttl")  # what it described is gone, so the links lead from nothing
        assert editor.wait(lambda: not editor.diagnostics("acme.ttl"))
        editor.change_folders(removed=[two])
        assert editor.wait(lambda: not editor.published[uri].diagnostics)
    assert found.message.startswith("The ontology has no class cg:Roole.")


def test_no_folder_and_no_dictionary(tmp_path: Path) -> None:
    with started(tmp_path) as editor:
        editor.open("acme.ttl", WRONG)
        editor.expect("acme.ttl", ["CG011"])
        editor.write("acme.ttl", "")
        editor.expect("acme.ttl", [])
        nowhere = types.TextDocumentIdentifier("untitled:Untitled-1")
        hover = types.HoverParams(nowhere, types.Position(99, 99))
        assert editor.ask(editor.client.text_document_hover_async(hover)) is None


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_edits_keep_the_line_endings_of_a_file(end: str) -> None:
    before, after = "a\nb\nc\n", "a\nB\nB\nc\n"
    text = before.replace("\n", end)
    assert edited(text, differences(text, after, Positions(text))) == after.replace("\n", end)
    documents = Documents()
    documents.open(types.TextDocumentItem("file:///a.ttl", "turtle", 1, text))
    changes = edits(documents, [Edit("/a.ttl", 0, 0, "# allow\n")]).changes
    assert changes
    assert changes["file:///a.ttl"][0].new_text == f"# allow{end}"


def test_a_position_inside_a_character_is_that_of_the_character() -> None:
    at = Positions("a🎂b")
    assert [at.offset(types.Position(0, column)) for column in range(5)] == [0, 1, 1, 2, 3]


def test_a_framework_is_not_read_on_when_the_editor_has_left(tmp_path: Path) -> None:
    path = tmp_path / "some.nt"
    path.write_text("<https://a> <https://b> <https://c> .\n")
    store = LiveStore("none")
    count = len(store.store)
    store.closed = True
    store.add_graphs([path])
    assert len(store.store) == count


def test_an_error_of_an_editor_that_has_left_is_reported_once(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    server = DictionaryServer(Options())
    with (tmp_path / "answers").open("wb") as answers:
        server.protocol.set_writer(answers)
    server._warn("too late")
    assert len([each for each in caplog.records if each.exc_info]) <= 2
