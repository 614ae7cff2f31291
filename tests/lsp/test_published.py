"""An author changes the published dictionary itself, whose entries are described in several files."""

from __future__ import annotations

import shutil
from pathlib import Path

from editor import Editor, edited
from lsprotocol import types

from conftest import ROOT

ROLES, AREAS = "data/sales/roles.ttl", "data/sales/role-areas.ttl"
LINKS = ("data/links/esco.sssom.tsv", "data/links/onet.sssom.tsv")


def test_an_entry_gets_another_name_and_keeps_the_old_one(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    editor = Editor(tmp_path)
    editor.start()
    for name in (ROLES, AREAS, *LINKS):
        editor.open(name)
    editor.type(ROLES, "cg:exampleTitle", "cg:exampleTitel")
    editor.expect(ROLES, ["CG011"])
    editor.apply_to(ROLES, editor.actions(ROLES, "cg:exampleTitel", "quickfix")[0].edit)
    editor.expect(ROLES, [])

    place = editor.place(ROLES, "role:analyst\n")
    found = editor.ask(
        editor.client.text_document_references_async(
            types.ReferenceParams(types.ReferenceContext(True), **place)
        )
    )
    mentions = sum(editor.text(name).count("role:analyst") for name in (ROLES, AREAS, *LINKS))
    assert len(found or ()) == mentions == 8

    editor.choice = 1
    edit = editor.ask(
        editor.client.text_document_rename_async(
            types.RenameParams(new_name="data-analyst", **place)
        )
    )
    assert edit is not None
    assert edit.changes
    assert set(edit.changes) == {editor.uri(name) for name in (ROLES, AREAS, *LINKS)}
    for name in (ROLES, AREAS, *LINKS):
        editor.write(name, edited(editor.text(name), list(edit.changes[editor.uri(name)])))
    for name in LINKS:
        assert "role:analyst" not in editor.text(name)
        assert editor.text(name).count("role:data-analyst") == 3
    editor.expect(ROLES, ["CG114"])  # the code stays with the old name
    editor.apply_to(ROLES, editor.actions(ROLES, "role:data-analyst\n", "quickfix")[0].edit)
    for name in (ROLES, AREAS, *LINKS):
        editor.expect(name, [])
    assert editor.messages == []
    assert editor.stop() == 0
