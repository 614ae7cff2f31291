"""Candidates for links: which they are, why, and how they are told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from framework import HEAD, SKILL, TARGET, dictionary, entry, short

from competency_graph import linking
from competency_graph.mappings import MappingSet, read, write
from conftest import Run
from sssom_py import rows_taken

GRAPHS = {
    "nq": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG, "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML, "jsonld": ox.RdfFormat.JSON_LD,
}  # fmt: skip


@pytest.fixture
def suggested(tmp_path: Path):
    """The candidates for a dictionary's entries, all there are where nothing else is asked for."""

    def suggest(*entries: str, language: str = "en", **given) -> MappingSet:
        mine, esco = tmp_path / "mine.ttl", tmp_path / "esco.ttl"
        mine.write_text(dictionary(*entries))
        if not esco.exists():
            esco.write_text(TARGET)
        found = linking.suggest(
            linking.entries([mine], (), language), [linking.target([esco], language)], language,
            **{"threshold": 0} | given,
        )  # fmt: skip
        write(tmp_path / "mine.sssom.tsv", found)
        assert read(tmp_path / "mine.sssom.tsv") == found
        return found

    return suggest


def ends(found: MappingSet) -> list[str]:
    return [short(mapping.object_id) for mapping in found.mappings]


@pytest.mark.parametrize(
    ("kind", "label", "first"),
    [
        ("Ability", "Negotiating contracts", "01"),  # inflection
        ("Ability", "Turns metal parts", "02"),  # another label
        ("Knowledge", "CRM", "03"),  # an acronym that the framework explains
        ("Knowledge", "Crystals and gemstones", "04"),  # the definition
        ("Knowledge", "Bookkeeping", "06"),  # a knowledge entry goes to knowledge
        ("Ability", "Bookkeeping", "05"),  # an ability goes to a skill
        ("JobTitle", "Negotiator of contracts", "20"),  # a title goes to an occupation
    ],
)
def test_the_best_candidate_comes_first(suggested, kind: str, label: str, first: str) -> None:
    found = suggested(entry("it", kind, label))
    assert ends(found)[0] == first
    chances = [float(mapping.confidence) for mapping in found.mappings]
    assert chances == sorted(chances, reverse=True)


def test_what_an_entry_is_in_tells_two_candidates_apart(suggested, tmp_path: Path) -> None:
    target = TARGET + "".join(
        f"""
<{SKILL}3{n}> a skos:Concept, esco:Skill ; esco:skillType type:skill ;
  skos:prefLabel "measure quality"@en ; skos:broader <{SKILL}4{n}> .
<{SKILL}4{n}> a skos:Concept ; skos:prefLabel "{place}"@en .
"""
        for n, place in enumerate(("weaving cloth", "brewing beer"))
    )
    (tmp_path / "esco.ttl").write_text(target)
    area = entry("brewing", "AreaOfExpertise", "Brewing", "; cg:requiresAbility mine:it ")
    found = suggested(area, entry("it", "Ability", "Measure quality"))
    own = [m for m in found.mappings if m.subject_label == "Measure quality"]
    assert [short(m.object_id) for m in own[:2]] == ["31", "30"]
    assert "brewing beer" in own[0].comment


@pytest.mark.parametrize(("kind", "never"), [("JobTitle", {"01", "02"}), ("Ability", {"20", "21"})])
def test_a_wrong_kind_is_left_out(suggested, kind: str, never: set[str]) -> None:
    found = suggested(entry("it", kind, "Negotiate contract lathe operator"))
    assert found.mappings
    assert not never & set(ends(found))


def test_what_is_deprecated_or_a_scheme_is_no_candidate(suggested) -> None:
    found = suggested(entry("it", "Ability", "Negotiate contracts with care"))
    assert ends(found)[0] == "01"
    assert "07" not in ends(found)
    assert not [m for m in found.mappings if "concept-scheme" in m.object_id]


