"""Statements are added to and removed from a text, and nothing else of it changes."""

from __future__ import annotations

from collections import Counter

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competency_graph.rdf.source_positions import comments, statements
from competency_graph.rdf.turtle_edits import Editor, Said

EX = "https://example.org/"


def triples(text: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)]


def edited(text: str, added: str = "", removed: str = "", flat: bool = False) -> str:
    """The text with statements added and removed, which are given as Turtle."""
    parser = ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)
    found = [quad.triple for quad in parser]
    said = [Said(*pair) for pair in zip(found, statements(text), strict=True)]
    head = f"PREFIX : <{EX}>\n"
    editor = Editor(text, said, dict(parser.prefixes), flat)
    return editor.edited(triples(head + added), set(triples(head + removed)))


HOUSE = """\
# A comment at the head.

PREFIX : <https://example.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

# About a.
:a
    a :Thing ;
    skos:prefLabel "A"@en ;  # its name
    skos:notation "1" ;
    :of :b ;
    :of :d ;
    .

:b
    a :Thing ;
    .
"""
LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"


@pytest.mark.parametrize(
    ("added", "removed", "old", "new"),
    [
        (f':a {LABEL} "New"@en .', f':a {LABEL} "A"@en .', '"A"@en ;  # its', '"New"@en ;  # its'),
        (":a :of :c .", "", "    :of :b ;\n", "    :of :b ;\n    :of :c ;\n"),
        ("", ":a :of :b .", "    :of :b ;\n", ""),
        ("", ":b a :Thing .", "\n:b\n    a :Thing ;\n    .\n", ""),
        (":b :n 5 .", "", "    a :Thing ;\n    .\n", "    a :Thing ;\n    :n 5 ;\n    .\n"),
        (
            ':c a :Thing ; :of <https://other.example/é> ; :n "x\\ny" .', "",
            ":b\n    a :Thing ;\n    .\n",
            ":b\n    a :Thing ;\n    .\n\n"
            ':c\n    a :Thing ;\n    :n """x\ny""" ;\n    :of <https://other.example/é> ;\n    .\n',
        ),
        (
            ":b <http://www.w3.org/2002/07/owl#deprecated> true .", "",
            "PREFIX skos:", "PREFIX owl: <http://www.w3.org/2002/07/owl#>\nPREFIX skos:",
        ),
    ],
    ids=["replaced", "sorted in", "line removed", "block removed", "number", "new", "prefix"],
)  # fmt: skip
def test_only_what_changes_is_written(added: str, removed: str, old: str, new: str) -> None:
    result = edited(HOUSE, added, removed)
    if "deprecated" in added:
        result = result.replace("    owl:deprecated true ;\n", "")
    assert old in HOUSE
    wanted = HOUSE[::-1].replace(old[::-1], new[::-1], 1)[::-1]
    assert result == wanted


@pytest.mark.parametrize(
    ("text", "added", "removed", "wanted"),
    [
        (":a :p :b, :c, :d .", "", ":a :p :b .", ":a :p :c, :d ."),
        (":a :p :b, :c, :d .", "", ":a :p :c .", ":a :p :b, :d ."),
        (":a :p :b, :c, :d .", "", ":a :p :b, :c .", ":a :p :d ."),
        (":a :p :b, :c, :d .", "", ":a :p :c, :d .", ":a :p :b ."),
        (":a :p :b ; :q :c .", "", ":a :q :c .", ":a :p :b ;  ."),
        (":a :p :b ; :q :c .", "", ":a :p :b .", ":a  :q :c ."),
        (":a :p :b ; :q [ :r ( 1 2 ) ] .\n:c :p :d .", "", ":c :p :d .",
         ":a :p :b ; :q [ :r ( 1 2 ) ] .\n"),
        (":a :p :b .", ":a :q :c .", "", ":a :p :b ;\n    :q :c ."),
        (":a :q ( :b ) .", ":a :p :c .", "", ":a :q ( :b ) .\n\n:a\n    :p :c ;\n    .\n"),
        (":a :p 'b#;.' .", ":a :p :c .", ":a :p 'b#;.' .", ":a :p :c ."),
        (":a :p :b, # why\n  :c .", "", ":a :p :c .", ":a :p :b # why\n ."),
        (":a :p :b . # why\n", "", ":a :p :b .", " # why\n"),
        (f":a :p <{EX}c> .", ":a :p :d .", ":a :p :c .", f":a :p <{EX}d> ."),
    ],
)  # fmt: skip
def test_punctuation_is_kept_in_order(text: str, added: str, removed: str, wanted: str) -> None:
    head = f"PREFIX : <{EX}>\n"
    assert edited(head + text, added, removed) == head + wanted


