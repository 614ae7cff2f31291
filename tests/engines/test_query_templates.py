"""Two queries with the same template are both valid, with the same kind of answer, or both not."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from competency_graph.engines.query_templates import stands_for_others, template
from competency_graph.errors import RefusedError
from competency_graph.sparql import query_text
from competency_graph.sparql.extensions import check_no_extensions
from competency_graph.sparql.saved_queries import Catalogue

STORE = ox.Store()


def verdict(text: str) -> str:
    """What a check says: the kind of the answer, or of the error."""
    try:
        query_text.check_read_only(text, ())
        check_no_extensions(text)
        return type(STORE.query(text)).__name__
    except (RefusedError, SyntaxError, RuntimeError) as error:
        return type(error).__name__


ALIKE = {
    "an IRI": (
        "SELECT * { <http://a.example/x> ?p ?o }",
        "SELECT * { <https://b.example/y/z?q=1#f> ?p ?o }",
    ),
    "a text": (
        "SELECT * { ?s ?p \"x\"@en FILTER(?o = '# <y>') }",
        "SELECT * { ?s ?p \"it's\"@en FILTER(?o = '') }",
    ),
    "a comment": ("ASK { ?s ?p ?o } # it's", 'ASK { ?s ?p ?o } #"<http://x.example/> FROM'),
    "a data type": (
        'ASK { ?s ?p "1"^^<http://www.w3.org/2001/XMLSchema#integer> }',
        'ASK { ?s ?p "x"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString> }',
    ),
    "an IRI after “less than”": (
        "ASK { FILTER(?a < ?b && ?c = <http://a.example/>) }",
        "ASK { FILTER(?a < ?b && ?c = <http://b.example/#x>) }",
    ),
}
DIFFERENT = {
    "a prefix": (
        'PREFIX a: <http://www.w3.org/2001/XMLSchema#> ASK { FILTER(a:integer("1") = 1) }',
        'PREFIX a: <http://a.example/> ASK { FILTER(a:integer("1") = 1) }',
    ),
    "the form": ("ASK WHERE {}", "SELECT WHERE {}"),
    "an IRI that is none": ("ASK { <http://a.example/> ?p ?o }", "ASK { <http://a b/> ?p ?o }"),
    "a port that is none": ("ASK { <http://a.example/> ?p ?o }", "ASK { <http://a:b/> ?p ?o }"),
    "an escape that is none": ("ASK { ?s ?p <http://a/%20> }", "ASK { ?s ?p <http://a/%zz> }"),
    "another escape": ('ASK { ?s ?p "a" }', 'ASK { ?s ?p "\\x" }'),
    "a text with a line break": ('ASK { ?s ?p "a" }', 'ASK { ?s ?p "a\n" }'),
    "a name": ("PREFIX a: <http://a.example/> ASK { ?s a:b 1 }", "ASK { ?s a:b 1 }"),
    "a language": ('ASK { ?s ?p "x"@en }', 'ASK { ?s ?p "x"@tolongtobeone }'),
    "a comment in brackets": ("ASK { ?s ?p () }", "ASK { ?s ?p (#\n) }"),
    "“less than” before a comment": (
        "ASK { FILTER(?a<?b#>\n)}",
        "ASK { FILTER(?a<?b#>)}",
    ),
    "an apostrophe in an IRI": (
        "BASE <http://a.example/> ASK { ?s ?p <'b> . ?s ?p 'c' }",
        "BASE <http://a.example/> ASK { ?s ?p <'x'c' }",
    ),
    "three quotes": ('ASK { ?s ?p """x""" }', 'ASK { ?s ?p "a""b""c" }'),
    "three apostrophes": ("ASK { ?s ?p '''x''' }", "ASK { ?s ?p 'a''b''c' }"),
    "an escape before a comment": (
        "PREFIX a: <http://a.example/> ASK { ?s ?p a:b\\#c }",
        "PREFIX a: <http://a.example/> ASK { ?s ?p a:b\\#c } }",
    ),
    "a word that may begin a service": (
        "ASK { ?s ?p <http://a.example/b?c> }",
        "ASK { ?s ?p <http://a.example/SERVICE?c> }",
    ),
    "an IRI that may call a function": (
        "ASK { ?s ?p <http://a.example/b/c> }",
        "ASK { ?s ?p <http://a.example/b:c(d)> }",
    ),
    "an IRI that may call one in the next line": (
        "SELECT * { VALUES ?x { <http://a.example/b> }\n OPTIONAL { ?x ?p (1) } }",
        "SELECT * { VALUES ?x { <http://a.example/b:c#d> }\n (1) ?p ?x }",
    ),
    "an extension in a text": ('ASK { ?s ?p "x" }', 'ASK { ?s ?p "<SQL:x>" }'),
    "a mark of templates": ('ASK { ?s ?p "a" }', 'ASK { ?s ?p \0" }'),
}


CALLS = {
    "a function": (
        'ASK { FILTER(<http://www.w3.org/2001/XMLSchema#integer>("1") = 1) }',
        'ASK { FILTER(<http://a.example/unknown>("1") = 1) }',
    ),
    "a function before a comment": (
        "ASK { FILTER(<http://www.w3.org/2001/XMLSchema#integer> #\n (1) = 1) }",
        "ASK { FILTER(<http://a.example/unknown> #\n (1) = 1) }",
    ),
}
"""The first of each two is valid, and must not stand for the other."""


@pytest.mark.parametrize("name", ALIKE)
def test_what_differs_in_what_does_not_matter_has_the_same_template(name: str) -> None:
    one, other = ALIKE[name]
    assert template(one) == template(other) != ""
    assert verdict(one) == verdict(other) in ("QuerySolutions", "QueryBoolean")


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_differs_in_what_matters_has_another_template_or_none(name: str) -> None:
    one, other = DIFFERENT[name]
    assert verdict(one) != verdict(other)
    assert template(one) != template(other) or not template(one)


@pytest.mark.parametrize("name", CALLS)
def test_what_may_call_a_function_does_not_stand_for_others(name: str) -> None:
    one, other = CALLS[name]
    assert verdict(one) != verdict(other)
    assert not stands_for_others(one)


@pytest.mark.parametrize(
    "text",
    ["ASK FROM <http://a.example/> {}", "INSERT DATA {}", "SELECT * { SERVICE ?x {} }"],
)
def test_what_may_not_be_allowed_does_not_stand_for_others(text: str) -> None:
    assert not stands_for_others(text)


def test_most_saved_queries_stand_for_others() -> None:
    texts = [query.text for query in Catalogue().values()]
    assert sum(map(stands_for_others, texts)) > len(texts) / 2


WORDS = [
    "x", "http://a.example/b", "/", "?", "#", "'", '"', "<", ">", "\\", "\x00", "(", ")", "{", "}",
    "[", "]", ".", ";", ":", "=", "%41", "%", "é", "^^", "@en", "&&", "*", "?a", "_:b", "1",
    "SERVICE", "FROM", "<bif:", "UNION", "FILTER",
]  # fmt: skip
ANYTHING = st.lists(st.sampled_from([*WORDS, " ", "\n"]), max_size=5).map("".join)
IRIS = [
    "<http://a.example/b>", "<https://b.example#c>", "<http://a.example/(d)?e=f>",
    "<http://www.w3.org/2001/XMLSchema#integer>",
    "<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>",
]  # fmt: skip
ODD_IRIS = [
    "<urn:a#b>",
    "<http://a:b>",
    "<http://>",
    "<http://a/'#>",
    "<http://a/b:c(d)>",
    "<http://a/b:c#d>",
    "<b>",
    "<#>",
    "a:b",
    "?a",
]
DOUBLE, SINGLE = (
    ['"a"', '""', '"it\'s"', '"#"', '"<"', '"# <b>"'],
    ["'b'", "''", "'\"'", "'#'", "'>'"],
)
ODD_TEXTS = ['"""c"""', "'''d'''", r'"\""', r"'\u0027'", "'e", '"f\n"', '"g""h"']
COMMENTS = ["# c\n", "#\n", "# it's\n", '#"\n', "#<http://a.example/>\n", "#>\n", "#SERVICE\r\n"]
SLOTS = {
    "I": (st.sampled_from(IRIS), st.sampled_from(ODD_IRIS) | ANYTHING.map("<http://a/{}>".format)),
    "D": (st.sampled_from(DOUBLE), st.sampled_from(ODD_TEXTS) | ANYTHING.map('"{}"'.format)),
    "S": (st.sampled_from(SINGLE), st.sampled_from(ODD_TEXTS) | ANYTHING.map("'{}'".format)),
    "C": (st.sampled_from(COMMENTS), ANYTHING.map("#{}\n".format)),
}
"""What may be at a place that is marked with two such letters: what is usual, and what is odd."""
OBJECTS = [
    "II", "TT", "TT^^II", "TT^^GGII", "TT@en", "?a", "1", "()", "(GG)", "[GG]", "(IIGGTT)",
    "[IIGGTT]", "(TTCCII)", "<<II$II$TT>>", "_:b", "TT,GGII", "II;GGII$TT", "II.GG?a$IIGGTT",
]  # fmt: skip
EXPRESSIONS = [
    "II", "TT", "TT^^II", "?a", "IIGG(TT)", "IIGG(TT,GGII)", "STR(GGTT)", "REGEX(TT,TT)",
    "IF(TT,II,TT)", "?aGG<GGII", "?a<GGTT", "?aGG<GG?b&&?b>TT", "?a<?b&&?c=TT", "?a<?bCC",
    "?a<TT&&TT>TT", "?aGG=GGII", "TT!=TT", "?aGGIN(II,GGTT)", "(TT)", "?a<II", "EXISTS{?a$IIGGTT}",
    "TT+1", "?a/II", "?a*II", "?a>II",
]  # fmt: skip
FRAMES = (
    "SELECT$*${$<http://s/>GG<http://p/>GGOOGG}GG",
    "SELECTGG?aGG{GG?aGGIIGGOO.GG?a$IIGGOO$FILTER(GGEEGG)}CC",
    "ASK{?a$II$OO$FILTER(GGEEGG=GGEEGG)}CC",
    "ASKGG{FILTER(EE)}CC",
    "SELECT$(EE$AS$?x)${$BIND(EE$AS$?y)$}$GROUP$BY$(EE)$ORDER$BY$(EE)",
    "PREFIX$a:$<http://a/>$SELECT$*${$VALUES$?a${$IIGGTT$}$VALUES$(?a$?b)${(II$TT)GG(TTGGII)}$}CC",
    "CONSTRUCT${$?a$II$OO$}${$GRAPHGGII${$?a$II$?c$}$OPTIONALGG{$?a$II$OO$}$}$ORDER$BY$EE",
    "DESCRIBE$IIGGIIGG{$?a$?b$OO$}",
    "BASE$<http://a/>$ASK${$?a$II/II*|^IIGGOO$MINUS${$OO$II$TT$}$}",
    "SELECT$(GROUP_CONCAT(EE;SEPARATOR=TT)$AS$?x)${$?a$?b$TT$}$HAVING(EE)$CC",
    "SELECT$*${$?a$(II|!II)+GGOOGG.$_:b$!(II|^II)GGOO$}",
)
"""Queries, with ``$`` for a space."""
PIECES = {
    "OO": OBJECTS,
    "EE": EXPRESSIONS,
    "GG": ["", "", "$", "\n", "CC", "$CC$"],
    "TT": ["DD", "SS"],
}
"""What is put at each place that is marked with two such letters, before anything else."""


@st.composite
def pairs(draw: st.DrawFn) -> tuple[str, str]:
    """A query with something at each marked place, and with the same or something else."""
    skeleton = draw(st.sampled_from(FRAMES))
    for mark, pieces in PIECES.items():
        while mark in skeleton:
            skeleton = skeleton.replace(mark, draw(st.sampled_from(pieces)), 1)
    one, other, skeleton = "", "", skeleton.replace("$", " ")
    while skeleton:
        if skeleton[0] not in SLOTS or skeleton[1:2] != skeleton[0]:
            one, other, skeleton = one + skeleton[0], other + skeleton[0], skeleton[1:]
            continue
        usual, odd = SLOTS[skeleton[0]]
        how = draw(st.integers(0, 39))
        first = draw(odd if how == 0 else usual)
        second = first if how % 2 else draw(odd if how == 2 else usual)
        one, other, skeleton = one + first, other + second, skeleton[2:]
    return one, other


@settings(max_examples=500)
@given(pairs())
def test_the_same_template_means_the_same_verdict(texts: tuple[str, str]) -> None:
    one, other = texts
    if template(one) == template(other) and (stands_for_others(one) or stands_for_others(other)):
        event(verdict(one))
        assert verdict(one) == verdict(other)
