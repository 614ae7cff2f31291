"""Broken and hostile files of frameworks end in one clear sentence, exit code 2, and no file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from downloads import HERE
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import URIRef

from competency_graph.errors import CompetencyError
from competency_graph.importing import Tally
from competency_graph.importing.frameworks import import_framework
from competency_graph.importing.frameworks.hierarchy import cycles
from conftest import Run

FILES = HERE / "frameworks"
GRAPH = URIRef("https://w3id.org/competency-graph/graph/test")
DEEP = "[" * 100_000
CONTEXT = '{"@context": "https://example.org/context", "@graph": [{"@id": "urn:x:a"}]}'


@pytest.mark.parametrize(
    ("form", "name", "text", "reported"),
    [
        ("skos", "a.ttl", "<urn:x:a> a <urn:x:b> .", "a.ttl: there is no concept in these files."),
        ("skos", "a.ttl", "<urn:x:a> a <urn:x:b>\n.. x", "a.ttl:2:2: this is not Turtle"),
        ("skos", "a.txt", "", "a.txt: the ending “.txt” is not that of a known RDF format"),
        ("skos", "a.jsonld", "{\n\"@id\": }", "a.jsonld:2:8: this is not JSON: Expecting value"),
        ("skos", "a.jsonld", '{"@graph": [{}\n {}]}', "a.jsonld:2:2: this is not JSON: expected “,”"),
        ("skos", "a.jsonld", "[{}] x", "a.jsonld:1:6: this is not JSON: there is something after"),
        ("skos", "a.jsonld", "[NaN]", "a.jsonld:1:2: this is not JSON: NaN is not a number"),
        ("skos", "a.jsonld", DEEP, "this is not JSON: it is nested too deeply"),
        ("skos", "a.jsonld", CONTEXT, "the JSON-LD context at https://example.org/context is not known, and nothing is fetched. Replace it in the file"),
        ("skos", "a.jsonld", '{"@graph": [{"@id": "urn:a"}], "@context": {}}', "the JSON-LD context comes after the graph. Move “@context” to the beginning"),
        ("skos", "a.jsonld", '{"@context": {"@import": "https://schema.org/"}}', "uses “@import”, and nothing is fetched"),
        ("skos", "a.jsonld", '[{"@id": "urn:a", "@context": ["https://schema.org", "https://example.org/c"]}]', "context at https://example.org/c is not known"),
        ("ctdl", "a.json", "{\"a\": 1}", "a.json: there is no JSON-LD in this file"),
        ("ctdl", "a.json", CONTEXT, "the JSON-LD context at https://example.org/context is not known"),
        ("ctdl", "a.json", '{"@graph": [{"@id": "urn:a", "@type": 5}]}', "a.json: this is not JSON-LD"),
        ("case", "a.json", "[1]", "a.json: this is not a package of CASE: it has no object “CFDocument”"),
        ("case", "a.json", "{\n  x", "a.json:2:3: this is not JSON: expected the name of a member"),
        ("case", "a.json", '{"a": ' + DEEP, "a.json:1:7: this is not JSON: it is nested too deeply"),
        ("hropen", "a.json", DEEP, "a.json: this JSON is nested too deeply"),
        ("case", "a.json", '{"CFDocument": {}}', "a.json: there is no concept in these files"),
        ("case", "a.json", "<!DOCTYPE html>", "this is a web page, so the download failed"),
        ("schema", "a.json", '{"@type": "Person"}', "there is no concept in these files"),
        ("hropen", "a.json", "{}", "there is no concept in these files"),
        ("hropen", "a.json", "1" * 5000, "this is not JSON: Exceeds the limit"),
    ],
)  # fmt: skip
def test_what_is_no_framework(
    form: str, name: str, text: str, reported: str, competency: Run, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text)
    old = tmp_path / "out.nq"
    old.write_text("# what was there before\n")

    done = competency("import", form, name, "-o", "out.nq")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("competency: ")
    assert len(done.stderr.splitlines()) == 1
    assert reported in done.stderr
    assert old.read_text() == "# what was there before\n"


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        (["a.ttl", "--name", "esco"], "graph:esco is the name of another graph"),
        (["a.ttl", "--name", "a b"], "“a b” cannot be the name of a graph"),
        (["a.ttl", "-o", "a.ttl"], "would replace the file that is imported"),
        (["a.ttl", "--language", "English!"], "“English!” is not a language"),
        (["none.ttl"], "none.ttl: there is no such file"),
        (["empty"], "there is no file that ends in jsonld or"),
    ],
)
def test_wrong_use(arguments: list[str], reported: str, competency: Run, tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_bytes((FILES / "stw.ttl").read_bytes())
    (tmp_path / "empty").mkdir()

    done = competency("import", "skos", *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert reported in done.stderr
    assert (tmp_path / "a.ttl").read_bytes() == (FILES / "stw.ttl").read_bytes()


def replaced(value: Any, path: list[int], new: object) -> Any:
    """A JSON value in which the part at a path of positions is another one."""
    if not path or not isinstance(value, dict | list) or not value:
        return new
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    key = keys[path[0] % len(keys)]
    changed = value.copy()
    changed[key] = replaced(value[key], path[1:], new)
    return changed


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
    | st.sampled_from(["_:b", "urn:x:y", "https://schema.org/", "@id", "\ud800", "en"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["@id", "@type", "@value", "@language", "@graph", "@context", "@list", "name",
                         "identifier", "uri", "value", "CFItems", "CFDocument"]),
        inner, max_size=3,
    ),
    max_leaves=8,
)  # fmt: skip


@pytest.mark.parametrize(
    ("form", "name"),
    [("case", "opensalt.json"), ("ctdl", "registry.json"), ("schema", "schema-org.jsonld"),
     ("hropen", "positions.json"), ("skos", "schema-org.jsonld")],
)  # fmt: skip
def test_any_value_anywhere_is_read_or_refused(
    form: str, name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    document = json.loads((FILES / name).read_text())
    path = tmp_path_factory.mktemp("fuzz") / name

    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(st.lists(st.integers(0, 9), min_size=1, max_size=8), JSON)
    def check(place: list[int], new: object) -> None:
        path.write_text(json.dumps(replaced(document, place, new)))
        try:
            for quad in import_framework(form, [path], GRAPH, Tally()):
                assert quad.graph_name == ox.NamedNode(GRAPH)
        except CompetencyError as error:
            assert error.remedy

    check()


@pytest.mark.parametrize(
    ("broader", "found"),
    [
        ({"a": {"b"}, "b": {"c"}}, []),
        ({"a": {"b"}, "b": {"a"}}, [["a", "b", "a"]]),
        ({"x": {"a"}, "a": {"b"}, "b": {"c"}, "c": {"a"}}, [["a", "b", "c", "a"]]),
        ({"a": {"c"}, "b": {"c"}, "c": {"d"}}, []),
    ],
)
def test_cycles(broader: dict[str, set[str]], found: list[list[str]]) -> None:
    assert list(cycles(broader)) == found


def test_a_deep_hierarchy_is_no_cycle() -> None:
    broader = {str(number): {str(number + 1)} for number in range(50_000)}

    assert list(cycles(broader)) == []
    assert len(next(cycles({**broader, "50000": {"0"}}))) == 50_002
