"""What changed between two versions, by entry and by meaning."""

from __future__ import annotations

from collections import Counter

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competency_graph.errors import UnreadableInputError
from competency_graph.versions import Change, compare, write
from versions.bakery import (
    BAKER,
    BREAD,
    CAKE,
    DOUGH,
    FLOUR,
    KNEADING,
    OVEN,
    changes,
    told,
    version,
)

COOK = 'bakery:cook a cg:Role ; skos:prefLabel "Cook"@en .\n'
EXACT = "bakery:baker skos:exactMatch esco:1 .\n"
SHAPE = """\
bakery:shape a sh:NodeShape ; sh:property [ sh:path skos:prefLabel ; sh:minCount 1 ] ,
    [ sh:path skos:notation ; sh:maxCount 1 ] .
"""
WAYS = "bakery:ways a owl:Class ; owl:unionOf ( bakery:a bakery:b bakery:c ) .\n"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (BAKER, BAKER + FLOUR, ["added flour"]),
        (BAKER + FLOUR, BAKER, ["gone flour"]),
        (
            BAKER,
            BAKER.replace("Baker", "Artisan baker"),
            ['renamed baker | prefLabel -"Baker"@en +"Artisan baker"@en'],
        ),
        (
            BAKER + 'bakery:baker skos:definition "Bakes."@en .',
            BAKER + 'bakery:baker skos:definition "Bakes bread."@en .',
            ['reworded baker | definition -"Bakes."@en +"Bakes bread."@en'],
        ),
        (
            BAKER + 'bakery:baker skos:definition "Bakes."@en .',
            BAKER,
            ['reworded baker | definition -"Bakes."@en'],
        ),
        (
            BAKER,
            BAKER + 'bakery:baker skos:prefLabel "Bäcker"@de .',
            ['translated baker | prefLabel +"Bäcker"@de'],
        ),
        (
            BAKER,
            BAKER + 'bakery:baker skos:definition "Backt."@de .',
            ['reworded baker | definition +"Backt."@de'],
        ),
        (
            BAKER,
            BAKER.replace("R1", "R7"),
            ['recoded baker | notation -"R1" +"R7"'],
        ),
        (
            BAKER,
            BAKER.replace("cg:Role", "cg:JobTitle"),
            [
                "reclassed baker | type -<https://w3id.org/competency-graph/ontology#Role "
                "+<https://w3id.org/competency-graph/ontology#JobTitle"
            ],
        ),
        (
            DOUGH + OVEN + KNEADING + "bakery:dough cg:hasCompetency bakery:kneading .",
            DOUGH + OVEN + KNEADING + "bakery:oven cg:hasCompetency bakery:kneading .",
            ["moved kneading | cluster -dough +oven"],
        ),
        (
            DOUGH + OVEN + KNEADING + "bakery:dough cg:hasCompetency bakery:kneading .",
            DOUGH + OVEN + KNEADING + "bakery:kneading cg:inCluster bakery:oven .",
            ["moved kneading | cluster -dough +oven"],
        ),
        (
            DOUGH + KNEADING + "bakery:dough cg:hasCompetency bakery:kneading .",
            DOUGH + KNEADING + "bakery:kneading cg:inCluster bakery:dough .",
            ["restated kneading | cluster -dough +dough"],
        ),
        (
            BREAD + CAKE + FLOUR + "bakery:bread cg:requiresKnowledge bakery:flour .",
            BREAD + CAKE + FLOUR + "bakery:cake cg:requiresKnowledge bakery:flour .",
            ["moved flour | area -bread +cake"],
        ),
        (
            BREAD + CAKE + FLOUR + "bakery:bread cg:requiresKnowledge bakery:flour .",
            BREAD + CAKE + FLOUR
            + "bakery:bread cg:requiresKnowledge bakery:flour ."
            + "bakery:cake cg:requiresKnowledge bakery:flour .",
            ["references cake | requiresKnowledge +flour"],
        ),
        (
            FLOUR + CAKE + BREAD + "bakery:flour skos:broader bakery:cake .",
            FLOUR + CAKE + BREAD + "bakery:flour skos:broader bakery:bread .",
            ["moved flour | broader entry -cake +bread"],
        ),
        (
            BAKER + EXACT,
            BAKER + "bakery:baker skos:closeMatch esco:1 .",
            [
                "relinked baker | closeMatch +<http://data.europa.eu/esco/occupation/1 | "
                "exactMatch -<http://data.europa.eu/esco/occupation/1"
            ],
        ),
        (
            BAKER,
            BAKER + "bakery:baker owl:deprecated true ; dcterms:isReplacedBy bakery:cook .",
            [
                "deprecated baker | isReplacedBy +cook | deprecated "
                '+"true"^^<http://www.w3.org/2001/XMLSchema#boolean'
            ],
        ),
        (
            SHAPE + 'bakery:shape sh:message "No label."@en .',
            SHAPE + 'bakery:shape sh:message "No name."@en .',
            ['reworded shape | message -"No label."@en +"No name."@en'],
        ),
        (
            BAKER + "bakery:baker owl:deprecated true .",
            BAKER,
            ['reinstated baker | deprecated -"true"^^<http://www.w3.org/2001/XMLSchema#boolean'],
        ),
        (
            BAKER + BREAD + CAKE + "bakery:baker cg:coversArea bakery:bread .",
            BAKER + BREAD + CAKE + "bakery:baker cg:coversArea bakery:cake .",
            ["references baker | coversArea -bread +cake"],
        ),
        (
            BAKER + COOK + BREAD + "bakery:baker cg:coversArea bakery:bread .",
            BAKER + COOK + BREAD + "bakery:cook cg:coversArea bakery:bread .",
            ["references cook | coversArea +bread", "references baker | coversArea -bread"],
        ),
        (
            DOUGH + OVEN + "bakery:dough cg:hasCompetency bakery:kneading .",
            DOUGH + OVEN + KNEADING + "bakery:oven cg:hasCompetency bakery:kneading .",
            [
                "added kneading",
                "references dough | hasCompetency -kneading",
                "references oven | hasCompetency +kneading",
            ],
        ),
        (
            BAKER + "bakery:baker owl:deprecated true .",
            BAKER + 'bakery:baker owl:deprecated "1"^^<http://www.w3.org/2001/XMLSchema#boolean> .',
            [
                'deprecated baker | deprecated -"true"^^<http://www.w3.org/2001/XMLSchema#boolean '
                '+"1"^^<http://www.w3.org/2001/XMLSchema#boolean'
            ],
        ),
        (
            BAKER,
            BAKER + "bakery:baker cg:sourcePage 7 .",
            [
                'other baker | sourcePage +"7"^^<http://www.w3.org/2001/XMLSchema#integer'
            ],
        ),
        (
            SHAPE,
            SHAPE.replace("minCount 1", "minCount 2"),
            [
                'references shape | [sh:property] minCount -"1"^^<http://www.w3.org/2001/'
                'XMLSchema#integer +"2"^^<http://www.w3.org/2001/XMLSchema#integer'
            ],
        ),
        (
            WAYS,
            WAYS.replace("bakery:b ", ""),
            ["references ways | [any of] first -b"],
        ),
        (
            WAYS,
            WAYS.replace("bakery:a bakery:b", "bakery:b bakery:a"),
            ["references ways | order of members"],
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)  # fmt: skip
def test_a_change_has_its_kind(old: str, new: str, expected: list[str]) -> None:
    assert told(changes(old, new)) == expected


