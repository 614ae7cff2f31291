"""The page of the editor: what it carries, and what it says if the editor is missing."""

from __future__ import annotations

import gzip
import html
import json
import re
import shutil
import urllib.request
from pathlib import Path

import pytest

from competency_graph.rdf.vocabulary import PREFIXES
from conftest import ROOT, serving_from_the_shell


def page_of(address: str) -> str:
    request = urllib.request.Request(f"{address}/sparql", headers={"Accept": "text/html"})
    with urllib.request.urlopen(request, timeout=20) as reply:
        assert "unsafe" not in reply.headers["Content-Security-Policy"]
        return reply.read().decode()


def test_the_page_carries_prefixes_and_examples_that_can_be_answered(server: str) -> None:
    page = page_of(server)
    (settings,) = re.findall(r"data-editor='([^']+)'", page)
    assert json.loads(html.unescape(settings))["prefixes"] == PREFIXES
    examples = re.findall(r'data-example="/queries/([^"]+)\.rq"', page)
    assert "role-knowledge" in examples
    assert "role-esco-occupations" not in examples  # it needs ESCO
    assert "<script>" not in page
    assert " style=" not in page


def test_scripts_are_compressed(server: str) -> None:
    plain, packed = (
        urllib.request.urlopen(
            urllib.request.Request(
                f"{server}/static/ask.js", headers={"Accept-Encoding": encoding}
            ),
            timeout=20,
        )
        for encoding in ("identity", "gzip")
    )
    body = packed.read()
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert gzip.decompress(body) == plain.read()
    again = urllib.request.Request(
        f"{server}/static/ask.js", headers={"If-None-Match": packed.headers["ETag"]}
    )
    with pytest.raises(urllib.error.HTTPError, match="304"):
        urllib.request.urlopen(again, timeout=20)


def test_without_the_editor_the_page_says_so_and_has_the_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "server", tmp_path / "server", ignore=shutil.ignore_patterns("vendor"))
    for name in ("ontology", "data", "shapes", "queries", "docs"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "server"))
    with serving_from_the_shell(tmp_path) as address:
        page = page_of(address)
    assert "The editor is missing from this installation" in page
    assert "ask.js" not in page
    assert '<textarea id="query" name="query"' in page
