"""The layout of Turtle: one value to a line, sorted, with the same statements and comments."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph
from rdflib.compare import isomorphic

from competency_graph.errors import CompetencyError, EvaluationError, UnreadableInputError
from competency_graph.rdf import turtle_formatter
from competency_graph.rdf.same_statements import same_statements
from competency_graph.rdf.source_positions import comments
from competency_graph.rdf.turtle_formatter import formatted, with_layout_of

FILE = Path("mine.ttl")


def lay(text: str, name: str = "mine.ttl") -> str:
    return formatted(text.encode(), Path(name)).decode()


MESSY = """# A head.
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix cg: <https://w3id.org/competency-graph/ontology#> .
@prefix role: <https://w3id.org/competency-graph/sales/role/> .
role:b skos:closeMatch <http://data.europa.eu/esco/occupation/2eac08c2-a81a-46fc-8d75-eb0e0f3e0f6d> .
role:b skos:prefLabel "B \\"quoted\\": sh:x"@en, "Be"@de ; a cg:Role; cg:sourcePage 7; skos:notation "R2" .
role:a skos:notation "R1" ; a cg:Role ; cg:outputsOpenEnded true ; cg:sourcePage 007 .
"""
TIDY = """# A head.

PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX esco-occupation: <http://data.europa.eu/esco/occupation/>
PREFIX role: <https://w3id.org/competency-graph/sales/role/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

role:a
    a cg:Role ;
    skos:notation "R1" ;
    cg:outputsOpenEnded true ;
    cg:sourcePage 007 ;
    .

role:b
    a cg:Role ;
    skos:prefLabel "B \\"quoted\\": sh:x"@en ;
    skos:prefLabel "Be"@de ;
    skos:notation "R2" ;
    skos:closeMatch esco-occupation:2eac08c2-a81a-46fc-8d75-eb0e0f3e0f6d ;
    cg:sourcePage 7 ;
    .
"""


def test_a_messy_file_becomes_tidy_and_stays_so() -> None:
    assert lay(MESSY) == TIDY
    assert lay(TIDY) == TIDY


def test_a_changed_value_is_one_changed_line_and_an_added_one_an_added_line() -> None:
    for old, new, gone, come in [
        ('"Be"@de', '"Bé"@de', 1, 1),
        ('"Be"@de', '"Be"@de, "Bi"@fr', 0, 1),
    ]:
        before, after = TIDY.splitlines(), lay(MESSY.replace(old, new)).splitlines()
        assert len(set(before) - set(after)) == gone
        assert len(set(after) - set(before)) == come


# ---------------------------------------------------------------------------
# Comments stay beside what they comment
# ---------------------------------------------------------------------------

COMMENTED = """# The head of the file,
# in two lines.
#
# And its licence.
@prefix x: <http://x.example/> . # ours
# Before a declaration.
@prefix a: <http://a.example/> .

# Alone on the lines above b.
# Second line.
x:b # beside the subject
    x:q 2 , # beside 2
    # before 1
    1 ;
    x:p # after a predicate
      [ x:r 3 ; # beside 3
        # before 4
        x:r 4
        # at the end of the bracket
      ] ;
    # competency: allow CG031
    x:l ( 1 # beside the member
          2 ) # beside the list
    # at the end of b
    . # beside the full stop
x:a x:p 1 . # beside the only statement

# A heading of a section.

# Above d.
x:d x:p 1 .
x:c x:p 1 .
# At the end of the file.
"""
COMMENTED_TIDY = """# The head of the file,
# in two lines.
#
# And its licence.

# Before a declaration.

PREFIX a: <http://a.example/>
PREFIX x: <http://x.example/> # ours

x:a
    x:p 1 ; # beside the only statement
    .

# Alone on the lines above b.
# Second line.
x:b # beside the subject
    # competency: allow CG031
    x:l (
        1 # beside the member
        2
    ) ; # beside the list
    # after a predicate
    x:p [
        x:r 3 ; # beside 3
        # before 4
        x:r 4 ;
        # at the end of the bracket
    ] ;
    # before 1
    x:q 1 ;
    x:q 2 ; # beside 2
    # at the end of b
    . # beside the full stop

