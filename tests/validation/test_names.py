"""Findings name terms as the author writes them: with the prefixes of the file concerned."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from authoring import EXTENSION, HEAD, changed, write
from rdflib import Graph
from rdflib.namespace import SH

from competency_graph import reports
from competency_graph.rdf.short_names import abbreviated, namespaces_of
from competency_graph.validation import (
    Base,
    Source,
    read_base,
    read_shapes,
    validate,
    validate_sources,
)
from competency_graph.validation.findings import Finding, Report

SALES = "https://w3id.org/competency-graph/sales"
LEAD = "https://example.org/acme/green-lead"
SLIP = changed(('"ACME-R1" ;', '"ACME-R1" ; skos:related mine:green-leed ;'))
"""A link that leads to nothing, with a slip in it."""


def told(text: str, name: str = "my.ttl") -> str:
    """Message and remedy of the one finding that is beyond SHACL."""
    source = Source(name, text.encode())
    found = validate_sources([source], read_base(), read_shapes()).findings
    (finding,) = [each for each in found if not each.component]
    return f"{finding.message} {finding.remedy}"


def as_written(*pairs: tuple[str, str]) -> str:
    text = SLIP
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return told(text)


def test_a_term_has_the_prefix_of_the_file() -> None:
    says = "skos:related leads to {0}green-leed, but nothing describes it. Link to {0}green-lead if you mean that."
    assert as_written() == says.format("mine:")
    assert as_written(("mine:", "a.b-c:")) == says.format("a.b-c:")
    assert as_written(("mine:", ":")) == says.format(":")
    assert as_written(("skos:", "s:")) == says.format("mine:").replace("skos:", "s:")


OTHERS = {
    "my.rdf": """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:skos="http://www.w3.org/2004/02/skos/core#" xmlns:acme="https://example.org/acme/">
<skos:Concept rdf:about="https://example.org/acme/green-lead">
    <skos:related rdf:resource="https://example.org/acme/green-leed"/></skos:Concept></rdf:RDF>""",
    "my.jsonld": """{
    "@context": {"acme": "https://example.org/acme/", "skos": "http://www.w3.org/2004/02/skos/core#"},
    "@id": "acme:green-lead", "@type": "skos:Concept", "skos:related": {"@id": "acme:green-leed"}}""",
    "my.trig": """PREFIX acme: <https://example.org/acme/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    { acme:green-lead a skos:Concept ; skos:related acme:green-leed }""",
}


@pytest.mark.parametrize("name", OTHERS)
def test_a_prefix_of_another_format_is_known_too(name: str) -> None:
    assert told(OTHERS[name], name) == (
        "skos:related leads to acme:green-leed, but nothing describes it. "
        "Link to acme:green-lead if you mean that."
    )


def test_without_a_prefix_of_the_file_it_is_that_of_the_project_else_the_iri() -> None:
    without = f"{EXTENSION}mine:ecologist skos:related <{SALES}/role/manger> .\n"
    assert "Link to role:manager if" in told(without)
    plain = SLIP.replace("PREFIX mine: <https://example.org/acme/>\n", "")
    for name in ("ecologist", "green-lead", "green-leed"):
        plain = plain.replace(f"mine:{name} ", f"<https://example.org/acme/{name}> ")
    assert f"Link to {LEAD} if you mean that." in told(plain)


def test_a_prefix_of_the_project_that_the_file_uses_otherwise_is_not_used() -> None:
    text = f"PREFIX role: <https://example.org/roles/>\n{EXTENSION}mine:ecologist skos:related <{SALES}/role/manger> .\n"
    assert f"Link to {SALES}/role/manager if" in told(text)


def test_each_file_has_its_own_prefixes(tmp_path: Path) -> None:
    """One and the same prefix may mean another namespace in the next file."""
    a = f"{HEAD}mine:a a cg:Knowledge ; skos:related mine:nosuch .\n"
    b = a.replace("https://example.org/acme/", "https://example.org/other/").replace("mine:", "b:")
    b = f"PREFIX mine: <https://example.org/nowhere/>\n{b}"
    paths = [write(tmp_path, "a.ttl", a), write(tmp_path, "b.ttl", b)]
    found = [f for f in validate(paths).findings if f.rule.code == "CG013"]
    assert [(Path(f.place.file).name, f.message) for f in found] == [
        ("a.ttl", "skos:related leads to mine:nosuch, but nothing describes it."),
        ("b.ttl", "skos:related leads to b:nosuch, but nothing describes it."),
    ]


