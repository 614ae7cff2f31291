"""Where statements stand in Turtle: rulers drawn by hand, random texts, and all files here."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competency_graph.rdf.source_positions import Lines, Statement, comments, statements, token_end
from conftest import ROOT

PREFIXES = """\
PREFIX a: <http://e/a#>
PREFIX : <http://e/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
BASE <http://e/base/>
"""
SHOWN = str.maketrans({"⏎": "\n", "␍": "\r", "→": "\t"})
"""Characters that stand for such as a ruler cannot show."""

RULERS = {
    "prefixed names": """
a:b a:c a:d .
s   p   ooo
""",
    "full IRIs, also with # and dots": """
<http://e/b#x> <http://e/c.d> <#e> . <> <p> <../q> .
s              p              oooo
                                     s  p   oooooo
""",
    "lists with semicolon and comma": """
:b :c 1, 2 ; :d 3 ,4.
s  p  o
s  p     o
s            p  o
s            p     o
""",
    "empty semicolons": """
:b :c 1 ;; ; :d 2;;.
s  p  o
s            p  o
""",
    "a for the class": """
:b a :C ; a :D .
s  p oo
s         p oo
""",
    "a prefix called a, and names that begin like directives": """
prefixed:b :c 1 . base:x basis:y base:z . PREFIX:b a :d .
s          p  o
                  s      p       oooooo
                                          s        p oo
""",
    "blank nodes by label": """
_:b :c _:d.e . _:é :c _:0 .
s   p  ooooo
               s   p  ooo
""",
    "an empty blank node as subject and object": """
[] :c [] , [ ] .
s  p  oo
s  p       ooo
""",
    "a blank node with statements as object": """
:b :c [ :d 1 ; :e 2 ] , 3 .
      s p  o
      s        p  o
s  p  ooooooooooooooo
s  p                    o
""",
    "a blank node with statements as subject": """
[ :d 1 ] :e 2 ; :f 3 . [ :g 4 ] .
s p  o
s        p  o
s               p  o
                       s p  o
""",
    "blank nodes in blank nodes": """
:b :c [ :d [ :e 1 ] ; :f [] ] .
           s p  o
      s p  oooooooo
      s               p  oo
s  p  ooooooooooooooooooooooo
""",
    "a collection": """
:b :c (1 :x <y>) .
      sx
s  p  o
      s  xo
      s  x
      s     xoo
      s     x
      s        x
""",
    "a collection of texts, each complete where the next token begins": """
:b :c ("x" "y" 1 'z'@en "1"^^:d "w") , ("v") .
s  p  o
      s    x
      sxoo
      s        x
      s        x
      s    xoo
      s          x
      s          xooooo
      s                 x
      s                 xoooooo
      s                         x
      s                            x
      s                         xoo
s  p                                   o
                                       s   x
                                       sxoo
""",
    "a text that ends a blank node": """
:b :c [ :d "x" ] , [ :e "y"@en ] .
s  p  oooooooooo
      s p  ooo
                   s p  oooooo
s  p               ooooooooooooo
""",
    "an empty collection": """
:b :c () , ( ) ; :d 1 .
s  p  oo
s  p       ooo
s                p  o
""",
    "a collection as subject": """
(1) :c 2 . () :d 3 .
sx
s x
s   p  o
           s  p  o
""",
    "a collection whose first member is a blank node": """
:b :c ( [ :d 1 ] ) .
s  p  o
        s p  o
      s xooooooo
      s          x
""",
    "a collection whose first member is a collection": """
:b :c ((1)) .
s  p  o
       sx
      sx
       s x
      s   x
""",
    "a collection of empty ones": """
:b :c ( () [] ) .
s  p  o
      s xo
      s    x
      s    xo
      s       x
""",
    "strings with quotes and signs in them": r"""