# A heading of a section.

x:c
    x:p 1 ;
    .

# Above d.
x:d
    x:p 1 ;
    .

# At the end of the file.
"""


def test_comments_stay_with_what_they_are_about() -> None:
    assert lay(COMMENTED) == COMMENTED_TIDY
    assert lay(COMMENTED_TIDY) == COMMENTED_TIDY


HARD = {
    "empty": ("", ""),
    "only a comment": ("# nothing yet", "# nothing yet\n"),
    "one subject in two blocks": (
        "<a:b> <a:q> 1 . # one\n<a:b> <a:p> 1 . # two",
        "<a:b>\n    <a:p> 1 ; # two\n    <a:q> 1 ; # one\n    .\n",
    ),
    "a statement twice": (
        "<a:b> <a:p> 1 , 1 ; # one\n <a:p> 1 . # two",
        "<a:b>\n    # two\n    <a:p> 1 ; # one\n    .\n",
    ),
    "subjects without a name": (
        "[ <a:p> 1 ] <a:q> 2 . [] <a:p> 0 . ( 1 # one\n 2 ) <a:p> 3 . _:z <a:p> _:z , [] , () .",
        "_:z\n    <a:p> () ;\n    <a:p> _:z ;\n    <a:p> [] ;\n    .\n\n"
        "# one\n( 1 2 )\n    <a:p> 3 ;\n    .\n\n[]\n    <a:p> 0 ;\n    .\n\n"
        "[]\n    <a:p> 1 ;\n    <a:q> 2 ;\n    .\n",
    ),
    "two nodes that are described alike": (
        "<a:b> <a:p> [ <a:q> 1 ] , [ <a:q> 1 ] .",
        "<a:b>\n    <a:p> [ <a:q> 1 ] ;\n    <a:p> [ <a:q> 1 ] ;\n    .\n",
    ),
    "texts of several lines and with signs": (
        "<a:b> <a:p> '''one \"\"\"two\"\"\"\\r\nthree\"''' , 'a\\tb\\u0001' .",
        '<a:b>\n    <a:p> "a\\tb\\u0001" ;\n'
        '    <a:p> """one \\"\\""two\\"\\""\\r\nthree\\"""" ;\n    .\n',
    ),
    "numbers as they are written": (
        "<a:b> <a:p> +1 , 1.50 , 1E0 , 'x'^^<http://www.w3.org/2001/XMLSchema#integer> .",
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n\n"
        '<a:b>\n    <a:p> +1 ;\n    <a:p> 1.50 ;\n    <a:p> 1E0 ;\n    <a:p> "x"^^xsd:integer ;\n    .\n',
    ),
    "the spelling of a language": (
        "<a:b> <a:p> 'colour'@en-GB .", '<a:b>\n    <a:p> "colour"@en-GB ;\n    .\n'
    ),
    "a prefix that nothing uses yet": (
        "@prefix my: <http://my.example/> .", "PREFIX my: <http://my.example/>\n"
    ),
    "a name of the table with another meaning": (
        "PREFIX skos: <a:> <http://www.w3.org/2004/02/skos/core#x> <a:p> 1 .",
        "PREFIX skos: <a:>\n\n<http://www.w3.org/2004/02/skos/core#x>\n    skos:p 1 ;\n    .\n",
    ),
    "a base": (
        "@base <http://my.example/> . <a> <#b> <c/d> .",
        "BASE <http://my.example/>\n\n<a>\n    <http://my.example/#b> <http://my.example/c/d> ;\n    .\n",
    ),
    "a name that needs an escape": (
        "PREFIX m: <http://m.example/> m:a\\,b m:c.d m:é , m:x%20y , m: .",
        "PREFIX m: <http://m.example/>\n\n"
        "<http://m.example/a,b>\n    m:c.d m: ;\n    m:c.d m:x%20y ;\n    m:c.d m:é ;\n    .\n",
    ),
    "Windows' lines": ("<a:b> <a:p> 1 .\r\n# end\r\n", "<a:b>\n    <a:p> 1 ;\n    .\n\n# end\n"),
    "a byte order mark": ("\ufeff<a:b> <a:p> 1 .", "<a:b>\n    <a:p> 1 ;\n    .\n"),
}  # fmt: skip


@pytest.mark.parametrize(("messy", "tidy"), HARD.values(), ids=HARD)
def test_what_is_easily_got_wrong(messy: str, tidy: str) -> None:
    assert lay(messy) == tidy
    assert lay(tidy) == tidy


# ---------------------------------------------------------------------------
# Any file
# ---------------------------------------------------------------------------

SPACES = st.sampled_from([" ", "\n", "\n\n", " # one\n", "\n# two\n", "\n\n# three\n\n", "\t"])
NAMES = st.sampled_from(
    ["x:a", "x:b", "y:a", "<http://x.example/c>", "_:n", "<http://z.example/a>"]
)
PLAIN = st.sampled_from(
    ["1", "007", "true", '"a"', "'a'@en", '"""l\n#m"""', '"1"^^x:t', "()", "-.5", '"#"@de-AT']
)
PREDICATES = st.sampled_from(["a", "x:p", "y:q", "<http://x.example/p>"])


