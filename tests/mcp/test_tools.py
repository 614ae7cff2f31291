"""What assistants are told about the published dictionary: each tool, and each of its errors."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from assistant import Assistant, connected
from jsonschema import Draft202012Validator
from mcp.shared.exceptions import MCPError
from mcp.types import PromptReference, ResourceTemplateReference
from rdflib import Graph, Namespace, URIRef

from competency_graph import Dictionary
from competency_graph.sparql.saved_queries import Catalogue

CG = Namespace("https://w3id.org/competency-graph/ontology#")
SALES = "https://w3id.org/competency-graph/sales/"
TOOLS = [
    "find_entries", "get_entry", "compare_entries", "explain_statement", "list_questions",
    "ask_question", "query", "validate", "suggest_links",
]  # fmt: skip
EXTENSION = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

<https://acme.example/reuse>
    a cg:Knowledge ;
    skos:inScheme <https://w3id.org/competency-graph/sales> ;
    skos:notation "ACME-K001" ;
    skos:prefLabel "Reuse of materials"@en ;
    .

<https://w3id.org/competency-graph/sales/area/designing-compensation>
    cg:requiresKnowledge <https://acme.example/reuse> ;
    .
"""


@pytest.fixture(scope="module")
def assistant(server: str) -> Iterator[Assistant]:
    with connected(f"{server}/mcp") as found:
        yield found


def areas(graph: Graph, role: str) -> set[str]:
    return {str(area) for area in graph.objects(URIRef(f"{SALES}role/{role}"), CG.coversArea)}


def required(graph: Graph, role: str) -> set[str]:
    """What the areas of a role require, as their files state."""
    return {
        str(part)
        for area in areas(graph, role)
        for property_ in (CG.requiresKnowledge, CG.requiresAbility)
        for part in graph.objects(URIRef(area), property_)
    }


def test_the_tools_are_described_for_assistants(assistant: Assistant) -> None:
    tools = assistant.ask("list_tools").tools
    assert [tool.name for tool in tools] == TOOLS
    for_models = 0
    for tool in tools:
        assert 40 < len(tool.description) < 400
        assert tool.annotations.read_only_hint
        for schema in (tool.input_schema, tool.output_schema):
            Draft202012Validator.check_schema(schema)
            assert schema["type"] == "object"
        read = {"name": tool.name, "description": tool.description, "takes": tool.input_schema}
        for_models += len(json.dumps(read, ensure_ascii=False, separators=(",", ":")))
    assert for_models < 12_000
    assert sum(len(tool.model_dump_json(exclude_none=True)) for tool in tools) < 23_000


def test_examples_and_defaults_suit_their_schemas(assistant: Assistant) -> None:
    found = 0
    for tool in assistant.ask("list_tools").tools:
        for schema in [
            *tool.input_schema["properties"].values(),
            *tool.input_schema["properties"].get("parameters", {}).get("properties", {}).values(),
        ]:
            for value in [*schema.get("examples", []), *filter(None, [schema.get("default")])]:
                Draft202012Validator(schema).validate(value)
                found += 1
    assert found > 25


def test_entries_are_found_by_words_with_typos(assistant: Assistant) -> None:
    found = assistant.call("find_entries", words="negotating positions", kind="competency")
    assert found["corrected"] == "negotiating positions"
    assert found["entries"][0] == {
        "iri": f"{SALES}competency/negotiating-positions",
        "label": "Negotiating Positions",
        "kind": "competency",
        "code": "C05",
    }


def test_entries_are_found_within_an_area(assistant: Assistant, sales: Dictionary) -> None:
    area = URIRef(f"{SALES}area/designing-compensation")
    within = {str(part) for part in sales.asserted.objects(area, CG.requiresKnowledge)}
    found = assistant.call("find_entries", words="sales", kind="knowledge", within="A11", limit=50)
    assert {entry["iri"] for entry in found["entries"]} <= within
    assert 0 < found["total"] == len(found["entries"])