:b :c "a \" # ] . ; b", 'c " d\'' , "" .
s  p  oooooooooooooooo
s  p                    ooooooooo
s  p                                oo
""",
    "strings of several lines": r'''
:b :c """x ⏎ # "y" "" . \""" z""" , \'\'\'it\'s ] "" \\ ⏎\'\'\' .
s  p  ooooooooooooooooooooooooooo
s  p                                oooooooooooooooooooo
'''.replace(r"\'", "'"),
    "languages and datatypes": """
:b :c "x"@en-GB, "1"^^xsd:int , "2"^^<http://e/#t>; :d "x"@en.
s  p  ooooooooo
s  p             oooooooooooo
s  p                            oooooooooooooooooo
s                                                   p  oooooo
""",
    "a language or datatype apart from its text": """
:b :c "x" @en , 'y' # @de . ⏎ @fr-CA , "1" ^^ # . ⏎ xsd:int , "z" # ; ⏎, "v"@he--rtl .
s  p  ooooooo
s  p            oooooooooooooooooooo
s  p                                   oooooooooooooooooooo
s  p                                                          ooo
s  p                                                                     ooooooooooo
""",
    "numbers and labels with the end of the statement on their heels": """
:b :c 1.:d :e +2E0.:f :g .5.:h :i -5.0.:j :k 1.e2._:l :m _:n.o.:p :q 3.
s  p  o
        s  p  oooo
                   s  p  oo
                            s  p  oooo
                                       s  p  oooo
                                                  s   p  ooooo
                                                               s  p  o
""",
    "numbers and truth": """
:b :c 1, -1.5e3 ,.5,+2.0,1E0,true,false . :b :c 1. :d :e 2.5.
s  p  o
s  p     oooooo
s  p             oo
s  p                oooo
s  p                     ooo
s  p                         oooo
s  p                              ooooo
                                          s  p  o
                                                   s  p  ooo
""",
    "directives of both kinds, in any case": """
@prefix b: <http://e/b#>. b:x :c 1 . pReFiX c: <http://e/c#> c:x :c 2 . base <http://e/> <x> :c 3 .
                          s   p  o
                                                             s   p  o
                                                                                         s   p  o
""",
    "@base, and an empty prefix": """
@base <http://e/#x.y> . <x> :c 1 . @prefix : <http://f/> . :b :c 2 .
                        s   p  o
                                                           s  p  o
""",
    "a directive with a comment in it": """
@prefix # a . b ⏎ b: # <x> . ⏎ <http://e/b#> # . ⏎ . b:x :c 1 .
                                                     s   p  o
""",
    "comments everywhere": """
# one . [ ⏎:b # " ⏎ :c # ' ⏎ 1 # ; ⏎ , # ( ⏎ 2#3 ⏎. # <end
           s        p        o
           s        p                        o
""",
    "local names with dots, percents and backslashes": r"""
:b.c a:d.e.f :g%20h . a:x\.y :c\,d a:\;z\~ , a:. :b.c a: 1 .
s    p       oooooo
                      s      p     ooooooo
                      s      p               oo
                                                 s    p  o
""",
    "names without a local part, and with colons and digits": """
a: : a:0:1 . : a: -1 .
s  p ooooo
             s p  oo
""",
    "lines that end with CR, with CR LF, and tabs": """
:b␍:c→1␍⏎;␍⏎→:d→# x␍2␍⏎.␍:e :f 3 .
s  p  o
s            p      o
                         s  p  o
""",
    "characters beyond the basic plane": """
:😀 :𝒳 "😀 𝒳"@en , :é😀. :b :𝒳 :😀 .
s  p  oooooooo
s  p             ooo
                      s  p  oo
""",
    "escapes of characters": r"""
<http://e/\u00e9> :c "\u0022 \\" , "\t\\\"" .
s                 p  ooooooooooo
s                 p                oooooooo
""",
    "N-Triples": """
_:a <http://e/p> "x\\n"^^<http://e/t> .⏎<http://e/s> <http://e/p> _:a . # end
s   p            ooooooooooooooooooo
                                       s            p            ooo
""",
    "no statement": """
# nothing . here
""",
}
"""A text, and below it a ruler for each statement: s where its subject begins, p where its predicate
does, o all along its object; x where predicate and object begin at the same place."""


def drawn(ruled: str) -> tuple[str, list[Statement]]:
    """The text of a drawing, and the places that its rulers mark."""
    text, *rulers = ruled.strip("\n").split("\n")
    places = []
    for ruler in rulers:
        begins = re.search(r"[xo]", ruler)
        assert begins
        predicate = ruler.find("p")
        places.append(
            Statement(
                ruler.index("s"),
                predicate if predicate >= 0 else ruler.index("x"),
                begins.start(),
                len(ruler.rstrip()),
            )
        )
    return text.translate(SHOWN), places


FIRST, REST, NIL = (
    f"http://www.w3.org/1999/02/22-rdf-syntax-ns#{name}" for name in ("first", "rest", "nil")
)
DECLARED = re.compile(r"(?im)^(?:@(?:prefix|base)[^<]*<[^>]*>\s*\.|(?:prefix|base)[^<]*<[^>]*>)")


def parsed(text: str) -> list[ox.Quad]:
    return list(ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri="http://e/base/"))


def agrees(text: str, head: str = "", places: list[Statement] | None = None) -> None:
    """Hold the places of a text against what the engine reads: number, order and terms."""
    quads = parsed(head + text)
    found = list(statements(text)) if places is None else places
    assert len(found) == len(quads)
    again, terms = [], []
    brackets: dict[int, object] = {}
    for quad, place in zip(quads, found, strict=True):
        assert 0 <= place.subject < place.end <= len(text)
        member = quad.predicate.value in (FIRST, REST)
        assert member == (place.predicate == place.object)
        value = text[place.object : place.end]
        if quad.predicate.value == REST:
            assert (value == ")") == (quad.object.value == NIL)
        elif isinstance(quad.object, ox.BlankNode):
            assert value.startswith(("[", "(", "_"))
            if value.startswith("["):
                assert value.endswith("]")
                assert brackets.setdefault(place.object, quad.object) == quad.object
        else:
            again.append(f"<> <> {value} .")
            terms.append(quad.object)
        if isinstance(quad.subject, ox.BlankNode):
            assert text[place.subject] in "[(_"
            if text[place.subject] == "[":
                assert brackets.setdefault(place.subject, quad.subject) == quad.subject
        elif quad.subject.value == NIL:
            assert text[place.subject] == "("
        else:
            again.append(f"{text[place.subject : token_end(text, place.subject)]} <> <> .")
            terms.append(quad.subject)
        if not member:
            again.append(f"<> {text[place.predicate : token_end(text, place.predicate)]} <> .")
            terms.append(quad.predicate)
    read = parsed("\n".join([head, *DECLARED.findall(text), *again]))
    assert len(read) == len(terms)
    for term, quad in zip(terms, read, strict=True):
        assert term in (quad.subject, quad.predicate, quad.object), term


@pytest.mark.parametrize("name", RULERS)
def test_each_statement_has_its_place(name: str) -> None:
    text, places = drawn(RULERS[name])
    assert list(statements(text)) == places
    others = "".join(
        f"PREFIX {name}: <http://e/>\n" for name in ("prefixed", "base", "basis", "PREFIX")
    )
    assert len(parsed(PREFIXES + others + text)) == len(places)


# ---------------------------------------------------------------------------
# Random texts
# ---------------------------------------------------------------------------

GAPS = st.sampled_from(
    [" ", " ", " ", "\n", "\t", "\r\n", "\r", " # c\n", "\n\n# [ ( \" ''' . ; <x\r\n", " #\r"]
)
"""What may stand between two terms."""
LOOSE = st.one_of(st.just(""), GAPS)
"""What may stand beside a bracket or sign."""
IRIS = st.sampled_from(
    ["a:b", ":c", "a:", ":", "a:d.e", "a:f%2Eg", r"a:h\,\.i", "a:j:k-l", "a:😀", "a:é.1",
     "<http://e/#x>", "<y>", "<#.,;(>", r"<\u00e9>", "<😀>", "<>"]
)  # fmt: skip
LABELS = st.sampled_from(["_:b", "_:b.c", "_:0", "_:é"])
NUMBERS = st.sampled_from(["1", "-2", "+3.5", ".5", "1e3", "-1.5E-3", "true", "false"])
QUOTES = st.sampled_from(['"', "'", '"""', "'''"])
TAGS = st.sampled_from(
    [
        "",
        "",
        "@en",
        "@de-CH-1996",
        " @en",
        " # '\n @en",
        "^^xsd:int",
        "^^<http://e/#t>",
        "^^a:b.c",
        "\t^^ # .\r\n a:b",
    ]
)


