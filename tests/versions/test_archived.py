"""Released versions in an archive, named by their version IRIs."""

from __future__ import annotations

from pathlib import Path

import pytest

from competency_graph.errors import UnreadableInputError
from competency_graph.versions import compare, read_version
from conftest import ROOT
from versions.bakery import BAKER, HEAD, told

IRI = "https://example.org/bakery/{}"


@pytest.fixture
def bakery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dictionary with two released versions, and a folder that only has the name of one."""
    monkeypatch.chdir(tmp_path)
    for number, label in (("1.0.0", "Baker"), ("1.1.0", "Artisan")):
        folder = tmp_path / "data" / "versions" / number
        folder.mkdir(parents=True)
        (folder / "SHA256SUMS").write_text("")
        text = HEAD + BAKER.replace("Baker", label)
        text += f"<https://example.org/bakery> owl:versionIRI <{IRI.format(number)}> .\n"
        (folder / "bakery.ttl").write_text(text)
    other = tmp_path / "archive" / "1.0.0"
    other.mkdir(parents=True)
    (other / "SHA256SUMS").write_text("")
    (other / "mill.ttl").write_text(HEAD + BAKER)
    return tmp_path


def test_two_released_versions(bakery: Path) -> None:
    names = IRI.format("1.0.0"), IRI.format("1.1.0")
    old, new = (read_version(*each) for each in (names, names[::-1]))
    assert list(old.files) == ["data/versions/1.0.0/bakery.ttl"]
    assert 'renamed baker | prefLabel -"Baker"@en +"Artisan"@en' in told(compare(old, new))
    assert (old.name, new.name) == names


def test_a_version_by_its_number(bakery: Path) -> None:
    assert list(read_version("1.1.0", "data").files) == ["data/versions/1.1.0/bakery.ttl"]
    with pytest.raises(UnreadableInputError, match=r"there is no file “1\.0\.0”"):
        read_version("1.0.0")  # two archives have it


def test_the_archive_is_in_the_folder_of_the_other_version(bakery: Path) -> None:
    assert read_version(IRI.format("1.1.0"), "data").files
    with pytest.raises(UnreadableInputError, match="archive: there is no archive with the version"):
        read_version(IRI.format("1.0.0"), "archive")


def test_the_published_dictionary_by_its_iri() -> None:
    found = read_version("https://w3id.org/competency-graph/sales")
    assert str(ROOT / "data/sales/roles.ttl") in found.files


def test_a_version_that_was_not_released(bakery: Path) -> None:
    with pytest.raises(UnreadableInputError, match=r"the version <https://example.org/bakery/9.0>"):
        read_version(IRI.format("9.0"))
