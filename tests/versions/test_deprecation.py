"""Deprecating an entry: which lines change, and what is left to a person."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from rdflib import Graph

from competency_graph.errors import BadValueError, CompetencyError
from competency_graph.rdf.turtle_formatter import formatted
from competency_graph.validation import Source
from competency_graph.versions.deprecation import Deprecation, deprecate

HEAD = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX my: <https://my.example/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

"""
ENTRIES = (
    HEAD
    + """\
my:new
    a cg:Knowledge ;
    skos:prefLabel "New"@en ;
    .

my:old
    a cg:Knowledge ;
    skos:prefLabel "Old"@en ;
    .
"""
)
TODAY = date(2026, 12, 1)


def run(replacement: str = "new", note: str = "", entry: str = "old", **files: str) -> Deprecation:
    sources = [
        Source(f"{name}.ttl", text.encode(), n) for n, (name, text) in enumerate(files.items())
    ]
    graph = Graph()
    for text in files.values():
        graph.parse(data=text)
    iri = f"https://my.example/{replacement}" if replacement else ""
    return deprecate(sources, graph, f"https://my.example/{entry}", iri, note, TODAY)


def after(found: Deprecation, name: str) -> str:
    return found.contents[Path(f"{name}.ttl")].decode()


def test_the_entry_is_marked_where_it_is_described_and_nothing_else_changes() -> None:
    found = run(entries=ENTRIES, note="Both  are\none.")
    assert after(found, "entries") == ENTRIES.replace(
        '"Old"@en ;\n',
        '"Old"@en ;\n    dcterms:isReplacedBy my:new ;\n    owl:deprecated true ;\n'
        '    skos:changeNote "2026-12-01: Both are one."@en ;\n',
    )
    assert (found.moved, found.remainders) == (0, ())


MOVED = {
    "in a list": ("my:a cg:requiresKnowledge my:x, my:old , my:y .", "my:a cg:requiresKnowledge my:x, my:new , my:y ."),
    "in full": ("my:a cg:requiresKnowledge <https://my.example/old> .", "my:a cg:requiresKnowledge <https://my.example/new> ."),
    "of an entry that it replaced": ("my:a owl:deprecated true ; dcterms:isReplacedBy my:old .", "my:a owl:deprecated true ; dcterms:isReplacedBy my:new ."),
    "stated already, in a list": ("my:a cg:requiresKnowledge my:new, my:old , my:y .", "my:a cg:requiresKnowledge my:new , my:y ."),
    "stated already, first in a list": ("my:a cg:requiresKnowledge my:old , my:new .", "my:a cg:requiresKnowledge my:new ."),
    "stated already, on a line": ("my:a\n  cg:requiresKnowledge my:new ;\n  cg:requiresKnowledge my:old ;\n  .", "my:a\n  cg:requiresKnowledge my:new ;\n  ."),
    "stated already, at the end": ("my:a cg:requiresKnowledge my:new ; cg:requiresKnowledge my:old .", "my:a cg:requiresKnowledge my:new ;  ."),
    "stated already, elsewhere": ("my:a cg:requiresKnowledge my:new .\n\nmy:a cg:requiresKnowledge my:old ; .\n", "my:a cg:requiresKnowledge my:new .\n"),
    "stated already, after a comment": ("my:a cg:requiresKnowledge my:new, # why\n  my:old .", "my:a cg:requiresKnowledge my:new # why\n ."),
    "of a blank node": ("my:a my:p [ my:q my:old ; my:r 1 ] .", "my:a my:p [ my:q my:new ; my:r 1 ] ."),
    "a member of a collection": ("my:a my:p ( my:old my:x ) .", "my:a my:p ( my:new my:x ) ."),
}  # fmt: skip


@pytest.mark.parametrize(("before", "wanted"), MOVED.values(), ids=MOVED)
def test_a_reference_leads_to_the_replacement(before: str, wanted: str) -> None:
    found = run(entries=ENTRIES, others=HEAD + before)
    assert after(found, "others") == HEAD + wanted
    assert (found.moved, found.remainders) == (1, ())