def test_a_long_list_says_what_is_left_out(assistant: Assistant) -> None:
    found = assistant.call("find_entries", words="sales", limit=3)
    assert len(found["entries"]) == 3
    assert found["more"].startswith(
        f"entries 1 to 3 of {found['total']} are listed: ask again with"
    )
    assert "more" not in assistant.call("find_entries", words="C05")


def test_an_entry_has_its_texts_relations_and_links(
    assistant: Assistant, sales: Dictionary
) -> None:
    found = assistant.call("get_entry", entry="analyst", limit=3)
    assert (found["iri"], found["code"], found["kind"]) == (f"{SALES}role/analyst", "R5", "role")
    assert found["definition"].startswith("Gathers, combines, breaks down")
    relations = {each["property"]: each for each in found["relations"]}
    covers = relations["cg:coversArea"]
    assert covers["total"] == len(areas(sales.asserted, "analyst"))
    assert {each["iri"] for each in covers["entries"]} < areas(sales.asserted, "analyst")
    assert "inferred" not in covers["entries"][0]
    needs = relations["cg:requires"]["entries"]
    assert len(needs) == 3
    assert all(each["inferred"] for each in needs)
    assert found["more"].startswith("3 of 5 cg:coversArea, ")
    assert found["links"]
    rows: list[list[str]] = []
    while page := assistant.call("query", query=found["query"], limit=200, offset=len(rows)):
        rows += page["rows"]
        if "more" not in page:
            break
    assert page["columns"] == ["property", "value", "of"]
    assert areas(sales.asserted, "analyst") <= {value for _, value, _ in rows}


def test_links_of_an_entry_have_reason_and_confidence(assistant: Assistant) -> None:
    links = assistant.call("get_entry", entry="knowledge:cold-calling-sales-techniques")["links"]
    link = next(each for each in links if each["framework"] == "ESCO")
    assert link["iri"].startswith("http://data.europa.eu/esco/skill/")
    assert link["match"].endswith("Match")
    assert 0 < float(link["confidence"]) <= 1


def test_two_roles_are_compared(assistant: Assistant, sales: Dictionary) -> None:
    found = assistant.call("compare_entries", entries=["Analyst", "role:strategist"], limit=200)
    analyst, strategist = (areas(sales.asserted, role) for role in ("analyst", "strategist"))
    section = next(each for each in found["sections"] if each["kind"] == "area")
    assert section["shared"] == len(analyst & strategist)
    assert section["only"] == [len(analyst - strategist), len(strategist - analyst)]
    assert {part["iri"] for part in section["parts"] if part["in"] == [True, True]} == (
        analyst & strategist
    )
    there = found["ways"][0]
    assert (there["from"], there["to"]) == (f"{SALES}role/analyst", f"{SALES}role/strategist")
    lessons = sum(
        step["learn"].get(kind, 0) for step in there["steps"] for kind in ("knowledge", "ability")
    )
    assert lessons == len(
        required(sales.asserted, "strategist") - required(sales.asserted, "analyst")
    )
    parts = assistant.call("query", query=found["query"], limit=200)
    assert parts["columns"] == ["entry", "class", "part", "label", "code"]
    assert {row[0] for row in parts["rows"]} <= {each["iri"] for each in found["entries"]}


def test_an_inferred_statement_is_explained(assistant: Assistant) -> None:
    found = assistant.call(
        "explain_statement", subject="Analyst", property="requires", object="C05"
    )
    assert found["inferred"]
    assert found["steps"][0].startswith(
        "Analyst covers area Creating and Closing Opportunities, which requires Negotiating"
    )
    assert found["facts"][0] == {
        "text": "Analyst covers area Creating and Closing Opportunities",
        "statement": f"<{SALES}role/analyst> <{CG.coversArea}> "
        f"<{SALES}area/creating-and-closing-opportunities> .",
    }
    assert assistant.call("query", query=found["query"])["rows"] == [[True]]


