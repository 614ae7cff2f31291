"""What the server answers fits what editors say they can do, as pytest-lsp recorded it of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from editor import ACME, editing
from lsprotocol import types
from pytest_lsp import client_capabilities


@pytest.mark.filterwarnings("error::pytest_lsp.LspSpecificationWarning")
@pytest.mark.parametrize("name", ["emacs", "visual-studio-code"])
def test_an_author_of_an_editor(name: str, tmp_path: Path) -> None:
    with editing(tmp_path, capabilities=client_capabilities(name)) as editor:
        wrong = ACME.replace("cg:coversArea acme:", "cg:coversAria acme:", 1)
        editor.open("acme.ttl", wrong)
        editor.expect("acme.ttl", ["CG011"])
        place = editor.place("acme.ttl", "cg:coversAria", after=True)
        found = editor.ask(
            editor.client.text_document_completion_async(types.CompletionParams(**place))
        )
        assert isinstance(found, types.CompletionList)
        [action] = editor.actions("acme.ttl", "acme:dictionary", "source.fixAll")
        if action.edit is None:
            action = editor.ask(editor.client.code_action_resolve_async(action))
        editor.apply(action.edit)
        assert editor.text("acme.ttl") == ACME
        editor.expect("acme.ttl", [])
