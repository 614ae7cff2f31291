"""The saved queries: each answers its question, and is written so that it can be copied.

The answers in `answers/` were worked out from the source, never by running a query. `NAME.csv`
(a table, or the one truth value) or `NAME.ttl` (a graph) is the answer for the defaults; that of a
query that needs a framework is empty here, and in tests/importing/test_crossings.py with one.
`NAME.2.csv` that for the parameters in `NAME.2.json`. Prefixed names stand for IRIs. An answer
file may leave columns out: it never holds definitions, which are this project's own words.
"""

import csv
import json
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Dataset, Graph, URIRef
from rdflib.namespace import SKOS
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parser import parseQuery

from competency_graph.rdf.rdflib_graphs import to_rdflib
from competency_graph.rdf.vocabulary import CG, PREFIXES, new_graph
from competency_graph.sparql.evaluator import evaluate
from competency_graph.sparql.saved_queries import Catalogue

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

ANSWERS = Path(__file__).parent / "answers"
CATALOGUE = Catalogue()
TABLES = sorted(ANSWERS.glob("*.csv"), key=str)
GRAPHS = sorted(ANSWERS.glob("*.ttl"), key=str)

# Rows that depend on wording or on the ontology's other axioms, and so are not in the answer files.
BEYOND = {
    "text-search": lambda row: row["property"] == str(SKOS.definition),
    "inferred-statements": lambda row: not row["property"].startswith(str(CG)),
}


def query_of(answer):
    return answer.stem.split(".")[0]


def parameters_of(answer):
    companion = answer.with_suffix(".json")
    return json.loads(companion.read_text("utf-8")) if companion.exists() else {}


def expand(cell):
    """The IRI of a prefixed name; anything else as it is."""
    match = re.fullmatch(r"([a-z]+):(\S*)", cell)
    return PREFIXES[match[1]] + match[2] if match and match[1] in PREFIXES else cell


def read_table(path):
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [{name: expand(cell) for name, cell in row.items()} for row in reader]
        return list(reader.fieldnames), rows


def ask(store, name, **values):
    """The answer of a saved query: truth value, list of rows, or graph."""
    saved = CATALOGUE[name]
    answer = evaluate(store, saved.text, saved.bind(values))
    match answer.result:
        case ox.QueryBoolean():
            return json.loads(answer.serialize("json"))["boolean"]
        case ox.QueryTriples():
            return Graph().parse(data=answer.serialize("ntriples"), format="nt")
    return list(csv.DictReader(answer.serialize("csv").decode().splitlines()))


def copy(store, reverse=False):
    """A store of its own with the same statements, put in in the same or the opposite order."""
    other = ox.Store()
    for quad in sorted(store, key=str, reverse=reverse):
        other.add(quad)
    return other


def add(store, turtle):
    head = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
    store.load(
        head + turtle,
        format=ox.RdfFormat.TURTLE,
        to_graph=ox.NamedNode(PREFIXES["graph"] + "asserted"),
    )


# The answers


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_table_is_as_the_source_has_it(path, sales):
    name, values = query_of(path), parameters_of(path)
    columns, expected = read_table(path)
    found = ask(sales.store, name, **values)
    if isinstance(found, bool):
        found = [{"answer": str(found).lower()}]
    beyond = BEYOND.get(name, lambda row: False)

    assert [{c: row[c] for c in columns} for row in found if not beyond(row)] == expected

    for row in found:
        for column in row.keys() - set(columns):
            if column.endswith("Definition"):
                assert row[column].strip(), f"{column} is empty in {row}"


@pytest.mark.parametrize("path", GRAPHS, ids=lambda path: path.stem)
def test_a_graph_is_as_the_source_has_it(path, sales):
    found = ask(sales.store, query_of(path), **parameters_of(path))
    expected = new_graph().parse(path)
    surplus = found - expected

    assert not expected - found
    match query_of(path):
        case "role-profile":
            assert not surplus
        case "area-whole":
            assert set(surplus.predicates()) <= {SKOS.definition, SKOS.example}
            assert {s for s, _ in surplus.subject_objects(SKOS.definition)} == {
                s for s in expected.subjects() if "/area/" in s or "/action/" in s
            }
        case "entry-description":
            assert set(found.subjects()) == set(expected.subjects())


def test_text_search_finds_definitions_that_hold_the_text(sales):
    found = ask(sales.store, "text-search", text="CUSTOMER")
    in_definitions = {r["entry"] for r in found if r["property"] == str(SKOS.definition)}
    expected = {
        str(entry)
        for entry, text in sales.asserted.subject_objects(SKOS.definition)
        if "customer" in text.lower()
    }

    assert in_definitions == expected


