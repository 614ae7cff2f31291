"""Queries for another engine call no functions that SPARQL lacks."""

from __future__ import annotations

import pytest

from competency_graph.errors import RefusedError
from competency_graph.sparql.extensions import check_no_extensions

GET = '<http://e/get>("http://e/")'
REFUSED = {
    "in SELECT": f"SELECT ({GET} AS ?x) {{}}",
    "in BIND": f"SELECT * {{ BIND({GET} AS ?x) }}",
    "in FILTER": f"SELECT * {{ FILTER {GET} }}",
    "in a condition that is never evaluated": f"SELECT * {{ OPTIONAL {{ VALUES ?z {{}} FILTER({GET} = 1) }} }}",
    "in HAVING": f"SELECT ?x {{ VALUES ?x {{}} }} GROUP BY ?x HAVING ({GET} = 1)",
    "in ORDER BY, after a variable": f"SELECT * {{ ?s ?p ?o }} ORDER BY ?s {GET}",
    "after greater than": f"SELECT * {{ FILTER(1 > {GET}) }}",
    "after what looks like an IRI": f"PREFIX e: <http://e/> SELECT * {{ FILTER(1<e:x&&3>{GET}) }}",
    "by a prefixed name": "PREFIX e: <http://e/> SELECT (e:get('x') AS ?x) {}",
    "by the empty prefix": "PREFIX : <http://e/> SELECT (:get('x') AS ?x) {}",
    "by a relative IRI": "BASE <http://e/> SELECT (<get>('x') AS ?x) {}",
    "by a prefix without a local name": "PREFIX get: <http://e/get> SELECT (get:('x') AS ?x) {}",
    "by an escaped name": r"PREFIX e: <http://e/> SELECT (e:g\-t('x') AS ?x) {}",
    "by a name with a middle dot": "PREFIX e: <http://e/> SELECT * { FILTER(e:g\u00b7t('x')) }",
    "by a name with what is a space elsewhere": "PREFIX e: <http://e/> SELECT * { FILTER(e:g\u1680t('x')) }",
    "by a name with a combining accent": "PREFIX e: <http://e/> SELECT * { FILTER(e:ge\u0301t ('x')) }",
    "spelt by codepoints": r"SELECT (<http://e/get>\u0028'x') AS ?x) {}",
    "after a comment": "SELECT (<http://e/get> # (\n ('x') AS ?x) {}",
    "after a comment with a variable": f"SELECT * {{ FILTER # ?x\n {GET} }}",
    "behind an operator that looks like an IRI": f"SELECT * {{ FILTER(1<?b#>'''\n) FILTER({GET} = 1) #'''\n }}",
    "of a datatype that is none": "SELECT (<http://www.w3.org/2001/XMLSchema#get>('x') AS ?x) {}",
    "by a prefix declared twice": (
        "PREFIX x: <http://e/> PREFIX x: <http://www.w3.org/2001/XMLSchema#> SELECT (x:string('x') AS ?x) {}"
    ),
    "of Virtuoso": 'SELECT (<bif:http_get>("http://e/") AS ?x) {}',
    "of Virtuoso, by a prefix": "PREFIX b: <BIF:> SELECT * { ?s b:contains 'x' }",
    "of Virtuoso, by a base": "BASE <sql:> SELECT * { ?s <x> 'x' }",
    "of Jena, as a property": "SELECT * { ?s <java:e.Get> ?o }",
}  # fmt: skip
ALLOWED = {
    "without functions": "SELECT * { ?s ?p ?o }",
    "of SPARQL": "SELECT (STRLEN(STR(?s)) AS ?n) { ?s ?p ?o FILTER REGEX(?o, 'e:get(x)') }",
    "a cast": "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT (xsd:integer('1') AS ?n) {}",
    "a cast by an IRI": "SELECT (<http://www.w3.org/2001/XMLSchema#decimal> ('1') AS ?n) {}",
    "a list as the value of a variable": "PREFIX e: <http://e/> SELECT * { ?s e:list (1 2) }",
    "a list as a further value": "PREFIX e: <http://e/> SELECT * { <http://e/s> a e:X ; <http://e/list> (1 2) }",
    "a path with a group": "PREFIX e: <http://e/> SELECT * { ?s e:p/(e:q|e:r) ?o }",
    "bindings": "SELECT * { VALUES (?x ?y) { (<http://e/x> <http://e/y>) (<http://e/y> <http://e/x>) } }",
    "in a comment": f"SELECT * {{ ?s ?p ?o }} # {GET}",
    "in a text": f"SELECT * {{ ?s ?p '{GET}' }}",
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_an_extension_is_refused_with_its_place(name: str) -> None:
    with pytest.raises(RefusedError) as caught:
        check_no_extensions(REFUSED[name])
    assert caught.value.line
    assert caught.value.remedy


@pytest.mark.parametrize("name", ALLOWED)
def test_what_sparql_has_is_allowed(name: str) -> None:
    check_no_extensions(ALLOWED[name])