@st.composite
def strings(draw: st.DrawFn) -> str:
    quote = draw(QUOTES)
    parts = [
        "x",
        " ",
        "#",
        ".",
        ";",
        "[",
        ")",
        "<",
        "@en",
        r"\"",
        r"\'",
        r"\\",
        r"\n",
        r"\u0041",
        "😀",
    ]
    parts += ["'"] if quote[0] == '"' else ['"']
    if len(quote) == 3:
        parts += ["\n", "\r\n", f"{quote[0]}z", f"{quote[0] * 2}z"]
    return quote + "".join(draw(st.lists(st.sampled_from(parts), max_size=6))) + quote + draw(TAGS)


@st.composite
def verbs(draw: st.DrawFn, nodes: st.SearchStrategy[str]) -> str:
    """Predicates with their objects, as they stand after a subject or in brackets."""
    pairs = []
    for _ in range(draw(st.integers(1, 3))):
        objects = draw(st.lists(nodes, min_size=1, max_size=3))
        text = draw(st.one_of(IRIS, st.just("a"))) + draw(GAPS) + objects[0]
        for other in objects[1:]:
            text += draw(GAPS) + "," + draw(LOOSE) + other
        pairs.append(text)
    text = pairs[0]
    for pair in pairs[1:]:
        text += draw(LOOSE) + ";" + draw(st.sampled_from(["", ";", " ;"])) + draw(LOOSE) + pair
    return text + draw(st.sampled_from(["", "", ";", " ; ;"]))


