"""Any framework can be used as ESCO is: linked to, checked, queried, served and chained."""

from __future__ import annotations

import csv
import io
import json
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from downloads import ESCO, HERE

from competency_graph.mappings import read
from conftest import Run, serving

FILES = HERE / "frameworks"
HEAD = """\
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX mine: <https://example.org/bakery/>
"""
KNEADING = "https://credentialengineregistry.org/resources/ce-00000000-0000-4000-8000-000000000002"


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def bakery(tmp_path: Path) -> Path:
    """A dictionary of one's own."""
    folder = tmp_path / "bakery"
    folder.mkdir()
    (folder / "mine.ttl").write_text(
        HEAD + 'mine:knead a cg:Ability ; skos:prefLabel "Kneading"@en ;\n'
        '  skos:definition "Works dough until it is smooth."@en .\n'
        'mine:cooperate a cg:Ability ; skos:prefLabel "Cooperation"@en .\n'
    )
    return folder


def test_from_files_of_frameworks_to_links_between_them(
    bakery: Path, tmp_path: Path, competency: Run
) -> None:
    for form, file in (
        ("ctdl", "registry.json"),
        ("hropen", "positions.json"),
        ("skos", "stw.ttl"),
    ):
        assert competency("import", form, FILES / file).returncode == 0
        name = Path(file).stem
        suggested = competency(
            "link", "suggest", "bakery/mine.ttl", "--to", f"{name}.nq", "--most", "1",
            "-o", f"bakery/{name}.sssom.tsv",
        )  # fmt: skip
        assert suggested.returncode == 0, suggested.stderr
    links = {name: read(bakery / f"{name}.sssom.tsv") for name in ("registry", "positions", "stw")}
    assert {
        name: [(m.predicate_id, m.object_label) for m in found.mappings]
        for name, found in links.items()
    } == {
        "registry": [("skos:closeMatch", "Kneading")],
        "positions": [("skos:closeMatch", "Kneading")],
        "stw": [("skos:closeMatch", "Cooperation")],
    }
    assert links["stw"].mappings[0].others["object_source_version"] == "9.10"

    # Only the versions are missing, which the registry and the positions do not state.
    checked = competency("link", "check", "bakery")
    assert [line.split()[1:3] for line in checked.stdout.splitlines() if ": warning" in line or ": error" in line] == [
        ["warning", "CG502"], ["warning", "CG502"],
    ]  # fmt: skip

    chained = competency(
        "link", "chain", "bakery/registry.sssom.tsv", "bakery/positions.sssom.tsv",
        "-o", "bakery/between.sssom.tsv",
    )  # fmt: skip
    assert chained.returncode == 0, chained.stderr
    (between,) = read(bakery / "between.sssom.tsv").mappings
    assert (between.predicate_id, between.object_id) == ("skos:relatedMatch", "positions:kneading")

    options = ("--data", "bakery/mine.ttl", "--data", "bakery/registry.sssom.tsv",
               "--data", "bakery/positions.sssom.tsv", "--with", "registry.nq")  # fmt: skip
    asked = competency(
        "query", "framework-crosswalk", "-p", "from=credentialengineregistry.org", "-p", "to=graph",
        "-p", "match=relatedMatch", "-f", "csv", *options,
    )  # fmt: skip
    (row,) = rows(asked.stdout)
    assert (row["source"], row["targetLabel"], row["entryLabel"]) == (
        KNEADING,
        "Kneading",
        "Kneading",
    )

    text = (
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT ?code ?narrower { "
        '?entry skos:prefLabel "Kneading"@en ; skos:closeMatch ?concept . '
        "GRAPH <https://w3id.org/competency-graph/graph/registry> "
        "{ ?concept skos:notation ?code ; skos:narrower/skos:prefLabel ?narrower } }"
    )
    registry = KNEADING.replace("000000000002", "000000000001")
    with serving(tmp_path, *options) as address:
        query = urllib.parse.urlencode({"query": text})
        with urllib.request.urlopen(f"{address}/sparql?{query}") as answer:
            (found,) = json.load(answer)["results"]["bindings"]
        with urllib.request.urlopen(
            f"{address}/links?format=json&framework={urllib.parse.quote(registry, safe='')}"
        ) as answer:
            listed = answer.read().decode()
        request = urllib.request.Request(f"{address}/links", headers={"Accept": "text/html"})
        with urllib.request.urlopen(request) as answer:
            page = answer.read().decode()
    assert (found["code"]["value"], found["narrower"]["value"]) == ("B1", "Stop kneading in time.")
    assert KNEADING in listed
    assert "Bakery skills" in page  # the title of the framework, from its graph


def test_codes_of_isco_and_nace_that_esco_has(
    bakery: Path, tmp_path: Path, competency: Run
) -> None:
    """ESCO 1.1 has ISCO's groups; since 1.2, occupations also have codes of NACE."""
    source = tmp_path / "esco"
    source.mkdir()
    for path in ESCO.glob("*.csv"):
        (source / path.name).write_bytes(path.read_bytes())
    lines = list(csv.reader((source / "occupations_en.csv").read_text().splitlines(keepends=True)))
    with (source / "occupations_en.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        for number, line in enumerate(lines):
            code = "http://data.europa.eu/ux2/nace2.1/4711" if number == 1 else ""
            writer.writerow([*line, code if number else "naceCode"])
    assert "1  codes of NACE\n" in competency("import", "esco", source).stdout

    def asked(code: str, of: str) -> list[list[str]]:
        text = (
            "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX esco: <http://data.europa.eu/esco/model#> "
            f'SELECT ?concept ?scheme {{ ?concept skos:notation "{code}" ; skos:inScheme ?scheme . '
            f"FILTER(?scheme = <{of}>) }}"
        )
        done = competency("query", "--with", "esco.nq", "-f", "csv", "-", stdin=text)
        return [list(row.values()) for row in rows(done.stdout)]

    isco = "http://data.europa.eu/esco/concept-scheme/isco"
    nace = "http://data.europa.eu/ux2/nace2.1/nace2.1"
    assert asked("1", isco) == [["http://data.europa.eu/esco/isco/C1", isco]]
    assert asked("47.11", nace) == [["http://data.europa.eu/ux2/nace2.1/4711", nace]]

    (bakery / "titles.ttl").write_text(
        HEAD + 'mine:baker a cg:JobTitle ; skos:prefLabel "Baker"@en .\n'
    )
    (bakery / "codes.sssom.tsv").write_text(
        "# mapping_set_id: https://example.org/codes\n"
        "# license: https://creativecommons.org/licenses/by/4.0/\n"
        '# object_source_version: "1.2"\n# curie_map:\n'
        "#   mine: https://example.org/bakery/\n#   isco: http://data.europa.eu/esco/isco/\n"
        "#   nace: http://data.europa.eu/ux2/nace2.1/\n"
        "subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tobject_category\t"
        "mapping_justification\tconfidence\tmapping_date\n"
        "mine:baker\tBaker\tskos:broadMatch\tisco:C7512\tBakers\tISCO group\t"
        "semapv:ManualMappingCuration\t0.9\t2026-11-30\n"
        "mine:baker\tBaker\tskos:relatedMatch\tnace:1071\tManufacture of bread\tskos:Concept\t"
        "semapv:ManualMappingCuration\t0.9\t2026-11-30\n"
    )
    checked = competency("link", "check", "bakery")
    assert ": error" not in checked.stdout
    assert "CG52" not in checked.stdout
