"""Shapes of an organisation that are broken: which one, what is wrong, what to do; of each engine."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from authoring import EXTENSION, write

from competency_graph.errors import EvaluationError
from competency_graph.validation import read_shapes, validate
from competency_graph.validation.engines.shacl_engines import ENGINES
from conftest import ROOT, Run

HEAD = """\
PREFIX acme: <https://acme.example/shapes#>
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX shape: <https://w3id.org/competency-graph/shapes#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
ROLE = "acme:role a sh:NodeShape ; sh:targetClass cg:Role ; "
NOTE = f"{ROLE} sh:property [ sh:path skos:note ; "
PART = "a part of the shape acme:role, on skos:note, "
NO_PATH = "has no sh:path. Give the property that it constrains with sh:path."


def query(text: str) -> str:
    return f'{ROLE} sh:sparql [ sh:message "No." ; sh:select """{text}""" ] .'


QUERY = "a part of the shape acme:role has an invalid query: "
BROKEN = {
    # A path
    "a property shape without a path": (f"{ROLE} sh:property [ sh:minCount 1 ] .", f"a part of the shape acme:role {NO_PATH}"),
    "one with a name": (f"{ROLE} sh:property acme:note . acme:note sh:minCount 1 .", f"the shape acme:note {NO_PATH}"),
    "one that says what it is": ("acme:note a sh:PropertyShape ; sh:targetClass cg:Role ; sh:minCount 1 .", f"the shape acme:note {NO_PATH}"),
    "one of which nothing is said": (f"{ROLE} sh:property acme:note .", f"the shape acme:note {NO_PATH}"),
    "two paths": (f"{ROLE} sh:property [ sh:path skos:note, skos:example ] .", "a part of the shape acme:role, on skos:note, has more than one sh:path. Write one shape for each property."),
    "a path that is a text": (f"{ROLE} sh:property acme:note . acme:note sh:path 'note' .", "the shape acme:note has a sh:path that is not a path. Write one property, or a path of several properties."),
    "a path that is no path": (f"{ROLE} sh:property acme:note . acme:note sh:path [ skos:note 1 ] .", "the shape acme:note has a sh:path that is not a path. Write one property, or a path of several properties."),
    "a node shape with a path": (f"{ROLE} sh:path skos:note .", "the shape acme:role is a node shape but has a sh:path. Make it a sh:PropertyShape, or remove its path."),
    "a shape that is a text": (f"{ROLE} sh:property 'note' .", "the shape acme:role has a sh:property that is a text or number. Put a property shape in its place."),
    # Circles
    "a shape made of itself": (f"{ROLE} sh:property [ sh:path cg:exampleTitle ; sh:node acme:role ] .", "the shape acme:role refers to itself: acme:role → acme:role. Remove one of these references."),
    "two made of each other": (f"{ROLE} sh:node acme:title . acme:title sh:or ( [ sh:not acme:role ] ) .", "the shape acme:role refers to itself: acme:role → acme:title → acme:role."),
    # What is not run
    "JavaScript": (f'{ROLE} sh:js [ sh:jsFunctionName "f" ] .', "the shape acme:role uses JavaScript (sh:js), which is not supported. Use SHACL's own constraints or SPARQL (sh:sparql) instead, or remove it."),
    "a target in JavaScript": (f'{ROLE} sh:target [ a sh:JSTarget ; sh:jsFunctionName "f" ] .', "a part of the shape acme:role uses JavaScript (sh:jsFunctionName), which is not supported. Use SPARQL instead, or remove it."),
    "a rule": (f"{ROLE} sh:rule [ a sh:TripleRule ; sh:subject sh:this ; sh:predicate skos:note ; sh:object 1 ] .", "the shape acme:role has a rule (sh:rule), which is not supported. Remove it; use --infer to validate statements inferred by the ontology."),
    # Parameters
    "a number that is a text": (f'{NOTE} sh:minCount "one" ] .', f"{PART}is broken: sh:minCount is “one”, which is not of the datatype xsd:integer. Write a value of that datatype."),
    "a number below zero": (f"{NOTE} sh:minCount -1 ] .", f"{PART}is broken: sh:minCount is not a non-negative integer. Fix it there."),
    "no list": (f"{NOTE} sh:in acme:note ] .", f"{PART}is broken: sh:in is acme:note, which is not a list. Write a list, in round brackets."),
    "a kind of node that is none": (f"{NOTE} sh:nodeKind sh:Text ] .", f"{PART}is broken: sh:nodeKind is sh:Text, which is not one of sh:BlankNode, sh:IRI, sh:Literal, sh:BlankNodeOrIRI, sh:BlankNodeOrLiteral, sh:IRIOrLiteral. Write one of them."),
    "a count of what is not said": (f"{NOTE} sh:qualifiedMinCount 1 ] .", f"{PART}has only one of sh:qualifiedValueShape and what counts its values. Add the other, or remove it."),
    "a part within a part": (f"{ROLE} sh:or ( [ sh:property [ sh:path skos:note ; sh:maxLength 'x' ] ] [ sh:class cg:Role ] ) .", f"{PART}is broken: sh:maxLength is “x”, which is not of the datatype xsd:integer. Write a value of that datatype."),
    # Regular expressions
    "an expression": (f'{NOTE} sh:pattern "(" ] .', f"{PART}has a sh:pattern that is not a regular expression: unclosed group. Fix the expression."),
    "an expression that looks ahead": (f'{NOTE} sh:pattern "(?!x)" ] .', f"{PART}has a sh:pattern that is not a regular expression: look-around, including look-ahead and look-behind, is not supported. Fix the expression."),
    "flags": (f'{NOTE} sh:pattern "x" ; sh:flags "z" ] .', f"{PART}is broken: unsupported sh:flags value 'z'. Fix it there."),
    # Queries
    "a query with a fault": (query("SELECT $this\n{ oops"), f"{QUERY}the query cannot be parsed from “oops” on, in line 2, column 3. Expected here: a variable, "),
    "a query that ends early": (query("SELECT $this {"), f"{QUERY}the query ends before it is complete, in line 1, column 15. Expected next: "),
    "a constraint with a name": (f"{ROLE} sh:sparql acme:query . acme:query sh:select 'SELECT $this {{ oops' .", "the shape acme:query has an invalid query: the query cannot be parsed from “oops” on, in line 1, column 16."),
    "a prefix": (query("SELECT $this { $this foo:bar ?value }"), f"{QUERY}the prefix “foo:” is not declared. Declare it with sh:prefixes, or write the IRI in full."),
    "no query": (f'{ROLE} sh:sparql [ sh:message "No." ] .', "a part of the shape acme:role is a sh:sparql without a query. Give it a sh:select."),
    "a query of another kind": (query("ASK { $this ?p ?o }"), f"{QUERY}it, or a query in it, is not a SELECT query for $this. Select $this in each SELECT."),
    "a query that does not give the entry": (query("SELECT ?value { $this ?p ?value }"), f"{QUERY}it, or a query in it, is not a SELECT query for $this."),
    "a query in it that does not": (query("SELECT $this { { SELECT ?o { ?s ?p ?o } } $this ?p ?o }"), f"{QUERY}it, or a query in it, is not a SELECT query for $this."),
    "MINUS": (query("SELECT $this { $this ?p ?o MINUS { $this a ?o } }"), f"{QUERY}MINUS is not allowed in it (SHACL, appendix A). Use FILTER and NOT EXISTS, or IN."),
    "an update": (query("DROP ALL"), f"{QUERY}this is an update (DROP), but the dictionary is read-only here."),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_it_is_told_which_shape_is_broken_and_how(tmp_path: Path, case: str) -> None:
    shape, says = BROKEN[case]
    own = write(tmp_path, "own.ttl", HEAD + shape)
    with pytest.raises(EvaluationError) as caught:
        read_shapes([own])
    assert str(caught.value).startswith(f"{own}: {says}")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", ["a property shape without a path", "JavaScript", "an expression", "a prefix"])  # fmt: skip
def test_each_engine_tells_the_same(
    tmp_path: Path, competency: Run, case: str, engine: str
) -> None:
    shape, says = BROKEN[case]
    write(tmp_path, "mine.ttl")
    write(tmp_path, "own.ttl", HEAD + shape)
    done = competency("validate", "mine.ttl", "--shapes", "own.ttl", "--engine", engine)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"competency: own.ttl: {says}\n"


def test_of_several_files_it_is_told_which(tmp_path: Path) -> None:
    """By its own prefixes, though the other file has the same one for another namespace."""
    good = write(tmp_path, "good.ttl", HEAD + f"{NOTE} sh:minCount 0 ] .")
    shape = "acme:role a sh:NodeShape ; sh:path skos:note ."
    bad = write(tmp_path, "bad.ttl", HEAD.replace("/shapes#", "/more#") + shape)
    with pytest.raises(EvaluationError, match="the shape acme:role is a node shape") as caught:
        read_shapes([good, bad])
    assert caught.value.where == str(bad)


SOUND = {
    "what is deactivated": f'{ROLE} sh:deactivated true ; sh:js [ sh:jsFunctionName "f" ] .',
    "a constraint that is deactivated": f'{ROLE} sh:js [ sh:deactivated true ; sh:jsFunctionName "f" ] .',
    "a query with prefixes, and those of what it imports": f"""
        <https://acme.example/a> <http://www.w3.org/2002/07/owl#imports> <https://acme.example/b> .
        <https://acme.example/b> sh:declare [ sh:prefix "s" ; sh:namespace "http://www.w3.org/2004/02/skos/core#"^^xsd:anyURI ] ;
            <http://www.w3.org/2002/07/owl#imports> <https://acme.example/a> .
        {ROLE} sh:sparql [ sh:message "No." ; sh:prefixes <https://acme.example/b> ; sh:select "SELECT $this {{ $this s:nosuch ?value }}" ] .""",
    "a query of a property": f'{NOTE} sh:sparql [ sh:message "No." ; sh:select "SELECT $this ?value {{ $this $PATH ?value }}" ] ] .',
    "the word MINUS in a text": query("SELECT $this { $this ?p 'MINUS' }"),
    "a shape of the published ones": "acme:mine a sh:NodeShape ; sh:targetClass cg:Role ; sh:property shape:entry-label .",
    "a grade of one's own": f"{NOTE} sh:maxCount 9 ; sh:severity acme:Grave ] .",
}  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("case", SOUND)
def test_shapes_that_are_sound_are_taken(tmp_path: Path, case: str, engine: str) -> None:
    own = write(tmp_path, "own.ttl", HEAD + SOUND[case])
    alone = ROOT / "tests" / "dictionaries" / "pass" / "smallest.ttl"
    assert validate([alone], shapes=[own], engine=engine).findings == ()


ONLY_FAST = {
    "an expression for letters of any script": (f'{NOTE} sh:pattern "^\\\\p{{L}}+$" ] .', "a sh:pattern that the reference engine does not support: bad escape \\p at position 1."),
    "a target in SPARQL": (f'{ROLE} sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?this {{ ?this a <x:y> }}" ] .', "a sh:target that the reference engine does not support."),
}  # fmt: skip


@pytest.mark.parametrize("case", ONLY_FAST)
def test_what_only_the_fast_engine_knows_is_told_by_the_other(tmp_path: Path, case: str) -> None:
    shape, says = ONLY_FAST[case]
    own, mine = write(tmp_path, "own.ttl", HEAD + shape), write(tmp_path, "my.ttl")
    assert validate([mine], shapes=[own]).findings == ()
    with pytest.raises(EvaluationError) as caught:
        validate([mine], shapes=[own], engine="pyshacl")
    assert says in str(caught.value)
    assert "without --engine pyshacl" in caught.value.remedy


@pytest.mark.parametrize("space", ["acme", "shape"])
def test_no_query_asks_another_service(tmp_path: Path, space: str) -> None:
    """Also not one that bears a name of the published shapes, whose queries are asked otherwise."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        text = f"SELECT $this {{ SERVICE <{address}> {{ $this ?p ?o }} }}"
        own = write(tmp_path, "own.ttl", f'{HEAD}{ROLE} sh:sparql {space}:ask . {space}:ask sh:message "No."@en ; sh:select "{text}" .')  # fmt: skip
        mine = write(tmp_path, "my.ttl", EXTENSION)
        with pytest.raises(EvaluationError, match="calls another service"):
            validate([mine], shapes=[own])
        listener.settimeout(0)
        with pytest.raises(BlockingIOError):
            listener.accept()