def test_several_changes_of_an_entry_are_listed_by_kind() -> None:
    found = changes(
        BAKER + FLOUR, BAKER.replace("Baker", "Master baker").replace("R1", "R2") + BREAD
    )
    assert [(each.kind, each.entry.label) for each in found.changes] == [
        ("added", "Bread"),
        ("gone", "Flour"),
        ("recoded", "Master baker"),
        ("renamed", "Master baker"),
    ]
    assert dict(found.counts) == {"added": 1, "gone": 1, "recoded": 1, "renamed": 1}


def test_each_different_statement_belongs_to_one_change() -> None:
    old = (
        DOUGH + OVEN + KNEADING + "bakery:dough cg:hasCompetency bakery:kneading ." + SHAPE + EXACT
    )
    new = (
        DOUGH + OVEN + KNEADING.replace("Kneading", "Folding") + BAKER + WAYS
        + "bakery:kneading cg:inCluster bakery:oven ." + SHAPE.replace("maxCount 1", "maxCount 3")
    )  # fmt: skip
    found = changes(old, new)
    removed = Counter(quad for change in found.changes for quad in change.removed)
    added = Counter(quad for change in found.changes for quad in change.added)
    assert removed == Counter(found.difference.removed)
    assert added == Counter(found.difference.added)