@pytest.mark.parametrize(
    ("label", "predicate"),
    [
        ("Negotiates contracts", "close"),  # equal labels are no exact match yet
        ("Negotiate a shipping contract", "broad"),
        ("Negotiate", "narrow"),
        ("Sign a contract", "related"),
    ],
)
def test_the_relation_is_what_the_labels_show(suggested, label: str, predicate: str) -> None:
    found = suggested(entry("it", "Ability", label))
    own = next(m for m in found.mappings if short(m.object_id) == "01")
    assert own.predicate_id == f"skos:{predicate}Match"


def test_equal_labels_are_told_from_all_else(suggested) -> None:
    found = suggested(entry("it", "Ability", "Lathe operating"))
    equal, *others = found.mappings
    assert equal.mapping_justification == "semapv:LexicalMatching"
    assert equal.others["subject_match_field"] == "skos:prefLabel"
    assert equal.others["object_match_field"] == "skos:altLabel"
    assert equal.others["object_preprocessing"].split("|")[-1] == "semapv:Stemming"
    assert "“lathe operating”" in equal.comment
    assert {m.mapping_justification for m in others} <= {"semapv:CompositeMatching"}


def test_the_reasons_name_words_label_and_hierarchy(suggested) -> None:
    found = suggested(
        entry(
            "it", "Ability", "Negotiating a fair contract", '; skos:definition "Signs terms."@en '
        )
    )
    best = found.mappings[0]
    assert best.others["match_string"] == "negotiate|contract"
    assert best.comment == (
        "Words of its label in the label: negotiate, contract. Similar in meaning (0.90). "
        "In the definition: terms, sign. It is within “negotiating”: negotiating."
    )
    assert best.mapping_tool == "competency-graph"
    assert best.others["mapping_tool_version"] == "0.1.0"
    assert 0 < float(best.others["similarity_score"]) <= 1


def test_other_languages_are_compared_in_their_own_words(suggested) -> None:
    german = 'mine:it a cg:Ability ; skos:prefLabel "Das Aushandeln von Verträgen"@de .'
    found = suggested(german, language="de")
    assert (found.mappings[0].object_label, ends(found)[0]) == ("Verträge aushandeln", "01")


def test_threshold_and_most_bound_what_is_told(suggested) -> None:
    label = "Negotiate contract, forecast, bookkeeping"
    everything = suggested(entry("it", "Ability", label)).mappings
    some = suggested(entry("it", "Ability", label), most=2)
    assert some.mappings == everything[:2]
    least = everything[1].confidence
    above = suggested(entry("it", "Ability", label), threshold=float(least)).mappings
    assert (
        above == tuple(m for m in everything if float(m.confidence) >= float(least))[: len(above)]
    )
    assert suggested(entry("it", "Ability", label), threshold=1).mappings == ()


@pytest.mark.parametrize("ending", GRAPHS)
def test_the_framework_may_be_in_any_format(
    suggested, tmp_path: Path, competency: Run, ending: str
) -> None:
    plain = suggested(entry("it", "Ability", "Negotiating contracts"))
    form = GRAPHS[ending]
    graph = ox.NamedNode("https://example.org/g") if form.supports_datasets else ox.DefaultGraph()
    quads = (
        ox.Quad(q.subject, q.predicate, q.object, graph)
        for q in ox.parse(TARGET, format=ox.RdfFormat.TURTLE)
    )
    lines = list(quads) if form.supports_datasets else [q.triple for q in quads]
    (tmp_path / f"esco.{ending}").write_bytes(ox.serialize(lines, format=form))
    done = competency("link", "suggest", "mine.ttl", "--to", f"esco.{ending}", "--threshold", "0")
    rows = [line for line in done.stdout.splitlines() if not line.startswith("#")]
    assert len(rows) == 1 + len(plain.mappings)
    assert plain.mappings[0].object_id in rows[1]


