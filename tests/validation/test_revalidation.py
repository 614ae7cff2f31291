"""Validated again after a change, files have the findings that they have when validated anew."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from changes import CHANGES, SMALLEST, Triples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from competency_graph.validation import (
    Base,
    Revalidation,
    Shapes,
    Source,
    gather,
    read_base,
    read_shapes,
    validate_sources,
)  # fmt: skip
from competency_graph.validation.findings import Report
from competency_graph.validation.incremental import revalidation as again_module

TESTS = Path(__file__).parents[1]
ALONE = Base(read_base().ontology)
PUBLISHED = read_shapes()
FILES = 3


class Folder:
    """A folder of files that is validated again and again."""

    def __init__(self, path: Path, base: Base = ALONE, shapes: Shapes = PUBLISHED) -> None:
        self.path, self._base, self._shapes = path, base, shapes
        self._again = Revalidation((*base.ontology, *base.dictionary), shapes)
        self.sources: list = []

    def again(self) -> Report:
        self.sources = gather([str(self.path)], "", self.sources)
        return validate_sources(self.sources, self._base, self._shapes, again=self._again)

    def same(self) -> Report:
        """What is found; fails where it is not what is found anew."""
        again = self.again()
        sources = gather([str(self.path)])
        anew = validate_sources(sources, self._base, self._shapes)
        assert told(again, self.sources) == told(anew, sources)
        assert again.statements == anew.statements
        return again


def told(report: Report, sources: list[Source]) -> list[str]:
    """The findings; blank nodes by their file instead of its number, which a removal changes."""
    names = {f"f{source.number}": Path(source.name).name for source in sources}
    return [
        re.sub(r"_:(f\d+)n", lambda match: f"_:{names[match[1]]}-", repr(finding))
        for finding in report.findings
    ]


def write(path: Path, triples: Triples) -> None:
    path.write_bytes(ox.serialize(triples, format=ox.RdfFormat.TURTLE) or b"")


def in_parts() -> list[Triples]:
    """The smallest complete dictionary, each entry in one of the files."""
    subjects = sorted({str(triple.subject) for triple in SMALLEST})
    return [
        [triple for triple in SMALLEST if subjects.index(str(triple.subject)) % FILES == part]
        for part in range(FILES)
    ]


EDITS = st.lists(
    st.tuples(
        st.sampled_from([*CHANGES, "remove", "restore", "break"]),
        st.integers(0, FILES - 1),
        st.integers(0, 200),
        st.integers(0, 200),
    ),
    min_size=1,
    max_size=6,
)


@given(EDITS)
@settings(
    max_examples=30, derandomize=True, deadline=None, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
def test_whatever_is_edited_the_findings_are_those_of_the_whole(
    tmp_path_factory: pytest.TempPathFactory, edits: list
) -> None:
    folder = Folder(tmp_path_factory.mktemp("edits"))
    parts = in_parts()
    for number, triples in enumerate(parts):
        write(folder.path / f"{number}.ttl", triples)
    assert folder.same().findings == ()
    for edit, number, one, other in edits:
        path = folder.path / f"{number}.ttl"
        if edit == "remove":
            path.unlink(missing_ok=True)
        elif edit == "break":
            path.write_text("@prefix : <x:> .\n:a :b .\n")
        elif edit == "restore" or not parts[number]:
            parts[number] = in_parts()[number]
            write(path, parts[number])
        else:
            parts[number] = edit(parts[number], one % len(parts[number]), other)
            write(path, parts[number])
        if any(folder.path.iterdir()):
            folder.same()


OWN = sorted(path.name for path in (TESTS / "shapes").iterdir())


@pytest.mark.parametrize("name", OWN)
def test_so_are_those_of_shapes_of_an_organisation(name: str, tmp_path: Path) -> None:
    """Of those that look anywhere, all is judged anew."""
    own = TESTS / "shapes" / name
    folder = Folder(tmp_path, shapes=read_shapes([own / "shapes.ttl"]))
    good = (own / "good.ttl").read_text()
    bad = (own / "bad.ttl").read_text()
    found = []
    for text in (good, bad, good + "\n# The same.", bad):
        (tmp_path / "mine.ttl").write_text(text)
        found.append(folder.same().findings)
    assert found[1]
    assert found[1] == found[3]
    assert found[0] == found[2]


ENTRY = """\
PREFIX : <https://example.org/acme/>
PREFIX cg: <https://w3id.org/competency-graph/ontology#>
PREFIX role: <https://w3id.org/competency-graph/sales/role/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


def test_an_entry_of_another_file_is_judged_anew_where_a_change_concerns_it(
    tmp_path: Path,
) -> None:
    folder = Folder(tmp_path, read_base())
    (tmp_path / "link.ttl").write_text(f"{ENTRY}role:analyst cg:coversArea :a .")
    described = f'{ENTRY}:a a cg:AreaOfExpertise ; skos:prefLabel "A"@en .'
    (tmp_path / "area.ttl").write_text(described)
    before = {f.rule.code for f in folder.same().findings if f.place.file.endswith("link.ttl")}
    (tmp_path / "area.ttl").write_text(described.replace("AreaOfExpertise", "Output"))
    now = {f.rule.code for f in folder.same().findings if f.place.file.endswith("link.ttl")}
    assert "CG302" not in before
    assert "CG302" in now


def test_only_what_a_change_concerns_is_judged_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How much an engine is given, after one label of a dictionary of many was changed."""
    folder = Folder(tmp_path)
    given = []
    asked = again_module.Revalidation._updated_results

    def watched(self, before, now, ask):
        return asked(self, before, now, lambda text: given.append(text) or ask(text))

    monkeypatch.setattr(again_module.Revalidation, "_updated_results", watched)
    text = (ox.serialize(SMALLEST, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    for number in range(30):
        (tmp_path / f"{number}.nt").write_text(text.replace("bakery", f"bakery{number}"))
    folder.same()
    path = tmp_path / "7.nt"
    path.write_text(path.read_text().replace('"Bread"@en', '"Loaf"@en'))
    folder.same()
    assert len(given) == 1
    assert "bakery7/output/bread" in given[0]
    # Other entries are given for the code that they share with this one, and no more of them.
    assert not {n for n in range(30) if n != 7 and f"bakery{n}/area/" in given[0]}


def test_a_file_that_has_not_changed_is_not_parsed_again(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for name in ("same.ttl", "other.ttl"):
        (tmp_path / name).write_text(f"{ENTRY}:{name[0]} a cg:Output .")
    folder.again()
    first = {source.name: list(source.quads()) for source in folder.sources}
    (tmp_path / "other.ttl").write_text(f"{ENTRY}:new a cg:Output .")
    folder.again()
    for source in folder.sources:
        kept = [
            before is now for before, now in zip(first[source.name], source.quads(), strict=True)
        ]
        assert kept == [source.name.endswith("same.ttl")]