PIECES = [
    *(BAKER, DOUGH, OVEN, KNEADING, BREAD, CAKE, FLOUR, SHAPE, WAYS, EXACT),
    *(f"bakery:{name} cg:hasCompetency bakery:kneading .\n" for name in ("dough", "oven")),
    *(f"bakery:kneading cg:inCluster bakery:{name} .\n" for name in ("dough", "oven")),
    *(f"bakery:{name} cg:requiresKnowledge bakery:flour .\n" for name in ("bread", "cake")),
    *(f'bakery:baker skos:definition "{text}" .\n' for text in ("Bakes.", "Bakes bread.")),
    "bakery:baker a cg:JobTitle .\n",
    "[] a owl:Axiom ; owl:annotatedSource bakery:baker ; owl:annotatedProperty skos:exactMatch ;\n"
    "    owl:annotatedTarget esco:1 ; bakery:confidence 0.5 .\n",
    "bakery:bread bakery:steps ( bakery:kneading [ bakery:minutes 5 ] ) .\n",
]
DICTIONARIES = st.sets(st.sampled_from(PIECES)).map("".join)


@settings(max_examples=40, deadline=None)
@given(DICTIONARIES, DICTIONARIES)
def test_changes_cover_the_difference_and_do_not_depend_on_the_reading(old: str, new: str) -> None:
    found = changes(old, new)
    for side in ("removed", "added"):
        stated = Counter(quad for change in found.changes for quad in getattr(change, side))
        assert stated == Counter(getattr(found.difference, side))
    for form in ("json", "text", "rdf-patch"):
        assert write(found, form) == write(changes(old, new), form)
    back = changes(new, old)
    assert Counter(map(mirrored, found.changes)) == Counter(
        (each.kind, each.entry.iri) for each in back.changes
    )


def mirrored(change: Change) -> tuple[str, str]:
    """What a change is from the new version to the old one."""
    kinds = {"added": "gone", "gone": "added"}
    return kinds.get(change.kind, change.kind), change.entry.iri


@pytest.mark.parametrize(
    "form", [ox.RdfFormat.N_TRIPLES, ox.RdfFormat.RDF_XML, ox.RdfFormat.JSON_LD]
)
def test_a_file_in_another_format_shows_no_change(form: ox.RdfFormat) -> None:
    text = (
        BAKER + SHAPE + WAYS + "[] a owl:AllDisjointClasses ; owl:members ( cg:Role cg:Output ) ."
    )
    one = version(text, "one")
    ending = {"application/n-triples": "nt", "application/rdf+xml": "rdf"}
    content = ox.serialize((quad.triple for quad in one.statements), format=form)
    assert content is not None
    other = version(content.decode(), "other", ending.get(form.media_type, "jsonld"))
    assert other.statements != one.statements  # the blank nodes have other labels
    assert not compare(one, other)


def test_statements_about_entries_that_neither_version_describes_are_references() -> None:
    area = "<https://w3id.org/competency-graph/sales/area/setting-sales-strategy>"
    found = changes("", f"{area} cg:coveredByRole bakery:baker .")
    assert [(each.kind, each.entry.label) for each in found.changes] == [
        ("references", "Setting Sales Strategy")
    ]


SSSOM = """\
#curie_map:
#  bakery: https://example.org/bakery/
#  esco: http://data.europa.eu/esco/occupation/
#mapping_set_id: https://example.org/bakery/links
#license: https://creativecommons.org/licenses/by/4.0/
subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence
"""
ROW = "bakery:baker\tskos:closeMatch\tesco:1\tsemapv:ManualMappingCuration\t{}\n"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            ROW.format(0.7),
            ROW.format(0.9),
            "relinked baker | [close match esco-occupation:1] confidence "
            '-"0.7"^^<http://www.w3.org/2001/XMLSchema#double '
            '+"0.9"^^<http://www.w3.org/2001/XMLSchema#double',
        ),
        (
            "",
            ROW.format(0.7),
            "relinked baker | closeMatch +<http://data.europa.eu/esco/occupation/1",
        ),
        (
            ROW.format(0.7),
            "",
            "relinked baker | closeMatch -<http://data.europa.eu/esco/occupation/1",
        ),
    ],
)
def test_a_row_of_mappings_is_a_change_of_its_entry(old: str, new: str, expected: str) -> None:
    found = compare(*(version(SSSOM + each, "links", "sssom.tsv") for each in (old, new)))
    assert told(found) == [expected]


def test_statements_about_statements_are_refused() -> None:
    with pytest.raises(UnreadableInputError, match="statement about a statement"):
        changes("", "bakery:a bakery:says <<( bakery:b bakery:c bakery:d )>> .")
