"""A process that has read the published files has all that a later validation needs."""

from __future__ import annotations

import resource
import shutil
from pathlib import Path

import pytest

from competency_graph import resources
from competency_graph.validation import Source, read_published, sample_report, validate_sources
from competency_graph.validation.engines import shacl_engines
from competency_graph.validation.prepared_base import prepare

PREFIXES = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
TEXTS = {
    "an extension": "<x:a> a cg:Role .",
    "an extension with links": "<x:a> a cg:Role ; skos:exactMatch <x:b> .",
    "a dictionary": "<x:a> a cg:CompetencyDictionary .",
}


@pytest.fixture
def shapes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shapes, so that the published files are read as in a new process."""
    shutil.copytree(resources.SHAPES, tmp_path / "shapes")
    monkeypatch.setattr(resources, "SHAPES", tmp_path / "shapes")
    return tmp_path / "shapes"


@pytest.mark.usefixtures("shapes")
@pytest.mark.parametrize("name", TEXTS)
def test_no_base_is_prepared_again(name: str) -> None:
    published = read_published()
    sample_report(published)
    prepared = prepare.cache_info().misses
    base = published.ontology if name == "a dictionary" else published.dictionary
    source = Source("text", (PREFIXES + TEXTS[name]).encode(), form="turtle")
    assert validate_sources([source], base, published.shapes).findings
    assert prepare.cache_info().misses == prepared


def test_the_published_files_are_read_again_only_after_a_change(shapes: Path) -> None:
    before = read_published()
    assert read_published() is before
    (shapes / "more.ttl").write_text(
        "PREFIX sh: <http://www.w3.org/ns/shacl#>\n"
        "<https://acme.example/shape> a sh:NodeShape ; sh:targetClass <https://acme.example/C> .\n"
    )
    assert len(read_published().shapes.triples) == len(before.shapes.triples) + 2


def test_where_address_space_is_limited_no_thread_is_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A thread takes more of it than a worker may have."""
    published = read_published()
    source = Source("text", (PREFIXES + TEXTS["an extension"]).encode(), form="turtle")
    found = validate_sources([source], published.dictionary, published.shapes).findings

    def refuse(number: int) -> None:
        raise AssertionError("a thread is started")

    monkeypatch.setattr(shacl_engines, "ThreadPoolExecutor", refuse)
    with pytest.raises(AssertionError):
        validate_sources([source], published.dictionary, published.shapes)
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (2**30, 2**30))
    assert validate_sources([source], published.dictionary, published.shapes).findings == found