def test_a_blank_node_has_values_replaced() -> None:
    text = f"PREFIX : <{EX}>\n:a :p ( :b :c ) ; :q [ :r :b, :d ] .\n"
    found = triples(text)
    said = [Said(*pair) for pair in zip(found, statements(text), strict=True)]
    old = [t for t in found if t.object == ox.NamedNode(EX + "b")]
    new = [ox.Triple(t.subject, t.predicate, ox.NamedNode(EX + "n")) for t in old]
    result = Editor(text, said, {"": EX}).edited(new, set(old))
    assert result == f"PREFIX : <{EX}>\n:a :p ( :n :c ) ; :q [ :r :n, :d ] .\n"


def test_n_triples_stay_n_triples() -> None:
    text = f'<{EX}a> <{EX}p> "1" .\n<{EX}a> <{EX}q> <{EX}b> .\n'
    assert edited(text, ":a :r :c .", ':a :p "1" .', flat=True) == (
        f"<{EX}a> <{EX}q> <{EX}b> .\n<{EX}a> <{EX}r> <{EX}c> .\n"
    )


def test_line_endings_and_the_form_of_prefixes_stay() -> None:
    text = f"@prefix : <{EX}> .\r\n:a :p :b .\r\n"
    result = edited(text, ":a <http://www.w3.org/2002/07/owl#deprecated> true .")
    assert result == (
        f"@prefix : <{EX}> .\r\n@prefix owl: <http://www.w3.org/2002/07/owl#> .\r\n"
        ":a :p :b ;\r\n    owl:deprecated true .\r\n"
    )


NAMES = st.sampled_from([f":{letter}" for letter in "abc"])
TERMS = NAMES | st.sampled_from(['"x"', '"x"@en', '"a;b."', "1", "true", "'''l\n#n'''"])
TRIPLES = st.lists(st.tuples(NAMES, NAMES, TERMS), max_size=9)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Turtle with lists of values and of properties, comments and repeated blocks."""
    text = f"PREFIX : <{EX}>\n"
    for _ in range(draw(st.integers(1, 4))):
        predicates = []
        for _ in range(draw(st.integers(1, 3))):
            values = draw(st.sampled_from([", ", ",\n   ", " ,# c\n"])).join(
                draw(st.lists(TERMS, min_size=1, max_size=3))
            )
            predicates.append(f"{draw(NAMES)} {values}")
        mark = draw(st.sampled_from([" ; ", " ;\n    ", " ; # c ; .\n"]))
        end = draw(st.sampled_from([" .\n", " ;\n    .\n", " .# end\n"]))
        text += f"{draw(NAMES)} {mark.join(predicates)}{end}"
    return text


@given(documents(), TRIPLES, st.data())
@settings(deadline=None, max_examples=150)
def test_the_result_has_exactly_the_wanted_statements(
    text: str, more: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    present = triples(text)
    gone = set(data.draw(st.lists(st.sampled_from(present), unique=True)))
    head = f"PREFIX : <{EX}>\n"
    new = set(triples(head + "".join(f"{s} {p} {o} .\n" for s, p, o in more))) - set(present)
    parser = ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)
    found = [quad.triple for quad in parser]
    said = [Said(*pair) for pair in zip(found, statements(text), strict=True)]
    result = Editor(text, said, dict(parser.prefixes)).edited(sorted(new, key=str), gone)
    assert set(triples(result)) == set(present) - gone | new
    before, after = (Counter(each.rstrip() for _, each in comments(t)) for t in (text, result))
    assert after == before