def test_any_scheme_of_skos_will_do_and_gets_prefixes(suggested, tmp_path: Path) -> None:
    (tmp_path / "esco.ttl").write_text(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n<https://example.org/trade#haggling>"
        ' a skos:Concept ; skos:prefLabel "haggling"@en .'
    )
    found = suggested(entry("it", "Ability", "Haggling"))
    (only,) = found.mappings
    assert found.expand(only.object_id) == "https://example.org/trade#haggling"
    assert found.expand(only.subject_id) == "https://example.org/acme/entry/it"
    assert only.object_category == "skos:Concept"


VERSIONS = {
    "a framework": (
        f"{TARGET}\n<https://w3id.org/competency-graph/graph/esco> owl:versionInfo 'v9.9' .",
        "https://w3id.org/competency-graph/graph/esco",
    ),
    "a scheme": (
        "PREFIX owl: <http://www.w3.org/2002/07/owl#>\n"
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        "<https://example.org/trades> a skos:ConceptScheme ; owl:versionInfo 'v9.9' .\n"
        "<https://example.org/trade/1> a skos:Concept ; skos:prefLabel 'haggling'@en ;"
        " skos:inScheme <https://example.org/trades> .",
        "https://example.org/trades",
    ),
}


@pytest.mark.parametrize("case", VERSIONS)
def test_candidates_and_decisions_say_to_which_version_they_lead(
    suggested, competency: Run, tmp_path: Path, case: str
) -> None:
    text, source = VERSIONS[case]
    (tmp_path / "esco.ttl").write_text(text)
    found = suggested(entry("it", "Ability", "Haggling"), most=1)
    (only,) = found.mappings
    assert found.expand(only.others["object_source"]) == source
    assert only.others["object_source_version"] == "v9.9"
    checked = competency("link", "check", "mine.sssom.tsv", "mine.ttl").stdout
    assert "mine.ttl" not in checked  # its entry is in no area, which is no fault of a link
    assert "CG502" not in checked  # the version
    assert "CG505" not in checked  # the date
    review = linking.Review(tmp_path / "mine.sssom.tsv", tmp_path / "kept.sssom.tsv", "Ann")
    review.decide(review.candidates[0], "reject")
    review.record_no_match(review.candidates[0], "Looked at trades.")
    kept = read(tmp_path / "kept.sssom.tsv").mappings
    assert [each.others["object_source_version"] for each in kept] == ["v9.9", "v9.9"]


def test_a_folder_of_a_dictionary_will_do(competency: Run, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    (mine / "more").mkdir(parents=True)
    (mine / "one.ttl").write_text(dictionary(entry("one", "Ability", "Haggling")))
    (mine / "more" / "two.ttl").write_text(dictionary(entry("two", "Ability", "Bookkeeping")))
    (mine / "old.sssom.tsv").write_text(
        "# mapping_set_id: https://example.org/old\n"
        + "\t".join(["subject_id", "predicate_id", "object_id", "mapping_justification"])
    )
    (tmp_path / "esco.ttl").write_text(TARGET)
    done = competency("link", "suggest", "mine", "--to", "esco.ttl", "--threshold", "0")
    assert "of 2 entries" in done.stderr


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tables", "there is no entry with a label in these files"),
        ("old.sssom.tsv", "there is no entry with a label in these files"),
        ("-", "entries cannot be read from standard input"),
        ("nowhere", "there is no such file"),
    ],
)
def test_a_name_that_holds_no_entries_is_told(
    competency: Run, tmp_path: Path, name: str, said: str
) -> None:
    """Rather than take the published ones for them."""
    (tmp_path / "tables").mkdir()
    for table in ("tables/old.sssom.tsv", "old.sssom.tsv"):
        (tmp_path / table).write_text("what was decided before")
    (tmp_path / "esco.ttl").write_text(TARGET)
    done = competency("link", "suggest", name, "--to", "esco.ttl")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_scheme_without_a_name_is_not_named(suggested, competency: Run, tmp_path: Path) -> None:
    (tmp_path / "esco.ttl").write_text(
        "PREFIX owl: <http://www.w3.org/2002/07/owl#>\n"
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        "<https://example.org/trade/1> a skos:Concept ; skos:prefLabel 'haggling'@en ;"
        " skos:inScheme [ a skos:ConceptScheme ; owl:versionInfo '1' ] ."
    )
    (only,) = suggested(entry("it", "Ability", "Haggling")).mappings
    assert "object_source" not in only.others
    assert "CG002" not in competency("link", "check", "mine.sssom.tsv", "mine.ttl").stdout