@st.composite
def bracketed(draw: st.DrawFn, nodes: st.SearchStrategy[str]) -> str:
    return "[" + draw(LOOSE) + draw(verbs(nodes)) + draw(LOOSE) + "]"


@st.composite
def collections(draw: st.DrawFn, nodes: st.SearchStrategy[str]) -> str:
    members = draw(st.lists(nodes, max_size=4))
    return "(" + draw(LOOSE) + "".join(member + draw(GAPS) for member in members) + ")"


LEAVES = st.one_of(IRIS, LABELS, NUMBERS, strings(), st.sampled_from(["[]", "[ ]", "()", "(\n)"]))
NODES = st.recursive(LEAVES, lambda n: st.one_of(bracketed(n), collections(n)), max_leaves=8)


@st.composite
def documents(draw: st.DrawFn) -> str:
    text = draw(LOOSE)
    for _ in range(draw(st.integers(0, 4))):
        kind = draw(st.integers(0, 5))
        if kind == 0:
            text += draw(
                st.sampled_from(
                    [
                        "@prefix z: <http://z/#>.",
                        "PREFIX z: <http://z/.>",
                        "prefix z.y:<z>",
                        "@base <http://e/base/> .",
                    ]
                )
            )
        elif kind == 1:
            text += draw(bracketed(NODES)) + draw(LOOSE) + "."
        else:
            subject = draw(
                st.one_of(IRIS, LABELS, bracketed(NODES), collections(NODES), st.just("[]"))
            )
            text += subject + draw(GAPS) + draw(verbs(NODES)) + draw(GAPS) + "."
        text += draw(GAPS)
    return text


@settings(max_examples=100, deadline=None)
@given(documents())
def test_random_texts_have_a_place_for_each_statement(text: str) -> None:
    agrees(text, PREFIXES)
    assert len(list(statements(text))) == len(parsed(PREFIXES + text))


def readable() -> list[Path]:
    """The Turtle files here that have no fault of syntax."""
    found = []
    for path in sorted(ROOT.rglob("*.ttl")):
        if not any(part.startswith(".") for part in path.relative_to(ROOT).parts):
            try:
                parsed(path.read_text("utf-8-sig"))
            except (SyntaxError, UnicodeDecodeError):
                continue
            found.append(path)
    return found


def test_every_file_here_has_a_place_for_each_statement() -> None:
    files = readable()
    assert len(files) > 100
    for path in files:
        agrees(path.read_text("utf-8-sig"))


def test_places_that_are_not_the_right_ones_are_noticed() -> None:
    """The check of random texts and files sees what it is there to see."""
    text = ':b :c :d ; :e ( 1 [ :f "x" ] ) .'
    places = list(statements(text))
    agrees(text, PREFIXES, places)
    for number, place in enumerate(places):
        for wrong in ("subject", "object"):
            moved = place._replace(**{wrong: getattr(place, wrong) + 1})
            with pytest.raises((AssertionError, SyntaxError)):
                agrees(text, PREFIXES, [*places[:number], moved, *places[number + 1 :]])
    for number in range(len(places) - 1):
        one, other = places[number : number + 2]
        with pytest.raises((AssertionError, SyntaxError)):
            agrees(text, PREFIXES, [*places[:number], other, one, *places[number + 2 :]])


# ---------------------------------------------------------------------------
# Lines and comments
# ---------------------------------------------------------------------------

LINES = "one\ntwo\r\n\rfour😀x\r\n"


def test_lines_end_with_lf_cr_lf_or_cr() -> None:
    lines = Lines(LINES)
    assert [lines.line(number) for number in range(7)] == ["", "one", "two", "", "four😀x", "", ""]
    assert lines.place(LINES.index("one")) == (1, 1)
    assert lines.place(LINES.index("wo")) == (2, 2)
    assert lines.place(LINES.index("x")) == (4, 6)
    assert lines.place(len(LINES)) == (5, 1)


@given(st.text(st.sampled_from("ab\r\n\t😀\u2028\x0b"), max_size=30))
def test_a_place_leads_back_to_its_offset(text: str) -> None:
    lines = Lines(text)
    for offset in range(len(text) + 1):
        line, column = lines.place(offset)
        assert lines.offset(line, column) == offset
        if offset < len(text) and text[offset] not in "\r\n":
            assert lines.line(line)[column - 1] == text[offset]


def test_comments_are_told_from_what_looks_like_one() -> None:
    text = "# one\n:b <http://e/#no> \"# no\", '''\n# no\n''', a:\\#no ; # two\r# three\r\n.#four"
    found = list(comments(text))
    assert [comment for _, comment in found] == ["# one", "# two", "# three", "#four"]
    assert all(text[offset:].startswith(comment) for offset, comment in found)
