"""The checks beyond SHACL: what each must find, and what it must not."""

from __future__ import annotations

from itertools import count
from typing import NamedTuple

import pytest

from competency_graph.validation import (
    Base,
    Source,
    read_base,
    read_shapes,
    validate,
    validate_sources,
)
from competency_graph.validation.findings import Finding
from conftest import ROOT

SALES = read_base()
ALONE = Base(SALES.ontology)
SHAPES = read_shapes()
PREFIXES = """\
PREFIX area: <https://w3id.org/competency-graph/sales/area/>
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX esco: <http://data.europa.eu/esco/skill/00000000-0000-4000-8000-00000000000>
PREFIX k: <https://example.org/acme/knowledge/>
PREFIX knowledge: <https://w3id.org/competency-graph/sales/knowledge/>
PREFIX mine: <https://example.org/acme/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
FIRST = PREFIXES.count("\n") + 1
"""The line on which the text after the prefixes begins."""


def knowledge(*labels: str, more: str = "") -> str:
    """Complete entries ``k:a``, ``k:b``, … on a line each, and as much of their links.

    Args:
        labels: their labels, in English where they have no language tag.
        more: statements to be added to the first.
    """
    lines = []
    for number, label in zip(count(1), labels, strict=False):
        name = "abcdefghij"[number - 1]
        text = label if label.startswith('"') else f'"{label}"@en'
        lines.append(
            f"k:{name} a cg:Knowledge ; skos:prefLabel {text} ; skos:notation "
            f'"ACME-K{number:03}" ; skos:inScheme <https://w3id.org/competency-graph/sales> {more}.\n'
        )
        more = ""
    names = ", ".join(f"k:{name}" for name in "abcdefghij"[: len(labels)])
    return "".join(lines) + f"area:setting-sales-strategy cg:requiresKnowledge {names} .\n"


ABC = knowledge("Apples", "Bread", "Corn")
"""On four lines."""


class Told(NamedTuple):
    """What must be found: line and column are those of the text, and ``mark`` stands there."""

    code: str
    entry: str
    line: int
    mark: str
    """What the line says from the place of the finding on."""
    says: str = ""
    """What message or remedy must have."""
    fix: str = ""
    """What --fix would put there."""


def judged(text: str, base: Base = SALES) -> tuple[Finding, ...]:
    source = Source("my.ttl", f"{PREFIXES}{text}".encode())
    return validate_sources([source], base, SHAPES).findings


def iri(name: str) -> str:
    """The IRI of a prefixed name; anything else as it is."""
    for line in PREFIXES.splitlines():
        _, prefix, space = line.split()
        if name.startswith(prefix):
            return space[1:-1] + name.removeprefix(prefix)
    return name


UNKNOWN = {
    "a property with a letter missing": (
        ABC + "k:a a cg:Knowledge ; cg:requiredByy esco:x .",
        [Told("CG011", "k:a", 5, "cg:requiredByy", "The ontology has no property cg:requiredByy")],
    ),
    "a property with a letter too few": (
        ABC + "area:setting-sales-strategy cg:requireKnowledge k:a .",
        [Told("CG011", "area:setting-sales-strategy", 5, "cg:requireKnowledge k:a", "Write cg:requiresKnowledge.", "cg:requiresKnowledge")],
    ),
    "a class in lower case": (
        'mine:x a cg:jobtitle .',
        [Told("CG011", "mine:x", 1, "cg:jobtitle", "The ontology has no class cg:jobtitle. Write cg:JobTitle.", "cg:JobTitle")],
    ),
    "a class in capitals": (
        'mine:x a cg:ROLE .',
        [Told("CG011", "mine:x", 1, "cg:ROLE", "Write cg:Role.", "cg:Role")],
    ),
    "a class that is like no other": (
        'mine:x a cg:Xylophone .',
        [Told("CG011", "mine:x", 1, "cg:Xylophone", "Use an existing one.")],
    ),
    "a property of a blank node": (
        "[] cg:coverArea area:setting-sales-strategy .",
        [Told("CG011", "_:f0n0", 1, "cg:coverArea", "Write cg:coversArea.", "cg:coversArea")],
    ),
    "a property used twice, told at its first use": (
        ABC + "k:a cg:sourcepage 5 .\nk:b cg:sourcepage 6 .",
        [Told("CG011", "k:a", 5, "cg:sourcepage 5", "Write cg:sourcePage.", "cg:sourcePage")],
    ),
    "the name of a class used as a property is no property": (
        ABC + "k:a cg:knowledge k:b .",
        [Told("CG011", "k:a", 5, "cg:knowledge", "The ontology has no property cg:knowledge. Use an existing one.")],
    ),
}  # fmt: skip
ADDED = {
    "a property that is defined, told once however often it is used": (
        ABC + "k:a cg:costs 1 ; cg:costs 2 .\ncg:costs a owl:DatatypeProperty ; rdfs:label 'costs'@en .",
        [Told("CG015", "cg:costs", 6, "cg:costs a", "cg:costs is in the ontology's namespace, and the ontology has no such term. Define it in your own namespace.")],
    ),
    "a class": (
        "mine:x a mine:Y .\ncg:Craft rdfs:subClassOf cg:Competency .",
        [Told("CG017", "mine:x", 1, "mine:Y"), Told("CG015", "cg:Craft", 2, "cg:Craft")],
    ),
    "a misspelt one": (
        "cg:coversAria rdfs:domain cg:Role .",
        [Told("CG015", "cg:coversAria", 1, "cg:coversAria", "Write cg:coversArea if you mean that, or define it in your own namespace.")],
    ),
}  # fmt: skip
UNTYPED = {
    "an entry whose folder tells its class": (
        'k:x skos:prefLabel "X"@en .',
        [Told("CG012", "k:x", 1, "k:x", "Say what it is, as “a cg:Knowledge”.", " ;\n    a cg:Knowledge")],
    ),
    "an entry whose folder tells nothing": (
        'mine:x skos:prefLabel "X"@en .',
        [Told("CG012", "mine:x", 1, "mine:x", "Say what it is, such as “a cg:Role”.")],
    ),
    "an entry that other entries link": (
        ABC + 'k:a skos:related k:x .\nk:x skos:notation "ACME-K009" .',
        [Told("CG012", "k:x", 6, "k:x", "Say what it is", " ;\n    a cg:Knowledge")],
    ),
    "an entry that a link of another kind leads to, told once": (
        ABC + 'area:setting-sales-strategy cg:requiresKnowledge k:x .\nk:x skos:prefLabel "X"@en .',
        [Told("CG012", "k:x", 6, "k:x", "Say what it is, as “a cg:Knowledge”.", " ;\n    a cg:Knowledge")],
    ),
    "and nearly the name of another": (
        ABC.replace("k:b", "k:bread") + 'area:setting-sales-strategy cg:requiresKnowledge k:breads .\nk:breads skos:prefLabel "X"@en .',
        [Told("CG012", "k:breads", 6, "k:breads", "Say what it is, as “a cg:Knowledge”.", " ;\n    a cg:Knowledge")],
    ),
    "an entry that is linked from, with nearly the name of another, is neither changed nor described": (
        ABC.replace("k:b", "k:bread") + "k:braed cg:requiresKnowledge k:a .",
        [Told("CG012", "k:braed", 5, "k:braed", "the nearest name is k:bread.")],
    ),
    "an entry that is linked from, with a name of its own": (
        ABC + "<https://example.org/area/x> cg:requiresKnowledge k:a .",
        [Told("CG012", "https://example.org/area/x", 5, "<https://example.org/area/x>", "Say what it is, as “a cg:AreaOfExpertise”.", " ;\n    a cg:AreaOfExpertise")],
    ),
    "an entry whose folder tells another class than the link": (
        ABC + "k:x cg:requiresKnowledge k:a .",
        [Told("CG012", "k:x", 5, "k:x", "Say what it is, as “a cg:AreaOfExpertise”.")],
    ),
}  # fmt: skip
UNDEFINED = {
    "a link with a slip in it": (
        ABC.replace("k:b", "k:bread") + "k:a skos:related k:braed .",
        [Told("CG013", "k:a", 5, "k:braed", "Link to k:bread if you mean that.", "k:bread")],
    ),
    "a link to the base with a slip in it": (
        ABC + "k:a skos:broader knowledge:sales-cultur .",
        [Told("CG013", "k:a", 5, "knowledge:sales-cultur", "Link to knowledge:sales-culture if you mean that.", "knowledge:sales-culture")],
    ),
    "an entry of the base in the author's namespace": (
        ABC + "k:a skos:broader k:sales-culture .",
        [Told("CG013", "k:a", 5, "k:sales-culture", "Link to knowledge:sales-culture if you mean that.", "<https://w3id.org/competency-graph/sales/knowledge/sales-culture>")],
    ),
    "a link to what is like nothing": (
        ABC + "k:a skos:related k:quite-another .",
        [Told("CG013", "k:a", 5, "k:quite-another", "Correct the link, or describe the entry.")],
    ),
    "a number is no slip": (
        ABC.replace("k:b", "k:level-1") + "k:a skos:related k:level-2 .",
        [Told("CG013", "k:a", 5, "k:level-2", "Correct the link, or describe the entry.")],
    ),
    "two that are as near are both left alone": (
        ABC.replace("k:b", "k:bread").replace("k:c", "k:broad") + "k:a skos:related k:brxad .",
        [Told("CG013", "k:a", 5, "k:brxad", "Correct the link, or describe the entry.")],
    ),
    "a link that a shape judges is told once, by the shape, and mended as well": (
        ABC.replace("k:b", "k:bread") + "area:setting-sales-strategy cg:requiresKnowledge k:braed .",
        [Told("CG320", "k:braed", 5, "k:braed", "the nearest name is k:bread.", "k:bread")],
    ),
}  # fmt: skip
CULTURE = "knowledge:sales-culture"
REDEFINED = {
    "another label": (
        f'{CULTURE} skos:prefLabel "Culture of selling"@en .',
        [Told("CG014", CULTURE, 1, '"Culture of selling"@en', "another label, “Sales culture”. Remove it, or create your own entry, or write it as skos:altLabel.")],
    ),
    "another code": (
        f'{CULTURE} skos:notation "K999" .',
        [Told("CG014", CULTURE, 1, '"K999"', "another code, “K159”.")],
    ),
    "another class": (
        f"{CULTURE} a cg:Output .",
        [Told("CG014", CULTURE, 1, "cg:Output", "without the class cg:Output.")],
    ),
    "a class of the ontology made another's": (
        "cg:Output rdfs:subClassOf cg:Knowledge .",
        [Told("CG014", "cg:Output", 1, "cg:Knowledge", "cg:Output is a term of the ontology, which does not state this: rdfs:subClassOf cg:Knowledge.")],
    ),
    "the range of a property widened": (
        "cg:requiresKnowledge rdfs:range cg:Output .",
        [Told("CG014", "cg:requiresKnowledge", 1, "cg:Output", "rdfs:range cg:Output")],
    ),
}  # fmt: skip
LANGUAGES = {
    f"the tag {tag}": (
        f'{CULTURE} skos:altLabel "x"@{tag} .',
        [Told("CG021", CULTURE, 1, f'"x"@{tag}', f"{says}. Write one such as en, de or pt-BR.")],
    )
    for tag, says in {
        "xx": "xx is not a registered language subtag",
        "deutsch": "deutsch is not a registered language subtag",
        "en-UK": "uk is not a registered region subtag",
    }.items()
}
ALIKE = [
    ("Soil health", "Soil Health"),
    ("Soil health", "Health of the soil"),
    ("Qualifying sales opportunities", "Qualifying sales opportunity"),
    ("Policies", "Policy"),
    ("Sales analysis", "Sales analyses"),
    ("Business processes", "Business process"),
    ("Customer's needs", "Customers’ needs"),
    ("Customer-facing change", "Customer facing change"),
    ("E-mail campaigns", "Email campaigns"),
    ("Negociation tactics", "Negotiation tactics"),
    ("Analysing the forest", "Analyzing the forest"),
    ('"Straßenbau"@de', '"STRASSENBAU"@de'),
    ('"Café"@fr', '"Cafe\u0301"@fr'),
    ("Soil", "ＳＯＩＬ"),
    ("The die cast", "Die cast"),
]
APART = [
    ("Level 1", "Level 2"),
    ("Level one", "Level two"),
    ("B2B farming", "B2C farming"),
    ("Version I", "Version II"),
    ("C++", "C"),
    ("C++", "C#"),
    ("!!!", "???"),
    ("Vitamin A", "Vitamin"),
    ("Die casting", "Casting"),
    ("Building trust with internal stakeholders of the farm", "Building trust with external stakeholders of the farm"),
    ("Microeconomics of markets", "Macroeconomics of markets"),
    ("Employer branding", "Employee branding"),
    ("Written requirements for farms", "Unwritten requirements for farms"),
    ("Centralized farm management", "Decentralized farm management"),
    ("Translates English to German", "Translates German to English"),
    ("Does work", "Does not work"),
    ("Farm class", "Farm"),
    ('"Mitarbeiter fordern"@de', '"Mitarbeiter fördern"@de'),
    ('"Gift"@en', '"Gift"@de'),
]  # fmt: skip
LABELS = {
    f"{one} and {other}": (
        knowledge(one, other),
        [Told("CG031", "k:b", 2, other if other.startswith('"') else f'"{other}"@en', "k:a")],
    )
    for one, other in ALIKE
} | {
    "the label of an entry of the base": (
        knowledge("Sales Cultures"),
        [Told("CG031", "k:a", 1, '"Sales Cultures"@en', "The label “Sales Cultures” is nearly that of knowledge:sales-culture, “Sales culture”. Use that entry, or change the labels to show the difference.")],
    ),
    "the very same label": (
        knowledge("Soil", "Soil"),
        [Told("CG031", "k:b", 2, '"Soil"@en', "The label “Soil” is also that of")],
    ),
}  # fmt: skip
REPEATED = {
    definition: (
        knowledge(label, more=f'; skos:definition "{definition}"@en '),
        [
            Told(
                "CG032",
                "k:a",
                1,
                f'"{definition}"@en',
                "Write a definition that says more than the label.",
            )
        ],
    )
    for label, definition in [
        ("Soil health", "Soil health."),
        ("Soil health", "The health of the soils"),
        ("Knowledge of farming", "Farming"),
    ]
}
CYCLES = {
    "a circle of three": (
        ABC + "k:a skos:broader k:b .\nk:b skos:broader k:c .\nk:c skos:broader k:a .",
        [Told("CG041", "k:a", 5, "k:b", "skos:broader leads back to where it began: k:a → k:b → k:c → k:a. Remove one of these links.")],
    ),
    "an entry before itself": (
        ABC + "k:a skos:broader k:a .",
        [Told("CG041", "k:a", 5, "k:a .", "k:a → k:a.")],
    ),
    "a circle that one link closes the other way round": (
        ABC + "k:b skos:narrower k:a .\nk:b skos:broader k:a .",
        [Told("CG041", "k:b", 5, "k:a", "skos:broader leads back to where it began")],
    ),
    "two circles": (
        ABC + "k:a skos:broader k:a .\nk:b skos:broader k:b .",
        [Told("CG041", "k:a", 5, "k:a ."), Told("CG041", "k:b", 6, "k:b .")],
    ),
}  # fmt: skip
GONE = knowledge("Apples", "Bread", "Corn", more="; owl:deprecated true ").replace("k:a, ", "")
DEPRECATED = {
    "a link to what is gone": (
        GONE + "k:b skos:related k:a .",
        [Told("CG042", "k:b", 5, "k:a .", "Link to an entry that is not deprecated.")],
    ),
    "a link to what was replaced": (
        GONE.replace("true ", "true ; dcterms:isReplacedBy k:c ") + "k:b skos:related k:a .",
        [Told("CG042", "k:b", 5, "k:a .", "Link to k:c, which takes its place.", "k:c")],
    ),
}  # fmt: skip
FOUND = UNKNOWN | ADDED | UNTYPED | UNDEFINED | REDEFINED | LANGUAGES | LABELS | REPEATED | CYCLES | DEPRECATED  # fmt: skip


@pytest.mark.parametrize("case", FOUND)
def test_a_check_finds_exactly_this_and_there(case: str) -> None:
    text, expected = FOUND[case]
    findings = judged(text)
    told = [(f.rule.code, f.focus, f.place.line) for f in findings]
    assert told == [(e.code, iri(e.entry), FIRST - 1 + e.line) for e in expected]
    for finding, each in zip(findings, expected, strict=True):
        line = text.splitlines()[each.line - 1]
        assert finding.place.text == line
        assert line[finding.place.column - 1 :].startswith(each.mark)
        assert each.says in f"{finding.message} {finding.remedy}"
        assert [edit.text for edit in finding.edits] == ([each.fix] if each.fix else [])


NOTHING = {
    "links to other namespaces": ABC + "k:a skos:related esco:1 ; skos:broader esco:2 .",
    "mappings to ESCO": ABC + "k:a skos:exactMatch esco:1 ; skos:closeMatch esco:2, k:none .",
    "a label for what a mapping leads to": ABC
    + 'k:a skos:exactMatch esco:1 . esco:1 skos:prefLabel "Sow"@en .',
    "a link beside what a mapping leads to": ABC
    + 'k:a skos:exactMatch esco:1 ; skos:related esco:2 . esco:1 skos:prefLabel "Sow"@en .',
    "a label of the base in a new language": f'{CULTURE} skos:prefLabel "Verkaufskultur"@de .',
    "a definition that the base does not give": f'{CULTURE} skos:definition "How it is."@en .',
    "the label of the base said again": f'{CULTURE} skos:prefLabel "Sales culture"@en .',
    "another name for an entry of the base": f'{CULTURE} skos:altLabel "Selling culture"@en .',
    "the class of an entry of the base said again": f"{CULTURE} a cg:Knowledge .",
    "a term of the ontology translated": 'cg:Role rdfs:label "Rolle"@de .',
    "a term of the ontology as it is": "cg:requiresKnowledge rdfs:subPropertyOf cg:requires .",
    "a class of one's own below one of the ontology": ABC
    + "mine:Craft rdfs:subClassOf cg:Competency .",
    "a property of one's own": ABC + 'k:a mine:costs "5" . mine:costs a owl:DatatypeProperty .',
    "a line of entries without a circle": ABC
    + "k:a skos:broader k:b, k:c . k:b skos:broader k:c ; skos:narrower k:a .",
    "what is related both ways": ABC + "k:a skos:related k:b . k:b skos:related k:a .",
    "an entry that says that it is not deprecated": knowledge(
        "Apples", "Bread", more="; owl:deprecated false "
    ),
    "a deprecated entry with the label of what replaces it": knowledge(
        "Apples", "Apples", more="; owl:deprecated true ; dcterms:isReplacedBy k:b "
    ).replace("k:a, ", ""),
    "a deprecated entry that links another one": GONE
    + "k:a skos:related k:x . k:x a skos:Concept ; owl:deprecated true .",
    "a definition that says more": knowledge(
        "Soil health", more='; skos:definition "Healthy soil that feeds."@en '
    ),
    "a definition in another language than the label": knowledge(
        "Soil", more='; skos:definition "Soil"@de '
    ),
    "a variant that is the label of another": knowledge(
        "Apples", "Bread", more='; skos:altLabel "Bread"@en '
    ),
    "the label of an entry of another class": knowledge("Bread")
    + 'mine:bread a cg:Output ; skos:prefLabel "Bread"@en ; skos:notation "ACME-O001" ; '
    "skos:inScheme <https://w3id.org/competency-graph/sales> ; "
    "cg:outputOf area:setting-sales-strategy .",
    **{
        f"the tag {tag}": f'{CULTURE} skos:altLabel "x"@{tag} .'
        for tag in ["de-CH", "zh-Hant", "x-private", "i-klingon", "sl-rozaj", "de-DE-1996", "gsw"]
    },
    **{f"{one} and {other}": knowledge(one, other) for one, other in APART},
    **{f"{other} and {one}": knowledge(other, one) for one, other in APART},
}


@pytest.mark.parametrize("case", NOTHING)
def test_nothing_is_said_of(case: str) -> None:
    assert [(str(f.place), f.rule.code, f.message) for f in judged(NOTHING[case])] == []


@pytest.mark.parametrize("folder", ["data", "tests/dictionaries/pass/smallest.ttl", "tests/dictionaries/pass/everything.ttl"])  # fmt: skip
def test_good_dictionaries_give_no_false_alarm(folder: str) -> None:
    assert validate([ROOT / folder], base="none").findings == ()


INVERSE = {
    "cg:coversArea area:baking": "area:baking cg:coveredByRole role:baker .",
    "cg:exampleTitle title:master-baker": "title:master-baker cg:titleOfRole role:baker .",
    "cg:hasKeyAction action:bakes": "action:bakes cg:keyActionOf area:baking .",
    "cg:producesOutput output:bread": "output:bread cg:outputOf area:baking .",
    "cg:hasCompetency competency:tasting": "competency:tasting cg:inCluster cluster:care .",
    "cg:areaOf <https://example.org/bakery>": "<https://example.org/bakery> cg:hasArea area:baking .",
}


@pytest.mark.parametrize("said", INVERSE)
def test_an_entry_that_is_linked_the_other_way_round_is_linked(said: str) -> None:
    text = (ROOT / "tests/dictionaries/pass/smallest.ttl").read_text()
    assert f"    {said} ;\n" in text
    without = text.replace(f"    {said} ;\n", "")
    assert validate_sources([Source("my.ttl", without.encode())], ALONE, SHAPES).findings
    other = f"{without}\n{INVERSE[said]}\n"
    assert validate_sources([Source("my.ttl", other.encode())], ALONE, SHAPES).findings == ()


def test_what_repeats_is_told_in_the_same_words_each_time() -> None:
    """The entries of a circle are not in whatever order a hash gives."""
    ring = "".join(f"k:{n} skos:broader k:{(n + 1) % 30} .\n" for n in range(30))
    (finding,) = [f for f in judged(ring) if f.rule.code == "CG041"]
    names = [f"k:{n}" for n in (*range(8), 0)]
    assert finding.message == (
        f"skos:broader leads back to where it began: {' → '.join(names[:-1])} → … (22 more) → {names[-1]}."
    )