def test_decisions_on_several_files_name_each_ones_framework(suggested, tmp_path: Path) -> None:
    """Also where the files have the same prefix for different things."""
    kept = tmp_path / "kept.sssom.tsv"
    for host in ("a.example", "b.example"):
        (tmp_path / "esco.ttl").write_text(
            "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
            f"<https://{host}/1> a skos:Concept ; skos:prefLabel 'haggling'@en ;"
            f" skos:inScheme <https://{host}/trades> ."
        )
        suggested(entry("it", "Ability", "Haggling"))
        review = linking.Review(tmp_path / "mine.sssom.tsv", kept, "Ann")
        review.decide(review.candidates[0], "close")
    found = read(kept)
    assert [
        (found.expand(each.object_id), found.expand(each.others["object_source"]))
        for each in found.mappings
    ] == [(f"https://{h}.example/1", f"https://{h}.example/trades") for h in "ab"]


def test_nothing_found_in_several_frameworks_names_none(suggested, tmp_path: Path) -> None:
    scheme = (
        " a skos:Concept ; skos:prefLabel 'haggling'@en ; skos:inScheme <https://{0}.example/all> ."
    )
    (tmp_path / "esco.ttl").write_text(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        + "".join(f"<https://{h}.example/1>{scheme.format(h)}\n" for h in "ab")
    )
    suggested(entry("it", "Ability", "Haggling"))
    review = linking.Review(tmp_path / "mine.sssom.tsv", tmp_path / "kept.sssom.tsv", "Ann")
    assert len(review.candidates) == 2
    review.record_no_match(review.candidates[0], "Looked at both.")
    (only,) = read(tmp_path / "kept.sssom.tsv").mappings
    assert "object_source" not in only.others


def test_candidates_of_a_scheme_that_its_concepts_begin_with_can_be_checked(
    suggested, competency: Run, tmp_path: Path
) -> None:
    """Its own IRI is not cut off behind the last slash, as nothing would be left for a CURIE."""
    (tmp_path / "esco.ttl").write_text(
        f"{HEAD}PREFIX owl: <http://www.w3.org/2002/07/owl#>\n"
        "<https://x.example/words/> a skos:ConceptScheme ; owl:versionInfo '1' .\n"
        '<https://x.example/words/1> a skos:Concept ; skos:prefLabel "haggling"@en ;\n'
        "  skos:inScheme <https://x.example/words/> .\n"
    )
    found = suggested(entry("it", "Ability", "Haggling"))
    (mapping,) = found.mappings
    assert found.expand(mapping.others["object_source"]) == "https://x.example/words/"
    assert mapping.object_category == "skos:Concept"
    done = competency("link", "check", "mine.sssom.tsv", "mine.ttl")
    assert "CG001" not in done.stdout
    assert "CG502" not in done.stdout
    assert "CG510" not in done.stdout