# What the published dictionary does not hold


def test_incomplete_areas_names_what_an_area_lacks(sales):
    store = copy(sales.store)
    add(
        store,
        """
        area:bare a cg:AreaOfExpertise ;
            skos:prefLabel "Bare"@en ;
            skos:definition "An area without anything in it."@en ;
            cg:requiresKnowledge knowledge:sales-culture .
        """,
    )

    assert [(r["area"], r["areaLabel"], r["missing"]) for r in ask(store, "incomplete-areas")] == [
        (expand("area:bare"), "Bare", str(CG[name]))
        for name in ("coveredByRole", "hasKeyAction", "producesOutput", "requiresAbility")
    ]


def test_an_area_with_nothing_in_it_counts_as_nothing(sales):
    store = copy(sales.store)
    add(store, 'area:bare a cg:AreaOfExpertise ; skos:notation "A99" ; skos:prefLabel "Bare"@en .')

    last = ask(store, "area-sizes")[-1]

    assert last["area"] == expand("area:bare")
    assert [last[c] for c in ("knowledgeEntries", "abilities", "actions", "outputs")] == ["0"] * 4


def test_an_area_that_no_role_covers_is_in_the_matrix(sales):
    store = copy(sales.store)
    add(store, 'area:bare a cg:AreaOfExpertise ; skos:notation "A99" ; skos:prefLabel "Bare"@en .')

    assert [r["covered"] for r in ask(store, "role-area-matrix")[-6:]] == ["false"] * 6


def test_an_entry_without_a_label_in_the_language_stays_in_the_answer(sales):
    store = copy(sales.store)
    add(store, 'title:sales-recruiter skos:prefLabel "Vertriebs-Recruiter"@de-AT .')

    labels = [row["titleLabel"] for row in ask(store, "role-titles", language="de")]

    assert labels == ["Vertriebs-Recruiter", *[""] * 6]
    assert len(ask(store, "untranslated-entries", language="de")) == 694


def test_an_entry_without_any_label_is_untranslated(sales):
    store = copy(sales.store)
    add(
        store,
        "title:mute a cg:JobTitle ; skos:inScheme <https://w3id.org/competency-graph/sales> .",
    )

    found = [(row["entry"], row["entryLabel"]) for row in ask(store, "untranslated-entries")]

    assert found == [(expand("title:mute"), "")]


@pytest.mark.parametrize("text", [".*", "\\", '"', "} UNION {", "zzz", "?entry"])
def test_text_search_takes_the_text_as_it_is(text, sales):
    assert ask(sales.store, "text-search", text=text) == []


# Every query


def test_every_query_has_an_answer_and_every_answer_a_query():
    answered = {query_of(path) for path in ANSWERS.iterdir()}

    assert answered == set(CATALOGUE)
    assert {query_of(path) for path in ANSWERS.iterdir() if path.stem in CATALOGUE} == answered


def test_an_answer_file_has_its_parameters_beside_it():
    others = {path.stem for path in [*TABLES, *GRAPHS] if path.stem not in CATALOGUE}
    companions = {path.stem for path in ANSWERS.glob("*.json")}

    assert others == companions
    assert len({stem.split(".")[0] for stem in others}) >= 8
    assert {path.suffix for path in ANSWERS.iterdir()} == {".csv", ".ttl", ".json"}


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_header_says_what_the_query_asks(name):
    saved = CATALOGUE[name]
    header = re.match(r"(#[^\n]*\n)+\n", saved.text)[0].rstrip("\n").split("\n")

    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
    assert header[0] == f"# title: {saved.title}"
    assert header[1] == f"# question: {saved.question}"
    assert saved.title
    assert saved.question.endswith("?")
    assert header[2] == f"# group: {saved.group}"
    lines = header[3 : 3 + len(saved.parameters)]
    needs = [f"# needs: {' '.join(saved.needs)}"] if saved.needs else []
    search = [f"# search: {saved.search}"] if saved.search else []
    assert header == [*header[:3], *lines, *needs, *search]
    assert saved.search in ("", *(p.name for p in saved.parameters))
    for line, p in zip(lines, saved.parameters, strict=True):
        assert line == f"# parameter: {p.name} | {p.type} | {p.default} | {p.description}"
        assert p.type in ("language", "integer", "text") or p.type.split(":")[0] in PREFIXES
        assert p.type != "language" or p.default == "en"


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_default_is_of_its_parameters_type(name, sales):
    for parameter in CATALOGUE[name].parameters:
        if parameter.type in ("language", "integer", "text", "owl:Class"):
            continue
        if not parameter.type.startswith("cg:"):
            continue  # of a framework: tests/importing/test_crossings.py
        entry, kind = parameter.term(parameter.default).value, expand(parameter.type)
        assert evaluate(sales.store, f"ASK {{ <{entry}> a <{kind}> }}").result


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_query_follows_the_standard(name):
    text = CATALOGUE[name].text
    prologue = parseQuery(text)[0]
    declared = {str(declaration.prefix) for declaration in prologue}
    body = re.sub(r"#[^\n]*|PREFIX[^\n]*|<[^>]*>", "", text)

    prepareQuery(text)
    assert declared == set(re.findall(r"(?<![?\w])([a-z]+):", body))
    assert [str(d.prefix) for d in prologue] == sorted(declared)
    assert all(str(d.iri) == PREFIXES[d.prefix] for d in prologue)