def test_a_stated_fact_is_no_inference(assistant: Assistant) -> None:
    found = assistant.call(
        "explain_statement", subject="Analyst", property="covers area", object="A01"
    )
    assert not found["inferred"]
    assert len(found["facts"]) == 1


def test_all_saved_questions_are_listed_with_their_parameters(assistant: Assistant) -> None:
    questions = {each["name"]: each for each in assistant.call("list_questions")["questions"]}
    assert set(questions) == set(Catalogue())
    assert questions["role-gap"]["parameters"][0] == {
        "name": "present",
        "type": "cg:Role",
        "default": "role:analyst",
        "description": "the current role",
    }
    assert questions["role-esco-occupations"]["needs"] == ["ESCO"]
    few = assistant.call("list_questions", words="occupations", group="Links to ESCO and O*NET")
    assert 0 < len(few["questions"]) < 6
    assert all("ccupation" in each["question"] for each in few["questions"])


def test_a_question_is_answered_and_its_query_gives_the_same(
    assistant: Assistant, sales: Dictionary
) -> None:
    found = assistant.call(
        "ask_question",
        question="role-gap",
        parameters={"present": "Analyst", "target": "R2"},
        limit=200,
    )
    assert found["parameters"] == {
        "present": "role:analyst",
        "target": "role:strategist",
        "language": "en",
    }
    expected = (areas(sales.asserted, "strategist") - areas(sales.asserted, "analyst")) | (
        required(sales.asserted, "strategist") - required(sales.asserted, "analyst")
    )
    assert {row[0] for row in found["rows"]} == expected
    again = assistant.call("query", query=found["query"], limit=200)
    assert (again["columns"], again["rows"]) == (found["columns"], found["rows"])


def test_a_long_table_comes_in_parts(assistant: Assistant) -> None:
    whole = assistant.call("ask_question", question="class-counts", limit=200)
    assert "more" not in whole
    first = assistant.call("ask_question", question="class-counts", limit=2)
    assert first["more"] == "rows 1 to 2 of 10 are listed: ask again with offset 2"
    rest = assistant.call("ask_question", question="class-counts", limit=200, offset=2)
    assert first["rows"] + rest["rows"] == whole["rows"]
    assert all(isinstance(row[-1], int) for row in whole["rows"])


def test_the_question_that_searches_uses_the_index(assistant: Assistant) -> None:
    found = assistant.call(
        "ask_question", question="text-search", parameters={"text": "coachng"}, limit=2
    )
    assert len(found["rows"]) == 2
    assert found["rows"][0][0].startswith(SALES)
    assert "ask again with offset 2" in found["more"]


def test_a_number_is_a_parameter(assistant: Assistant) -> None:
    found = assistant.call("ask_question", question="page-entries", parameters={"page": 84})
    assert found["rows"]


def test_a_query_gives_a_table_a_truth_value_or_statements(assistant: Assistant) -> None:
    roles = assistant.call(
        "query", query=f"SELECT ?r (1 AS ?n) ?none {{ ?r a <{CG.Role}> }} ORDER BY ?r", limit=1
    )
    assert roles["columns"] == ["r", "n", "none"]
    assert roles["rows"] == [[f"{SALES}role/administrator", 1, None]]
    assert assistant.call("query", query=f"ASK {{ ?r a <{CG.Role}> }}")["rows"] == [[True]]
    described = assistant.call("query", query=f"DESCRIBE <{SALES}role/analyst>")
    assert described["columns"] == ["subject", "predicate", "object"]
    assert described["rows"][0][0] == f"{SALES}role/analyst"


def test_a_misspelled_property_is_a_warning(assistant: Assistant) -> None:
    found = assistant.call("query", query=f"SELECT ?r {{ ?r <{CG.coversAria}> ?a }}")
    assert found["rows"] == []
    assert "cg:coversArea" in found["warnings"][0]


