"""Questions that cross from the dictionary to ESCO and O*NET.

The answers were worked out from `links.ttl`, `esco` and `onet` beside this, by hand.
"""

from __future__ import annotations

import csv
import json
import urllib.request
from collections.abc import Collection, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from downloads import ESCO, GERMAN, HERE, ONET
from rdflib import Dataset, URIRef

from competency_graph import Dictionary, resources
from competency_graph.importing import Tally, import_esco, import_onet, write
from competency_graph.rdf.formats import GRAPH_FORMATS, format_named
from competency_graph.rdf.rdflib_graphs import to_rdflib
from competency_graph.rdf.vocabulary import PREFIXES
from competency_graph.sparql.evaluator import evaluate
from competency_graph.sparql.saved_queries import Catalogue
from conftest import Run, serving

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

UNLINKED = resources.turtle_files(resources.DATA)
"""The dictionary without its links, as those of `links.ttl` are the ones to count."""
CROSSINGS = [name for name, query in Catalogue().items() if query.needs]
WEIGHTS = {"exact": 1, "close": 1, "broad": 0.5, "narrow": 0.5, "related": 0.25}
"""What a match counts for, as the query's header says."""
LACKING = [
    "communicate with customers",
    "contact customers",
    "implement sales strategies",
    "respond to customers' inquiries",
    "sales strategies",
]
GROUPS = [
    ("1", "Managers"),
    ("14", "Hospitality, retail and other services managers"),
    ("142", "Retail and wholesale trade managers"),
    ("1420", "Retail and wholesale trade managers"),
    ("3", "Technicians and associate professionals"),
    ("33", "Business and administration associate professionals"),
    ("332", "Sales and purchasing agents and brokers"),
    ("3322", "Commercial sales representatives"),
]


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The files that a person would name with --with."""
    folder = tmp_path_factory.mktemp("beside")
    for name, quads in (
        ("esco", import_esco([ESCO, GERMAN], Tally())),
        ("onet", import_onet([ONET], Tally())),
    ):
        with (folder / f"{name}.nq").open("wb") as file:
            write(quads, format_named("nquads", GRAPH_FORMATS), file, Tally())
    return [folder / "esco.nq", folder / "onet.nq", HERE / "links.ttl"]


@pytest.fixture(scope="module")
def store(beside: list[Path]) -> ox.Store:
    return Dictionary(UNLINKED, extra_files=beside, base="none").store


def ask(store: ox.Store, name: str, **values: str) -> list[dict[str, str]]:
    query = Catalogue()[name]
    answer = evaluate(store, query.text, query.bind(values))
    return list(csv.DictReader(answer.serialize("csv").decode().splitlines()))


def test_esco_occupations_that_call_for_what_a_role_requires(store: ox.Store) -> None:
    found = ask(store, "role-esco-occupations", role="role:consultant")

    assert [r["occupationLabel"] for r in found] == [
        "commercial sales representative",
        "sales account manager",
        "electricity sales representative",
    ]
    shares = nearest(store, "https://w3id.org/competency-graph/sales/role/consultant")
    assert len(found) == len(shares) == 3
    assert {r["occupation"]: float(r["share"]) for r in found} == pytest.approx(shares, abs=0.0006)


def test_esco_occupations_that_call_for_what_a_title_calls_for(store: ox.Store) -> None:
    found = ask(store, "title-esco-occupations", title="title:account-manager")

    assert found[0]["occupationLabel"] == "sales account manager"
    sales = "https://w3id.org/competency-graph/sales"
    title = f"{sales}/title/account-manager"
    shares = nearest(store, f"{sales}/role/consultant", {title}, 0.5)
    assert {r["occupation"]: float(r["share"]) for r in found} == pytest.approx(shares, abs=0.0006)


def nearest(
    store: ox.Store, role: str, hats: Collection[str] = (), part: float = 1
) -> dict[str, float]:
    """The share of each occupation, worked out statement by statement from the query's header.

    Args:
        store: all there is.
        role: the role, or that of a title.
        hats: what leads to occupations; none for the role and its titles.
        part: how much of what the role requires counts.
    """

    def pairs(*properties: str) -> set[tuple[str, str]]:
        return {
            (quad.subject.value, quad.object.value)
            for name in properties
            for quad in store.quads_for_pattern(None, ox.NamedNode(name), None, None)
            if isinstance(quad.object, ox.NamedNode) and isinstance(quad.subject, ox.NamedNode)
        }

    cg, skos, esco = PREFIXES["cg"], PREFIXES["skos"], PREFIXES["esco"]
    kinds = pairs(PREFIXES["rdf"] + "type")
    roles = {thing for thing, kind in kinds if kind == cg + "Role"}
    called = {(r, e) for r, e in pairs(cg + "coversArea", cg + "requires") if r in roles}
    calls = pairs(esco + "relatedEssentialSkill")
    matches: dict[tuple[str, str], float] = {}
    for name, weight in WEIGHTS.items():
        for pair in pairs(f"{skos}{name}Match"):
            matches[pair] = max(weight, matches.get(pair, 0))
    strength: dict[str, float] = {}
    for (entry, skill), weight in matches.items():
        covering = {r for r, e in called if e == entry}
        if role in covering and (skill, esco + "Skill") in kinds:
            strength[skill] = max(strength.get(skill, 0), part * weight / len(covering))
    hats = hats or {role} | {title for r, title in pairs(cg + "exampleTitle") if r == role}
    near: dict[str, float] = {}
    for (hat, occupation), weight in matches.items():
        if hat in hats and (occupation, esco + "Occupation") in kinds:
            near[occupation] = max(weight, near.get(occupation, 0))
    for occupation, weight in near.items():
        for skill in {s for o, s in calls if o == occupation}:
            strength[skill] = strength.get(skill, 0) + weight
    found: dict[str, float] = {}
    for occupation, skill in calls:
        if skill in strength:
            rarity = 20 / (20 + sum(s == skill for _, s in calls))
            found[occupation] = found.get(occupation, 0) + strength[skill] * rarity
    return {o: common / (10 + sum(each == o for each, _ in calls)) for o, common in found.items()}


def test_a_role_without_linked_entries_has_no_occupations(store: ox.Store) -> None:
    assert ask(store, "role-esco-occupations", role="role:manager") == []


def test_onet_tasks_beside_a_key_action(store: ox.Store) -> None:
    """The area's roles have the account manager as a title; its occupation has two tasks."""
    found = ask(store, "action-onet-tasks")

    assert [(r["task"].split("/")[-1], r["taskLabel"]) for r in found] == [
        ("8113", 'Made for the tests: "sell".'),
        ("8121", "Made for the tests: visit."),
    ]
    assert {r["occupation"].split("/")[-1] for r in found} == {"41-4012.00"}


