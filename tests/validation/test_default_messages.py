"""What a shape without a message finds is told in words made of its constraint."""

from __future__ import annotations

from pathlib import Path

import pytest
from authoring import write

from competency_graph.validation import Base, Source, read_base, read_shapes, validate_sources
from competency_graph.validation.engines.shacl_engines import ENGINES

ALONE = Base(read_base().ontology)
HEAD = """\
PREFIX ex: <https://example.org/acme/>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
SAID = {
    # what a property shape asks for, what is said of ex:it, what is told
    "lacks": ("sh:path ex:p ; sh:minCount 1", "", "The entry lacks ex:p. Add it."),
    "too few": ("sh:path ex:p ; sh:minCount 3", "ex:p 1", "The entry has fewer than 3 values of ex:p. Add what is missing."),
    "may not": ("sh:path ex:p ; sh:maxCount 0", "ex:p 1", "The entry has ex:p, which is not allowed. Remove it."),
    "one": ("sh:path ex:p ; sh:maxCount 1", "ex:p 1, 2", "The entry has more than one value of ex:p. Keep one."),
    "too many": ("sh:path ex:p ; sh:maxCount 2", "ex:p 1, 2, 3", "The entry has more than 2 values of ex:p. Remove the others."),
    "class": ("sh:path ex:p ; sh:class ex:C", "ex:p ex:a", "ex:p is ex:a, which is not of the class ex:C. Add the class, or use another value."),
    "datatype": ("sh:path ex:p ; sh:datatype xsd:integer", "ex:p '5'", "ex:p is “5”, which is not of the datatype xsd:integer. Write a value of that datatype."),
    "language": ("sh:path ex:p ; sh:datatype rdf:langString", "ex:p '5'", "ex:p is “5”, which has no language. Add the tag of its language, as in “Bread”@en."),
    "IRI": ("sh:path ex:p ; sh:nodeKind sh:IRI", "ex:p 5", "ex:p is 5, which is not an IRI. Write an IRI instead."),
    "literal": ("sh:path ex:p ; sh:nodeKind sh:Literal", "ex:p []", "ex:p is a blank node, which is not a text or number. Write a text or number instead."),
    "greater": ("sh:path ex:p ; sh:minExclusive 5", "ex:p 5", "ex:p is 5, which is not more than 5. Write a greater value."),
    "least": ("sh:path ex:p ; sh:minInclusive 5", "ex:p 4.5", "ex:p is 4.5, which is less than 5. Write a greater value."),
    "smaller": ("sh:path ex:p ; sh:maxExclusive 5", "ex:p 5", "ex:p is 5, which is not less than 5. Write a smaller value."),
    "most": ("sh:path ex:p ; sh:maxInclusive 5", "ex:p 6", "ex:p is 6, which is more than 5. Write a smaller value."),
    "short": ("sh:path ex:p ; sh:minLength 5", "ex:p 'rye'@en", "ex:p is “rye”@en, which has fewer characters than 5. Write a longer value."),
    "long": ("sh:path ex:p ; sh:maxLength 2", "ex:p 'rye'", "ex:p is “rye”, which has more characters than 2. Write a shorter value."),
    "pattern": ("sh:path ex:p ; sh:pattern '^[a-z]+$'", "ex:p 'RYE'", "ex:p is “RYE”, which does not match the pattern “^[a-z]+$”. Write a value that does."),
    "languages": ("sh:path ex:p ; sh:languageIn ( 'en' 'de' )", "ex:p 'pain'@fr", "ex:p is “pain”@fr, which is not in one of the languages “en”, “de”. Translate it, or correct its tag."),
    "twice": ("sh:path ex:p ; sh:uniqueLang true", "ex:p 'a'@en, 'b'@en", "ex:p has two values in one language. Keep one for each language."),
    "one of": ("sh:path ex:p ; sh:in ( ex:a 5 'x' )", "ex:p 'y'", "ex:p is “y”, which is not one of ex:a, 5, “x”. Write one of them."),
    "one of many": (f"sh:path ex:p ; sh:in ( {' '.join(map(str, range(10)))} )", "ex:p 99", "ex:p is 99, which is not one of 0, 1, 2, 3, 4, 5, 6, 7, 2 others. Write one of them."),
    "a value": ("sh:path ex:p ; sh:hasValue 5", "ex:p 6", "No value of ex:p is 5. Add that value."),
    "equals": ("sh:path ex:p ; sh:equals ex:q", "ex:p 5", "ex:p is 5, which is not a value of both this and ex:q. Give both the same values."),
    "disjoint": ("sh:path ex:p ; sh:disjoint ex:q", "ex:p 5 ; ex:q 5", "ex:p is 5, which is also a value of ex:q. Remove it from one of them."),
    "less": ("sh:path ex:p ; sh:lessThan ex:q", "ex:p 5 ; ex:q 5", "ex:p is 5, which is not less than each value of ex:q. Correct one of them."),
    "no more": ("sh:path ex:p ; sh:lessThanOrEquals ex:q", "ex:p 6 ; ex:q 5", "ex:p is 6, which is more than a value of ex:q. Correct one of them."),
    "a shape": ("sh:path ex:p ; sh:node ex:Kept", "ex:p ex:a", "ex:p is ex:a, which does not conform to ex:Kept. Check what that shape requires."),
    "no shape": ("sh:path ex:p ; sh:not ex:Any", "ex:p ex:a", "ex:p is ex:a, which conforms to ex:Any, but must not. Check what that shape requires."),
    "a shape in it": ("sh:path ex:p ; sh:node [ sh:class ex:C ]", "ex:p ex:a", "ex:p is ex:a, which does not conform to the shape in it. Check what that shape requires."),
    "all shapes": ("sh:path ex:p ; sh:and ( ex:Any ex:Kept )", "ex:p ex:a", "ex:p is ex:a, which does not conform to each of ex:Any, ex:Kept. Check what those shapes require."),
    "a choice": ("sh:path ex:p ; sh:or ( [ sh:class ex:C ] [ sh:class ex:D ] )", "ex:p ex:a", "ex:p is ex:a, which conforms to none of the shapes in it. Check what those shapes require."),
    "one choice": ("sh:path ex:p ; sh:xone ( ex:Any ex:Any )", "ex:p ex:a", "ex:p is ex:a, which does not conform to exactly one of ex:Any, ex:Any. Check what those shapes require."),
    "few that keep": ("sh:path ex:p ; sh:qualifiedValueShape ex:Kept ; sh:qualifiedMinCount 1", "ex:p ex:a", "The entry has fewer than 1 value of ex:p that conforms to ex:Kept. Check what that shape requires."),
    "many that keep": ("sh:path ex:p ; sh:qualifiedValueShape ex:Any ; sh:qualifiedMaxCount 1", "ex:p ex:a, ex:b", "The entry has more than 1 value of ex:p that conforms to ex:Any. Check what that shape requires."),
    "an inverse": ("sh:path [ sh:inversePath ex:p ] ; sh:minCount 1", "", "The entry lacks a link to it by ex:p. Add it."),
    "a way": ("sh:path ( ex:p [ sh:alternativePath ( ex:q ex:r ) ] ) ; sh:minCount 1", "ex:p ex:a", "The entry lacks ex:q or ex:r of its ex:p. Add it."),
    "a way on": ("sh:path ( ex:p [ sh:zeroOrMorePath ex:q ] ) ; sh:minCount 2", "ex:p ex:a", "The entry has fewer than 2 values of ex:q of its ex:p. Add what is missing."),
    "a long text": ("sh:path ex:p ; sh:in ( 1 )", f"ex:p '{'x' * 100}'", f"ex:p is “{'x' * 60}…”, which is not one of 1. Write one of them."),
}  # fmt: skip
OF_THE_ENTRY = {
    # what a node shape asks for, what is told
    "class": ("sh:class ex:C", "The entry is not of the class ex:C. Add the class, or use another value."),
    "value": ("sh:hasValue ex:other", "The entry is not ex:other. Use that instead."),
    "pattern": ("sh:pattern '/[a-z]+-[a-z]+$'", "The entry does not match the pattern “/[a-z]+-[a-z]+$”. Write a value that does."),
    "closed": ("sh:closed true ; sh:ignoredProperties ( rdf:type )", "5 is the value of a property that the shape ex:Shape does not allow. Remove it, or use a property that is allowed."),
}  # fmt: skip
SHAPES = f"{HEAD}ex:Kept a sh:NodeShape ; sh:class ex:C . ex:Any a sh:NodeShape ."


def told(folder: Path, shape: str, data: str, engine: str) -> str:
    own = write(folder, "own.ttl", f"{SHAPES}\n{shape}")
    source = Source("my.ttl", f"{HEAD}ex:it a ex:T ; {data} .".encode())
    found = validate_sources([source], ALONE, read_shapes([own], published=False), engine).findings
    (words,) = {f"{f.message} {f.remedy}" for f in found if f.component}
    return words


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", SAID)
def test_a_property_shape(tmp_path: Path, case: str, engine: str) -> None:
    asks, data, words = SAID[case]
    shape = f"ex:Shape a sh:NodeShape ; sh:targetClass ex:T ; sh:property [ {asks} ] ."
    assert told(tmp_path, shape, data, engine) == words


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", OF_THE_ENTRY)
def test_a_node_shape(tmp_path: Path, case: str, engine: str) -> None:
    asks, words = OF_THE_ENTRY[case]
    shape = f"ex:Shape a sh:NodeShape ; sh:targetClass ex:T ; {asks} ."
    assert told(tmp_path, shape, "ex:p 5", engine) == words


def test_two_faults_of_one_value_are_told_each(tmp_path: Path) -> None:
    own = write(tmp_path, "own.ttl", f"{SHAPES}\nex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:property [ sh:path ex:p ; sh:minLength 3 ; sh:pattern 'z' ] .")  # fmt: skip
    source = Source("my.ttl", f"{HEAD}ex:it a ex:T ; ex:p 'x' .".encode())
    found = validate_sources([source], ALONE, read_shapes([own], published=False)).findings
    assert [f.message for f in found if f.component] == [
        "ex:p is “x”, which does not match the pattern “z”.",
        "ex:p is “x”, which has fewer characters than 3.",
    ]


def test_a_rule_without_message_has_a_title(tmp_path: Path) -> None:
    own = write(tmp_path, "own.ttl", f"{SHAPES}\nex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:property ex:crust . ex:crust a sh:PropertyShape ; sh:path ex:p ; sh:minCount 1 .")  # fmt: skip
    source = Source("my.ttl", f"{HEAD}ex:it a ex:T ; ex:q 'x' .".encode())
    found = validate_sources([source], ALONE, read_shapes([own], published=False)).findings
    assert [f.rule.title for f in found if f.component] == [
        "Each entry conforms to the shape crust"
    ]