def test_a_language_that_no_label_is_in_is_told(competency: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.ttl").write_text(dictionary(entry("it", "Ability", "Haggling")))
    (tmp_path / "esco.ttl").write_text(TARGET)
    done = competency("link", "suggest", "mine.ttl", "--to", "esco.ttl", "--language", "fi")
    assert done.returncode == 0
    assert "no label of the entries is in “fi”; those in en are compared." in done.stderr
    assert "no label of esco.ttl is in “fi”" in done.stderr
    right = competency("link", "suggest", "mine.ttl", "--to", "esco.ttl", "--language", "EN")
    assert "no label of" not in right.stderr


def test_each_candidate_has_a_reason(suggested) -> None:
    """Also one that shares no whole word, and one by the words behind an abbreviation."""
    found = suggested(
        entry("it", "Ability", "Bookkeepers"),
        entry("crm", "Ability", "CRM tools"),
        threshold=0,
    )
    assert found.mappings
    assert all(mapping.comment for mapping in found.mappings)


@pytest.mark.parametrize(
    ("own", "prefix"),
    [
        ("https://example.org/acme/", "acme"),
        ("https://example.org/acme/ability#", "ability1"),  # the first is the project's
        ("https://example.org/", "ns"),
        ("urn:example:", "ns"),
    ],
)
def test_new_prefixes_are_named_as_the_folder_is(suggested, own: str, prefix: str) -> None:
    found = suggested(f'<{own}haggling> a cg:Ability ; skos:prefLabel "Haggling"@en .')
    assert {each.subject_id for each in found.mappings} == {f"{prefix}:haggling"}


@pytest.mark.parametrize(
    "iri", ["urn:example:haggling", "https://example.org/haggling/", "https://example.org"]
)
def test_each_iri_has_a_short_form(suggested, tmp_path: Path, iri: str) -> None:
    (tmp_path / "esco.ttl").write_text(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        f'<{iri}> a skos:Concept ; skos:prefLabel "haggling"@en .'
    )
    found = suggested(entry("it", "Ability", "Haggling"))
    assert [found.expand(mapping.object_id) for mapping in found.mappings] == [iri]


def test_a_thing_without_a_name_is_no_candidate(suggested, tmp_path: Path) -> None:
    (tmp_path / "esco.ttl").write_text(
        f'{TARGET}\n[] a skos:Concept ; skos:prefLabel "haggling"@en .'
    )
    found = suggested(entry("it", "Ability", "Haggling"))
    assert "haggling" not in {mapping.object_label for mapping in found.mappings}


def test_a_description_may_be_a_node_as_in_escos_own_rdf(suggested, tmp_path: Path) -> None:
    (tmp_path / "esco.ttl").write_text(
        TARGET
        + f"""
<{SKILL}50> a skos:Concept, esco:Skill ; esco:skillType type:skill ;
  skos:prefLabel "trade"@en ; dcterms:description <{SKILL}51> .
<{SKILL}51> a esco:NodeLiteral ; esco:nodeLiteral "Haggling over spices."@en ; esco:language "en" .
"""
    )
    found = suggested(entry("it", "Ability", "Haggling about spices"))
    assert ends(found)[0] == "50"


def test_a_dictionary_may_be_any_scheme_of_skos(suggested) -> None:
    found = suggested('mine:it a skos:Concept ; skos:prefLabel "Lathe operator"@en .')
    assert ends(found)[0] == "21"


def test_without_a_file_it_is_the_published_dictionary(competency: Run, tmp_path: Path) -> None:
    (tmp_path / "esco.ttl").write_text(TARGET)
    done = competency("link", "suggest", "--to", "esco.ttl", "--threshold", "0", "--most", "1")
    assert "of 695 entries" in done.stderr
    assert "knowledge:" in done.stdout


def test_several_frameworks_come_together(competency: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.ttl").write_text(dictionary(entry("it", "Ability", "Haggling over prices")))
    for name in ("one", "two"):
        (tmp_path / f"{name}.ttl").write_text(
            'PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n'
            f'<https://example.org/{name}/h> a skos:Concept ; skos:prefLabel "haggling"@en .'
        )  # fmt: skip
    done = competency(
        "link", "suggest", "mine.ttl", "--to", "one.ttl", "--to", "two.ttl", "--threshold", "0",
        "-o", "mine.sssom.tsv", "--id", "https://example.org/acme/links",
    )  # fmt: skip
    assert done.stdout == "2 candidates for 1 of 1 entries in mine.sssom.tsv.\n"
    found = read(tmp_path / "mine.sssom.tsv")
    assert found.iri == "https://example.org/acme/links"
    assert {found.expand(m.object_id) for m in found.mappings} == {
        "https://example.org/one/h", "https://example.org/two/h",
    }  # fmt: skip


def test_sssom_py_reads_it_and_finds_nothing_wrong(suggested, tmp_path: Path) -> None:
    suggested(entry("it", "Ability", "Negotiating contracts"), entry("b", "Knowledge", "CRM"))
    assert rows_taken(tmp_path / "mine.sssom.tsv") > 1


# ---------------------------------------------------------------------------
# What is refused


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("esco.ttl", None, "there is no such file"),
        ("esco.csv", "a,b", "the ending “.csv” is not that of a known RDF format"),
        ("esco.ttl", "<a> <b>", "this is not Turtle"),
        ("esco.ttl", "<urn:a> <urn:b> <urn:c> .", "no concept with a label"),
        ("esco.ttl", 'PREFIX skos: <http://www.w3.org/2004/02/skos/core#> <urn:x:a> a skos:Concept ; skos:prefLabel "" .',
         "no concept with a label"),
    ],
)  # fmt: skip
def test_a_framework_that_is_none_is_told(
    competency: Run, tmp_path: Path, name: str, content: str | None, said: str
) -> None:
    (tmp_path / "mine.ttl").write_text(dictionary(entry("it", "Ability", "Haggling")))
    if content is not None:
        (tmp_path / name).write_text(content)
    done = competency("link", "suggest", "mine.ttl", "--to", name, "-o", "out.sssom.tsv")
    assert done.returncode == 2
    assert said in done.stderr
    assert name in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.sssom.tsv").exists()