def test_onet_tasks_of_an_activity_linked_to_the_area(store: ox.Store) -> None:
    """Strategists have no linked title; the area is linked to an activity that one task is under.

    Consultants cover the area as well, so their tasks come first with that one among them.
    """
    action = next(
        r["action"] for r in asked(store, "SELECT ?action { <https://w3id.org/competency-graph/sales/area/setting-sales-strategy> <https://w3id.org/competency-graph/ontology#hasKeyAction> ?action } ORDER BY ?action")
    )  # fmt: skip
    without = ox.Store()
    without.bulk_extend(
        quad
        for quad in store
        if "closeMatch" not in str(quad.predicate)
        or "title/account-manager" not in str(quad.subject)
    )

    assert {r["task"].split("/")[-1] for r in ask(store, "action-onet-tasks", action=action)} == {
        "8113",
        "8121",
    }
    assert {r["task"].split("/")[-1] for r in ask(without, "action-onet-tasks", action=action)} == {
        "8113"
    }


def test_the_onet_task_that_a_key_action_is_linked_to_itself(store: ox.Store) -> None:
    action = "https://w3id.org/competency-graph/sales/action/identifies-critical-business-metrics"
    assert ask(store, "action-onet-tasks", action=action) == []
    linked = ox.Store()
    linked.bulk_extend(store)
    skos, task = PREFIXES["skos"], f"{PREFIXES['onet']}task/8121"
    linked.add(
        ox.Quad(
            ox.NamedNode(action), ox.NamedNode(f"{skos}closeMatch"), ox.NamedNode(task),
            ox.NamedNode("https://w3id.org/competency-graph/graph/links"),
        )
    )  # fmt: skip
    found = ask(linked, "action-onet-tasks", action=action)
    assert [(r["occupationLabel"] != "", r["task"]) for r in found] == [(True, task)]


def asked(store: ox.Store, query: str) -> list[dict[str, str]]:
    return list(csv.DictReader(evaluate(store, query).serialize("csv").decode().splitlines()))


def test_esco_skills_of_a_job_title(store: ox.Store) -> None:
    found = ask(store, "title-esco-skills", title="title:account-manager")

    assert [(r["occupationLabel"], r["relation"], r["skillLabel"]) for r in found] == [
        ("sales account manager", "essential", "prospect new customers"),
        ("sales account manager", "essential", "use customer relationship management software"),
    ]


def test_what_a_role_lacks_of_an_occupation(store: ox.Store) -> None:
    representative = "esco-occupation:14031d4a-6e99-442f-b4fe-18262b6432b2"

    assert ask(store, "role-esco-gap", role="role:consultant") == []
    found = ask(store, "role-esco-gap", role="role:consultant", occupation=representative)
    assert [r["skillLabel"] for r in found] == LACKING
    found = ask(store, "role-esco-gap", role="role:manager", occupation=representative)
    assert len(found) == 8