@st.composite
def pairs(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    gap = lambda: draw(SPACES)  # noqa: E731
    text = ""
    for number in range(draw(st.integers(1, 3))):
        text += (gap() + ";" if number else "") + gap() + draw(PREDICATES) + gap() + draw(values)
        for _ in range(draw(st.integers(0, 2))):
            text += gap() + "," + gap() + draw(values)
    return text + gap() + draw(st.sampled_from(["", ";", "; ;"])) + gap()


def nested(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    bracket = st.builds("[{}]".format, pairs(values) | SPACES)
    members = st.lists(st.builds(str.__add__, values, SPACES), max_size=3).map("".join)
    return (
        bracket | st.builds("( {} )".format, members) | st.builds("({}{})".format, SPACES, members)
    )


VALUES = st.recursive(NAMES | PLAIN, nested, max_leaves=5)
SUBJECTS = NAMES | nested(NAMES).filter(lambda t: t.startswith("["))
BLOCKS = st.builds("{}{}{}.".format, SUBJECTS, SPACES, pairs(VALUES))
DIRECTIVES = st.sampled_from(
    ["@prefix x: <http://x.example/> .", "PREFIX y:\n<http://y.example/>", "prefix z: <http://z.example/>",
     "PREFIX # here\nw: <http://w.example/>"]
)  # fmt: skip
BODY = st.lists(st.builds(str.__add__, BLOCKS | DIRECTIVES, SPACES), max_size=6).map("".join)
DECLARED = "PREFIX x: <http://x.example/> @prefix y: <http://y.example/> ."
FILES = st.builds("{}{}{}{}".format, SPACES, st.just(DECLARED), SPACES, BODY)


@settings(max_examples=100, deadline=None)
@given(FILES)
def test_every_file_keeps_its_statements_and_comments_and_needs_no_second_time(text: str) -> None:
    tidy = lay(text)
    assert isomorphic(Graph().parse(data=tidy), Graph().parse(data=text))
    before, after = (Counter(c.rstrip() for _, c in comments(t)) for t in (text, tidy))
    assert before == after
    assert lay(tidy) == tidy


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(NAMES, PREDICATES, NAMES | PLAIN | st.just("[ x:p 1 , [] ]")), max_size=9),
    st.randoms(use_true_random=False),
)
def test_the_order_in_a_file_does_not_matter(
    statements: list[tuple[str, str, str]], random: Random
) -> None:
    lines = [" ".join(statement) for statement in statements]
    shuffled = random.sample(lines, len(lines))
    assert lay(DECLARED + " .\n".join([*lines, ""])) == lay(DECLARED + " .\n".join([*shuffled, ""]))