SPACES = {"https://e.org/k/": "k", "https://e.org/": "e", "urn:e:": "u", "https://e.org/v#": "v"}


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("https://e.org/k/a leads to https://e.org/v#b.", "k:a leads to v:b."),
        ("https://e.org/a, https://e.org/b; “https://e.org/c”", "e:a, e:b; “e:c”"),
        ("https://e.org/a → urn:e:b", "e:a → u:b"),
        ("https://e.org/k/2.A.1 (https://e.org/é)", "k:2.A.1 (e:é)"),
        ("https://e.org/x/a", "https://e.org/x/a"),
        ("https://e.org/k/a/b https://e.org/k/", "https://e.org/k/a/b https://e.org/k/"),
        ("https://e.org/a%20b https://e.org/a(b)c", "https://e.org/a%20b https://e.org/a(b)c"),
        ("https://e.org/k/-a", "https://e.org/k/-a"),
        ("xhttps://e.org/k/a cg:Role", "xhttps://e.org/k/a cg:Role"),
    ],
)
def test_only_what_is_a_prefixed_name_is_written_as_one(text: str, short: str) -> None:
    assert abbreviated(text, SPACES) == short


def test_of_two_prefixes_of_one_namespace_it_is_always_the_same() -> None:
    prefixes = {"b": "http://e/", "a": "http://e/", "c": "http://e/"}
    assert namespaces_of(prefixes)["http://e/"] == namespaces_of(dict(reversed(prefixes.items())))["http://e/"]  # fmt: skip


# ---------------------------------------------------------------------------
# Reports
# ---------------------------------------------------------------------------

FOLDER = Path(__file__).parents[1] / "shapes" / "queries"
SHAPES = read_shapes([FOLDER / "shapes.ttl"], published=False)
SAYS = "The member ex:bakers is a team."
EXACT = "The member https://example.org/acme/bakers is a team. Name a person."


@pytest.fixture(scope="module")
def report() -> Report:
    """One whose words have an IRI of the author's that a shape's query put in."""
    source = Source("bad.ttl", (FOLDER / "bad.ttl").read_bytes())
    return validate_sources([source], Base(read_base().ontology), SHAPES)


@pytest.mark.parametrize("name", ["text", "json", "sarif", "junit", "github", "html", "part"])
def test_every_report_tells_it_in_the_same_words(report: Report, name: str) -> None:
    text = reports.write(report, name, shapes=SHAPES.triples)
    assert SAYS in (json.dumps(json.loads(text)) if name in ("json", "sarif") else text)


@pytest.mark.parametrize("name", ["turtle", "jsonld", "ntriples"])
def test_the_w3cs_report_has_the_message_of_the_engine(report: Report, name: str) -> None:
    form = {"jsonld": "json-ld", "ntriples": "nt"}.get(name, name)
    graph = Graph().parse(data=reports.write(report, name, shapes=SHAPES.triples), format=form)
    messages = {str(text) for text in graph.objects(None, SH.resultMessage)}
    assert EXACT in messages
    assert SAYS not in messages


def test_a_remedy_that_was_added_to_is_not_in_the_w3cs_report() -> None:
    """The nearest name that there is, which no shape knows."""
    text = changed(("mine:green-lead .\n\nmine", "mine:green-leed .\n\nmine"))
    found: tuple[Finding, ...] = validate_sources(
        [Source("my.ttl", text.encode())], read_base(), read_shapes()
    ).findings
    (finding,) = [each for each in found if each.rule.code == "CG306"]
    assert finding.remedy.endswith("; the nearest name is mine:green-lead.")
    written = reports.write(Report((finding,)), "turtle")
    assert "the nearest" not in written
    assert finding.result_message in written