def test_a_file_that_is_laid_out_stays_so() -> None:
    others = (
        HEAD + "my:a\n    cg:requiresKnowledge my:n ;\n    cg:requiresKnowledge my:old ;\n    .\n"
    )
    changed = after(run(entries=ENTRIES, others=others), "others")
    assert changed.endswith(
        "my:a\n    cg:requiresKnowledge my:n ;\n    cg:requiresKnowledge my:new ;\n    .\n"
    )
    assert formatted(changed.encode(), Path("others.ttl")).decode() == changed


LEFT = {
    "without a replacement": ("", "my:a cg:requiresKnowledge my:old .", "refers to the deprecated entry"),
    "the replacement refers to it": ("new", "my:new skos:related my:old .", "from the replacement"),
    "where it belongs": ("new", "my:old cg:outputOf my:a .", "states cg:outputOf my:a, which the replacement does not"),
    "what belongs to it": ("new", "my:old cg:hasKeyAction my:k . my:k a cg:KeyAction .", "is the only one with my:k"),
}  # fmt: skip


@pytest.mark.parametrize(("replacement", "text", "told"), LEFT.values(), ids=LEFT)
def test_what_cannot_be_decided_is_left_with_its_line(
    replacement: str, text: str, told: str
) -> None:
    found = run(replacement, entries=ENTRIES, others=HEAD + text)
    (left,) = found.remainders
    assert told in left.message
    assert left.place.file == "others.ttl"
    assert left.place.line == 7 + text.count("\n")
    assert Path("others.ttl") not in found.contents
    assert "owl:deprecated true" in after(found, "entries")


def test_what_is_left_is_found_again_in_the_changed_file() -> None:
    text = (
        ENTRIES.replace("PREFIX owl: <http://www.w3.org/2002/07/owl#>\n", "")
        + "\nmy:new\n    skos:related my:old ;\n    .\n"
    )
    text = formatted(text.encode(), Path("x.ttl")).decode()
    found = run(entries=text)
    (left,) = found.remainders
    line = left.relocated(found.contents).place.line
    assert line != left.place.line
    assert "skos:related my:old" in after(found, "entries").splitlines()[line - 1]


ALREADY = ENTRIES.replace(
    '"Old"@en ;', '"Old"@en ;\n    dcterms:isReplacedBy my:new ;\n    owl:deprecated true ;'
)


def test_an_entry_that_is_marked_is_not_marked_twice() -> None:
    assert run(entries=ALREADY).contents == {}
    other = ENTRIES.replace('"Old"@en ;', '"Old"@en ;\n    owl:deprecated false ;')
    assert after(run("", entries=other), "entries") == other.replace(
        "deprecated false", "deprecated true"
    )


REFUSED = {
    "an entry of others": ({"entry": "x"}, "do not describe"),
    "itself": ({"replacement": "old"}, "replace itself"),
    "something undescribed": ({"replacement": "x"}, "not an entry"),
    "another kind": ({"replacement": "role"}, "another kind"),
    "a deprecated entry": ({"entry": "new", "replacement": "old", "entries": ALREADY}, "itself deprecated"),
}  # fmt: skip


@pytest.mark.parametrize(("values", "told"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_fit_is_refused(values: dict[str, str], told: str) -> None:
    files = {
        "entries": ENTRIES,
        "roles": HEAD + "my:role a cg:Role . my:b skos:related my:x .",
    } | values
    with pytest.raises(BadValueError, match=told):
        run(**files)


def test_a_file_with_a_syntax_error_stops_it() -> None:
    sources = [Source("entries.ttl", ENTRIES.encode()), Source("broken.ttl", b"<a:b> .")]
    with pytest.raises(CompetencyError, match=r"broken.ttl:1:"):
        deprecate(sources, Graph().parse(data=ENTRIES), "https://my.example/old")


def test_an_entry_in_another_format_is_refused() -> None:
    triples = "<https://my.example/old> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/competency-graph/ontology#Role> ."
    xml = Graph().parse(data=triples, format="nt").serialize(format="xml").encode()
    with pytest.raises(BadValueError, match="described in rdfxml"):
        deprecate([Source("roles.rdf", xml)], Graph().parse(data=triples), "https://my.example/old")