def test_a_dictionary_without_entries_is_told(competency: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.ttl").write_text(HEAD)
    (tmp_path / "esco.ttl").write_text(TARGET)
    done = competency("link", "suggest", "mine.ttl", "--to", "esco.ttl")
    assert done.returncode == 2
    assert "mine.ttl: there is no entry with a label in these files" in done.stderr


@pytest.mark.parametrize("label", ["!!!", "the of", "😀", "x"])
def test_labels_without_words_break_nothing(competency: Run, tmp_path: Path, label: str) -> None:
    (tmp_path / "mine.ttl").write_text(dictionary(entry("it", "Ability", label)))
    (tmp_path / "esco.ttl").write_text(
        f'PREFIX skos: <http://www.w3.org/2004/02/skos/core#> <https://example.org/x/y> a skos:Concept ; skos:prefLabel "{label}" .'
    )
    done = competency("link", "suggest", "mine.ttl", "--to", "esco.ttl", "--threshold", "0")
    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0), done.stderr


def test_without_the_extra_it_says_how_to_install_it(tmp_path: Path) -> None:
    (tmp_path / "mine.ttl").write_text(dictionary(entry("it", "Ability", "Haggling")))
    (tmp_path / "esco.ttl").write_text(TARGET)
    code = (
        "import sys; sys.modules['sklearn'] = None\nfrom competency_graph.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "link", "suggest", "mine.ttl", "--to", "esco.ttl"],
        capture_output=True, text=True, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "pip install 'competency-graph[link]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_cannot_be_written_is_told(competency: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.ttl").write_text(dictionary(entry("it", "Ability", "Haggling")))
    (tmp_path / "esco.ttl").write_text(TARGET)
    done = competency(
        "link", "suggest", "mine.ttl", "--to", "esco.ttl", "-o", "mine.ttl/out.sssom.tsv"
    )
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