def test_isco_groups_of_a_role(store: ox.Store) -> None:
    found = ask(store, "role-isco-groups", role="role:consultant")

    assert [(r["code"], r["groupLabel"]) for r in found] == GROUPS
    assert {r["links"] for r in found} == {"1"}


def test_labels_come_in_the_language_asked_for(store: ox.Store) -> None:
    occupation = "esco-occupation:14031d4a-6e99-442f-b4fe-18262b6432b2"
    found = ask(store, "role-esco-gap", role="role:manager", occupation=occupation, language="de")

    assert len(found) == 8
    assert {r["skillLabel"] for r in found} == {"", "Kundenbeziehungsmanagement"}


@pytest.fixture(scope="module")
def dataset(store: ox.Store) -> Dataset:
    """The same in rdflib."""
    dataset = Dataset(default_union=True)
    for quad in store:
        graph = dataset.graph(URIRef(str(quad.graph_name).strip("<>")))
        graph.add(tuple(to_rdflib(term) for term in quad.triple))  # type: ignore[arg-type]
    return dataset


@pytest.mark.parametrize("name", CROSSINGS)
def test_another_engine_answers_alike(name: str, store: ox.Store, dataset: Dataset) -> None:
    query = Catalogue()[name]
    bindings = {v.value: to_rdflib(term) for v, term in query.bind({}).items()}

    theirs = dataset.query(query.text, initBindings=bindings).serialize(format="csv")
    assert theirs is not None
    rows = [
        {column: value for column, value in row.items() if column not in bindings}
        for row in csv.DictReader(theirs.decode().splitlines())
    ]
    assert sorted(ask(store, name), key=str) == sorted(rows, key=str)


@pytest.mark.parametrize("name", CROSSINGS)
def test_without_the_framework_the_answer_is_empty_and_says_why(name: str, competency: Run) -> None:
    done = competency("query", name, "-f", "csv")

    assert (done.returncode, len(done.stdout.splitlines())) == (0, 1)
    needed = Catalogue()[name].needs[0]
    assert f"make a file of it with “competency import {needed}”" in done.stderr


@pytest.mark.parametrize(
    ("query", "warned"),
    [
        ("ASK { ?a onet:hasTask ?b }", ()),
        ("ASK { ?a onet:hasTasks ?b }", ("there is no term onet:hasTasks; the nearest name is onet:hasTask",)),
        ("ASK { ?a esco:relatedEssentialSkill ?b }", ()),
        ("ASK { ?a a <http://data.europa.eu/esco/model#Nothing> }", ()),
    ],
)  # fmt: skip
def test_with_the_framework_only_slips_are_warned_of(
    query: str, warned: tuple[str, ...], store: ox.Store
) -> None:
    head = f"PREFIX onet: <{PREFIXES['onet']}> PREFIX esco: <{PREFIXES['esco']}> "

    assert evaluate(store, head + query).warnings == warned


def test_the_catalogue_says_what_must_be_there(competency: Run) -> None:
    said = competency("query").stdout

    assert len(CROSSINGS) == 6
    for name in CROSSINGS:
        after = f"\n{said}".partition(f"\n{name} ")[2].splitlines()[1]
        assert "needs " in after
        assert "(competency import " in after


@pytest.fixture(scope="module")
def served(beside: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    named_files = ["--base", "none", *(part for path in UNLINKED for part in ("--data", str(path)))]
    named_files += [part for path in beside for part in ("--with", str(path))]
    with serving(tmp_path_factory.mktemp("served"), *named_files) as url:
        yield url


def fetched(address: str, accept: str) -> str:
    request = urllib.request.Request(address, headers={"Accept": accept})
    with urllib.request.urlopen(request, timeout=30) as reply:
        return reply.read().decode()


def test_the_crossings_are_answered_over_http(served: str) -> None:
    text = fetched(f"{served}/queries/role-esco-occupations?role=role:consultant", "text/csv")

    found = list(csv.DictReader(text.splitlines()))
    assert [r["occupationLabel"] for r in found] == [
        "commercial sales representative",
        "sales account manager",
        "electricity sales representative",
    ]


def test_a_crossing_has_a_page_with_its_choices(served: str) -> None:
    page = fetched(f"{served}/queries/role-esco-gap", "text/html")

    assert "which this service does not have" not in page
    assert ">commercial sales representative</option>" in page


def test_programs_are_told_what_a_query_needs(served: str) -> None:
    listed = json.loads(fetched(f"{served}/queries", "application/json"))

    assert {query["name"]: query["needs"] for query in listed if query["needs"]} == {
        name: list(Catalogue()[name].needs) for name in CROSSINGS
    }


def test_an_occupation_that_is_none_is_refused(served: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        fetched(
            f"{served}/queries/role-esco-gap?occupation=esco-occupation:none", "application/json"
        )

    assert caught.value.code == 400
    assert "the dictionary has no such entry" in caught.value.read().decode()
