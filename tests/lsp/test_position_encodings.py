"""Positions in the units that the client prefers, and lines as the protocol counts them."""

from __future__ import annotations

from pathlib import Path

import pytest
from editor import ACME, children, editing, is_running
from lsprotocol.types import (
    ClientCapabilities,
    GeneralClientCapabilities,
    Position,
    PositionEncodingKind,
)

from competency_graph.lsp.positions import Positions


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 5), ("utf-16", 3), ("utf-32", 2)])
def test_columns(encoding: str, column: int) -> None:
    at = Positions("x\na🎂b", encoding)
    assert at.position(4) == Position(1, column)
    assert at.offset(Position(1, column)) == 4
    assert at.offset(Position(1, 99)) == 5
    assert at.offset(Position(9, 0)) == 5


def test_only_lf_and_cr_end_lines() -> None:
    text = "a\u2028\x0cb\r\nc\rd\ne"
    at = Positions(text)
    assert [at.position(text.index(each)).line for each in "abcde"] == [0, 0, 1, 2, 3]
    assert at.offset(Position(0, 9)) == 4, "before the line ending"


def test_a_client_may_prefer_utf_8(tmp_path: Path) -> None:
    general = GeneralClientCapabilities(position_encodings=[PositionEncodingKind.Utf8])
    with editing(tmp_path, capabilities=ClientCapabilities(general=general)) as editor:
        line = '    skos:altLabel "🎂🎂"@en, "B"@en-UK ;\n'
        code = '    skos:notation "ACME-R1" ;\n'
        editor.open("acme.ttl", ACME.replace(code, line + code))
        [found] = editor.expect("acme.ttl", ["CG021"])
        # 18 characters, a text of two quotation marks and two cakes with tag, comma and space.
        assert found.range.start == Position(34, 18 + 2 + 8 + 3 + 2)
        server = editor.pid
        [validating] = children(server)
    assert not is_running(server)
    assert not is_running(validating)