# ---------------------------------------------------------------------------
# What cannot be laid out
# ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "line", "told"),
    [
        ("mine.ttl", "<a:b> <a:p> 1 .\n<a:b> <a:p .\n", 2, "this is not Turtle"),
        ("mine.ttl", "<a:b> <a:p> <<( <a:b> <a:p> 1 )>> .", 1, "statement about a statement"),
        ("mine.ttl", "\n<a:b> <a:p> " + "[ <a:p> " * 200 + "1" + "]" * 200 + " .", 2, "nested"),
        ("mine.nt", "<a:b> <a:p> <a:c> .", None, "no layout"),
        ("mine.trig", "<a:g> { <a:b> <a:p> <a:c> }", None, "graph"),
        ("mine.trig", "{ <a:b> <a:p> <a:c> }", None, "braces"),
        ("mine.txt", "", None, "ending"),
    ],
)  # fmt: skip
def test_what_is_not_turtle_is_refused(name: str, text: str, line: int | None, told: str) -> None:
    with pytest.raises(UnreadableInputError, match=told) as caught:
        lay(text, name)
    assert caught.value.line == line


def test_trig_without_graphs_is_laid_out() -> None:
    assert lay("<a:b> <a:p> 1 .", "mine.trig") == "<a:b>\n    <a:p> 1 ;\n    .\n"


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("<a:b> <a:p> 1 , 2 .", "<a:b> <a:p> 2 . <a:b> <a:p> 1 , 1 .", True),
        ("<a:b> <a:p> 1 .", "<a:b> <a:p> 01 .", False),
        ("<a:b> <a:p> 'x'@en .", "<a:b> <a:p> 'x' .", False),
        ("<a:b> <a:p> [ <a:q> [ <a:r> 1 ] ] .", "<a:b> <a:p> [ <a:q> [ <a:r> 2 ] ] .", False),
        ("<a:b> <a:p> [] , [] .", "<a:b> <a:p> [] .", False),
        ("<a:b> <a:p> ( 1 2 ) .", "<a:b> <a:p> ( 2 1 ) .", False),
        ("[] <a:p> [ <a:q> 1 ] , 2 .", "[ <a:p> 2 ] <a:p> [ <a:q> 1 ] .", True),
        ("_:a <a:p> _:b .", "_:a <a:p> _:a .", False),
    ],
)
def test_a_difference_is_noticed(first: str, second: str, same: bool) -> None:
    assert same_statements(first.encode(), second.encode()) is same


@pytest.mark.parametrize("wrong", ["<a:b> <a:p> 2 . # c", "<a:b> <a:p> 1 ."])
def test_a_layout_that_loses_something_is_not_written(
    wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turtle_formatter, "lay_out", lambda document: wrong)
    with pytest.raises(EvaluationError, match="would change") as caught:
        lay("<a:b> <a:p> 1 . # c")
    assert isinstance(caught.value, CompetencyError)
    assert "has not been changed" in caught.value.remedy


BLOCKS = "PREFIX : <https://example.org/>\n\n" + "\n".join(
    f':e{n:02}\n    :p {n} ;\n    :q """\n    .\n""" ;\n    .\n' for n in range(40)
)


@pytest.mark.parametrize("place", [None, 2, 38])
def test_a_changed_file_stays_laid_out_if_it_was(place: int | None) -> None:
    before = BLOCKS if place is None else BLOCKS.replace(f":p {place} ;", f":p  {place} ;")
    assert (formatted(before.encode(), Path("x.ttl")) == before.encode()) == (place is None)
    after = before.replace(":p 7 ;", ":o 8 ; :p 7 ;")
    changed = with_layout_of(before.encode(), after.encode(), Path("x.ttl")).decode()
    assert changed == (BLOCKS.replace(":p 7 ;", ":o 8 ;\n    :p 7 ;") if place is None else after)