@pytest.fixture(scope="module")
def dataset(sales):
    """The dictionary in rdflib, which has a SPARQL engine of its own."""
    dataset = Dataset(default_union=True)
    for quad in sales.store:
        triple = (to_rdflib(term) for term in quad.triple)
        dataset.graph(URIRef(quad.graph_name.value)).add(tuple(triple))
    return dataset


@pytest.mark.parametrize("name", CATALOGUE)
def test_another_engine_answers_alike(name, sales, dataset):
    """Those that need a framework, and find nothing here, are asked in test_crossings.py."""
    saved = CATALOGUE[name]
    if saved.needs:
        assert list(ask(sales.store, name)) == []
        return
    if "DESCRIBE" in saved.text:
        pytest.skip("what a DESCRIBE holds is each engine's choice (SPARQL 1.1, section 16.4)")
    bindings = {v.value: to_rdflib(term) for v, term in saved.bind({}).items()}

    ours, theirs = ask(sales.store, name), dataset.query(saved.text, initBindings=bindings)

    match theirs.type:
        case "SELECT":
            rows = csv.DictReader(theirs.serialize(format="csv").decode().splitlines())
            kept = [{c: v for c, v in row.items() if c not in bindings} for row in rows]
            assert sorted(ours, key=str) == sorted(kept, key=str)
        case "ASK":
            assert ours == theirs.askAnswer
        case "CONSTRUCT":
            assert set(ours) == set(theirs.graph)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_parameter_is_a_variable_that_the_engine_can_bind(name):
    """Oxigraph binds what a SELECT projects, and elsewhere what the pattern binds; no more."""
    saved = CATALOGUE[name]
    query = re.sub(r"^#[^\n]*\n", "", saved.text, flags=re.M)
    bindable = re.search(r"SELECT(.*?)WHERE", query, re.S)
    names = [p.name for p in saved.parameters]

    variables = re.findall(r"\?(\w+)", bindable[1] if bindable else query)
    assert set(names) <= set(variables)
    if bindable:
        assert variables[len(variables) - len(names) :] == names, "parameters are the last columns"


@pytest.mark.parametrize("name", CATALOGUE)
def test_no_form_of_an_answer_repeats_its_parameters(name, sales):
    saved = CATALOGUE[name]
    answer = evaluate(sales.store, saved.text, saved.bind({}))
    if answer.kind != "table":
        pytest.skip("the answer has no columns")
    head = next(csv.reader(answer.serialize("csv").decode().splitlines()))
    assert head == answer.columns
    assert {p.name for p in saved.parameters}.isdisjoint(head)


@pytest.fixture(scope="module")
def reversed_store(sales):
    return copy(sales.store, reverse=True)


@pytest.mark.parametrize("name", CATALOGUE)
def test_an_answer_comes_in_one_order(name, sales, reversed_store):
    saved = CATALOGUE[name]
    answers = []
    for store in (sales.store, reversed_store):
        answer = evaluate(store, saved.text, saved.bind({}))
        if isinstance(answer.result, ox.QueryBoolean | ox.QueryTriples):
            return
        answers.append(answer.serialize("csv"))

    assert answers[0] == answers[1]
    assert "ORDER BY" in saved.text


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_query_is_laid_out_to_be_read(name):
    text = CATALOGUE[name].text

    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    for line in text.splitlines():
        assert line == line.rstrip()
        assert "\t" not in line
        assert len(line) <= 120
        assert (len(line) - len(line.lstrip())) % 2 == 0