def test_a_text_is_validated_by_line(assistant: Assistant) -> None:
    assert assistant.call("validate", text=EXTENSION)["counts"]["violation"] == 0
    found = assistant.call("validate", text=EXTENSION.replace("skos:notation", "skos:notatoin"))
    typo = next(each for each in found["findings"] if each["line"] == 7)
    assert typo["severity"] == "violation"
    assert "skos:notation" in typo["remedy"]
    bare = "<https://acme.example/x> a <https://w3id.org/competency-graph/ontology#Role> ."
    few = assistant.call("validate", text=bare, limit=1)
    assert len(few["findings"]) == 1
    assert few["more"].startswith("the first 1 of ")
    assert few["findings"][0]["entry"] == "https://acme.example/x"


def test_other_formats_are_validated(assistant: Assistant) -> None:
    found = assistant.call("validate", text="{", format="jsonld")
    assert found["findings"][0]["rule"] == "CG001"


@pytest.mark.parametrize(
    ("tool", "arguments", "expected"),
    [
        ("find_entries", {}, ["“words” is a required property", "takes words, kind, within"]),
        ("find_entries", {"words": "x", "sort": 1}, ["no argument “sort”", "Use words, kind"]),
        ("find_entries", {"words": "x", "kind": "rol"}, ["kind: “rol” is not allowed", "role, title"]),
        ("find_entries", {"words": 3}, ["words: ", "another type", "type string"]),
        ("find_entries", {"words": "x", "limit": 99}, ["limit: ", "(maximum 50)"]),
        ("find_entries", {"words": "x" * 501}, ["words: ", "(maxLength 500)"]),
        ("get_entry", {"entry": "Analist"}, ["no entry is named “Analist”", "Use “Analyst”"]),
        ("get_entry", {"entry": "role:analist"}, ["does not contain role:analist", "Use Analyst (role:analyst) or "]),
        ("get_entry", {"entry": "role:qqqqqqqq"}, ["does not contain role:qqqqqqqq", "find_entries"]),
        ("get_entry", {"entry": "cg:Role"}, ["cg:Role is not an entry", "find_entries"]),
        ("compare_entries", {"entries": ["Analyst", "C05"]}, ["different kinds", "“C05” is of the kind competency", "one kind"]),
        ("compare_entries", {"entries": ["Analyst", "R5"]}, ["the same entry", "two or three"]),
        ("compare_entries", {"entries": ["Analyst"]}, ["entries: ", "(minItems 2)"]),
        ("explain_statement", {"subject": "R5", "property": "requires", "object": "R2"}, ["Analyst", "requires"]),
        ("explain_statement", {"subject": "R5", "property": "needz", "object": "R2"}, ["no property is named “needz”"]),
        ("ask_question", {"question": "role-gab"}, ["question: “role-gab” is not allowed", "role-gap"]),
        ("ask_question", {"question": "role-gap", "parameters": {"area": "A01"}}, ["“role-gap” has no parameter “area”", "It has present, target, language"]),
        ("ask_question", {"question": "role-gap", "parameters": {"who": "x"}}, ["parameters: ", "no argument “who”", "present"]),
        ("ask_question", {"question": "role-gap", "parameters": {"target": "Analist"}}, ["“Analist” is not a valid value", "Analyst"]),
        ("ask_question", {"question": "role-esco-occupations"}, ["needs ESCO", "--with FILE"]),
        ("query", {"query": "SELECT * { ?s a cg:Role }"}, ["query:1:17", "“cg:” is not declared", "PREFIX cg:"]),
        ("query", {"query": "DELETE WHERE { ?s ?p ?o }"}, ["SELECT, ASK, CONSTRUCT or DESCRIBE"]),
        ("query", {"query": "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"}, ["SERVICE"]),
        ("validate", {"text": "x", "format": "word"}, ["format: “word” is not allowed", "turtle"]),
        ("validate", {"text": "", "base": "auto"}, ["text: ", "(minLength 1)"]),
        ("suggest_links", {"texts": ["Coaching"]}, ["ESCO is not loaded", "--with esco.nq", "competency import esco"]),
        ("suggest_links", {"texts": ["Coaching"], "framework": "onet"}, ["O*NET is not loaded", "--with onet.nq"]),
    ],
)  # fmt: skip
def test_an_error_says_what_and_what_to_do(
    assistant: Assistant, tool: str, arguments: dict[str, object], expected: list[str]
) -> None:
    said = assistant.error(tool, **arguments)
    assert len(said) < 2_000
    for part in expected:
        assert part in said


def test_there_are_resources_to_read(assistant: Assistant) -> None:
    listed = {each.uri: each for each in assistant.ask("list_resources").resources}
    ontology = Graph().parse(data=assistant.read("competency://ontology"), format="turtle")
    assert (CG.Role, None, None) in ontology
    assert listed["competency://ontology"].mime_type == "text/turtle"
    for address in listed:
        assert assistant.read(address)
    entry = Graph().parse(data=assistant.read("competency://entries/Negotiating%20Positions"))
    assert set(entry.subjects()) == {URIRef(f"{SALES}competency/negotiating-positions")}
    assert assistant.read("competency://queries/role-gap") == Catalogue()["role-gap"].text
    assert assistant.read("competency://rules/CG201").startswith("# CG201 ")
    for address in json.loads(assistant.read("competency://queries")).values():
        assert assistant.read(address["address"])
        break


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("competency://nothing", "there is no resource <competency://nothing>. Read one of"),
        ("competency://entries/Analist", "no entry is named “Analist”. Use “Analyst”"),
        ("competency://queries/role-gab", "Use role-gap"),
        ("competency://rules/CG999", "there is no rule “CG999”"),
        ("file:///etc/passwd", "there is no resource"),
    ],
)
def test_an_unknown_resource_is_an_error(assistant: Assistant, address: str, expected: str) -> None:
    with pytest.raises(MCPError) as caught:
        assistant.ask("read_resource", address)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("of", "argument", "typed", "expected"),
    [
        ("competency://entries/{entry}", "entry", "negotiating p", "Negotiating Positions"),
        ("competency://queries/{name}", "name", "role-g", "role-gap"),
        ("competency://rules/{code}", "code", "cg20", "CG201"),
        ("write_job_profile", "role", "str", "Strategist"),
        ("interview_questions", "area", "", "Designing Compensation"),
    ],
)
def test_names_are_completed(
    assistant: Assistant, of: str, argument: str, typed: str, expected: str
) -> None:
    reference = (
        ResourceTemplateReference(type="ref/resource", uri=of)
        if ":" in of
        else PromptReference(type="ref/prompt", name=of)
    )
    found = assistant.ask("complete", reference, {"name": argument, "value": typed})
    assert expected in found.completion.values
    assert len(found.completion.values) <= 20


def test_prompts_name_tools_and_questions_that_exist(assistant: Assistant) -> None:
    prompts = assistant.ask("list_prompts").prompts
    assert len(prompts) == 5
    known = {*TOOLS, *Catalogue()}
    for prompt in prompts:
        values = {argument.name: f"<{argument.name}>" for argument in prompt.arguments}
        text = assistant.ask("get_prompt", prompt.name, values).messages[0].content.text
        assert all(value in text for value in values.values())
        words = {word.strip(".,():") for word in text.replace("competency://", "").split()}
        named = {w for w in words if "_" in w or w.startswith(("role-", "area-"))}
        assert named <= known
        assert named & set(TOOLS)


def test_a_prompt_without_its_argument_is_an_error(assistant: Assistant) -> None:
    with pytest.raises(MCPError, match="the argument “role” is missing"):
        assistant.ask("get_prompt", "write_job_profile", {})
    with pytest.raises(MCPError, match="there is no prompt “x”"):
        assistant.ask("get_prompt", "x", {})
